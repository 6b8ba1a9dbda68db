"""What staff do with a request. Each verb says which state of it was seen: nobody answers past anybody."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seqlense import mailing
from seqlense.accounts.models import Account, account_of
from seqlense.documents.arriving import Arrived
from seqlense.organisations import directory
from seqlense.organisations.errors import NotFound as NoOrganisation
from seqlense.privacy import acts, requests, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.records import RightsRequest
from seqlense.support import doors, texts
from seqlense.support.errors import ChangedMeanwhile, Closed, NotFound, RightRefused
from seqlense.support.models import ACTIVITY, Message, Note, Request
from seqlense.support.speaking import ended, locked, say

Kind = RightsRequest.Kind
RIGHTS = (Kind.ACCESS, Kind.RECTIFICATION, Kind.ERASURE, Kind.PORTABILITY)
"""Those noted here. A limit, an objection and a withdrawal are noted where they are obeyed, in one act."""


@contextmanager
def _handling(request: UUID, seen: int | None, *, even_closed: bool = False) -> Iterator[Request]:
    """seen: the revision that the page showed; None for what overwrites nothing."""
    with transaction.atomic():
        found = locked(request)
        if found.unverified_since is not None or switches.barred(found.subject_id, ACTIVITY):
            raise NotFound
        if seen is not None and seen != found.revision:
            raise ChangedMeanwhile
        if found.closed_at is not None and not even_closed:
            raise Closed
        yield found


def read(request: UUID, *, actor: Actor, now: datetime) -> Request:
    """Open a request, which is written down where the person can see it. Raises NotFound.

    No reason is typed: the person wrote to be read, and the request itself is the reason that is noted.
    """
    found = doors.for_staff(request)
    acts.record_staff(
        "support.read",
        actor=actor,
        subject=found.subject_id,
        reason=READ_FOR[found.language] % {"reference": found.reference},
        now=now,
        request=found.pk,
    )
    return found


READ_FOR = {
    "fr": "Traitement de votre demande d’assistance %(reference)s",
    "en": "Handling of your support request %(reference)s",
}


def answer(
    request: UUID,
    text: str,
    *,
    seen: int,
    identifier: UUID,
    files: Sequence[Arrived] = (),
    actor: Actor,
    now: datetime,
) -> Request:
    """Answer. The mail that leaves says only that there is an answer, and where.

    Raises NotFound, TextRefused, ChangedMeanwhile, Closed; NoRoom from the documents.
    """
    with _handling(request, None) as found:
        if Message.objects.filter(pk=identifier, request=found).exists():
            return found
        if seen != found.revision:
            raise ChangedMeanwhile
        said = texts.message(text, links=texts.LINKS_OF_USERS)
        say(found, said, files, identifier=identifier, author=actor.subject, now=now)
        found.answered_at = max(now, found.wrote_at)
        found.revision += 1
        if found.assignee_id is None:
            found.assignee_id = actor.subject
        found.save(update_fields=["answered_at", "revision", "assignee"])
        acts.record(
            "support.answered",
            actor=actor,
            now=now,
            subject=found.subject_id,
            request=found.pk,
            files=len(files),
        )
        mailing.post(
            template="support.answered",
            subject=found.subject_id,
            about=found.pk,
            language=found.language,
            now=now,
        )
        return found


def note(request: UUID, text: str, *, actor: Actor, now: datetime) -> Note:
    """Note something among staff; the person's copy of the data has it. Raises NotFound, TextRefused."""
    with _handling(request, None, even_closed=True) as found:
        made = Note(subject_id=found.subject_id, request=found, author_id=actor.subject, at=now)
        made.text = texts.note(text)
        made.save(force_insert=True)
        acts.record("support.noted", actor=actor, now=now, subject=found.subject_id, request=found.pk)
        return made


def assign(request: UUID, to: UUID | None, *, seen: int, actor: Actor, now: datetime) -> Request:
    """Give it to a member of staff, or to nobody. to: their subject. Raises NotFound, ChangedMeanwhile."""
    with _handling(request, seen, even_closed=True) as found:
        if to is not None and not _is_staff(account_of(to)):
            raise NotFound
        found.assignee_id, found.revision = to, found.revision + 1
        found.save(update_fields=["assignee", "revision"])
        acts.record(
            "support.assigned", actor=actor, now=now, subject=found.subject_id, request=found.pk, to=to
        )
        return found


def _is_staff(account: Account | None) -> bool:
    return account is not None and account.is_staff_member()


def close(request: UUID, *, seen: int, actor: Actor, now: datetime) -> Request:
    """Close it: the year that it is kept begins. Raises NotFound, ChangedMeanwhile."""
    with _handling(request, seen, even_closed=True) as found:
        return ended(found, actor=actor, now=now)


def reopen(request: UUID, *, actor: Actor, now: datetime) -> Request:
    """Open it again. Opening twice is harmless. Raises NotFound."""
    with _handling(request, None, even_closed=True) as found:
        if found.closed_at is not None:
            found.closed_at, found.revision = None, found.revision + 1
            found.save(update_fields=["closed_at", "revision"])
            acts.record("support.reopened", actor=actor, now=now, subject=found.subject_id, request=found.pk)
        return found


def link_customer(
    request: UUID, organisation: UUID | None, *, seen: int, actor: Actor, now: datetime
) -> Request:
    """Say which customer it is about, or none. Raises NotFound, ChangedMeanwhile."""
    with _handling(request, seen, even_closed=True) as found:
        if organisation is not None:
            _exists(organisation)
        found.customer_id, found.revision = organisation, found.revision + 1
        found.save(update_fields=["customer", "revision"])
        acts.record(
            "support.linked",
            actor=actor,
            now=now,
            subject=found.subject_id,
            request=found.pk,
            organisation=organisation,
        )
        return found


def _exists(organisation: UUID) -> None:
    try:
        directory.record(organisation)
    except NoOrganisation:
        raise NotFound from None


def note_right(request: UUID, kind: RightsRequest.Kind, *, actor: Actor, now: datetime) -> RightsRequest:
    """It is a request under the GDPR: note it as one, received on the day that the person wrote (art. 12(3)).

    Once noted, it stays. Raises NotFound, RightRefused.
    """
    with _handling(request, None, even_closed=True) as found:
        if found.right_id is not None or kind not in RIGHTS:
            raise RightRefused
        made = requests.receive(
            found.subject_id, kind, actor=actor, now=now, channel="email", written_at=found.asked_at
        )
        found.right, found.revision = made, found.revision + 1
        found.save(update_fields=["right", "revision"])
        return made


def right_answered(request: UUID, *, actor: Actor, now: datetime) -> RightsRequest:
    """What was asked under the GDPR is done, and the person was told in the conversation. Twice is harmless.

    Raises NotFound, RightRefused where no right was noted.
    """
    with _handling(request, None, even_closed=True) as found:
        if found.right is None:
            raise RightRefused
        if found.right.answered_at is not None:
            return found.right
        return requests.answer(found.right, [], actor=actor, now=now)
