"""A browser's choice on outside services, as its signed cookie tells it.

Only this cookie counts for what the browser may reach: it is HttpOnly and signed, so no script writes it and
no hand edits it. The readable cookie of the panel is for the panel alone.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from seqlense.privacy import running
from seqlense.privacy.consent.outside import Service, services

NAME: Final = "consent-receipt"
LIFE: Final = timedelta(days=182)
"""Six months from the choice, whichever way it went (CNIL recommendation 2020-092)."""
_FORMAT: Final = "1"
_LONGEST: Final = 4000


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What a browser chose. accepted, refused: service ids; `asked` are both.

    receipt: its proof; None for a refusal that the browser signals by itself (Global Privacy Control).
    made_at: when; the choice ends six months later.
    """

    accepted: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    made_at: datetime
    receipt: UUID | None = None

    @property
    def asked(self) -> frozenset[str]:
        """Services on which the browser has chosen, one way or the other."""
        return self.accepted | self.refused

    @property
    def ends_at(self) -> datetime:
        """When it has to be asked again."""
        return self.made_at + LIFE

    @property
    def by_signal(self) -> bool:
        """Nobody clicked: the browser says for the person that they refuse."""
        return self.receipt is None

    def pending(self, offered: Iterable[Service]) -> tuple[Service, ...]:
        """Services that are new, or whose purpose or provider changed, since: ask for these alone."""
        return tuple(one for one in offered if one.id not in self.asked)


def choice(request: HttpRequest) -> Choice | None:
    """This browser's choice; None if it made none, or none that still counts: expired, edited, forged,
    foreign.

    A service whose purpose or provider changed in the register since is neither accepted nor refused. Without
    a choice, `Sec-GPC: 1` refuses all (W3C Global Privacy Control); with one, it refuses what wasn't asked
    yet.
    """
    now: datetime = request.now  # type: ignore[attr-defined]  # the middleware's moment
    found = opened(request.COOKIES.get(cookie_name(), ""), now=now)
    if request.META.get("HTTP_SEC_GPC") != "1":
        return found
    everything = frozenset(one.id for one in offered())
    if found is None:
        return Choice(refused=everything, made_at=now)
    return Choice(
        accepted=found.accepted,
        refused=found.refused | (everything - found.accepted),
        made_at=found.made_at,
        receipt=found.receipt,
    )


def offered() -> tuple[Service, ...]:
    """Outside services of the running register."""
    return services(running.register())


def cookie_name() -> str:
    """Of the signed cookie; a secure site's has the prefix that ties it to this host (RFC 6265bis)."""
    return f"__Host-{NAME}" if settings.SESSION_COOKIE_SECURE else NAME


@dataclass(frozen=True)
class _Entry:
    """A service in the cookie, with a mark of what was asked for: another purpose or provider has another."""

    id: str
    mark: str = field(default="")

    def __str__(self) -> str:
        return f"{self.id}-{self.mark}"


def signed(made: Choice) -> str:
    """The cookie's value. Raises ValueError for a choice without receipt."""
    if made.receipt is None:
        raise ValueError("A signal of the browser's is no choice to remember.")
    parts = [_FORMAT, made.receipt.hex, str(int(made.made_at.timestamp()))]
    parts += [".".join(f"{one}-{mark(one)}" for one in sorted(ids)) for ids in (made.accepted, made.refused)]
    text = "~".join(parts)
    return f"{text}~{_mac(text, settings.SECRET_KEY)}"


def opened(value: str, *, now: datetime) -> Choice | None:
    """The choice in a signed cookie; None for anything that this installation didn't sign, or that has
    ended.
    """
    text, _, mac = value.rpartition("~")
    if not text or len(value) > _LONGEST or not _is_ours(text, mac):
        return None
    version, receipt, at, accepted, refused = text.split("~")
    made_at = datetime.fromtimestamp(int(at), tz=UTC)
    if version != _FORMAT or not made_at <= now + timedelta(minutes=5) or now >= made_at + LIFE:
        return None
    return Choice(receipt=UUID(receipt), made_at=made_at, accepted=_still(accepted), refused=_still(refused))


def _still(entries: str) -> frozenset[str]:
    """Services of the cookie that are what they were when the browser was asked."""
    pairs = (one.rpartition("-") for one in entries.split(".") if one)
    return frozenset(name for name, _, seen in pairs if seen == mark(name))


def mark(service: str) -> str:
    """Eight letters that change with what is asked about a service: its purpose, its provider."""
    return _marks(running.register().version).get(service, "")


@lru_cache(maxsize=4)
def _marks(_version: str) -> dict[str, str]:
    register = running.register()
    return {
        one.id: hashlib.sha256(
            "\n".join([one.id, str(one.consent_purpose), one.name.en, *sorted(one.hosts)]).encode()
        ).hexdigest()[:8]
        for one in register.recipients.values()
        if one.consent_purpose is not None
    }


def _is_ours(text: str, mac: str) -> bool:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    given = mac.encode("utf-8", "replace")
    return any(hmac.compare_digest(given, _mac(text, str(key)).encode()) for key in keys)


def _mac(text: str, key: str) -> str:
    return hmac.new(_derived(key), text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


@lru_cache(maxsize=8)
def _derived(key: str) -> bytes:
    return hmac.new(key.encode(), b"seqlense.consent.choice", hashlib.sha256).digest()
