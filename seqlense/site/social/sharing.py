"""Links by which a reader shares a public page. Plain links: nothing is asked of anybody before a click."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from django.conf import settings

from seqlense.audience.social.linking import ACTIVITY
from seqlense.audience.social.networks import KNOWN
from seqlense.register import Register


@dataclass(frozen=True)
class Link:
    """id: of the recipient. title: as people call it. url: where the click leads."""

    id: str
    title: str
    url: str


LONGEST_TITLE: Final = 120


def canonical(path: str) -> str:
    """The page's own address: this site's, without anything that a visitor's address bar adds."""
    return settings.SEQLENSE_PUBLIC_URL.rstrip("/") + path


def links(register: Register, path: str, title: str) -> tuple[Link, ...]:
    """Where that page can be shared: recipients of the running activity that have a page for it."""
    return tuple(_sharing(register, canonical(path), title))


def _sharing(register: Register, url: str, title: str) -> Iterator[Link]:
    for one in _recipients(register):
        page = register.recipients[one].share_page
        if page is not None:
            filled = page.replace("{url}", quote(url, safe="")).replace(
                "{title}", quote(title[:LONGEST_TITLE])
            )
            yield Link(one, _called(register, one), filled)


def own_pages(register: Register) -> tuple[Link, ...]:
    """The company's own pages at these networks, where it names any."""
    return tuple(
        Link(one, _called(register, one), page)
        for one in _recipients(register)
        if (page := register.recipients[one].own_page) is not None
    )


def _recipients(register: Register) -> tuple[str, ...]:
    activity = register.activities.get(ACTIVITY)
    return activity.recipients if activity is not None and activity.active else ()


def _called(register: Register, recipient: str) -> str:
    return KNOWN[recipient].title if recipient in KNOWN else register.recipients[recipient].name.en
