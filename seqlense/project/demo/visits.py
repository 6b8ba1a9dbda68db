"""Two years of visits: more from month to month, fewer at weekends and in August."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from django.urls import reverse
from django.utils.translation import override

from seqlense.audience.measurement import counting, hits
from seqlense.audience.measurement.hits import Hit

DAYS: Final = 730
BUSIEST: Final = 70
"""Visits of a working day by now."""
WEEKEND, AUGUST = 0.3, 0.5
SATURDAY: Final = 5
JOURNEYS: Final[tuple[tuple[int, tuple[str, ...]], ...]] = (
    (30, ("front",)),
    (14, ("front", "sign_up", "sign_up_sent", "front")),
    (16, ("front", "sign_in", "home", "my_data")),
    (9, ("sign_in", "home", "organisations")),
    (9, ("front", "privacy_policy")),
    (5, ("privacy_policy", "cookie_policy", "contact")),
    (5, ("front", "newsletter", "newsletter_sent")),
    (4, ("contact", "write")),
    (3, ("front", "legal_notice", "contact")),
)
INSIDE: Final = ("home", "my_data", "organisations")
SOURCES: Final = (
    (46, ""), (22, "google.com"), (9, "linkedin.com"), (6, "duckduckgo.com"), (5, "bing.com"),
    (4, "qwant.com"), (3, "heise.de"), (3, "youtube.com"), (2, "cnil.fr"), (1, "golem.de"),
)  # fmt: skip
TONGUES: Final = (
    (52, ("fr", "FR")), (17, ("de", "DE")), (9, ("en", "GB")), (6, ("fr", "BE")), (5, ("en", "US")),
    (4, ("fr", "CH")), (3, ("de", "AT")), (2, ("nl", "NL")), (2, ("es", "ES")),
)  # fmt: skip
SCREENS: Final = ((31, "small"), (9, "medium"), (38, "large"), (22, "wide"))


def plant(*, now: datetime, random: random.Random) -> None:
    """Days up to yesterday, and today as far as it has come."""
    seen: Counter[tuple[datetime, Hit]] = Counter()
    today = counting.day_of(now)
    for ago in range(DAYS + 1):
        day = today - timedelta(days=ago)
        part = (now - today) / timedelta(days=1) if not ago else 1.0
        for _ in range(round(_visits(day, ago) * part * random.uniform(0.8, 1.2))):
            seen.update((day, hit) for hit in visit(random))
    counting.add_up(seen)


def _visits(day: datetime, ago: int) -> float:
    wanted = BUSIEST * (1 - 0.75 * ago / DAYS)
    wanted *= WEEKEND if day.weekday() >= SATURDAY else 1.0
    return wanted * (AUGUST if day.month == 8 else 1.0)  # August


def visit(random: random.Random) -> Iterator[Hit]:
    """The pages of one, from a first to a last."""
    language, country = _one(TONGUES, random)
    screen, source = _one(SCREENS, random), _one(SOURCES, random)
    before = None
    for name in _one(JOURNEYS, random):
        page = _page(name)
        yield Hit(
            page=page,
            before=before,
            source=source if before is None else hits.DIRECT,
            language=language,
            country=country,
            screen=screen,
            session=b"in" if name in INSIDE else None,
        )
        before = page


def _one[T](choices: tuple[tuple[int, T], ...], random: random.Random) -> T:
    return random.choices([one for _, one in choices], [weight for weight, _ in choices])[0]


@cache
def _page(name: str) -> str:
    with override("en"):
        return hits.route(reverse(f"site:{name}")) or name
