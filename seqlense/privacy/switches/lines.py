"""One line of the journal that a restored database goes through again: what was done since its backup."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from seqlense.privacy import acts
from seqlense.privacy.actor import Actor
from seqlense.privacy.models import Subject

RESTORING = Actor.system("restoring")


@dataclass(frozen=True, kw_only=True)
class Line:
    """What an act left in the journal. index: its place in the log. detail: as in its proof row."""

    index: int
    at: datetime
    kind: str
    subject: UUID | None
    detail: Mapping[str, Any]

    @classmethod
    def read(cls, raw: object) -> "Line":
        """From the journal's line, or one as JSON has it. Raises LookupError or ValueError otherwise."""
        found = raw if isinstance(raw, Mapping) else vars(raw)
        at, subject = found["at"], found["subject"]
        return cls(
            index=int(found["index"]),
            at=at if isinstance(at, datetime) else datetime.fromisoformat(at),
            kind=str(found["kind"]),
            subject=subject if subject is None or isinstance(subject, UUID) else UUID(str(subject)),
            detail=found["detail"],
        )

    def identifier(self, name: str) -> UUID | None:
        """An opaque id of the detail; None where it has none."""
        found = self.detail.get(name)
        return UUID(str(found)) if found else None

    def moment(self, name: str) -> datetime | None:
        """A moment of the detail; None where it has none."""
        found = self.detail.get(name)
        return datetime.fromisoformat(str(found)) if found else None

    def lives(self) -> bool:
        """Whether the person is in this database, and not erased in it."""
        if self.subject is None:
            return False
        return Subject.objects.filter(pk=self.subject, erased_at=None).exists()

    def record(self, *, now: datetime) -> None:
        """The proof that it was done again: it doesn't enter the journal a second time."""
        acts.record(
            "privacy.replayed", actor=RESTORING, now=now, subject=self.subject, of=self.kind,
            index=self.index, at=self.at.isoformat(),
        )  # fmt: skip
