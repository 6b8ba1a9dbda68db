"""What a command says: tables and sentences for people, or one JSON document for programs."""

import functools
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Protocol
from uuid import UUID

import click

from seqlense.project.cli.speech import gettext as _

GAP: Final = "  "


class Bar(Protocol):
    """A progress bar that is told how many more are done."""

    def update(self, n_steps: int) -> None: ...


class _NoBar:
    def update(self, n_steps: int) -> None:
        """A program that reads JSON watches no bar."""


@dataclass(frozen=True)
class Speaker:
    """The way out for one command."""

    as_json: bool

    def say(self, text: str = "") -> None:
        """A sentence for people; nothing for programs."""
        if not self.as_json:
            click.echo(text)

    def table(self, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Columns as wide as what stands in them; numbers to the right."""
        if self.as_json:
            return
        body = [[_cell(value) for value in row] for row in rows]
        numeric = [all(_is_number(row[column]) for row in body) for column in range(len(head))]
        widths = [max(len(row[column]) for row in [list(head), *body]) for column in range(len(head))]
        for row in [list(head), *body]:
            cells = (
                text.rjust(width) if right else text.ljust(width)
                for text, width, right in zip(row, widths, numeric, strict=True)
            )
            click.echo(GAP.join(cells).rstrip())

    def document(self, content: Any) -> None:
        """The one JSON document; nothing for people."""
        if self.as_json:
            click.echo(json.dumps(content, ensure_ascii=False, indent=2, default=_plain))

    @contextmanager
    def progress(self, label: str, length: int) -> Iterator[Bar]:
        """A bar on the error output, where it doesn't mix with what was asked for."""
        if self.as_json or length <= 0:
            yield _NoBar()
            return
        with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
            yield bar


def speaks[**P, R](function: Callable[P, R]) -> Callable[..., R]:
    """Gives the command `--json` and, as its first argument, a Speaker."""

    @click.option("--json", "as_json", is_flag=True, help=_("Answer with one JSON document."))
    @functools.wraps(function)
    def speaking(*args: Any, as_json: bool, **kwargs: Any) -> R:
        return function(Speaker(as_json), *args, **kwargs)  # type: ignore[arg-type]  # the speaker comes first

    return speaking


def examples(*lines: str) -> str:
    """The end of a help text: what one would type."""
    return "\b\n" + "\n".join([_("Examples:"), *(f"  {line}" for line in lines)])


def _cell(value: object) -> str:
    match value:
        case None:
            return "–"
        case int():
            return f"{value:,}".replace(",", "\u202f")
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def _is_number(text: str) -> bool:
    return text.replace("\u202f", "").isdigit()


def _plain(value: object) -> object:
    match value:
        case datetime() | date():
            return value.isoformat()
        case UUID() | Path():
            return str(value)
        case set() | frozenset() | tuple():
            return list(value)
    raise TypeError(type(value).__name__)
