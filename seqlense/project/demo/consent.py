"""Choices of visitors over five months, one of Alice's that goes along with her, and a consent withdrawn."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from seqlense.accounts.models import Account
from seqlense.audience.promotions.models import PURPOSE
from seqlense.privacy import consent
from seqlense.privacy.actor import Actor
from seqlense.privacy.consent import choices, displays, sharing
from seqlense.privacy.consent.choices import Choice
from seqlense.privacy.consent.choosing import Wish, choose

VISITORS: Final = 160
DAY: Final = timedelta(days=1)
ANSWERS: Final = ("refuse_all", "refuse_all", "accept_all", "accept_all", "panel", "placeholder")


def plant(cast: Mapping[str, Account], *, now: datetime) -> None:
    """Nothing where the running register has no outside service to ask about."""
    alice, bob = cast["alice"], cast["bob"]
    _withdrawn(alice, bob, now)
    offered = [one.id for one in choices.offered()]
    if not offered:
        return
    chance = random.Random(6)  # noqa: S311 (believable, not secret)
    for language in ("fr", "en"):
        displays.shown(language, now=now - 150 * DAY)
    days = sorted((chance.triangular(0.1, 150, 5) for _ in range(VISITORS)), reverse=True)
    for ago in days:
        language = chance.choice(("fr", "fr", "fr", "en"))
        made = _chosen(offered, chance.choice(ANSWERS), language, None, now - ago * DAY)
        if ago > 40 and chance.random() < 0.12:  # they think again
            _chosen(offered, "refuse_all", language, made, now - (ago - 31) * DAY)
    sharing.share(alice.subject_id, actor=Actor.person(alice.subject_id), now=now - 12 * DAY)
    _chosen(offered, "settings", "fr", None, now - 11 * DAY, whose=alice)


def _chosen(
    offered: list[str],
    how: str,
    language: str,
    before: Choice | None,
    now: datetime,
    *,
    whose: Account | None = None,
) -> Choice:
    wish = Wish(
        answers=dict.fromkeys(offered, how != "refuse_all"),
        how=how,
        shown=displays.shown(language, now=now),
        language=language,
    )
    return choose(wish, before=before, subject=whose.subject_id if whose else None, now=now)


def _withdrawn(alice: Account, bob: Account, now: datetime) -> None:
    """Alice consents to what her reactions are used for; Bob did, and doesn't any more."""
    for account in (alice, bob):
        who = account.subject_id
        consent.give(
            who, PURPOSE, how="form", shown="demo", language=account.language,
            actor=Actor.person(who), now=now - 9 * DAY,
        )  # fmt: skip
    who = bob.subject_id
    consent.withdraw(who, PURPOSE, how="settings", actor=Actor.person(who), now=now - 4 * DAY)
