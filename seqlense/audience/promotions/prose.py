"""The texts of promotions: a strict subset of Markdown, and links that lead to declared places only."""

import unicodedata
from typing import Final
from urllib.parse import urlsplit

import nh3
from django.urls import Resolver404, resolve
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override
from markdown_it import MarkdownIt

from seqlense.audience.promotions.errors import InvalidLink, InvalidText
from seqlense.kit import text
from seqlense.privacy import running

TAGS: Final = {"p", "strong", "em", "ul", "ol", "li", "br"}
LONGEST: Final = {"title": 80, "text": 600, "button": 40}
LONGEST_LINK: Final = 300
_BREAKS: Final = {"\n"}
_MARKDOWN: Final = MarkdownIt("zero").enable(["emphasis", "list", "newline", "escape"])


def drawn(source: str) -> SafeString:
    """Paragraphs, lists, emphasis and nothing else: no link, no picture, no HTML.

    What looks like HTML comes out as the characters that were typed.
    """
    html = nh3.clean(_MARKDOWN.render(source), tags=TAGS, attributes={})
    return mark_safe(html)  # cleaned down to seven tags without attributes  # noqa: S308


def line_of(field: str, given: str) -> str:
    """A title or the label of a button. Raises InvalidText."""
    try:
        return text.clean_name(given, longest=LONGEST[field.split("_", maxsplit=1)[0]])
    except text.InvalidText as refused:
        raise InvalidText(f"promotions.text.{field}.{refused.code.removeprefix('text-')}") from None


def text_of(field: str, given: str) -> str:
    """Some paragraphs, in any script; controls and direction overrides are refused. Raises InvalidText."""
    longest = LONGEST["text"]
    if len(given) > 4 * longest:
        raise InvalidText(f"promotions.text.{field}.too-long")
    lines = unicodedata.normalize("NFC", given).replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    if not any(line.strip() for line in lines):
        raise InvalidText(f"promotions.text.{field}.empty")
    for line in filter(str.strip, lines):
        try:
            text.clean_name(line, longest=4 * longest)
        except text.InvalidText as refused:
            if refused.code != "text-empty":
                raise InvalidText(f"promotions.text.{field}.{refused.code.removeprefix('text-')}") from None
    found = "\n".join(line.rstrip() for line in lines)
    if len(found) > longest:
        raise InvalidText(f"promotions.text.{field}.too-long")
    return found


def link_of(given: str) -> str:
    """An own page ("/organisations/new/", without a language) or one of a declared host.

    Raises InvalidLink.
    """
    given = given.strip()
    if (
        len(given) > LONGEST_LINK
        or any(unicodedata.category(one)[0] in "CZ" for one in given)
        or "\\" in given
    ):
        raise InvalidLink
    if given.startswith("/") and not given.startswith("//"):
        return _own_page(given)
    try:
        parts = urlsplit(given)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise InvalidLink from None
    if (
        parts.scheme != "https"
        or parts.username is not None
        or parts.password is not None
        or port is not None
    ):
        raise InvalidLink
    if not _declared(host):
        raise InvalidLink("promotions.link.undeclared-host")
    return given


def _own_page(given: str) -> str:
    path = given.partition("#")[0].partition("?")[0]
    bare = "/" + path.removeprefix("/fr/").removeprefix("/en/").removeprefix("/")
    try:
        with override("fr"):  # an address is resolved in the language being spoken alone
            found = resolve(f"/fr{bare}")
    except Resolver404:
        raise InvalidLink("promotions.link.unknown-page") from None
    if found.namespace != "site":
        raise InvalidLink("promotions.link.unknown-page")
    return bare + given[len(path) :]


def _declared(host: str) -> bool:
    register = running.register()
    known = {one for recipient in register.recipients.values() for one in recipient.hosts}
    known.add(urlsplit(register.controller.site).hostname or "")
    return host in known or any(one.startswith("*.") and host.endswith(one[1:]) for one in known)


def outside(link: str) -> str:
    """The host that a link leads out to; "" for an own page."""
    return "" if link.startswith("/") else urlsplit(link).hostname or ""


def target(link: str, language: str) -> str:
    """Where a link leads, in that language."""
    return f"/{language}{link}" if link.startswith("/") else link
