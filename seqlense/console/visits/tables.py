"""The dashboard's tables: their titles, and the words for what a total counts by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from babel import Locale
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from seqlense.audience.measurement.hits import OTHER
from seqlense.audience.measurement.models import Kind
from seqlense.audience.measurement.reporting import REST, Line, Report

SHOWN: Final = 12


@dataclass(frozen=True, kw_only=True)
class Titles:
    """A table's title, its first column, and what it says when it is empty."""

    title: str | Promise
    column: str | Promise


TITLES: Final = {
    Kind.PAGE: Titles(title=gettext_lazy("Pages"), column=gettext_lazy("Page")),
    Kind.STEP: Titles(title=gettext_lazy("Journeys"), column=gettext_lazy("From a page to the next")),
    Kind.SOURCE: Titles(title=gettext_lazy("Sources"), column=gettext_lazy("Where visits came from")),
    Kind.LANGUAGE: Titles(title=gettext_lazy("Languages"), column=gettext_lazy("Language asked for")),
    Kind.COUNTRY: Titles(title=gettext_lazy("Countries"), column=gettext_lazy("Country of the language")),
    Kind.SCREEN: Titles(title=gettext_lazy("Screens"), column=gettext_lazy("Class of screen")),
    Kind.SIGNED_IN: Titles(title=gettext_lazy("Accounts"), column=gettext_lazy("Somebody signed in")),
}
SCREENS: Final = {
    "small": gettext_lazy("Small: a phone"),
    "medium": gettext_lazy("Medium: a tablet"),
    "large": gettext_lazy("Large: a laptop"),
    "wide": gettext_lazy("Wide: a desktop"),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: its words, its numbers, and its share of the table's pages in percent."""

    words: str
    line: Line
    share: int


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table, the first rows of it."""

    kind: Kind
    titles: Titles
    rows: Sequence[Row]
    more: int

    @property
    def has_visits(self) -> bool:
        """Steps lie within visits; the rest counts the visits that began with them."""
        return self.kind is not Kind.STEP


def tables(report: Report, *, shown: int | None = SHOWN) -> list[Table]:
    """Every table of a report."""
    return [table(report, kind, shown=shown) for kind in TITLES]


def table(report: Report, kind: Kind, *, shown: int | None = None) -> Table:
    """One table; `shown` rows of it at most."""
    lines = report.lines.get(kind, ())
    total = sum(one.views for one in lines) or 1
    rows = [
        Row(words=words(kind, one.name), line=one, share=round(100 * one.views / total))
        for one in lines[:shown]
    ]
    return Table(kind=kind, titles=TITLES[kind], rows=rows, more=len(lines) - len(rows))


def words(kind: Kind, name: str) -> str:
    """What a name is called for people."""
    if name == REST:
        return _("Others, each seen fewer than ten times")
    return "".join(_words(kind, name))


def _words(kind: Kind, name: str) -> Iterator[str]:
    here = Locale(get_language() or "fr")
    if kind is Kind.STEP:
        yield " → ".join(name.split("\n"))
    elif kind is Kind.SOURCE:
        yield {"": _("Directly, or from a page that doesn’t say"), OTHER: _("Other sites")}.get(name, name)
    elif kind is Kind.LANGUAGE:
        yield str(here.languages.get(name, _("Unknown"))).capitalize()
    elif kind is Kind.COUNTRY:
        yield str(here.territories.get(name, _("Not said"))) if name else _("Not said")
    elif kind is Kind.SCREEN:
        yield str(SCREENS.get(name, _("Unknown")))
    elif kind is Kind.SIGNED_IN:
        yield _("Signed in") if name == "yes" else _("Not signed in")
    else:
        yield name
