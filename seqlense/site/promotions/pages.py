"""One page for all that a person decides about promotions: interests, whether they are personal, memory."""

import hashlib

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from seqlense.accounts import doors
from seqlense.audience.promotions import interests
from seqlense.audience.promotions.errors import ChangedMeanwhile, PromotionError
from seqlense.audience.promotions.models import ACTIVITY, PURPOSE, REACTIONS
from seqlense.privacy import consent, running
from seqlense.register import Activity
from seqlense.site.promotions import standing


class InterestsForm(forms.Form):
    """What somebody cares for. `seen`: what the page showed, so that another tab's choice isn't lost."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=60)
    interests = forms.MultipleChoiceField(
        label=gettext_lazy("What interests you"),
        help_text=gettext_lazy("Tick what you like, or nothing. Unticking all erases what you declared."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("One of these interests is no longer on the list.")},
    )

    def __init__(self, *args: object, **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]  # passed on as they come
        language = get_language() or "fr"
        self.fields["interests"].choices = [  # type: ignore[attr-defined]  # a choice field
            (one.code, one.label_in(language)) for one in interests.offered()
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def promotions(request: HttpRequest) -> HttpResponse:
    """Declare interests; see whether promotions are personal, and what is remembered."""
    if request.method != "POST":
        rows = interests.declared_by(doors.person(request).subject_id)
        seen = {"seen": interests.seen_as(rows), "interests": sorted(interests.codes(rows))}
        return _page(request, InterestsForm(initial=seen))
    form = InterestsForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    return _declared(request, form)


def _declared(request: HttpRequest, form: InterestsForm) -> HttpResponse:
    person, now = doors.person(request).subject_id, doors.moment(request)
    said = form.cleaned_data
    try:
        interests.declare(person, said["interests"], seen=said["seen"], actor=doors.actor(request), now=now)
    except ChangedMeanwhile:
        seen = interests.seen_as(interests.declared_by(person))
        again = InterestsForm({"interests": said["interests"], "seen": seen})
        return _page(request, again, changed=True)
    except PromotionError:
        form.add_error("interests", _("One of these interests is no longer on the list."))
        return _page(request, form)
    messages.success(request, _("Saved."))
    return redirect("site:promotions")


def _page(request: HttpRequest, form: InterestsForm, *, changed: bool = False) -> HttpResponse:
    person = doors.person(request).subject_id
    register = running.register()
    context = {
        "form": form,
        "changed": changed,
        "declared": interests.declared_by(person),
        "use": standing.use(person, ACTIVITY),
        "given": consent.given(person, PURPOSE),
        "memory": standing.use(person, REACTIONS),
        "activity": register.activities[ACTIVITY],
        "reactions": register.activities[REACTIONS],
    }
    status = 409 if changed else 422 if form.errors else 200
    return render(request, "site/promotions/promotions.html", context, status=status)


@require_POST
@never_cache
def personal(request: HttpRequest) -> HttpResponse:
    """Object to promotions chosen by one's data, or take that back; both at once."""
    allowed = request.POST.get("allowed") == "yes"
    standing.choose(
        doors.person(request).subject_id,
        ACTIVITY,
        allowed=allowed,
        actor=doors.actor(request),
        now=doors.moment(request),
    )
    if allowed:
        messages.success(request, _("Promotions may be chosen for you again."))
    else:
        messages.success(request, _("Done: you see the same promotions as everyone else from now on."))
    return redirect("site:promotions")


@require_POST
@never_cache
def memory(request: HttpRequest) -> HttpResponse:
    """Consent to one's reactions being remembered, or withdraw that: then they are erased at once."""
    person, now = doors.person(request).subject_id, doors.moment(request)
    who, language = doors.actor(request), get_language() or "fr"
    if request.POST.get("agreed") == "yes":
        shown = _shown(running.register().activities[REACTIONS], language)
        consent.give(person, PURPOSE, how="form", shown=shown, language=language, actor=who, now=now)
        messages.success(request, _("Thank you: your reactions are remembered from now on."))
    else:
        consent.withdraw(person, PURPOSE, how="form", actor=who, now=now)
        messages.success(request, _("Done: all that was remembered of your reactions is erased."))
    return redirect("site:promotions")


def _shown(activity: Activity, language: str) -> str:
    """Fingerprint of the text that the page shows beside the button."""
    text = f"{activity.purpose.in_(language)}\n{activity.notice.in_(language)}"
    return f"{activity.id}.{hashlib.sha256(text.encode()).hexdigest()[:32]}"
