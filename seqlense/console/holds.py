"""Holds: what may not be deleted for a while, why, until when."""

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from seqlense.console.doors import OFFICER, PLATFORM, actor, may, moment, person, recently_confirmed, staff
from seqlense.console.pages import page_of
from seqlense.privacy import holds, running
from seqlense.privacy.models import Subject
from seqlense.privacy.records import Hold
from seqlense.register import Activity

REASONS = {
    Hold.Reason.LITIGATION: gettext_lazy("A lawsuit is under way"),
    Hold.Reason.AUTHORITY: gettext_lazy("An authority demands it"),
    Hold.Reason.CLAIM: gettext_lazy("A claim is being established or defended"),
    Hold.Reason.INVESTIGATION: gettext_lazy("A security incident is being investigated"),
    Hold.Reason.LIMITED: gettext_lazy("The person limited its use and asked to keep it"),
}


class HoldForm(forms.Form):
    """A hold on one person's data. The reason is a code, so that nothing personal is written here."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=[(code.value, words) for code, words in REASONS.items()]
    )
    activity = forms.ChoiceField(label=gettext_lazy("What is held"), required=False)
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy(
            "A hold without an end is reviewed by the data-protection officer; give a day if you can."
        ),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: object, now: datetime, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they come
        self.now = now
        language = get_language() or "fr"
        titles = [(one.id, one.title.in_(language)) for one in running.register().active]
        self.fields["activity"].choices = [("", _("Everything about the person")), *titles]  # type: ignore[attr-defined]  # a choice field

    def clean_ends_on(self) -> datetime | None:
        """The end of that day where the member of staff is, as a moment; refused when it is past."""
        day = self.cleaned_data["ends_on"]
        if day is None:
            return None
        end = timezone.make_aware(datetime.combine(day, time.max))
        if end <= self.now:
            raise forms.ValidationError(
                _("Choose a day to come: a hold that has already ended would hold nothing.")
            )
        return end


@dataclass(frozen=True, kw_only=True)
class Row:
    """A hold as the list shows it. activity: what it covers; None for everything."""

    hold: Hold
    activity: Activity | None
    reason: str | Promise
    in_force: bool


def row(hold: Hold, now: datetime) -> Row:
    """One line of the list."""
    return Row(
        hold=hold,
        activity=running.register().activities.get(hold.activity),
        reason=REASONS[Hold.Reason(hold.reason)],
        in_force=hold.ends_at is None or hold.ends_at > now,
    )


@staff(PLATFORM, OFFICER)
def holds_page(request: HttpRequest) -> HttpResponse:
    """All holds, those in force marked."""
    page = page_of(request, Hold.objects.order_by("-placed_at"))
    rows = [row(hold, moment(request)) for hold in page]
    context = {"page": page, "rows": rows, "may_lift": may(person(request), OFFICER)}
    return render(request, "console/holds.html", context)


@staff(OFFICER)
@recently_confirmed
def place_hold(request: HttpRequest, subject: UUID) -> HttpResponse:
    """Stop erasure and retention about one person."""
    if not Subject.objects.filter(pk=subject).exists():
        raise Http404
    form = HoldForm(request.POST or None, now=moment(request))
    if request.method == "POST" and form.is_valid():
        holds.place(
            subject,
            reason=Hold.Reason(form.cleaned_data["reason"]),
            activity=form.cleaned_data["activity"],
            ends_at=form.cleaned_data["ends_on"],
            actor=actor(request),
            now=moment(request),
        )
        messages.success(request, _("The hold is in force: nothing it covers is deleted until it ends."))
        return redirect("console:holds")
    return render(request, "console/hold_place.html", {"form": form, "subject": subject})


@staff(OFFICER)
@require_POST
@recently_confirmed
def lift_hold(request: HttpRequest, hold: UUID) -> HttpResponse:
    """End a hold; lifting one that ended meanwhile changes nothing."""
    try:
        holds.lift(hold, actor=actor(request), now=moment(request))
    except Hold.DoesNotExist:
        raise Http404 from None
    except holds.HoldEnded:
        messages.info(request, _("That hold had ended already."))
    else:
        messages.success(
            request, _("The hold is lifted. What was only waiting for it goes with the next sweep.")
        )
    return redirect("console:holds")
