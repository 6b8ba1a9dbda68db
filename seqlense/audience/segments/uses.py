"""What segments may be used for. Each use says so in its app's `segment_use.py`; nothing else is handed any.

A segment steers what is shown, never what somebody may have: the checks refuse a use whose activity is no
direct marketing, or decides by itself (GDPR art. 22).
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Final
from uuid import UUID

from django.apps import apps
from django.utils.functional import Promise

from seqlense.audience.segments.errors import NotDeclared
from seqlense.audience.segments.models import shown
from seqlense.privacy.records import Act

USED: Final = "segments.used"
"""Kind of the proof row that each use leaves."""


@dataclass(frozen=True, kw_only=True)
class Use:
    """A use of segments.

    activity: the one that uses them. label: what it is, in the plural ("promotions"). running: how many of
    those that run are addressed to a segment. named: what one of them is called, in French and in English;
    None once it is gone.
    """

    id: str
    activity: str
    label: str | Promise
    running: Callable[[UUID], int]
    named: Callable[[UUID], tuple[str, str] | None]


@functools.cache
def declared() -> Mapping[str, Use]:
    """Every use that an installed app declares."""
    paths = [f"{app.name}.segment_use" for app in apps.get_app_configs()]
    found = [import_module(path).USE for path in paths if find_spec(path) is not None]
    return {one.id: one for one in found}


def named(use: str) -> Use:
    """That use. Raises NotDeclared."""
    found = declared().get(use)
    if found is None:
        raise NotDeclared
    return found


def running(segment: UUID) -> dict[str, int]:
    """Use → how many of its kind that run are addressed to the segment; those with any only."""
    counts = {key: one.running(segment) for key, one in declared().items()}
    return {key: number for key, number in counts.items() if number}


@dataclass(frozen=True)
class Used:
    """A use on record. what: its name in both languages, None once it is gone; people: in tens."""

    at: datetime
    kind: Use | None
    about: UUID
    what: tuple[str, str] | None
    people: int | None


def on_record(segment: UUID, *, latest: int = 20) -> list[Used]:
    """The latest uses of a segment, as the proof rows have them."""
    rows = Act.objects.filter(kind=USED, detail__segment=str(segment)).order_by("-at", "-pk")[:latest]
    return [_read(row) for row in rows]


def _read(row: Act) -> Used:
    kind, about = declared().get(row.detail["use"]), UUID(row.detail["about"])
    what = kind.named(about) if kind else None
    return Used(row.at, kind, about, what, shown(row.detail["people"]))
