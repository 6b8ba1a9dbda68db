"""Requests as people make them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from seqlense.accounts.models import Account
from seqlense.documents.arriving import Arrived
from seqlense.kit import clock
from seqlense.kit.identifiers import uuid7
from seqlense.privacy.actor import Actor
from seqlense.support import asking, handling, links, speaking
from seqlense.support.asking import Wish
from seqlense.support.models import Request

LATER = clock.now().replace(microsecond=0)
NOW = LATER - timedelta(hours=2)
ADDRESS = "eve.etienne@ailleurs.example"
TEXT = "Mon imprimante refuse le Zwetschgenknödel."


def wish(**more: Any) -> Wish:
    said = {"title": "Imprimante", "message": TEXT, "name": "Eve", "phone": "", "language": "fr"}
    return Wish(**(said | more))


def by_stranger(
    *,
    address: str = ADDRESS,
    source: str = "192.0.2.1",
    files: tuple[Arrived, ...] = (),
    identifier: UUID | None = None,
    now: datetime = NOW,
    **more: Any,
) -> Request:
    return asking.ask(
        identifier or uuid7(), wish(**more), address=address, source=source, files=files, now=now
    )


def confirmed(*, files: tuple[Arrived, ...] = (), now: datetime = NOW, **more: Any) -> Request:
    made = by_stranger(files=files, now=now, **more)
    return asking.confirm(links.token("confirm", made.pk, now=now), holder=None, now=now)


def by(account: Account, *, files: tuple[Arrived, ...] = (), now: datetime = NOW, **more: Any) -> Request:
    return asking.ask_signed_in(uuid7(), wish(**more), account=account, files=files, now=now)


def answered(request: Request, staff: Account, *, now: datetime = LATER, text: str = "Voici.") -> Request:
    request.refresh_from_db()
    return handling.answer(
        request.pk,
        text,
        seen=request.revision,
        identifier=uuid7(),
        actor=Actor.staff(staff.subject_id),
        now=now,
    )


def replied(request: Request, *, now: datetime = LATER, text: str = "Encore moi.") -> Request:
    return speaking.reply(
        request.pk, text, identifier=uuid7(), actor=Actor.person(request.subject_id), now=now
    )
