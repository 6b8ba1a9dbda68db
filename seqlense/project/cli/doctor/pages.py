"""What a browser is told by the public pages: policies, cookies, encryption."""

import http.client
import ssl
from collections.abc import Iterator
from datetime import datetime
from email.message import Message
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from seqlense.privacy import egress
from seqlense.project.cli.doctor.finding import Finding, away, fault, fine, note
from seqlense.project.cli.speech import gettext as _

PATIENCE: Final = 10
LANDING: Final = "/fr/"
EXPECTED: Final = {
    "X-Content-Type-Options": ("nosniff",),
    "Referrer-Policy": ("same-origin", "strict-origin-when-cross-origin", "no-referrer", "strict-origin"),
    "Cross-Origin-Opener-Policy": ("same-origin",),
    "X-Frame-Options": ("DENY", "SAMEORIGIN"),
}
MISPLACED: Final = ("X-Powered-By",)


def examine(now: datetime) -> Iterator[Finding]:
    parts = urlsplit(settings.SEQLENSE_PUBLIC_URL)
    host = parts.hostname or ""
    if not egress.allowed().permits(host):
        message = _("The pages at {host} were not looked at: it is none of this process's own hosts.")
        hint = _("Check their headers from outside.")
        yield note("pages.headers", message.format(host=host), hint)
        return
    try:
        status, headers = _get(parts.scheme, host, parts.port)
    except (OSError, http.client.HTTPException) as refused:
        why = (
            refused.strerror if isinstance(refused, OSError) and refused.strerror else type(refused).__name__
        )
        message = _("The pages at {url} don't answer: {why}.").format(
            url=settings.SEQLENSE_PUBLIC_URL, why=why
        )
        yield away("pages.answer", message, _("Start them, or correct SEQLENSE_PUBLIC_URL."))
        return
    if status != http.HTTPStatus.OK:
        message = _("The first page answers with {status}.").format(status=status)
        yield fault("pages.answer", message, _("Look into the journal of the pages."))
    found = list(judge(headers, secure=parts.scheme == "https"))
    yield from found
    if not found:
        yield fine("pages.headers", _("The pages tell browsers what they should."))


def _get(scheme: str, host: str, port: int | None) -> tuple[int, Message]:
    connection: http.client.HTTPConnection
    if scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, port, timeout=PATIENCE, context=context)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request("GET", LANDING, headers={"Accept": "text/html"})
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers
    finally:
        connection.close()


def judge(headers: Message, *, secure: bool) -> Iterator[Finding]:
    """Each header that is missing or says too much."""
    hint = _("A proxy must pass on what Seqlense says, and add nothing that weakens it.")
    for name, values in EXPECTED.items():
        if headers.get(name) not in values:
            message = _("{header} is {value}; expected {expected}.")
            found = headers.get(name) or _("missing")
            yield fault("pages.headers", message.format(header=name, value=found, expected=values[0]), hint)
    policy = headers.get("Content-Security-Policy") or ""
    if "default-src 'none'" not in policy or "'unsafe-" in policy or "frame-ancestors 'none'" not in policy:
        yield fault("pages.policy", _("The content security policy is missing or weak."), hint)
    if secure and "max-age=" not in (headers.get("Strict-Transport-Security") or ""):
        yield fault("pages.hsts", _("Strict-Transport-Security is missing."), hint)
    for cookie in headers.get_all("Set-Cookie") or []:
        words = {word.strip().lower().partition("=")[0] for word in cookie.split(";")[1:]}
        wanted = {"httponly", "samesite"} | ({"secure"} if secure else set())
        if missing := wanted - words:
            message = _("The cookie {name} lacks {missing}.")
            name = cookie.partition("=")[0]
            yield fault("pages.cookies", message.format(name=name, missing=", ".join(sorted(missing))), hint)
    for name in MISPLACED:
        if headers.get(name):
            message = _("{header} tells what the server runs on.").format(header=name)
            yield fault("pages.headers", message, _("Take it out at the proxy."))
