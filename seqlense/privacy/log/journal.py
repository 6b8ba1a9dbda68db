"""The log's private companion: in clear, what a restored backup must hear of.

One line of JSON for each sealed act of a kind that `REPLAYED` names, written before the checkpoint that
covers it. Ids, codes and dates only; still it says who was erased when, so the file is the owner's alone and
is never published. Lines that no backup can need any more go.
"""

import json
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Any, Final, TypedDict

from seqlense.privacy.log import place
from seqlense.privacy.log.errors import LogDamaged
from seqlense.privacy.log.tiles import saying_when_full

FILE: Final = "journal.jsonl"
REPLAYED: Final = frozenset(
    {
        "privacy.erased",
        "privacy.hold_placed",
        "privacy.hold_lifted",
        "privacy.request_received",
        "privacy.request_answered",
        "privacy.request_extended",
        "privacy.rectified",
        "privacy.restricted",
        "privacy.restriction_lifted",
        "privacy.lift_announced",
        "privacy.objected",
        "privacy.objection_taken_back",
        "privacy.objection_decided",
        "privacy.consent_withdrawn",
        "privacy.consent_renewed",
        "consent.given",
        "consent.withdrawn",
    }
)
"""What a restored database goes through again; a test holds it together with those who can do it."""
_BEGINS: Final = "journal.begins"
_TAIL = 1_000_000


class Line(TypedDict):
    """One act, as its proof row has it. index: its place in the log. at: ISO 8601. subject: an opaque id."""

    index: int
    at: str
    kind: str
    subject: str | None
    detail: dict[str, Any]


def path() -> Path | None:
    """The file, which may not be there yet; None where this project keeps no log."""
    folder = place.folder()
    return folder / FILE if folder else None


def since(index: int = 0) -> Iterator[Line]:
    """Lines of entries from `index` on, in order. Raises LogDamaged at a damaged one."""
    file = path()
    if file is None or not file.exists():
        return
    with file.open("rb") as lines:
        for text in lines:
            if not text.endswith(b"\n"):
                return  # cut off while it was written: its entry wasn't published, and it comes again
            line = _parsed(text)
            if line["index"] >= index and line["kind"] != _BEGINS:
                yield line


def begins() -> int:
    """The entry from which on the journal is complete: earlier lines were forgotten. Raises LogDamaged."""
    file = path()
    if file is None or not file.exists():
        return 0
    with file.open("rb") as lines:
        first = lines.readline()
    line = _parsed(first) if first.endswith(b"\n") else None
    return line["index"] if line is not None and line["kind"] == _BEGINS else 0


def reached() -> int:
    """Up to which entry it tells, or has forgotten. Raises LogDamaged."""
    last = begins() - 1
    for line in since():
        last = line["index"]
    return last + 1


def append(lines: Iterable[Line], *, start: int, now: datetime) -> None:
    """Add the lines of the entries from `start` on, in order; those that are there are left out.

    Raises LogFull. A journal that was lost begins anew with saying so: of what was before, it tells nothing.
    """
    file = path()
    new = list(lines)
    if file is None or not (new or not file.exists()):
        return
    if start and not file.exists():
        new.insert(0, Line(index=start, at=now.isoformat(), kind=_BEGINS, subject=None, detail={}))
    with saying_when_full(file.parent):
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "r+b") as journal:
            last = _cut_to_last(journal.fileno())
            journal.writelines(_written(one) for one in new if last is None or one["index"] > last)
            journal.flush()
            os.fsync(journal.fileno())


def prune(before: datetime) -> int:
    """Forget the first lines, up to one from that moment on; how many. Nobody may seal. Raises LogFull.

    No backup may be older than that moment.
    """
    lines = list(since())
    old = list(takewhile(lambda one: datetime.fromisoformat(one["at"]) < before, lines))
    if old:
        last = old[-1]
        mark = Line(index=last["index"] + 1, at=last["at"], kind=_BEGINS, subject=None, detail={})
        rewrite([mark, *lines[len(old) :]])
    return len(old)


def rewrite(lines: Iterable[Line]) -> None:
    """Replace the file, whole or not at all. Raises LogFull."""
    file = path()
    if file is None:
        return
    with saying_when_full(file.parent):
        draft = file.with_name(f"{FILE}.draft")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as journal:
            journal.writelines(map(_written, lines))
            journal.flush()
            os.fsync(journal.fileno())
        draft.replace(file)


def _written(line: Line) -> bytes:
    return json.dumps(line, separators=(",", ":")).encode() + b"\n"


def _parsed(text: bytes) -> Line:
    try:
        found = json.loads(text)
        datetime.fromisoformat(found["at"])
        return Line(
            index=int(found["index"]),
            at=found["at"],
            kind=str(found["kind"]),
            subject=found["subject"],
            detail=dict(found["detail"]),
        )
    except (ValueError, KeyError, TypeError):
        raise LogDamaged(f"A line of {FILE} is damaged.") from None


def _cut_to_last(descriptor: int) -> int | None:
    """Drop a line that was cut off; the index of the last whole one."""
    end = os.lseek(descriptor, 0, os.SEEK_END)
    start = max(0, end - _TAIL)
    tail = os.pread(descriptor, end - start, start)
    whole = tail.rfind(b"\n") + 1
    if start + whole < end:
        os.ftruncate(descriptor, start + whole)
    lines = tail[:whole].splitlines()
    if not lines:
        return None
    last = _parsed(lines[-1])
    return last["index"] - 1 if last["kind"] == _BEGINS else last["index"]
