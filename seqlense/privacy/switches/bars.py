"""Is use barred? Asked in one place for each kind of use, for one person or for a set."""

from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef

from seqlense.privacy.switches.models import Kind, Switch

ORDER: Final = (Kind.WITHDRAWAL, Kind.OBJECTION, Kind.RESTRICTION)
"""From the widest: what bars for good comes before what bars for a while."""


def barred(subject: UUID, activity: str) -> Kind | None:
    """Whether that person's data in that activity are only stored, by which right; None if free."""
    return widest(Switch.objects.in_force().filter(subject_id=subject, activity=activity))


def widest(found: Iterable[Switch]) -> Kind | None:
    """The widest of some switches in force."""
    kinds = {one.bars_as for one in found}
    return next((kind for kind in ORDER if kind in kinds), None)


def barring(*activities: str, subject: str = "subject_id") -> Exists:
    """A condition for querysets: somebody whose data in any of these activities are only stored.

    `Contact.objects.exclude(switches.barring("newsletter"))`. subject: the column that says whom a row is
    about.
    """
    mine = Switch.objects.in_force().filter(subject_id=OuterRef(subject), activity__in=activities)
    return Exists(mine)


def barred_among(subjects: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """Of these people, those with something barred → the activities. One statement."""
    found: dict[UUID, set[str]] = {}
    rows = Switch.objects.in_force().filter(subject_id__in=subjects)
    for subject, activity in rows.values_list("subject_id", "activity").order_by():
        found.setdefault(subject, set()).add(activity)
    return {subject: frozenset(activities) for subject, activities in found.items()}


def in_force(subject: UUID) -> list[Switch]:
    """A person's switches in force, latest first."""
    return list(Switch.objects.in_force().filter(subject_id=subject).select_related("request"))
