"""What a bundle shows besides the log: registers, sweeps, opened acts, and how often the staff read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count
from django.db.models.functions import TruncMonth

from seqlense.privacy.evidence import opened_sql
from seqlense.privacy.evidence.target import Target
from seqlense.privacy.records import Act, RegisterVersion, RetentionRun

REGISTER: Final = "register"
ACTS: Final = "acts.jsonl"
RUNS: Final = "retention-runs.json"
READINGS: Final = "staff-readings.json"


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """Figures of what was written.

    version: of the register that ran on that day; None before the first. acts: opened, by kind. closed: acts
    whose opening went with a person's keys. runs: sweeps. readings: times that staff acted on people's data.
    """

    version: str | None
    versions: int
    acts: dict[str, int]
    closed: int
    runs: int
    readings: int


def add(into: Target, *, until: datetime, size: int) -> Gathered:
    """All of it up to that moment, for a log of that size."""
    version, versions = _registers(into, until)
    acts, closed = _acts(into, until, size)
    return Gathered(
        version=version,
        versions=versions,
        acts=acts,
        closed=closed,
        runs=_runs(into, until),
        readings=_readings(into, until),
    )


def _registers(into: Target, until: datetime) -> tuple[str | None, int]:
    """Each version that ran, in the form whose SHA-256 is its name; since when each did."""
    found = list(RegisterVersion.objects.filter(running_since__lt=until).order_by("running_since"))
    for one in found:
        into.add(f"{REGISTER}/{one.version}.json", canonical(one.content))
    listed = [{"version": one.version, "running_since": one.running_since.isoformat()} for one in found]
    into.add(f"{REGISTER}/versions.json", pretty(listed))
    return (found[-1].version if found else None), len(found)


def _acts(into: Target, until: datetime, size: int) -> tuple[dict[str, int], int]:
    lines: list[bytes] = []
    kinds: dict[str, int] = {}
    closed = 0
    for one in opened_sql.opened(until=until, size=size):
        if one is None:
            closed += 1
            continue
        kinds[one.act["kind"]] = kinds.get(one.act["kind"], 0) + 1
        lines.append(json.dumps(one.as_json(), ensure_ascii=False).encode() + b"\n")
    into.add(ACTS, b"".join(lines))
    return dict(sorted(kinds.items())), closed


def _runs(into: Target, until: datetime) -> int:
    runs = [
        {
            "started_at": one.started_at.isoformat(),
            "finished_at": one.finished_at.isoformat() if one.finished_at else None,
            "dry_run": one.dry_run,
            "status": one.status,
            "code": one.code,
            "register_version": one.register_version,
            "counts": one.counts,
        }
        for one in RetentionRun.objects.filter(started_at__lt=until).order_by("started_at")
    ]
    into.add(RUNS, pretty(runs))
    return len(runs)


def _readings(into: Target, until: datetime) -> int:
    """By month and kind only: who read whose data is not for this bundle."""
    by_month = (
        Act.objects.filter(at__lt=until, actor_kind="staff")
        .exclude(subject=None)
        .annotate(month=TruncMonth("at"))
        .order_by("month", "kind")
        .values_list("month", "kind")
        .annotate(times=Count("pk"))
    )
    listed = [{"month": f"{month:%Y-%m}", "kind": kind, "times": times} for month, kind, times in by_month]
    into.add(READINGS, pretty(listed))
    return sum(_times(listed))


def _times(listed: list[dict[str, Any]]) -> Iterator[int]:
    return (one["times"] for one in listed)


def canonical(content: Any) -> bytes:
    """The one way of writing a register whose SHA-256 is its version."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def pretty(content: Any) -> bytes:
    """JSON for eyes."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
