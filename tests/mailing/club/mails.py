"""The club's messages. `PEOPLE` plays the part of a table: opaque id → address and name."""

import json
import os
from uuid import UUID

from seqlense.mailing import MailTemplate

PEOPLE: dict[UUID, tuple[str, str]] = {
    UUID(about): (address, name)
    for about, (address, name) in json.loads(os.environ.get("CLUB_PEOPLE", "{}")).items()
}


def _address(about: UUID) -> str | None:
    return PEOPLE[about][0] if about in PEOPLE else None


def _context(about: UUID) -> dict[str, object]:
    address, name = PEOPLE[about]
    if name.startswith("broken"):
        raise ValueError(f"can't write to {name} at {address}")
    return {"name": name, "url": "https://example.org/join/42?a=1&b=2"}


WELCOME = MailTemplate(
    id="club.welcome",
    activity="mailing",
    item="mailing.address",
    address=_address,
    context=_context,
    sample={"name": "Alice", "url": "https://example.org/"},
)
