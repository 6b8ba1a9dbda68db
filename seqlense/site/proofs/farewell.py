"""The proof of an erasure for somebody who has just closed their account, and is nobody here any more.

They can't sign in to fetch it, and nothing here finds them again. So what opens the erasure's entry of the
log travels in a cookie, in their browser, for a quarter of an hour or until they take the file. The server
keeps nothing for that.
"""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from seqlense.privacy.erasure import Decision

COOKIE: Final = "farewell"
SECONDS: Final = 15 * 60
_FOR: Final = "seqlense.site.proofs.farewell"


def cookie() -> str:
    """The cookie's name on this site."""
    return f"__Host-{COOKIE}" if settings.SESSION_COOKIE_SECURE else COOKIE


def offer(response: HttpResponse, decision: Decision | None) -> None:
    """Hand the browser what opens the erasure's entry of the log."""
    if decision is None or decision.act is None or decision.salt is None:
        return
    value = signing.dumps([str(decision.act), decision.salt.hex()], salt=_FOR)
    response.set_cookie(
        cookie(),
        value,
        max_age=SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def opening(request: HttpRequest) -> tuple[UUID, bytes] | None:
    """The act and what opens it, for a quarter of an hour after the erasure."""
    try:
        act, salt = signing.loads(request.COOKIES.get(cookie(), ""), salt=_FOR, max_age=SECONDS)
    except signing.BadSignature:
        return None
    return UUID(act), bytes.fromhex(salt)


def over(response: HttpResponse) -> None:
    """It was taken: the browser forgets it, too."""
    response.delete_cookie(cookie(), samesite="Strict")
