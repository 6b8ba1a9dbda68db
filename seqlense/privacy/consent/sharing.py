"""A person's choice on outside services, in every browser where they sign in, if they want that."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seqlense.privacy import acts
from seqlense.privacy.actor import Actor
from seqlense.privacy.consent.choices import LIFE, Answer, Choice, mark, marks
from seqlense.privacy.consent.models import Kind, Receipt, Sharing
from seqlense.privacy.models import RegisterVersion, Subject


def shares(subject: UUID) -> bool:
    """Whether that person wants it."""
    return Sharing.objects.filter(subject_id=subject, until=None).exists()


@transaction.atomic
def share(subject: UUID, *, actor: Actor, now: datetime) -> None:
    """From now on this person's choices are theirs on all their browsers. Repeating it is harmless."""
    there = Subject.objects.select_for_update().filter(pk=subject, erased_at=None).exists()
    if there and not shares(subject):
        Sharing(subject_id=subject, since=now).save(force_insert=True)
        acts.record("consent.choices_shared", actor=actor, now=now, subject=subject)


@transaction.atomic
def keep_apart(subject: UUID, *, actor: Actor, now: datetime) -> None:
    """Each browser has its own choice again; those that have one keep it. Repeating it is harmless."""
    if Sharing.objects.filter(subject_id=subject, until=None).update(until=now):
        acts.record("consent.choices_kept_apart", actor=actor, now=now, subject=subject)


def chosen_by(subject: UUID, *, now: datetime) -> Choice | None:
    """What that person last answered to each service, on whichever browser; None if nothing holds any
    more.
    """
    answers: dict[str, Answer] = {}
    latest: Receipt | None = None
    for receipt, known in _lately(subject, now):
        latest = latest or receipt
        for name, yes in receipt.answers.items():
            if known.get(name) == mark(name):
                answers.setdefault(name, Answer(yes=yes, at=receipt.at))
    if latest is None or not answers:
        return None
    return Choice(answers=answers, made_at=latest.at, receipt=latest.pk)


def latest(subject: UUID, *, now: datetime) -> UUID | None:
    """Number of the receipt of that person's last choice that holds; None if there is none."""
    mine = Receipt.objects.filter(subject_id=subject, kind=Kind.CHOICE, ended_at__gt=now, at__gt=now - LIFE)
    found: UUID | None = mine.order_by("-at", "-pk").values_list("pk", flat=True).first()
    return found


def _lately(subject: UUID, now: datetime) -> Iterator[tuple[Receipt, dict[str, str]]]:
    """The person's choices that hold, latest first, with what each service was when it was asked about."""
    mine = Receipt.objects.filter(subject_id=subject, kind=Kind.CHOICE, ended_at__gt=now, at__gt=now - LIFE)
    receipts = list(mine.order_by("-at", "-pk"))
    versions = {
        one.version: marks(one.content["recipients"])
        for one in RegisterVersion.objects.filter(pk__in={one.register_version for one in receipts})
    }
    yield from ((one, versions[one.register_version]) for one in receipts)
