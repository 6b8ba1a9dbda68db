"""`seqlense retention`: what goes by itself, when, and making it go now."""

from datetime import timedelta
from itertools import groupby
from typing import Any

import click

from seqlense.kit import clock
from seqlense.project.cli import installation
from seqlense.project.cli.speaking import Bar, Speaker, examples, speaks
from seqlense.project.cli.speech import gettext as _


@click.group(help=_("What the register says is due goes by itself; look ahead, or sweep now."))
def command() -> None:
    """The group."""


@command.command(
    help=_("Rows that become due in the coming days, by activity; what is overdue counts today."),
    epilog=examples("seqlense retention forecast", "seqlense retention forecast --days 90 --by-day --json"),
)
@click.option("--days", type=click.IntRange(0, 3660), default=30, show_default=True)
@click.option("--by-day", is_flag=True, help=_("One line a day."))
@speaks
def forecast(speaker: Speaker, days: int, by_day: bool) -> None:
    """Holds are left aside."""
    installation.enter_to_act()
    from seqlense.privacy import retention

    now = clock.now()
    coming = retention.forecast(now=now, days=days)
    until = (now + timedelta(days=days)).date()
    if not coming:
        speaker.say(_("Nothing becomes due until {day}.").format(day=until))
    elif by_day:
        rows = [(one.day, one.activity, _outcome(one.outcome), one.rows) for one in coming]
        speaker.table([_("day"), _("activity"), _("outcome"), _("rows")], rows)
    else:
        ordered = sorted(coming, key=lambda one: (one.activity, one.outcome))
        groups = groupby(ordered, key=lambda one: (one.activity, one.outcome))
        totals = [
            (name, _outcome(outcome), sum(one.rows for one in some)) for (name, outcome), some in groups
        ]
        speaker.table([_("activity"), _("outcome"), _("rows")], totals)
    speaker.document(
        {
            "until": until,
            "rows": sum(one.rows for one in coming),
            "coming": [
                {"activity": one.activity, "day": one.day, "outcome": one.outcome, "rows": one.rows}
                for one in coming
            ],
        }
    )


@command.command(
    help=_("Delete, clear or archive what is due, in small batches, with proof. Safe to interrupt."),
    epilog=examples("seqlense retention run --dry-run", "seqlense retention run"),
)
@click.option("--dry-run", is_flag=True, help=_("Only count."))
@speaks
def run(speaker: Speaker, dry_run: bool) -> None:
    """The worker does the same by itself; two at once do no harm."""
    installation.enter_to_act()
    from seqlense.privacy import retention
    from seqlense.privacy.actor import Actor

    now = clock.now()
    length = 0 if dry_run or speaker.as_json else sum(one.rows for one in retention.forecast(now=now, days=0))
    with speaker.progress(_("Sweeping"), length) as bar:
        step = _Step(bar)
        done = retention.run(now=now, actor=Actor.system("command line"), progress=step, dry_run=dry_run)
    rows = [
        (activity, _outcome(outcome), count)
        for activity, outcomes in sorted(done.counts.items())
        for outcome, count in sorted(outcomes.items())
    ]
    if rows:
        speaker.table([_("activity"), _("outcome"), _("rows")], rows)
    said = _("{n} rows would go.") if dry_run else _("{n} rows went.")
    speaker.say(said.format(n=done.rows))
    speaker.document(
        {
            "run": done.pk,
            "dry_run": dry_run,
            "status": str(done.status),
            "register_version": done.register_version,
            "rows": done.rows,
            "counts": done.counts,
        }
    )


class _Step:
    """Moves the bar by what was done since it was told last."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._total = 0

    def __call__(self, progress: Any) -> None:
        self._bar.update(progress.total - self._total)
        self._total = progress.total


def _outcome(outcome: str) -> str:
    words = {"deleted": _("deleted"), "cleared": _("cleared"), "archived": _("archived")}
    return words.get(outcome, outcome)
