"""A thousand people whose names nothing else says, put into a running product and erased from it again.

python -m tests.residue.crowd plant     # prints their subjects as JSON
python -m tests.residue.crowd erase     # reads subjects from its input
python -m tests.residue.crowd keys      # reads subjects; prints how many data keys they have, by activity
"""

import json
import os
import random
import sys
from collections import Counter
from datetime import timedelta
from typing import Final
from uuid import UUID

import django

PEOPLE: Final = 1000
MEMBERS: Final = 30
COMPANY: Final = "Maison Hubrelonque"
"""No personal datum: stored as it is, and so a sign that the search sees what is stored."""
SYLLABLES: Final = ("vra", "zor", "quel", "thrym", "blim", "dra", "xho", "lunth", "bé", "gna", "skar", "ouv")


def surname(number: int) -> str:
    """A name of its own for each."""
    chance = random.Random(number)
    return f"{''.join(chance.choices(SYLLABLES, k=3)).capitalize()}mbr{number:04}"


def markers() -> str:
    """What each name, each address and each session has in it, one a line."""
    return "\n".join(surname(number) for number in range(PEOPLE))


def plant() -> list[str]:
    """Accounts with events and sessions; a company with thirty of them, whose files staff have read."""
    from seqlense.kit import clock
    from seqlense.organisations.roles import Role
    from seqlense.privacy import acts
    from seqlense.privacy.actor import Actor
    from seqlense.project.demo import people
    from tests import cast

    now, chance = clock.now(), random.Random(5)
    names = [surname(number) for number in range(PEOPLE)]
    accounts = people.plant(
        [
            people.Newcomer(
                name=f"Ines {name}",
                email=f"ines.{name}@{name}.example".lower().replace("é", "e"),
                language="fr",
                country="FR",
                since=now - timedelta(days=300),
            )
            for name in names
        ]
    )
    people.live(accounts, now=now, random=chance)
    living = cast.person("Lena Brocelandin", "lena@brocelandin.example")
    home = cast.founded(living, COMPANY, now=now)
    for account, name in zip(accounts[:MEMBERS], names, strict=False):
        cast.joined(home, living, account, Role.MEMBER)
        acts.record_staff(
            "console.file_read",
            actor=Actor.staff(living.subject_id),
            subject=account.subject_id,
            reason=f"a call from {name}",
            now=now,
        )
    return [str(one.subject_id) for one in accounts]


def erase(subjects: list[str]) -> None:
    """Each as their own request."""
    from seqlense.kit import clock
    from seqlense.privacy import erasure
    from seqlense.privacy.actor import Actor

    for subject in map(UUID, subjects):
        erasure.erase(subject, actor=Actor.person(subject), now=clock.now())


def keys(subjects: list[str]) -> dict[str, int]:
    """How many of their data keys are left, by activity."""
    from seqlense.privacy.keystore.models import DataKey

    return Counter(DataKey.objects.filter(subject_id__in=subjects).values_list("activity", flat=True))


def main(what: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seqlense.project.settings")
    django.setup()
    if what == "plant":
        json.dump(plant(), sys.stdout)
    elif what == "erase":
        erase(json.load(sys.stdin))
    else:
        json.dump(keys(json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
