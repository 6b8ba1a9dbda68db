"""Subscribers and campaigns for the tests of this section."""

import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from seqlense.accounts.models import Account
from seqlense.audience.newsletter import asking, campaigns, importing, links
from seqlense.audience.newsletter.models import Asked, Campaign
from seqlense.kit.identifiers import uuid7
from seqlense.privacy import subjects
from seqlense.privacy.actor import Actor

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
PAUL = Actor.staff(UUID(int=7))
WISH = asking.Wish(topics=["product", "practice", "offers"], language="fr")
ADDRESS = "lea@lecture.example"


def asked(address: str = ADDRESS, wish: asking.Wish = WISH, *, now: datetime = NOW) -> Asked:
    """A request to subscribe that waits."""
    asking.ask(address, wish, source=address, now=now)
    return Asked.objects.get(subject_id=subjects.find_or_create("email", address, now=now))


def subscribed(address: str = ADDRESS, wish: asking.Wish = WISH, *, now: datetime = NOW) -> UUID:
    """Somebody who confirmed."""
    waits = asked(address, wish, now=now)
    return asking.confirm(links.token(links.CONFIRM, waits.pk), now=now)


PROOF = importing.Proof(
    tool="Former tool",
    question="I want the newsletter. Confirmed by a link sent to the address.",
    agreed_from=NOW.date() - timedelta(days=400),
    agreed_until=NOW.date() - timedelta(days=1),
    evidence="Export of its log of confirmations, safe of the legal department.",
)


def draft(about: str = "product", **other: Any) -> campaigns.Draft:
    """A text in both languages."""
    said: dict[str, Any] = {
        "subject_fr": "Quoi de neuf",
        "subject_en": "What is new",
        "text_fr": "# Bonjour\n\nDu **neuf** : [lisez](https://www.seqlense.example/fr/neuf/).",
        "text_en": "# Hello\n\nSomething **new**: [read](https://www.seqlense.example/en/new/).",
        "rate": 600,
    }
    return campaigns.Draft(about=about, **{**said, **other})


def written(about: str = "product", *, now: datetime = NOW, actor: Actor = PAUL, **other: Any) -> Campaign:
    """A draft."""
    return campaigns.write(draft(about, **other), actor=actor, now=now, identifier=uuid7())


def started(about: str = "product", *, now: datetime = NOW, **other: Any) -> Campaign:
    """A campaign under way."""
    made = written(about, now=now, **other)
    return campaigns.start(made.pk, seen=made.revision, actor=PAUL, now=now)


def recipients_of(caught: list[EmailMessage]) -> list[str]:
    """To whom messages went, in alphabetical order."""
    return sorted(str(one["To"]) for one in caught)


def link_in(message: EmailMessage, part: str) -> str:
    """The path of the link in a message's plain text whose address holds `part`."""
    body = message.get_body(("plain",))
    assert body is not None
    found = re.search(rf"https?://[^\s/]+(/\S*{part}\S*)", body.get_content())
    assert found is not None
    return found[1]


def who(account: Account) -> Actor:
    """The person, acting for themselves."""
    return Actor.person(account.subject_id)
