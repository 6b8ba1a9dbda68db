"""Retention: what goes in the next thirty days, what the last sweeps did, and a dry run on demand."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from seqlense.console.doors import OFFICER, PLATFORM, actor, moment, staff
from seqlense.privacy import retention, running
from seqlense.privacy.records import RetentionRun
from seqlense.privacy.retention import Coming
from seqlense.register import Activity

DAYS: Final = 30
HEIGHT: Final = 120
STEP: Final = 20


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One day of the chart, in its drawing's units. rows: what goes that day."""

    day: date
    rows: int
    x: int
    y: int
    height: int


@dataclass(frozen=True, kw_only=True)
class Line:
    """One activity of the forecast: rows in all, and by week from today."""

    activity: Activity
    rows: int
    weeks: tuple[int, ...]


def bars(coming: Iterable[Coming], today: date) -> list[Bar]:
    """The chart's bars, one a day from today, scaled to the fullest day."""
    by_day: defaultdict[date, int] = defaultdict(int)
    for one in coming:
        by_day[max(one.day, today)] += one.rows
    fullest = max(by_day.values(), default=0) or 1
    days = [today + timedelta(days=number) for number in range(DAYS + 1)]
    heights = [-(-by_day[day] * HEIGHT // fullest) for day in days]
    return [
        Bar(day=day, rows=by_day[day], x=number * STEP, y=HEIGHT - height, height=height)
        for number, (day, height) in enumerate(zip(days, heights, strict=True))
    ]


def lines(coming: Iterable[Coming], today: date) -> list[Line]:
    """The forecast's table: activities by number of rows, the most first."""
    weeks: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (DAYS // 7 + 1))
    for one in coming:
        weeks[one.activity][max(0, (one.day - today).days) // 7] += one.rows
    activities = running.register().activities
    found = [
        Line(activity=activities[key], rows=sum(counts), weeks=tuple(counts)) for key, counts in weeks.items()
    ]
    return sorted(found, key=lambda line: -line.rows)


@staff(PLATFORM, OFFICER)
@require_safe
def retention_page(request: HttpRequest) -> HttpResponse:
    """The forecast, then the last runs."""
    now: datetime = moment(request)
    coming = retention.forecast(now=now, days=DAYS)
    context = {
        "bars": bars(coming, now.date()),
        "lines": lines(coming, now.date()),
        "total": sum(one.rows for one in coming),
        "chart_width": (DAYS + 1) * STEP,
        "chart_height": HEIGHT,
        "bar_width": STEP - 4,
        "runs": RetentionRun.objects.order_by("-started_at")[:20],
    }
    return render(request, "console/retention.html", context)


@staff(PLATFORM, OFFICER)
@require_POST
def dry_run(request: HttpRequest) -> HttpResponse:
    """Count what a sweep would take now, and delete nothing."""
    done = retention.run(now=moment(request), actor=actor(request), dry_run=True)
    said = ngettext(
        "A sweep would take %(rows)d row now. Nothing was deleted.",
        "A sweep would take %(rows)d rows now. Nothing was deleted.",
        done.rows,
    )
    messages.info(request, said % {"rows": done.rows})
    return redirect("console:retention")
