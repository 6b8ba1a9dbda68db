"""The bundle's first page: French, then English; no script, nothing from elsewhere, made to be printed."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from seqlense.privacy.evidence import Bundle

TEXTS: Final = Path(__file__).with_name("index_texts.yaml")
MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip
STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 1rem/1.55 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; line-height: 1.2; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .4rem .6rem .4rem 0;
border-bottom: 1px solid #8886; vertical-align: top; } th { font-weight: 600; } td.n { text-align: right;
font-variant-numeric: tabular-nums; } code, .mono { font-family: ui-monospace, monospace; font-size: .9em;
overflow-wrap: anywhere; } section + section { border-top: 3px solid #8886; margin-top: 3rem; }
@media print { body { margin: 0; max-width: none; } section + section { break-before: page; border: 0; }
h2 { break-after: avoid; } tr { break-inside: avoid; } a { color: inherit; } }
"""


@functools.cache
def _texts() -> Mapping[str, Any]:
    return dict(yaml.safe_load(TEXTS.read_text(encoding="utf-8")))


def rendered(bundle: Bundle, *, key: str, now: datetime) -> str:
    """The page as HTML."""
    said = _texts()
    links = " · ".join(
        f'<a href="#{language}">{escape(told["language"])}</a>' for language, told in said.items()
    )
    parts = [_section(language, told, bundle, key, now) for language, told in said.items()]
    title = escape(f"{said['fr']['title']} / {said['en']['title']}".format(day=bundle.as_of))
    return (
        '<!doctype html>\n<html lang="fr">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head>\n<body>\n<p>{links}</p>\n"
        f"<main>\n{''.join(parts)}</main>\n</body>\n</html>\n"
    )


def _section(language: str, told: Mapping[str, Any], bundle: Bundle, key: str, now: datetime) -> str:
    day = _day(bundle.as_of, language)
    figures = [
        (
            told["figures"]["made"],
            f"{_day(now.astimezone(UTC).date(), language)}, {now.astimezone(UTC):%H:%M} UTC",
        ),
        (told["figures"]["version"], bundle.gathered.version or told["none"]),
        (told["figures"]["versions"], bundle.gathered.versions),
        (told["figures"]["size"], bundle.size),
        (told["figures"]["stamped"], bundle.stamped),
        (told["figures"]["acts"], sum(bundle.gathered.acts.values())),
        (told["figures"]["closed"], bundle.gathered.closed),
        (told["figures"]["runs"], bundle.gathered.runs),
        (told["figures"]["readings"], bundle.gathered.readings),
    ]
    return "\n".join(
        [
            f'<section id="{language}" lang="{language}">',
            f"<h1>{escape(told['title'].format(day=day))}</h1>",
            f"<p>{escape(told['lede'].format(day=day, origin=bundle.origin))}</p>",
            _table(figures),
            f"<h2>{escape(told['contents'])}</h2>",
            _table(told["files"].items(), code=True),
            f"<h2>{escape(told['acts_title'])}</h2>",
            _table(bundle.gathered.acts.items(), (told["act"], told["number"]), code=True),
            f"<h2>{escape(told['check'])}</h2>",
            _list("ol", (step.format(key=key) for step in told["steps"])),
            f"<h2>{escape(told['proves'])}</h2>",
            _list("ul", told["proof"]),
            f"<h2>{escape(told['cannot'])}</h2>",
            _list("ul", told["limits"]),
            "</section>\n",
        ]
    )


def _table(
    rows: Iterable[tuple[Any, Any]], head: tuple[str, str] | None = None, *, code: bool = False
) -> str:
    named = "".join(f'<th scope="col">{escape(one)}</th>' for one in head or ())
    body = "".join(
        f'<tr><th scope="row"{" class=mono" if code else ""}>{escape(str(name))}</th>'
        f'<td class="{"n" if isinstance(value, int) else "mono" if len(str(value)) == 64 else ""}">'
        f"{escape(str(value))}</td></tr>"
        for name, value in rows
    )
    return f"<table>{f'<thead><tr>{named}</tr></thead>' if head else ''}<tbody>{body}</tbody></table>"


def _list(kind: str, lines: Iterable[str]) -> str:
    return f"<{kind}>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</{kind}>"


def _day(day: date, language: str) -> str:
    if language == "fr":
        return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{day:%d %B %Y}".lstrip("0")
