"""One question over HTTP to a timestamp authority or a witness. What is sent names nobody: hashes only."""

import http.client
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any, Final

SECONDS: Final = 15.0
LARGEST: Final = 64 * 1024


class Away(OSError):
    """Nobody answered, or something that is no answer."""


@dataclass(frozen=True)
class Answer:
    """status: of HTTP. content: at most 64 KiB."""

    status: int
    content: bytes


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    """The one who was named answers, or nobody."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirection)


def post(url: str, content: bytes, kind: str) -> Answer:
    """Send bytes of that media type. Raises Away; an error status is an answer."""
    asked = urllib.request.Request(url, data=content, headers={"Content-Type": kind}, method="POST")  # noqa: S310 (settings allow http and https only)
    try:
        with _opener.open(asked, timeout=SECONDS) as answer:
            return _read(answer.status, answer)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return _read(refusal.code, refusal)
    except (OSError, http.client.HTTPException) as away:
        raise Away(type(away).__name__) from None


def _read(status: int, answer: Any) -> Answer:
    try:
        content = answer.read(LARGEST + 1)
    except (OSError, http.client.HTTPException) as cut:
        raise Away(type(cut).__name__) from None
    if len(content) > LARGEST:
        raise Away("too long an answer")
    return Answer(status, content)
