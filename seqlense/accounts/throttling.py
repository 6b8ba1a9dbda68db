"""How many attempts are taken, so that guessing is hopeless and nobody can shut out anybody else.

Counters are keyed by digests of what they count: no address or IP is stored. Whoever signed in from a browser
before has a counter of their own there, which strangers can't use up. When strangers used up an address's own
counter (NIST SP 800-63B-4 allows at most 100 failures), passwords from unknown browsers pause for that
address; a known browser, a passkey and a link by mail still open the door. The same happens for addresses
nobody has.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Final

from django.db import connection

from seqlense.accounts import devices, digests
from seqlense.accounts.errors import TooManyAttempts
from seqlense.accounts.models import Throttle


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most `burst` at once; one more every `every`."""

    name: str
    burst: int
    every: timedelta


SOURCE: Final = Limit(name="source", burst=30, every=timedelta(seconds=20))
SOURCE_AND_ADDRESS: Final = Limit(name="source-address", burst=10, every=timedelta(minutes=1))
DEVICE: Final = Limit(name="device", burst=10, every=timedelta(minutes=1))
STRANGERS: Final = Limit(name="strangers", burst=80, every=timedelta(minutes=15))
CODE: Final = Limit(name="code", burst=5, every=timedelta(minutes=1))
CODE_BY_DAY: Final = Limit(name="code-by-day", burst=50, every=timedelta(minutes=30))
CODE_TOLD: Final = Limit(name="code-told", burst=1, every=timedelta(hours=1))
CONFIRM: Final = Limit(name="confirm", burst=10, every=timedelta(minutes=1))
MAIL_TO: Final = Limit(name="mail-to", burst=3, every=timedelta(minutes=20))
MAIL_FROM: Final = Limit(name="mail-from", burst=10, every=timedelta(minutes=1))

TAKE: Final = """
    insert into accounts_throttle as counter (digest, full_until)
    values (%(digest)s, %(now)s::timestamptz + %(every)s::interval)
    on conflict (digest) do update
        set full_until = greatest(counter.full_until, %(now)s::timestamptz) + %(every)s::interval
        where greatest(counter.full_until, %(now)s::timestamptz) + %(every)s::interval
            <= %(now)s::timestamptz + %(all)s::interval
    returning full_until
"""
SWEEP: Final = """
    delete from accounts_throttle where ctid = any(array(
        select ctid from accounts_throttle where full_until < %s order by full_until limit 20
        for update skip locked))
"""


def source(ip: str) -> str:
    """Where an attempt comes from: the address, or its /64 for IPv6, where one line has all of it."""
    try:
        found = ip_address(ip)
    except ValueError:
        return "unknown"
    return str(found) if found.version == 4 else str(ip_network((found, 64), strict=False))


def take(limit: Limit, *parts: str, now: datetime) -> timedelta | None:
    """Count one attempt. None if it is taken; else how long until the next one is. A refused attempt costs
    nothing.
    """
    digest = digests.mac(f"throttle.{limit.name}", *parts)
    with connection.cursor() as cursor:
        cursor.execute(
            TAKE,
            {"digest": digest, "now": now, "every": str(limit.every), "all": str(limit.every * limit.burst)},
        )
        taken = cursor.fetchone() is not None
        cursor.execute(SWEEP, [now])
    if taken:
        return None
    counter = Throttle.objects.filter(digest=digest).first()
    room_at = (counter.full_until if counter else now) + limit.every - limit.every * limit.burst
    return max(room_at - now, timedelta(seconds=1))


def allow(limit: Limit, *parts: str, now: datetime) -> None:
    """Count one attempt; TooManyAttempts if it isn't taken."""
    wait = take(limit, *parts, now=now)
    if wait is not None:
        raise TooManyAttempts(wait)


def forgive(limit: Limit, *parts: str) -> None:
    """Forget a counter: who counted there proved to be the right person."""
    Throttle.objects.filter(digest=digests.mac(f"throttle.{limit.name}", *parts)).delete()


def allow_password(address: str, *, source: str, device: str | None, now: datetime) -> None:
    """Count one password for that address from that place; TooManyAttempts if it isn't taken.

    source: from `source()`. device: the browser's device cookie, if it sent one.
    """
    if devices.known(device, address, now=now):
        allow(DEVICE, address, device or "", now=now)
        return
    allow(SOURCE, source, now=now)
    allow(SOURCE_AND_ADDRESS, address, source, now=now)
    wait = take(STRANGERS, address, now=now)
    if wait is not None:
        raise TooManyAttempts(wait, paused=True)


def right_password(address: str, *, source: str, device: str | None) -> None:
    """The password was right: this place starts afresh. The counter of strangers stays as it is."""
    forgive(SOURCE_AND_ADDRESS, address, source)
    if device:
        forgive(DEVICE, address, device)
