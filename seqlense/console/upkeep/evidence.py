"""Evidence for an authority: a bundle that stands alone, made by a worker, fetched within a day."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from seqlense.console.doors import OFFICER, PLATFORM, actor, may, moment, person, recently_confirmed, staff
from seqlense.console.models import KEPT, Errand
from seqlense.console.upkeep import errands
from seqlense.console.upkeep.errands import Following, Outcome
from seqlense.privacy import acts, evidence
from seqlense.privacy.actor import Actor
from seqlense.privacy.evidence.target import draft_of


class EvidenceForm(forms.Form):
    """Up to which day."""

    as_of = forms.DateField(
        label=gettext_lazy("Up to and including"),
        help_text=gettext_lazy(
            "The register as it ran on that day, and every act sealed by its end (in universal time)."
        ),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they come
        self.today = today
        self.fields["as_of"].widget.attrs["max"] = today.isoformat()

    def clean_as_of(self) -> date:
        """A day that has come."""
        day: date = self.cleaned_data["as_of"]
        if day > self.today:
            raise forms.ValidationError(_("Choose a day that has come: nothing is known of a later one."))
        return day


@staff(PLATFORM, OFFICER)
@require_http_methods(["GET", "HEAD"])
def evidence_page(request: HttpRequest) -> HttpResponse:
    """The form, and bundles of the last days."""
    today = moment(request).date()
    return _page(request, EvidenceForm(initial={"as_of": today}, today=today))


def _page(request: HttpRequest, form: EvidenceForm) -> HttpResponse:
    made = errands.of(Errand.Kind.EVIDENCE)
    context = {
        "form": form,
        "may_make": may(person(request), OFFICER),
        "bundles": [
            (one, date.fromisoformat(one.given["as_of"]), _lasts(one, moment(request))) for one in made
        ],
    }
    return render(request, "console/upkeep/evidence.html", context, status=422 if form.errors else 200)


def _lasts(errand: Errand, now: datetime) -> bool:
    """Whether its file can be fetched."""
    finished = errand.finished_at
    return bool(
        finished and not errand.code and now - finished < KEPT and errands.file_of(errand.pk).is_file()
    )


@staff(OFFICER)
@require_POST
@recently_confirmed
def make_evidence(request: HttpRequest) -> HttpResponse:
    """Have a worker make a bundle."""
    form = EvidenceForm(request.POST, today=moment(request).date())
    if not form.is_valid():
        return _page(request, form)
    given = {"as_of": form.cleaned_data["as_of"].isoformat()}
    errands.ask(Errand.Kind.EVIDENCE, given=given, actor=actor(request), now=moment(request))
    messages.success(request, _("A worker makes the bundle. This page shows when it is ready."))
    return redirect("console:evidence")


@staff(OFFICER)
@require_POST
@never_cache
@recently_confirmed
def download_evidence(request: HttpRequest, errand: UUID) -> HttpResponseBase:
    """The bundle, to hand it over. That it was fetched is an act."""
    now = moment(request)
    row = Errand.objects.filter(pk=errand, kind=Errand.Kind.EVIDENCE, code="").first()
    if row is None or row.finished_at is None:
        raise Http404
    if not _lasts(row, now):
        because = _("A bundle lies here for a day, then it goes. Have another one made.")
        return render(request, "410.html", {"since": row.ends_at, "because": because}, status=410)
    acts.record("console.evidence_fetched", actor=actor(request), now=now, bundle=row.pk)
    name = f"seqlense-evidence-{row.given['as_of']}.zip"
    return FileResponse(errands.file_of(row.pk).open("rb"), as_attachment=True, filename=name)


def make(following: Following, given: dict[str, Any], actor: Actor, now: datetime) -> Outcome:
    """The worker's part of `make_evidence`."""
    file = following.file()
    for left in (file, draft_of(file)):  # by a worker that was cut off
        left.unlink(missing_ok=True)
    made = evidence.create(file, as_of=date.fromisoformat(given["as_of"]), actor=actor, now=now)
    file.chmod(0o600)
    return {
        "acts": sum(made.gathered.acts.values()),
        "closed": made.gathered.closed,
        "runs": made.gathered.runs,
        "entries": made.size,
        "stamped": made.stamped,
        "bytes": file.stat().st_size,
    }
