"""Visits over any period, beside the period before; each table also as a file."""

import csv
from io import StringIO

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from seqlense.audience.measurement import reporting
from seqlense.audience.measurement.models import Kind
from seqlense.console.doors import OFFICER, PLATFORM, moment, staff
from seqlense.console.visits.asked import LENGTHS, PeriodForm
from seqlense.console.visits.tables import TITLES, table, tables

FORMULA = ("=", "+", "-", "@", "\t", "\r")
DAYS = "days"


@staff(PLATFORM, OFFICER)
@require_safe
def visits_page(request: HttpRequest) -> HttpResponse:
    """All figures of a period."""
    form = PeriodForm(request.GET, today=moment(request).date())
    report = reporting.report(form.period)
    whole = report.whole
    context = {
        "form": form,
        "report": report,
        "tables": tables(report),
        "lengths": LENGTHS,
        "views_change": change(whole.views, whole.views_before),
        "visits_change": change(whole.visits, whole.visits_before),
        "pages_a_visit": whole.views / whole.visits if whole.visits else 0,
        "fewest": reporting.FEWEST,
    }
    return render(request, "console/visits/visits.html", context, status=200 if form.is_valid() else 422)


def change(now: int, before: int) -> int | None:
    """By how many percent a number rose or fell; None where there was nothing before."""
    return round(100 * (now - before) / before) if before else None


@staff(PLATFORM, OFFICER)
@require_safe
def visits_table(request: HttpRequest, kind: str) -> HttpResponse:
    """One table, whole, as CSV (RFC 4180, UTF-8): days, or one of the kinds."""
    form = PeriodForm(request.GET, today=moment(request).date())
    if kind != DAYS and kind not in set(TITLES):
        raise Http404
    report = reporting.report(form.period)
    written = StringIO()
    out = csv.writer(written)
    if kind == DAYS:
        out.writerow([_("Day"), _("Pages seen"), _("Visits")])
        out.writerows([day.on.isoformat(), day.views, day.visits] for day in report.days)
    else:
        chosen = table(report, Kind(kind))
        out.writerow([chosen.titles.column, _("Pages seen"), _("Visits"), _("Pages seen before")])
        for row in chosen.rows:
            out.writerow([_safe(row.words), row.line.views, row.line.visits, row.line.views_before])
    response = HttpResponse(f"\ufeff{written.getvalue()}", content_type="text/csv; charset=utf-8")
    name = f"visits-{kind}-{form.period.first}-{form.period.last}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _safe(words: str) -> str:
    """A referring site chooses its own name: a spreadsheet must not take it for a formula."""
    return f"'{words}" if words.startswith(FORMULA) else words
