"""What the signed-in and staff shells lead to. A place whose pages are not installed is left out."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from seqlense import console, site
from seqlense.kit import sections
from seqlense.kit.sections import Place


@dataclass(frozen=True, kw_only=True)
class Link:
    url: str
    label: object
    icon: str
    current: bool
    group: object = ""


GROUPS: Final = {
    "": "",
    "people": _("People"),
    "audience": _("Audience"),
    "processing": _("Processing"),
    "guarantees": _("Guarantees"),
    "operation": _("Operation"),
}
"""What the places are about, in the order of the page: a heading above each few of them."""

DOORS: Final = {"app": site, "console": console}
SHELLS: dict[str, tuple[Place, ...]] = {
    "app": (
        Place(url_name="site:home", label=_("Home"), icon="house"),
        Place(url_name="site:my_data", label=_("My data"), icon="fingerprint"),
        Place(url_name="site:organisations", label=_("Organisations"), icon="building-2"),
        Place(url_name="site:settings", label=_("Settings"), icon="settings"),
        Place(url_name="site:security", label=_("Security"), icon="shield"),
    ),
    "console": (
        Place(url_name="console:overview", label=_("Overview"), icon="eye"),
        Place(url_name="console:accounts", label=_("Accounts"), icon="users", group="people"),
        Place(url_name="console:organisations", label=_("Organisations"), icon="building-2", group="people"),
        Place(url_name="console:switches", label=_("Limits and objections"), icon="hand", group="people"),
        Place(url_name="console:holds", label=_("Holds"), icon="pause", group="people"),
        Place(url_name="console:register", label=_("Register"), icon="book-open", group="processing"),
        Place(url_name="console:retention", label=_("Retention"), icon="timer", group="processing"),
        Place(url_name="console:health", label=_("Health"), icon="server", group="operation"),
        Place(url_name="console:audit", label=_("Audit trail"), icon="history", group="operation"),
    ),
}


def address(url_name: str) -> str | None:
    """Where the page is in the language being spoken, or None if no installed section has it."""
    return _address(url_name, get_language(), get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@cache
def _address(url_name: str, _language: str | None, _urlconf: str, _prefix: str) -> str | None:
    """Worked out once: every page asks for a dozen. What it depends on are its arguments."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


@cache
def places(shell: str) -> tuple[Place, ...]:
    """The shell's own places and those of its sections, group by group."""
    found = (*SHELLS[shell], *sections.places(DOORS[shell]))
    order = list(GROUPS)
    return tuple(sorted(found, key=lambda place: order.index(place.group)))


def links(shell: str, path: str) -> list[Link]:
    """The shell's places; the one that holds `path` (the longest that begins it) is current."""
    found = [(place, url) for place in places(shell) if (url := address(place.url_name))]
    current = max((url for _place, url in found if path.startswith(url)), key=len, default="")
    return [
        Link(url=url, label=place.label, icon=place.icon, current=url == current, group=GROUPS[place.group])
        for place, url in found
    ]
