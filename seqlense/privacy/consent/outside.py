"""The outside services that a visitor is asked about, as the running register declares them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqlense.kit.periods import Period
    from seqlense.register import Cookie, Recipient, Register, Text
    from seqlense.register.schema import Video
    from seqlense.register.vocabulary import TracerKind


@dataclass(frozen=True, kw_only=True)
class Tracer:
    """What the service leaves in the browser; no `lifetime` means until the browser is closed."""

    name: str
    kind: TracerKind
    purpose: Text
    lifetime: Period | None


@dataclass(frozen=True, kw_only=True)
class Service:
    """One outside service: who, what for, and which hosts the browser of whoever accepted it may reach.

    id: the recipient's. purpose: the consent purpose. asked_as: digest of who, what for and which hosts; a
    choice holds for the digest that it was made about, so another one is asked about again. hosts: kind
    ("script", "frame", ...) to host names. load: a script for each page. embed, page: addresses of a video,
    with `{id}` in them. video: that of the first page.
    """

    id: str
    purpose: str
    asked_as: str
    label: Text
    explanation: Text
    company: Text
    hosts: Mapping[str, tuple[str, ...]]
    tracers: tuple[Tracer, ...]
    privacy_page: str | None
    load: str | None
    embed: str | None
    page: str | None
    video: Video | None


@functools.lru_cache(maxsize=8)
def services(register: Register) -> tuple[Service, ...]:
    """The outside services in use, by id: recipients of running activities that a browser may reach with
    consent. One without a purpose is never among them, so nobody can accept it and it stays shut.
    """
    return tuple(
        found for one in register.active_recipients if (found := _service(register, one)) is not None
    )


def service(register: Register, service_id: str) -> Service | None:
    """The service of that id, or None where none in use is called so."""
    return next((one for one in services(register) if one.id == service_id), None)


def _service(register: Register, one: Recipient) -> Service | None:
    purpose = one.asked_purpose
    if one.browser is None or purpose is None or not _asked(register, one, purpose):
        return None
    return Service(
        id=one.id,
        purpose=purpose,
        asked_as=one.asked_as,
        label=one.browser.label,
        explanation=one.browser.explanation,
        company=one.name,
        hosts=one.browser.hosts,
        tracers=tuple(_tracer(cookie) for cookie in register.active_cookies if cookie.set_by == one.id),
        privacy_page=one.privacy_page,
        load=one.browser.load,
        embed=one.browser.embed,
        page=one.browser.page,
        video=one.browser.video,
    )


def _asked(register: Register, one: Recipient, purpose: str) -> bool:
    """Whether an activity that runs asks for that consent and names the recipient: YouTube as a place to link
    an account to doesn't open the page to its videos.
    """
    return any(
        activity.basis.consent_purpose == purpose and one in register.recipients_of(activity)
        for activity in register.active
    )


def _tracer(cookie: Cookie) -> Tracer:
    return Tracer(name=cookie.name, kind=cookie.kind, purpose=cookie.purpose, lifetime=cookie.lifetime)
