"""Promotions for tests: written, started, declared."""

from datetime import timedelta
from typing import Any

from seqlense.accounts.models import Account
from seqlense.audience.promotions import writing
from seqlense.audience.promotions.models import Audience, Promotion
from seqlense.audience.promotions.writing import Wording
from seqlense.audience.segments.models import Segment
from seqlense.audience.segments.rules import Rule
from seqlense.kit import clock
from seqlense.privacy import consent
from seqlense.privacy.actor import Actor

STAFF = Actor.system("tests")
DAY = timedelta(days=1)


def wording(**more: Any) -> Wording:
    """A promotion for everyone on the home page, for ten days."""
    now = clock.now()
    plain: dict[str, Any] = {
        "title_fr": "Des organisations à plusieurs",
        "title_en": "Work together",
        "text_fr": "Invitez **vos collègues**.",
        "text_en": "Invite **your colleagues**.",
        "button_fr": "Créer une organisation",
        "button_en": "Create an organisation",
        "link": "/organisations/new/",
        "slot": "home",
        "begins_at": now - DAY,
        "ends_at": now + 10 * DAY,
    }
    return Wording(**{**plain, **more})


def running(
    title: str = "Pour tous", *, rule: Rule | None = None, segment: Segment | None = None, **more: Any
) -> Promotion:
    """Started: for those who meet the rule, those of the segment, or everyone."""
    chosen: dict[str, Any] = {}
    if rule is not None:
        chosen = {"audience": Audience.RULE, "rule": rule}
    elif segment is not None:
        chosen = {"audience": Audience.SEGMENT, "segment": segment.pk}
    row = writing.write(
        wording(title_fr=title, title_en=title, **chosen, **more), actor=STAFF, now=clock.now()
    )
    return writing.start(row.pk, seen=row.revision, actor=STAFF, now=clock.now())


def agrees(account: Account) -> None:
    """The person agrees that reactions are remembered."""
    consent.give(
        account.subject_id,
        "personalised_promotions",
        how="form",
        shown="test",
        language="fr",
        actor=Actor.person(account.subject_id),
        now=clock.now(),
    )


def stops_agreeing(account: Account) -> None:
    """And no longer."""
    consent.withdraw(
        account.subject_id,
        "personalised_promotions",
        how="form",
        actor=Actor.person(account.subject_id),
        now=clock.now(),
    )
