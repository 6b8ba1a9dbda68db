"""What the panel of choices asks and says, for one page: read by its script as JSON."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from seqlense.privacy import running
from seqlense.privacy.consent import displays
from seqlense.privacy.consent.choices import Choice
from seqlense.privacy.consent.outside import Service, Tracer, services
from seqlense.project.ui import navigation, words
from seqlense.register import Cookie, Register
from seqlense.register.vocabulary import TracerKind

BUILT: Final = Path(__file__).parent / "static" / "built"
ENDPOINT: Final = "/consent/"
SHELVES: Final = ("ads", "analytic", "api", "comment", "google", "other", "social", "support", "video")
"""The library knows nine shelves to put services on; each consent purpose of ours takes one."""
ESCAPED: Final = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def content(register: Register, language: str, made: Choice | None, *, now: datetime) -> SafeString:
    """The panel's JSON, fit to stand in a page; the visitor's own part is added to what all are told.

    Raises OperationalError when what is shown can't be put on record: then nothing may be asked.
    """
    told = {
        **_told(register, language),
        "shown": displays.shown(language, now=now),
        "accepted": sorted(made.accepted) if made else [],
        "refused": sorted(made.refused) if made else [],
        "signal": bool(made and made.by_signal),
    }
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(ESCAPED))  # nothing in it ends the element  # noqa: S308


def parts(language: str) -> displays.Parts:
    """What makes a version of what visitors are shown: `settings.SEQLENSE_CONSENT_DISPLAY` names this."""
    with override(language):
        told = _told(running.register(), language)
    texts = dict(_texts(told))
    return displays.Parts(texts=texts, files=(BUILT / "panel.js",))


def choices_page() -> str:
    """Where the same choices are made without scripts; empty where that page isn't installed."""
    return navigation.address("site:choices") or ""


def _texts(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = [(f"panel.{name}", text) for name, text in told["lang"].items() if text and isinstance(text, str)]
    found += [
        (f"purpose.{name}", text["title"])
        for name, text in told["lang"].items()
        if isinstance(text, dict) and text["title"]
    ]
    found += [(f"said.{name}", text) for name, text in told["texts"].items()]
    return found + [(f"service.{one['id']}", one["name"]) for one in told["services"]]


@lru_cache(maxsize=8)
def _told(register: Register, language: str) -> Mapping[str, Any]:
    offered = services(register)
    shelves = dict(zip(dict.fromkeys(one.purpose for one in offered), SHELVES, strict=False))
    return {
        "language": language,
        "endpoint": ENDPOINT,
        "policy": navigation.address("site:cookie_policy") or "",
        "lang": {
            **_shelf_words(register, language, shelves),
            **{f"desc-K0{one.id}": str(_description(one, language)) for one in offered},
            **_library_words(),
        },
        "texts": {**_own_words(), "needed": str(_needed(register, language))},
        "services": [
            {
                "id": one.id,
                "name": str(conditional_escape(one.label.in_(language))),
                "type": shelves.get(one.purpose, SHELVES[-1]),
                "cookies": [tracer.name for tracer in one.tracers if tracer.kind is TracerKind.COOKIE],
                "stored": [tracer.name for tracer in one.tracers if tracer.kind is not TracerKind.COOKIE],
                "hosts": dict(one.hosts),
            }
            for one in offered
        ],
    }


def _shelf_words(register: Register, language: str, shelves: Mapping[str, str]) -> dict[str, dict[str, str]]:
    titles = {shelf: _purpose(register, purpose, language) for purpose, shelf in shelves.items()}
    return {shelf: {"title": titles.get(shelf, ""), "details": ""} for shelf in SHELVES}


def _library_words() -> dict[str, str]:
    banner = _(
        "With your agreement, our pages can use what other companies offer: {services}. "
        "Nothing of it loads before."
    )
    own = _("Signing in, security, and keeping this choice. It stays on our own site and needs no agreement.")
    explained = _(
        "Each service below belongs to another company. Your browser reaches it only once you have accepted "
        "it. Your choice stands for six months; you can change it here at any time."
    )
    return {
        "title": _("Your choices"),
        "alertBigPrivacy": banner,
        "disclaimer": explained,
        "all": _("All services"),
        "acceptAll": _("Accept all"),
        "allowAll": _("Accept all"),
        "denyAll": _("Refuse all"),
        "personalize": _("Choose"),
        "allow": _("Accept"),
        "deny": _("Refuse"),
        "allowed": _("accepted"),
        "disallowed": _("not accepted"),
        "save": _("Keep my choices"),
        "close": _("Close"),
        "icon": _("Outside services"),
        "modalWindow": _("(opens a panel)"),
        "privacyUrl": _("Cookie policy"),
        "mandatoryTitle": _("What the site itself needs"),
        "mandatoryText": own,
        "noServices": _("There is no outside service to choose."),
        **dict.fromkeys(("middleBarHead", "reload", "fallback", "alertSmall"), ""),
    }


def _own_words() -> dict[str, str]:
    signal = _(
        "Your browser says that you don't want to be followed (Global Privacy Control). We take that as a "
        "refusal. You can still accept a service here."
    )
    failed = _(
        "Your choice could not be kept: the line was cut, or our server is away. Nothing new is loaded."
    )
    return {
        "kept": _("Your choice is kept."),
        "failed": failed,
        "again": _("Try again"),
        "later": _(
            "Your choice is kept. It takes effect on the next page, so that what you typed here stays."
        ),
        "reload": _("Reload this page now"),
        "stopped": _("Stopped: you refused this service."),
        "close": _("Close"),
        "signal": str(format_html('<p class="choices-signal">{}</p>', signal)),
    }


def _purpose(register: Register, purpose: str, language: str) -> str:
    asking = next(one for one in register.active if one.basis.consent_purpose == purpose)
    return str(conditional_escape(asking.title.in_(language)))


def _description(one: Service, language: str) -> SafeString:
    """Who, what for, what it leaves in the browser, and where its own policy is."""
    company = _("Company: %(company)s") % {"company": one.company.in_(language)}
    found = [format_html("<span>{}</span>", text) for text in (one.explanation.in_(language), company)]
    found += [_left(tracer, language) for tracer in one.tracers]
    if one.privacy_page:
        link = '<a href="{}" rel="noreferrer">{}</a>'
        found.append(format_html(link, one.privacy_page, _("Its own privacy policy")))
    return format_html_join("", "{}", ((part,) for part in found))


def _needed(register: Register, language: str) -> SafeString:
    """What the site keeps in the browser without agreement: the same as in the cookie policy, one by one."""
    kept = [one for one in register.active_cookies if one.exemption is not None]
    lines = format_html_join("", "{}", ((_left(one, language),) for one in kept))
    summary = ngettext("This %(number)s tracer", "These %(number)s tracers, one by one", len(kept))
    return format_html("<details><summary>{}</summary>{}</details>", summary % {"number": len(kept)}, lines)


def _left(tracer: Tracer | Cookie, language: str) -> SafeString:
    """What stays in the browser, how long, what for."""
    life = words.period(tracer.lifetime) if tracer.lifetime else _("until the browser is closed")
    purpose = tracer.purpose.in_(language)
    return format_html("<span><code>{}</code> ({}). {}</span>", tracer.name, life, purpose)
