"""One timestamp for each day's checkpoint, in the log's folder `timestamps/`.

`2026-11-23.checkpoint` is the log's signed checkpoint as it stood when the day was first looked at: it
commits to all that was sealed before. `2026-11-23.tsr` is what the authority said about exactly these bytes.
The first without the second is a day that waits: it stays until the authority answers, and then carries the
time of that answer, never another.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final

from seqlense.privacy.proofs import tokens
from seqlense.privacy.proofs.tokens import Authority

FOLDER: Final = "timestamps"
CHECKPOINT: Final = ".checkpoint"
TOKEN: Final = ".tsr"  # noqa: S105 (the ending of a file's name)
ROOTS: Final = "authority.pem"


@dataclass(frozen=True)
class Day:
    """One day's checkpoint. token: what the authority said about it; None while it waits."""

    on: date
    note: bytes
    token: bytes | None

    @property
    def since(self) -> datetime:
        """When that day began, in UTC."""
        return datetime.combine(self.on, time(), UTC)

    @property
    def moment(self) -> datetime | None:
        """When the authority saw it."""
        return None if self.token is None else tokens.moment_of(self.token)


class Days:
    """The days of one log. Every file is written whole or not at all."""

    def __init__(self, log: Path) -> None:
        self.folder = log / FOLDER

    def note(self, checkpoint: bytes, *, now: datetime) -> bool:
        """Keep that checkpoint as today's, unless today has one; whether it was kept."""
        if self.has(now):
            return False
        write(self._file(now.astimezone(UTC).date(), CHECKPOINT), checkpoint)
        return True

    def has(self, now: datetime) -> bool:
        """Whether today's checkpoint was taken."""
        return self._file(now.astimezone(UTC).date(), CHECKPOINT).exists()

    def keep(self, day: Day, token: bytes, authority: Authority) -> None:
        """Keep a verified token, and beside it the certificates against which all were verified."""
        known = Authority.parse(beside.encode()).certificates if (beside := self.roots()) else ()
        if new := tuple(one for one in authority.certificates if one not in known):
            write(self.folder / ROOTS, Authority((*known, *new)).pem.encode())
        write(self._file(day.on, TOKEN), token)

    def all(self) -> Iterator[Day]:
        """Every day, the oldest first."""
        for file in sorted(self.folder.glob(f"*{CHECKPOINT}")):
            found = self.of(date.fromisoformat(file.name.removesuffix(CHECKPOINT)))
            if found is not None:
                yield found

    def of(self, day: date) -> Day | None:
        """That day's, if it has a checkpoint."""
        try:
            note = self._file(day, CHECKPOINT).read_bytes()
        except FileNotFoundError:
            return None
        token = self._file(day, TOKEN)
        return Day(day, note, token.read_bytes() if token.is_file() else None)

    def waiting(self) -> list[Day]:
        """Days without a token, the oldest first."""
        stamped = {file.name.removesuffix(TOKEN) for file in self.folder.glob(f"*{TOKEN}")}
        named = (file.name.removesuffix(CHECKPOINT) for file in self.folder.glob(f"*{CHECKPOINT}"))
        found = (self.of(date.fromisoformat(day)) for day in sorted(set(named) - stamped))
        return [day for day in found if day is not None]

    def last(self) -> Day | None:
        """The latest day with a token."""
        names = sorted(file.name.removesuffix(TOKEN) for file in self.folder.glob(f"*{TOKEN}"))
        return self.of(date.fromisoformat(names[-1])) if names else None

    def roots(self) -> str | None:
        """The authority's certificates, as they lie beside the tokens."""
        file = self.folder / ROOTS
        return file.read_text(encoding="ascii") if file.is_file() else None

    def _file(self, day: date, ending: str) -> Path:
        return self.folder / f"{day.isoformat()}{ending}"


def write(file: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk when this returns."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.draft")
    with draft.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(file)
    descriptor = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
