"""What of people's places in organisations may serve to group them, where the register says so."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from seqlense.organisations import directory
from seqlense.organisations.roles import Role
from seqlense.privacy.features import Feature, Values

NUMBERS: Final[Mapping[str, str | Promise]] = {
    "none": _("no organisation"),
    "one": _("one organisation"),
    "several": _("several organisations"),
}
SIZES: Final[Mapping[str, str | Promise]] = {
    "alone": _("one person"),
    "small": _("two to nine people"),
    "middle": _("ten to forty-nine people"),
    "large": _("fifty people or more"),
}
FROM: Final = (("large", 50), ("middle", 10), ("small", 2), ("alone", 0))


def _roles(people: Collection[UUID] | None, now: datetime) -> Values:
    found: dict[UUID, set[str]] = defaultdict(set)
    for person, role, _size in directory.places_of(people):
        found[person].add(role)
    return {person: frozenset(roles) for person, roles in found.items()}


def _numbers(people: Collection[UUID] | None, now: datetime) -> Values:
    found: dict[UUID, str] = {}
    for person, _role, _size in directory.places_of(people):
        found[person] = "several" if person in found else "one"
    return {person: frozenset([code]) for person, code in found.items()}


def _sizes(people: Collection[UUID] | None, now: datetime) -> Values:
    largest: dict[UUID, int] = {}
    for person, _role, size in directory.places_of(people):
        largest[person] = max(size, largest.get(person, 0))
    return {
        person: frozenset([next(code for code, least in FROM if size >= least)])
        for person, size in largest.items()
    }


FEATURES: Final = [
    Feature(
        id="organisations.role",
        item="organisations.role",
        label=_("Role in an organisation"),
        values=lambda: dict(Role.choices),
        of=_roles,
        several=True,
    ),
    Feature(
        id="organisations.number",
        item="organisations.role",
        label=_("Number of organisations"),
        values=lambda: NUMBERS,
        of=_numbers,
        otherwise="none",
    ),
    Feature(
        id="organisations.size",
        item="organisations.role",
        label=_("Size of the largest organisation"),
        values=lambda: SIZES,
        of=_sizes,
    ),
]
