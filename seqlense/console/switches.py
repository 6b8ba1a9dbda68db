"""Limits, objections and withdrawals: what waits for the officer, what is in force, what ends and when."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from seqlense.console.doors import OFFICER, PLATFORM, actor, may, moment, person, staff
from seqlense.console.pages import page_of
from seqlense.privacy import running, switches
from seqlense.privacy.models import Subject
from seqlense.privacy.switches import Kind, RequestText, Switch
from seqlense.privacy.switches.words import GROUNDS, KINDS, OVERRIDES
from seqlense.register import Activity

REASON = forms.Textarea(attrs={"rows": 4})


class DecisionForm(forms.Form):
    """An objection is followed, or overridden by a ground that the law knows, in words for the person."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        widget=forms.RadioSelect,
        choices=[
            ("accept", gettext_lazy("Accept: this data serves that purpose no longer")),
            ("reject", gettext_lazy("Reject: a compelling ground weighs more")),
        ],
    )
    override = forms.ChoiceField(
        label=gettext_lazy("Compelling ground"),
        help_text=gettext_lazy("A rejection needs one, and your words below."),
        required=False,
        choices=[("", gettext_lazy("no ground")), *OVERRIDES.items()],
    )
    reason = forms.CharField(
        label=gettext_lazy("In your words"),
        help_text=gettext_lazy("The person reads it, by mail and under My requests. It is stored encrypted."),
        max_length=2000,
        required=False,
        widget=REASON,
    )

    def clean(self) -> None:
        """A rejection without its ground and reason is none (GDPR art. 12(4), 21(1))."""
        super().clean()
        if self.cleaned_data.get("decision") != "reject":
            return
        for name in ("override", "reason"):
            if not (self.cleaned_data.get(name) or "").strip() and name not in self.errors:
                self.add_error(name, _("A rejection needs its ground and its reason."))


class LiftForm(forms.Form):
    """How a limit ends."""

    how = forms.ChoiceField(
        label=gettext_lazy("When it ends"),
        widget=forms.RadioSelect,
        choices=[
            ("notice", gettext_lazy("Seven days after the person has been told, which happens now")),
            ("asked", gettext_lazy("At once: the person asked for it")),
        ],
    )
    reason = forms.CharField(
        label=gettext_lazy("In your words"),
        help_text=gettext_lazy("The person reads it, by mail and under My requests. It is stored encrypted."),
        max_length=2000,
        required=False,
        widget=REASON,
    )


class RequestForm(forms.Form):
    """What a person asked for by letter or e-mail."""

    activity = forms.ChoiceField(label=gettext_lazy("Which use"))
    right = forms.ChoiceField(label=gettext_lazy("What the person asks"))
    channel = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[("post", gettext_lazy("by post")), ("email", gettext_lazy("by e-mail"))],
    )
    words = forms.CharField(
        label=gettext_lazy("What the person wrote"), max_length=2000, required=False, widget=REASON
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they come
        language = get_language() or "fr"
        titles = [(one.id, one.title.in_(language)) for one in running.register().active]
        self.fields["activity"].choices = titles  # type: ignore[attr-defined]  # a choice field
        self.fields["right"].choices = [  # type: ignore[attr-defined]  # the same
            *[
                (f"restriction.{code}", _("To limit the use: %(ground)s") % {"ground": GROUNDS[code]})
                for code in sorted(switches.OF_RESTRICTION)
            ],
            ("objection", _("To object")),
            ("withdrawal", _("To withdraw consent")),
        ]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A switch as the lists show it, in codes only: whose it is stays opaque. due: last day to decide it."""

    switch: Switch
    activity: Activity | None
    kind: str | Promise
    ground: str | Promise
    due: date | None


def row(one: Switch) -> Row:
    """One line of a list."""
    due = one.request.due_on if one.request is not None and one.waits else None
    return Row(
        switch=one,
        activity=running.register().activities.get(one.activity),
        kind=KINDS[one.kind],
        ground=OVERRIDES.get(one.override) or GROUNDS.get(one.ground, ""),
        due=due,
    )


@staff(PLATFORM, OFFICER)
def switches_page(request: HttpRequest) -> HttpResponse:
    """What waits for a decision first, by its deadline; then all that is in force."""
    page = page_of(request, Switch.objects.in_force().select_related("request"))
    waiting = [row(one) for one in switches.waiting()]
    context = {
        "waiting": waiting,
        "today": moment(request).date(),
        "page": page,
        "rows": [row(one) for one in page if not one.waits],
        "officer": may(person(request), OFFICER),
    }
    return render(request, "console/switches.html", context)


@staff(OFFICER)
def decide_switch(request: HttpRequest, switch: UUID) -> HttpResponse:
    """Weigh an objection."""
    found = _found(switch)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _decide(request, found, form)
        return redirect("console:switches")
    texts = switches.texts(found, RequestText.By.PERSON)
    context = {"form": form, "row": row(found), "texts": texts}
    return render(request, "console/switch_decide.html", context, status=422 if form.errors else 200)


def _decide(request: HttpRequest, found: Switch, form: DecisionForm) -> None:
    said = form.cleaned_data
    try:
        switches.decide(
            found.pk,
            accepted=said["decision"] == "accept",
            override=said["override"],
            reason=said["reason"],
            actor=actor(request),
            now=moment(request),
        )
    except switches.AlreadyDecided:
        messages.info(request, _("That was decided or taken back meanwhile."))
    else:
        messages.success(request, _("Decided. The person is told by mail."))


@staff(OFFICER)
def lift_switch(request: HttpRequest, switch: UUID) -> HttpResponse:
    """End a limit: the person is told before (GDPR art. 18(3)), or asked for it."""
    found = _found(switch)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _lift(request, found, form)
        return redirect("console:switches")
    context = {"form": form, "row": row(found), "days": switches.NOTICE.days}
    return render(request, "console/switch_lift.html", context, status=422 if form.errors else 200)


def _lift(request: HttpRequest, found: Switch, form: LiftForm) -> None:
    who, now = actor(request), moment(request)
    try:
        if form.cleaned_data["how"] == "asked":
            switches.lift(found.pk, actor=who, now=now)
            messages.success(request, _("Lifted. The person is told by mail."))
        else:
            switches.announce(found.pk, reason=form.cleaned_data["reason"], actor=who, now=now)
            messages.success(request, _("The person is told now; the limit ends in seven days."))
    except switches.AlreadyDecided:
        messages.info(request, _("Only the person can free what they objected to or withdrew."))
    except switches.AlreadyLifted:
        messages.info(request, _("That has ended already, or its end was announced already."))


@staff(OFFICER)
def set_switch(request: HttpRequest, subject: UUID) -> HttpResponse:
    """Note what a person asked for outside the product, and have it obeyed."""
    if not Subject.objects.filter(pk=subject, erased_at=None).exists():
        raise Http404
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _set(request, subject, form):
        return redirect("console:switches")
    context = {"form": form, "subject": subject}
    return render(request, "console/switch_set.html", context, status=422 if form.errors else 200)


def _set(request: HttpRequest, subject: UUID, form: RequestForm) -> bool:
    said = form.cleaned_data
    kind, _dot, ground = said["right"].partition(".")
    try:
        switches.set(
            Kind(kind),
            subject,
            said["activity"],
            ground=ground,
            words=said["words"],
            channel=said["channel"],
            actor=actor(request),
            now=moment(request),
        )
    except switches.NotOffered:
        form.add_error("right", _("The law gives no such right over this use: its legal basis is another."))
        return False
    messages.success(request, _("It is obeyed from now on. The person is told by mail."))
    return True


def _found(switch: UUID) -> Switch:
    found = Switch.objects.select_related("request").filter(pk=switch).first()
    if found is None:
        raise Http404
    return found
