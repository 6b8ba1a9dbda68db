"""The proof of an erasure for somebody who has just closed their account, and is nobody here any more.

They can't sign in to fetch it, and nothing here finds them again. So what opens the erasure's entry of the
log travels in a cookie, in their browser, for a quarter of an hour or until they take the file. The server
keeps nothing for that.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse

from seqlense.privacy import cookies
from seqlense.privacy.erasure import Decision

COOKIE: Final = "farewell"
SECONDS: Final = 15 * 60
_FOR: Final = "seqlense.site.proofs.farewell"


def offer(response: HttpResponse, decision: Decision | None, *, now: datetime) -> None:
    """Hand the browser what opens the erasure's entry of the log."""
    if decision is None or decision.act is None or decision.salt is None:
        return
    value = signing.dumps([str(decision.act), decision.salt.hex()], salt=_FOR)
    cookies.put(response, COOKIE, value, now=now)


def opening(request: HttpRequest) -> tuple[UUID, bytes] | None:
    """The act and what opens it, for a quarter of an hour after the erasure."""
    try:
        act, salt = signing.loads(cookies.read(request, COOKIE) or "", salt=_FOR, max_age=SECONDS)
    except signing.BadSignature:
        return None
    return UUID(act), bytes.fromhex(salt)


def over(response: HttpResponse) -> None:
    """It was taken: the browser forgets it, too."""
    cookies.drop(response, COOKIE)
