"""Reading features of people: of those only whose data may be used for it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from seqlense.privacy import switches
from seqlense.privacy.features.declarations import Feature, Values, activities_of, offered
from seqlense.privacy.models import Subject


@dataclass(frozen=True)
class Reading:
    """Features of some people. people: those whom it speaks of; values: feature → person → classes."""

    people: frozenset[UUID]
    features: Mapping[str, Feature]
    values: Mapping[str, Values]

    def of(self, person: UUID, feature: str) -> frozenset[str]:
        """The classes that somebody falls into."""
        found = self.values[feature].get(person)
        if found is None:
            otherwise = self.features[feature].otherwise
            return frozenset([otherwise]) if otherwise else frozenset()
        return found


def read(
    activity: str,
    features: Iterable[str],
    people: Collection[UUID],
    *,
    now: datetime,
    everybody: bool = False,
) -> Reading:
    """Features of these people, as far as they let them be used for that activity.

    Whoever objected to the activity, or to one of those whose data it would read, is not in it. everybody:
    the people are all there are, so that no statement needs to name them. A feature that the register does
    not offer to the activity is left out, as if nobody fell into any of its classes.
    """
    known = {key: one for key, one in offered(activity).items() if key in set(features)}
    free = frozenset(people) - _barred(activities_of(activity, known), None if everybody else people)
    asked = None if everybody else free
    values = {key: one.of(asked, now) if free else {} for key, one in known.items()}
    return Reading(free, known, values)


def held(
    activity: str, features: Iterable[str], person: UUID, *, now: datetime
) -> Mapping[str, frozenset[str]]:
    """One person's classes: feature → codes; nothing of somebody who doesn't let them be used."""
    found = read(activity, features, [person], now=now)
    if person not in found.people:
        return {}
    return {key: found.of(person, key) for key in found.features}


def _barred(activities: Collection[str], people: Collection[UUID] | None) -> frozenset[UUID]:
    rows = Subject.objects.filter(switches.barring(*activities, subject="pk"))
    if people is not None:
        rows = rows.filter(pk__in=list(people))
    return frozenset(rows.values_list("pk", flat=True))
