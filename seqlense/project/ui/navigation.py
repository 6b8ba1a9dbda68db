"""What the signed-in and staff shells lead to. A place whose pages are not installed is left out."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, kw_only=True)
class Place:
    url_name: str
    label: str | Promise
    icon: str
    group: str | Promise = ""


@dataclass(frozen=True, kw_only=True)
class Link:
    url: str
    label: str | Promise
    icon: str
    current: bool
    group: str | Promise = ""


PEOPLE, PROCESSING, GUARANTEES, OPERATION = _("People"), _("Processing"), _("Guarantees"), _("Operation")
"""What the console's places are about: a heading above each few of them."""

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
        Place(url_name="console:accounts", label=_("Accounts"), icon="users", group=PEOPLE),
        Place(url_name="console:organisations", label=_("Organisations"), icon="building-2", group=PEOPLE),
        Place(url_name="console:switches", label=_("Limits and objections"), icon="hand", group=PEOPLE),
        Place(url_name="console:holds", label=_("Holds"), icon="pause", group=PEOPLE),
        Place(url_name="console:register", label=_("Register"), icon="book-open", group=PROCESSING),
        Place(url_name="console:retention", label=_("Retention"), icon="timer", group=PROCESSING),
        Place(url_name="console:keys", label=_("Keys"), icon="key-round", group=GUARANTEES),
        Place(url_name="console:backups", label=_("Backups"), icon="archive", group=GUARANTEES),
        Place(url_name="console:log", label=_("Log"), icon="badge-check", group=GUARANTEES),
        Place(url_name="console:evidence", label=_("Evidence"), icon="gavel", group=GUARANTEES),
        Place(url_name="console:health", label=_("Health"), icon="server", group=OPERATION),
        Place(url_name="console:audit", label=_("Audit trail"), icon="history", group=OPERATION),
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


def links(shell: str, path: str) -> list[Link]:
    """The shell's places; the one that holds `path` (the longest that begins it) is current."""
    found = [(place, url) for place in SHELLS[shell] if (url := address(place.url_name))]
    current = max((url for _place, url in found if path.startswith(url)), key=len, default="")
    return [
        Link(url=url, label=place.label, icon=place.icon, current=url == current, group=place.group)
        for place, url in found
    ]
