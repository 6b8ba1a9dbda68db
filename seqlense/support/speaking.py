"""What the person says in a conversation: more words and files, and that it is over."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from seqlense.accounts import throttling
from seqlense.documents import keeping
from seqlense.documents.arriving import Arrived
from seqlense.kit.periods import Period
from seqlense.privacy import acts, switches
from seqlense.privacy.actor import Actor
from seqlense.support import texts
from seqlense.support.doors import staffs
from seqlense.support.errors import Limited, NotFound, TooMany
from seqlense.support.models import ACTIVITY, IN_STATE, Attachment, Message, Request, State

SILENCE: Final = Period.parse("P90D")
"""An answered request that nobody takes up again for so long is closed."""
REPLIES: Final = throttling.Limit(name="support-replies", burst=20, every=timedelta(minutes=3))


def locked(request: UUID) -> Request:
    """The request, held until the transaction ends. Raises NotFound."""
    found = Request.objects.select_for_update(of=("self",)).filter(pk=request).first()
    if found is None:
        raise NotFound
    return found


def first(request: Request, text: str, files: Sequence[Arrived], *, now: datetime) -> Message:
    """The message that a request begins with; cleaned already."""
    return say(request, text, files, identifier=None, author=None, now=now)


def say(
    request: Request,
    text: str,
    files: Sequence[Arrived],
    *,
    identifier: UUID | None,
    author: UUID | None,
    now: datetime,
) -> Message:
    """Write a message with its files, in the caller's transaction. author: a member of staff, or None."""
    made = Message(
        subject_id=request.subject_id,
        request=request,
        by=Message.By.STAFF if author else Message.By.PERSON,
        author_id=author,
        at=now,
    )
    if identifier is not None:
        made.id = identifier
    made.text = text
    made.save(force_insert=True)
    for one in files:
        keeping.keep(Attachment(subject_id=request.subject_id, request=request, message=made), one, now=now)
    return made


@transaction.atomic
def reply(
    request: UUID,
    text: str,
    *,
    identifier: UUID,
    files: Sequence[Arrived] = (),
    actor: Actor,
    now: datetime,
) -> Request:
    """The person writes again; a closed request is open from then on. Twice with one identifier says it once.

    Raises NotFound, TextRefused, TooMany, Limited; NoRoom from the documents.
    """
    found = locked(request)
    if found.subject_id != actor.subject:
        raise NotFound
    said = texts.message(text, links=texts.LINKS_OF_USERS)
    if Message.objects.filter(pk=identifier, request=found).exists():
        return found
    if switches.barred(found.subject_id, ACTIVITY) is not None:
        raise Limited
    wait = throttling.take(REPLIES, str(found.pk), now=now)
    if wait is not None:
        raise TooMany(now + wait)
    say(found, said, files, identifier=identifier, author=None, now=now)
    reopened = found.closed_at is not None
    found.wrote_at, found.closed_at, found.revision = now, None, found.revision + 1
    found.save(update_fields=["wrote_at", "closed_at", "revision"])
    acts.record(
        "support.replied",
        actor=actor,
        now=now,
        subject=found.subject_id,
        request=found.pk,
        files=len(files),
        reopened=reopened,
    )
    return found


@transaction.atomic
def close(request: UUID, *, actor: Actor, now: datetime) -> Request:
    """The person says that it is settled. Closing twice is harmless. Raises NotFound."""
    found = locked(request)
    if found.subject_id != actor.subject:
        raise NotFound
    return ended(found, actor=actor, now=now)


def close_silent(*, now: datetime) -> int:
    """Close what we answered and nobody took up again, so that its year begins; how many. Not the limited."""
    silent = staffs().filter(IN_STATE[State.THEIRS], answered_at__lt=SILENCE.latest_start(now))
    closed = 0
    for identifier in list(silent.values_list("pk", flat=True)):
        with transaction.atomic():
            found = locked(identifier)
            if found.state is State.THEIRS:
                ended(found, actor=Actor.system("support"), now=now)
                closed += 1
    return closed


def ended(found: Request, *, actor: Actor, now: datetime) -> Request:
    """Close it, whoever asks, in the caller's transaction."""
    if found.closed_at is None:
        found.closed_at, found.revision = now, found.revision + 1
        found.save(update_fields=["closed_at", "revision"])
        acts.record("support.closed", actor=actor, now=now, subject=found.subject_id, request=found.pk)
    return found
