"""People enough for groups: accounts that differ in language and country."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from seqlense.accounts.models import Account
from seqlense.audience.promotions import interests
from seqlense.audience.promotions.models import Declaration
from seqlense.audience.segments import belonging, defining
from seqlense.audience.segments.models import Segment
from seqlense.audience.segments.rules import Rule
from seqlense.kit import clock
from seqlense.kit.identifiers import uuid7
from seqlense.privacy.actor import Actor
from seqlense.privacy.models import Subject
from tests import cast

SYSTEM = Actor.system("tests")


def crowd(
    number: int, *, language: str = "fr", country: str = "FR", since: datetime = cast.OPENED
) -> list[UUID]:
    """Open accounts, in two statements."""
    subjects = Subject.objects.bulk_create(Subject(id=uuid7(), created_at=since) for _ in range(number))
    accounts = [
        Account(
            subject_id=one.pk,
            email=f"p{one.pk.hex}@foule.example",
            language=language,
            country=country,
            created_at=since,
            verified_at=since,
        )
        for one in subjects
    ]
    Account.objects.bulk_create(accounts)
    return [one.pk for one in subjects]


def rule(**classes: str) -> Rule:
    """`rule(accounts_language="fr")`: one alternative."""
    return Rule(({key.replace("_", ".", 1): frozenset(codes.split()) for key, codes in classes.items()},))


def segment(wanted: Rule, *, name: str = "Francophones", now: datetime | None = None) -> Segment:
    """Defined, and looked at as the worker does."""
    made = defining.define((name, f"{name} (en)"), wanted, actor=SYSTEM, now=now or clock.now())
    belonging.refresh(made.pk, now=now or clock.now())
    return Segment.objects.get(pk=made.pk)


def interest(label: str = "Electronic signature") -> str:
    """On the list; its code."""
    return interests.add((f"{label} (fr)", label), actor=SYSTEM, now=clock.now()).code


def interested(people: Sequence[UUID], code: str) -> None:
    """They declared it."""
    rows = [Declaration(subject_id=one, interest=code, declared_at=clock.now()) for one in people]
    Declaration.objects.bulk_create(rows)
