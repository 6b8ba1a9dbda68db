"""A campaign's text: a strict part of Markdown, to HTML and to plain text, in memory only.

Nothing in it can fetch anything or follow anybody: no image, no HTML, links by https or mailto only and the
same for all readers, without the marks by which clicks are counted.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from seqlense.audience.newsletter.errors import InvalidText
from seqlense.audience.newsletter.models import LONGEST_SUBJECT, LONGEST_TEXT
from seqlense.kit import text as kit

LONGEST_LINK: Final = 1_000
TAGS: Final = {"p", "h2", "h3", "strong", "em", "ul", "ol", "li", "a", "blockquote", "hr", "br"}
STYLES: Final = {
    "<p>": '<p style="margin:0 0 16px;">',
    "<h2>": '<h2 style="margin:24px 0 8px;font-size:20px;line-height:28px;font-weight:600;color:#1b1e26;">',
    "<h3>": '<h3 style="margin:20px 0 8px;font-size:17px;line-height:26px;font-weight:600;color:#1b1e26;">',
    "<ul>": '<ul style="margin:0 0 16px;padding-left:24px;">',
    "<ol>": '<ol style="margin:0 0 16px;padding-left:24px;">',
    "<blockquote>": '<blockquote style="margin:0 0 16px;padding-left:16px;border-left:3px solid #dcd8cd;">',
    "<hr>": '<hr style="margin:24px 0;border:0;border-top:1px solid #dcd8cd;">',
    "<a ": '<a style="color:#1d4ed8;" ',
}
TRACKERS: Final = re.compile(
    r"utm_|mc_(?:eid|cid)$|(?:fb|g|ms|tt|y|li_fat_)clid$|_hs(?:enc|mi)$|mkt_tok$|pk_|mtm_", re.IGNORECASE
)
DIRECTIONS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MARKDOWN: Final = (
    MarkdownIt("zero", {"html": False, "linkify": False, "typographer": False})
    .enable(["heading", "list", "blockquote", "hr", "emphasis", "link", "newline", "escape", "autolink"])
    .enable(["image"])  # known, so that it can be refused rather than shown as text
)
_MARKDOWN.validateLink = lambda url: True  # type: ignore[method-assign]  # refused by name, not shown as text


@dataclass(frozen=True, kw_only=True)
class Written:
    """A text as it goes out. html: with the styles that a message must carry itself; bare: without."""

    html: str
    bare: str
    text: str


def check_subject(value: str, field: str) -> str:
    """One clean line. Raises InvalidText."""
    try:
        return kit.clean_name(value, longest=LONGEST_SUBJECT)
    except kit.InvalidText as refused:
        raise InvalidText(field, refused.code.removeprefix("text-")) from None


def check_text(value: str, field: str) -> str:
    """The text, with plain line ends. Raises InvalidText: what is wrong, by a code."""
    if len(value) > LONGEST_TEXT:
        raise InvalidText(field, "too-long")
    clean = clean_text(value, field)
    for token in _flat(_MARKDOWN.parse(clean)):
        if token.type == "image":
            raise InvalidText(field, "image")
        if token.type == "link_open":
            _check_link(str(token.attrGet("href") or ""), field)
    if _looks_like_html(clean):
        raise InvalidText(field, "html")
    return clean


def clean_text(value: str, field: str) -> str:
    """Some lines with plain ends, nothing invisible and something to read. Raises InvalidText."""
    clean = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if any(unicodedata.category(one) in ("Cc", "Cs") and one not in "\n\t" for one in clean):
        raise InvalidText(field, "control-character")
    if DIRECTIONS.search(clean):
        raise InvalidText(field, "direction-override")
    if not clean:
        raise InvalidText(field, "empty")
    return clean


@lru_cache(maxsize=16)
def write(markdown: str) -> Written:
    """Both forms of a text that passed `check_text`; whatever slipped through is taken out all the same."""
    tokens = _MARKDOWN.parse(markdown)
    _lower_headings(tokens)
    bare = nh3.clean(
        _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "mailto"},
        link_rel=None,
    )
    html = bare
    for plain, styled in STYLES.items():
        html = html.replace(plain, styled)
    return Written(html=html, bare=bare, text=_plain(tokens))


def _flat(tokens: list[Token]) -> list[Token]:
    return [one for token in tokens for one in (token, *(_flat(token.children or [])))]


def _check_link(href: str, field: str) -> None:
    try:
        parts = urlsplit(href)
        names = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    except ValueError:
        raise InvalidText(field, "link") from None
    web = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    if len(href) > LONGEST_LINK or not (web or parts.scheme == "mailto"):
        raise InvalidText(field, "link")
    if any(TRACKERS.match(name) for name in names):
        raise InvalidText(field, "tracked-link")


def _looks_like_html(text: str) -> bool:
    """A tag or a comment. `<https://…>` and `a < b` are none."""
    return re.search(r"<(?:/?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>|!--)", text) is not None


def _lower_headings(tokens: list[Token]) -> None:
    """The message's subject is its only first heading."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h2" if token.tag in ("h1", "h2") else "h3"


def _plain(tokens: list[Token]) -> str:
    """Text as people write it in plain mail: addresses behind their words, a dash before each point."""
    text, point, quotes = "", "", 0
    points: list[int] = []
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            points.append(int(token.attrGet("start") or 1) if token.tag == "ol" else 0)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            points.pop()
        elif token.type == "list_item_open":
            point = "  " * (len(points) - 1) + (f"{points[-1]}. " if points[-1] else "- ")
            points[-1] += 1 if points[-1] else 0
        elif token.type in ("blockquote_open", "blockquote_close"):
            quotes += 1 if token.type == "blockquote_open" else -1
        elif token.type in ("hr", "inline"):
            block = "* * *" if token.type == "hr" else point + _inline(token.children or [])
            block = "\n".join("> " * quotes + line for line in block.split("\n"))
            text += ("\n" if point and points and _in_list(text) else "\n\n") + block
            point = ""
    return text.strip()


def _in_list(text: str) -> bool:
    """Whether the last line is a point of a list."""
    return re.match(r"\s*(?:-|\d+\.) ", text.rpartition("\n")[2]) is not None


def _inline(tokens: list[Token]) -> str:
    out: list[str] = []
    hrefs: list[tuple[str, int]] = []
    for token in tokens:
        if token.type == "link_open":
            hrefs.append((str(token.attrGet("href") or ""), len(out)))
        elif token.type == "link_close":
            href, start = hrefs.pop()
            words = "".join(out[start:])
            shown = href.removeprefix("mailto:")
            out.append("" if shown in (words, f"{words}/") else f" ({shown})")
        elif token.type in ("softbreak", "hardbreak"):
            out.append("\n")
        else:
            out.append(token.content)
    return "".join(out)
