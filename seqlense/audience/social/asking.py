"""One question over HTTP to a network, and an answer in JSON that is neither late nor large."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from seqlense.audience.social.errors import Away, Unintelligible
from seqlense.privacy.egress import EgressRefused

SECONDS: Final = 5.0
"""For connecting, and for each piece of the answer."""
IN_ALL: Final = 10.0
LARGEST: Final = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """status: of HTTP. said: the JSON object; empty where the answer was none of ours to read."""

    status: int
    said: Mapping[str, Any]

    @property
    def well(self) -> bool:
        return self.status == httpx.codes.OK


def ask(
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    basic: tuple[str, str] | None = None,
    bearer: str = "",
) -> Answer:
    """POST that form, or GET. Raises Away, Unintelligible; a refusal in JSON is an answer.

    Redirections aren't followed, and no proxy or password of the environment is used: who was named answers.
    """
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    if bearer:
        headers["Authorization"] = f"Bearer {bearer}"
    credentials = httpx.BasicAuth(*basic) if basic else None
    method = "GET" if form is None else "POST"
    began = time.monotonic()
    try:
        with (
            httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False) as client,
            client.stream(method, url, data=form, headers=headers, auth=credentials) as response,
        ):
            content = _read(response, until=began + IN_ALL)
    except (EgressRefused, httpx.HTTPError):
        raise Away from None  # the error would name the address with what was asked
    if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise Away
    return Answer(response.status_code, _object(content))


def _read(response: httpx.Response, *, until: float) -> bytes:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise Unintelligible  # packed although asked not to: it could unpack without end
    content = bytearray()
    for piece in response.iter_raw():
        content += piece
        if len(content) > LARGEST:
            raise Unintelligible
        if time.monotonic() > until:
            raise Away
    return bytes(content)


def _object(content: bytes) -> Mapping[str, Any]:
    if not content:
        return {}
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        raise Unintelligible from None
    if not isinstance(said, dict):
        raise Unintelligible
    return said
