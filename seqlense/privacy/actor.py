"""Who does something: told to every verb, written into every proof row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

type Kind = Literal["person", "staff", "system"]


@dataclass(frozen=True)
class Actor:
    """The one who acts.

    kind: "person" (for themselves or in their organisation), "staff" (of the company) or "system".
    subject: whose account it is; None for the system.
    part: for the system, which part of it ("retention", "mailing"); never shown to people.
    """

    kind: Kind
    subject: UUID | None = None
    part: str = ""

    def __post_init__(self) -> None:
        if (self.kind == "system") is not (self.subject is None):
            raise ValueError("A person or a member of staff acts as a subject; the system doesn't.")

    @classmethod
    def person(cls, subject: UUID) -> Actor:
        """Somebody who acts for themselves, or within their organisation."""
        return cls("person", subject)

    @classmethod
    def staff(cls, subject: UUID) -> Actor:
        """A member of the company's staff, acting as such."""
        return cls("staff", subject)

    @classmethod
    def system(cls, part: str) -> Actor:
        """The program itself, and which part of it."""
        return cls("system", None, part)
