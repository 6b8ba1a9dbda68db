"""A form's ticket: made when the page is shown, signed, good for one request.

It carries the id that the request or message will have, so that sending twice makes one, and the moment, so
that what no person could have typed in that time is told so. Nothing outside is asked, and nobody is shut
out: whoever is refused gets a fresh ticket and everything they typed.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.core.signing import BadSignature, Signer

from seqlense.kit.identifiers import uuid7
from seqlense.support.errors import FormRefused

FASTEST: Final = timedelta(seconds=3)
OLDEST: Final = timedelta(days=1)
SIGNER: Final = Signer(salt="seqlense.support.ticket", sep=".")


@dataclass(frozen=True)
class Ticket:
    """identifier: of the request or message to come. made: when the form was shown."""

    identifier: UUID
    made: datetime


def issue(*, now: datetime) -> str:
    """A fresh one, for a form about to be shown."""
    return SIGNER.sign(f"{uuid7().hex}-{int(now.timestamp())}")


def read(text: str, *, now: datetime, fastest: timedelta = FASTEST) -> UUID:
    """Its identifier. Raises FormRefused: forged, fast, old."""
    try:
        identifier, _dash, made = SIGNER.unsign(text).partition("-")
        ticket = Ticket(UUID(identifier), datetime.fromtimestamp(int(made), tz=UTC))
    except (BadSignature, ValueError):
        raise FormRefused("support.form.forged") from None
    if now - ticket.made < fastest:
        raise FormRefused("support.form.fast")
    if now - ticket.made > OLDEST:
        raise FormRefused("support.form.old")
    return ticket.identifier
