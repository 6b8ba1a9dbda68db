"""`seqlense doctor`: is everything as it should be?"""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import datetime
from types import ModuleType

import click

from seqlense.kit import clock
from seqlense.project.cli import doctor, installation
from seqlense.project.cli.doctor.finding import Finding, State, away, fault
from seqlense.project.cli.failing import AWAY, DATABASE_AWAY, FOUND, explain
from seqlense.project.cli.speaking import Speaker, examples, speaks
from seqlense.project.cli.speech import gettext as _
from seqlense.project.cli.speech import ngettext


@click.command(
    help=_("Look at database, roles, keystore, mail, storage, pages, worker and clock; change nothing."),
    epilog=examples("seqlense doctor", "seqlense doctor --json", "seqlense doctor --strict && echo well"),
)
@click.option("--strict", is_flag=True, help=_("Count warnings as faults."))
@speaks
def command(speaker: Speaker, strict: bool) -> None:
    """Exit code 1 for a fault, 3 where something can't be reached."""
    installation.enter()
    found = list(_examine(clock.now()))
    for one in found:
        hint = f"\n           {one.hint}" if one.hint else ""
        speaker.say(f"{_word(one.state)}  {one.message}{hint}")
    bad = [one for one in found if one.state in _bad(strict=strict)]
    text = (
        ngettext("{n} finding to act on.", "{n} findings to act on.", len(bad)) if bad else _("All is well.")
    )
    speaker.say(text.format(n=len(bad)))
    speaker.document(
        {
            "well": not bad,
            "findings": [
                {"code": one.code, "state": one.state.value, "message": one.message, "hint": one.hint}
                for one in found
            ],
        }
    )
    if bad:
        raise click.exceptions.Exit(AWAY if any(one.state is State.AWAY for one in bad) else FOUND)


def _bad(*, strict: bool) -> set[State]:
    return {State.FAULT, State.AWAY} | ({State.WARNING} if strict else set())


def _organs() -> Iterator[tuple[str, ModuleType]]:
    for module in sorted(pkgutil.iter_modules(doctor.__path__), key=lambda one: one.name):
        found = importlib.import_module(f"{doctor.__name__}.{module.name}")
        if hasattr(found, "examine"):
            yield module.name, found


def _examine(now: datetime) -> Iterator[Finding]:
    reachable = True
    for name, organ in _organs():
        if getattr(organ, "NEEDS_DATABASE", False) and not reachable:
            continue
        try:
            yield from organ.examine(now)
        except Exception as error:  # noqa: BLE001 (a doctor that falls ill of what it finds is of no use)
            failed = explain(error)
            if failed.code == DATABASE_AWAY:
                if reachable:
                    yield away(failed.code, failed.message)
                reachable = False
            else:
                yield (away if failed.exit_code == AWAY else fault)(
                    f"{name}.{failed.code}", failed.message, ""
                )


def _word(state: State) -> str:
    words = {
        State.FINE: _("fine"),
        State.NOTE: _("note"),
        State.WARNING: _("warning"),
        State.FAULT: _("fault"),
        State.AWAY: _("away"),
    }
    return words[state].upper().ljust(max(map(len, words.values())))
