"""People whose names are words that nothing else says, put into a running product and erased from it again.

python -m tests.proof.people plant      # prints their ids and sessions as JSON
python -m tests.proof.people erase ID…
"""

import json
import os
import sys
from typing import Any
from uuid import UUID

import django

OWNER, MEMBER, LIVING, INVITED = "Quelvaneyer", "Brocelandin", "Zorvalkine", "Éluvénthe"
PENDING, REASON, PASSKEY, TYPED = "thrymgadal", "wexhollumbra", "oskarblimt", "vrindelquab"
DEVICE = "Firefox, Linux"
WORDS = (OWNER, MEMBER, LIVING, INVITED, "eluventhe", PENDING, REASON, PASSKEY, TYPED)
ORGANISATION = "Maison Hubrelonque"
"""The name of a company is no personal datum: it is stored as it is, and shows that the scan can find."""


def plant() -> dict[str, Any]:
    """One owner, one member, one who will live on, one invited, one of the staff; mails are posted."""
    from seqlense.accounts import email_change, passkeys, signing_up
    from seqlense.kit import clock
    from seqlense.organisations.roles import Role
    from seqlense.privacy import access, acts
    from seqlense.privacy.actor import Actor
    from tests import cast
    from tests.accounts.authenticator import Authenticator
    from tests.browser.planting import session_of

    now = clock.now()
    owner = cast.person(f"Ines {OWNER}", f"ines.{OWNER}@{OWNER}.example".lower())
    member = cast.person(f"Jo {MEMBER}", f"{MEMBER}+plus@mail.example", language="en")
    living = cast.person(f"Lena {LIVING}", f"lena@{LIVING}.example")
    paul = cast.paul()
    home = cast.founded(owner, ORGANISATION, now=now)
    for person, role in ((member, Role.MEMBER), (living, Role.ADMINISTRATOR)):
        cast.joined(home, owner, person, role)
    invited = cast.invited(home, owner, "eluventhe@éluvénthe.example", now=now)
    signing_up.ask(
        f"new@{TYPED}.example",
        signing_up.Wishes(language="fr", country="FR"),
        source="proof",
        now=now,
    )
    email_change.ask(owner, f"{PENDING}@mail.example", actor=cast.actor(owner), now=now)
    from django.conf import settings

    device = Authenticator(origin=settings.SEQLENSE_PUBLIC_URL)
    answer = device.create(passkeys.offer_to_add(owner, now=now))
    passkeys.add(owner, answer, name=PASSKEY, actor=cast.actor(owner), now=now)
    acts.record_staff(
        "console.file_read",
        actor=Actor.staff(paul.subject_id),
        subject=owner.subject_id,
        reason=f"{REASON}: a letter from {OWNER}",
        now=now,
    )
    access.copy_of(owner.subject_id, actor=cast.actor(owner), now=now)
    accounts = {"owner": owner, "member": member, "living": living, "paul": paul}
    return {
        "subjects": {
            **{name: str(one.subject_id) for name, one in accounts.items()},
            "invited": str(invited.subject_id),
        },
        "sessions": {name: session_of(one) for name, one in accounts.items()},
    }


def erase(subjects: list[str]) -> None:
    """Erase each, as closing the account does, or as an invited person's request."""
    from seqlense.accounts import closing
    from seqlense.accounts.models import account_of
    from seqlense.kit import clock
    from seqlense.privacy import erasure
    from seqlense.privacy.actor import Actor

    for subject in map(UUID, subjects):
        account, actor = account_of(subject), Actor.person(subject)
        if account is not None:
            closing.close(account, actor=actor, now=clock.now())
        else:
            erasure.erase(subject, actor=actor, now=clock.now())


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seqlense.project.settings")
    django.setup()
    if arguments[0] == "plant":
        json.dump(plant(), sys.stdout)
    else:
        erase(arguments[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
