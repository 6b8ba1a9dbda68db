"""Interests: staff maintain the list, people declare theirs."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from seqlense.audience.promotions import prose
from seqlense.audience.promotions.errors import ChangedMeanwhile, InvalidText, PromotionError
from seqlense.audience.promotions.models import Declaration, Interest
from seqlense.privacy import acts, requests
from seqlense.privacy.actor import Actor
from seqlense.privacy.models import Subject

MOST: Final = 40
"""Interests on the list at a time: more than that nobody reads."""


@transaction.atomic
def add(labels: tuple[str, str], *, actor: Actor, now: datetime) -> Interest:
    """Put an interest on the list, or back on it. labels: in French, in English.

    Raises InvalidText, PromotionError (promotions.interests.full).
    """
    if Interest.objects.filter(retired_at=None).count() >= MOST:
        raise PromotionError("promotions.interests.full")
    label_fr, label_en = prose.line_of("title_fr", labels[0]), prose.line_of("title_en", labels[1])
    code = slugify(label_en)[:60]
    if not code:
        raise InvalidText("promotions.text.title_en.empty")
    row, new = Interest.objects.update_or_create(
        code=code,
        defaults={"label_fr": label_fr, "label_en": label_en, "retired_at": None},
        create_defaults={"label_fr": label_fr, "label_en": label_en, "made_at": now},
    )
    acts.record("promotions.interest_added", actor=actor, now=now, interest=row.code, new=new)
    return row


@transaction.atomic
def retire(interest: UUID, *, actor: Actor, now: datetime) -> None:
    """Take an interest off the list; who declared it keeps it on record until they change theirs.

    Raises Interest.DoesNotExist.
    """
    row = Interest.objects.select_for_update().get(pk=interest)
    if row.retired_at is None:
        row.retired_at = now
        row.save(update_fields=["retired_at"])
        acts.record("promotions.interest_retired", actor=actor, now=now, interest=row.code)


def offered() -> list[Interest]:
    """The list."""
    return list(Interest.objects.filter(retired_at=None))


def declared_by(person: UUID) -> list[Declaration]:
    """What a person declared."""
    return list(Declaration.objects.filter(subject_id=person))


def codes(rows: Iterable[Declaration]) -> frozenset[str]:
    """The interests declared, by their codes; none of rows that must not be read."""
    return frozenset(one.interest for one in rows if isinstance(one.interest, str))


@transaction.atomic
def declare(person: UUID, wanted: Collection[str], *, seen: str, actor: Actor, now: datetime) -> None:
    """Keep these and no others; none at all erases what was declared. seen: `seen_as` that the form held.

    Saying the same again begins the period of keeping anew. Raises PromotionError for an interest that isn't
    on the list (promotions.interests.unknown), ChangedMeanwhile.
    """
    asked = frozenset(wanted)
    Subject.objects.select_for_update().get(pk=person)
    rows = declared_by(person)
    mine = codes(rows)
    if asked - mine - {one.code for one in offered()}:
        raise PromotionError("promotions.interests.unknown")
    if asked != mine and seen_as(rows) != seen:
        raise ChangedMeanwhile
    Declaration.objects.filter(pk__in=[one.pk for one in rows if one.interest not in asked]).delete()
    Declaration.objects.filter(subject_id=person).update(declared_at=now)
    for code in sorted(asked - mine):
        row = Declaration(subject_id=person, declared_at=now)
        row.interest = code
        row.save()
    if asked != mine:
        acts.record("promotions.interests_declared", actor=actor, now=now, subject=person, number=len(asked))
        requests.rectified(person, ["promotions.interests"], actor=actor, now=now)


def seen_as(rows: Collection[Declaration]) -> str:
    """What a form remembers of what it showed: how many, declared when."""
    return f"{len(rows)}.{max(one.declared_at for one in rows).isoformat()}" if rows else ""
