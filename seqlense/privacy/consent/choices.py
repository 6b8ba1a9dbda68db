"""A browser's choice on outside services, as its signed cookie tells it.

Only this cookie counts for what the browser may reach: it is HttpOnly and signed, so no script writes it and
no hand edits it.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from seqlense.privacy import cookies, running
from seqlense.privacy.consent.outside import Service, services
from seqlense.register import Recipient

NAME: Final = "consent-receipt"
LIFE: Final = timedelta(days=182)
"""Six months from the choice, whichever way it went (CNIL recommendation 2020-092)."""
AHEAD: Final = timedelta(minutes=5)
"""By how much the clocks of our own machines may differ."""
_FORMAT: Final = "1"
_LONGEST: Final = 4000


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Yes or no to one service, and when: it holds for six months."""

    yes: bool
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What a browser chose. answers: by service id, those that still hold.

    receipt: the proof of the latest act; None for a refusal that the browser signals by itself (Global
    Privacy Control). made_at: of the latest act.
    """

    answers: Mapping[str, Answer]
    made_at: datetime
    receipt: UUID | None = None

    @property
    def accepted(self) -> frozenset[str]:
        """Services that may be reached."""
        return frozenset(name for name, one in self.answers.items() if one.yes)

    @property
    def refused(self) -> frozenset[str]:
        """Services that may not."""
        return frozenset(name for name, one in self.answers.items() if not one.yes)

    @property
    def asked(self) -> frozenset[str]:
        """Services on which the browser has chosen, one way or the other."""
        return frozenset(self.answers)

    @property
    def by_signal(self) -> bool:
        """Nobody clicked: the browser says for the person that they refuse."""
        return self.receipt is None

    @property
    def ends_at(self) -> datetime:
        """When the last of it has to be asked again."""
        return max((one.at for one in self.answers.values()), default=self.made_at) + LIFE

    def pending(self, offered: Iterable[Service]) -> tuple[Service, ...]:
        """Services to ask for: new ones, those whose purpose or provider changed, those answered too long
        ago.
        """
        return tuple(one for one in offered if one.id not in self.answers)

    def then(self, answers: Mapping[str, bool], *, receipt: UUID, now: datetime) -> "Choice":
        """The same browser after another act: what it didn't answer this time stays, with its own date."""
        said = {name: Answer(yes=yes, at=now) for name, yes in answers.items()}
        return Choice(answers={**self.answers, **said}, made_at=now, receipt=receipt)


def choice(request: HttpRequest) -> Choice | None:
    """This browser's choice; None if it made none, or none that still counts: expired, edited, forged,
    foreign.

    A service whose purpose or provider changed in the register since is neither accepted nor refused. Without
    a choice, `Sec-GPC: 1` refuses all (W3C Global Privacy Control); with one, it refuses what wasn't asked
    yet.
    """
    now: datetime = request.now  # type: ignore[attr-defined]  # the middleware's moment
    found = kept(request, now=now)
    if request.META.get("HTTP_SEC_GPC") != "1":
        return found
    made_at = now if found is None else found.made_at
    refused = {one.id: Answer(yes=False, at=now) for one in offered()}
    said = {} if found is None else found.answers
    return Choice(
        answers={**refused, **said}, made_at=made_at, receipt=None if found is None else found.receipt
    )


def kept(request: HttpRequest, *, now: datetime) -> Choice | None:
    """What this browser itself chose, whatever it signals; None as `choice` has it."""
    return opened(cookies.read(request, NAME) or "", now=now)


def offered() -> tuple[Service, ...]:
    """Outside services of the running register."""
    return _offered(running.register().version)


@lru_cache(maxsize=4)
def _offered(_version: str) -> tuple[Service, ...]:
    return services(running.register())


def signed(made: Choice) -> str:
    """The cookie's value. Raises ValueError for a choice without receipt."""
    if made.receipt is None:
        raise ValueError("A signal of the browser's is no choice to remember.")
    entries = (
        f"{name}-{mark(name)}-{int(one.at.timestamp()):x}-{int(one.yes)}"
        for name, one in sorted(made.answers.items())
    )
    text = "~".join([_FORMAT, made.receipt.hex, f"{int(made.made_at.timestamp()):x}", ".".join(entries)])
    return f"{text}~{_mac(text, settings.SECRET_KEY)}"


def opened(value: str, *, now: datetime) -> Choice | None:
    """The choice in a signed cookie; None for anything that this installation didn't sign, or that has
    ended.
    """
    text, _, mac = value.rpartition("~")
    if not text or len(value) > _LONGEST or not _is_ours(text, mac):
        return None
    version, receipt, at, entries = text.split("~")
    made_at = _moment(at)
    if version != _FORMAT or made_at > now + AHEAD or now >= made_at + LIFE:
        return None
    return Choice(receipt=UUID(receipt), made_at=made_at, answers=dict(_still(entries, now)))


def _still(entries: str, now: datetime) -> Iterator[tuple[str, Answer]]:
    """Answers that hold: given less than six months ago, to what is still asked in the same way."""
    for entry in filter(None, entries.split(".")):
        name, seen, at, yes = entry.split("-")
        if seen == mark(name) and now < (moment := _moment(at)) + LIFE:
            yield name, Answer(yes=yes == "1", at=moment)


def _moment(seconds: str) -> datetime:
    return datetime.fromtimestamp(int(seconds, 16), tz=UTC)


def mark(service: str) -> str:
    """Letters that change with what is asked about a service: its company, its purpose, its hosts."""
    return _marks(running.register().version).get(service, "")


@lru_cache(maxsize=4)
def _marks(_version: str) -> dict[str, str]:
    return {one.id: one.asked_as for one in offered()}


def marks(recipients: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Marks of the recipients of a register, as plain data: of one that ran once, too."""
    known = (Recipient.model_validate(one) for one in recipients)
    return {one.id: one.asked_as for one in known if one.asked_purpose}


def _is_ours(text: str, mac: str) -> bool:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    given = mac.encode("utf-8", "replace")
    return any(hmac.compare_digest(given, _mac(text, str(key)).encode()) for key in keys)


def _mac(text: str, key: str) -> str:
    return hmac.new(_derived(key), text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


@lru_cache(maxsize=8)
def _derived(key: str) -> bytes:
    return hmac.new(key.encode(), b"seqlense.consent.choice", hashlib.sha256).digest()
