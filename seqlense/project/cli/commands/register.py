"""`seqlense register`: check, show, compare and export the register of processing activities."""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from seqlense.project.cli import installation
from seqlense.project.cli.failing import USAGE, Refused
from seqlense.project.cli.speaking import Speaker, examples, speaks
from seqlense.project.cli.speech import gettext as _
from seqlense.project.cli.speech import language, ngettext
from seqlense.register import Activity, Register, exports, load, wording
from seqlense.register.diff import Change, Difference, diff
from seqlense.register.diff_kinds import Duty
from seqlense.register.exports import as_json
from seqlense.register.lint import Finding, Running, Severity, check

SHORTEST = 8
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group(help=_("The register of processing activities: what is declared is what runs."))
def command() -> None:
    """The group."""


@command.command(
    name="check",
    help=_("Say what a data-protection officer would say of the register, and what runs undeclared."),
    epilog=examples(
        "seqlense register check",
        "seqlense register check --strict ./register",
        "seqlense register check --json",
    ),
)
@click.argument("folder", type=FOLDER, required=False)
@click.option("--strict", is_flag=True, help=_("Count warnings as errors."))
@speaks
def check_(speaker: Speaker, folder: Path | None, strict: bool) -> None:
    """Exit code 1 where there is an error; a folder is checked as if it were the company's own."""
    installation.enter()
    register = _running(folder)
    found = check(register, _what_runs())
    unmapped = [] if folder else list(_unmapped())
    for finding in found:
        speaker.say(f"{_severity(finding.rule.severity)}  {finding.in_(language())}")
    for message, hint, identifier in unmapped:
        speaker.say(f"{_severity(Severity.ERROR)}  {message} {hint} [{identifier}]")
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    bad = len(unmapped) + sum(one.rule.severity in failing for one in found)
    speaker.say(_verdict(register, bad, len(found) + len(unmapped)))
    speaker.document(
        {
            "version": register.version,
            "fine": bad == 0,
            "findings": [_finding(one) for one in found],
            "unmapped": [{"id": name, "message": text, "hint": hint} for text, hint, name in unmapped],
        }
    )
    if bad:
        raise click.exceptions.Exit(1)


@command.command(
    help=_("List the activities, or show one with its items, or one item."),
    epilog=examples(
        "seqlense register show", "seqlense register show accounts", "seqlense register show accounts.email"
    ),
)
@click.argument("key", required=False)
@speaks
def show(speaker: Speaker, key: str | None) -> None:
    """KEY is an activity ("accounts") or an item ("accounts.email")."""
    installation.enter()
    register = _running(None)
    if key is None:
        _show_all(speaker, register)
    elif key in register.activities:
        _show_activity(speaker, register, register.activities[key])
    elif key in register.items:
        _show_item(speaker, register, key)
    else:
        known = ", ".join(sorted(register.activities))
        message = _("No activity or item is called {key}. Activities: {known}.")
        raise Refused("register.unknown-key", message.format(key=repr(key), known=known), exit_code=USAGE)


@command.command(
    name="diff",
    help=_(
        "Say what changed between two registers, and who must be told before the new one runs. Each is a"
        " company's folder, a JSON export, or a version that ran here."
    ),
    epilog=examples(
        "seqlense register export --format json -o before.json",
        "seqlense register diff before.json",
        "seqlense register diff before.json ./new-register",
        "seqlense register diff 553e4f08af22",
    ),
)
@click.argument("before")
@click.argument("after", required=False)
@speaks
def diff_(speaker: Speaker, before: str, after: str | None) -> None:
    """Without AFTER, the running register. Exit code 1: they differ."""
    installation.enter()
    difference = diff(_side(before), _side(after) if after else _running(None))
    _tell_changes(speaker, difference)
    speaker.document(
        {
            "before": difference.before,
            "after": difference.after,
            "changes": [_change(one) for one in difference.changes],
            "told": {who.value: [one.where for one in changes] for who, changes in difference.told.items()},
        }
    )
    if difference.changes:
        raise click.exceptions.Exit(1)


@command.command(
    name="export",
    help=_("Write the register as JSON, CSV, XLSX (fields of GDPR art. 30) or DPV (W3C, JSON-LD)."),
    epilog=examples(
        "seqlense register export --format xlsx -o register.xlsx",
        "seqlense register export --format dpv > register.jsonld",
    ),
)
@click.option(
    "--format", "format_", type=click.Choice(sorted(exports.FORMATS)), default="json", show_default=True
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("A file; otherwise the terminal."),
)
@click.option(
    "--language",
    "spoken",
    type=click.Choice(["fr", "en"]),
    help=_("Of CSV and XLSX; by default the terminal's."),
)
@speaks
def export_(speaker: Speaker, format_: str, output: Path | None, spoken: str | None) -> None:
    """Binary formats aren't written to a terminal."""
    installation.enter()
    register = _running(None)
    content = exports.export(register, format_, language=spoken or language())
    if output is None:
        if format_ == "xlsx" and sys.stdout.isatty():
            raise Refused("register.binary", _("XLSX isn't text: name a file with -o."), exit_code=USAGE)
        sys.stdout.buffer.write(content)
        return
    output.write_bytes(content)
    speaker.say(
        _("{file} written: {format}, version {version}.").format(
            file=output, format=format_, version=register.version[:12]
        )
    )
    speaker.document({"file": output, "format": format_, "version": register.version, "bytes": len(content)})


def _running(folder: Path | None) -> Register:
    from seqlense.privacy import running

    return load([*running.folders(), folder]) if folder else running.register()


def _side(named: str) -> Register:
    """A company's folder, a JSON export, or the beginning of a version that ran here."""
    path = Path(named)
    if path.is_dir():
        return _running(path)
    return exports.from_json(path.read_bytes()) if path.is_file() else _version(named)


def _version(named: str) -> Register:
    from seqlense.privacy.models import RegisterVersion

    known = re.fullmatch(rf"[0-9a-f]{{{SHORTEST},128}}", named)
    found = list(RegisterVersion.objects.filter(version__startswith=named)[:2]) if known else []
    if len(found) != 1:
        message = _("{name} is no folder, no export, and no version that ran here.").format(name=named)
        raise Refused("register.unknown-version", message, exit_code=USAGE)
    return as_json.from_document(found[0].content)


def _what_runs() -> Running:
    """Where the installed rooms keep each item, and which events they date."""
    from seqlense.privacy.governance import declared

    columns: defaultdict[str, list[str]] = defaultdict(list)
    events: set[tuple[str, str]] = set()
    for entry in declared().governed:
        for name, item in entry.item_keys.items():
            columns[item].append(f"{entry.model}.{name}")
            events.update((item.split(".")[0], event) for event in (*entry.events, *entry.at_once))
        events.update((entry.activity, event) for event in (*entry.events, *entry.at_once))
    for item, store in declared().files.items():
        columns[item].append(store)
    return Running(columns={key: tuple(places) for key, places in columns.items()}, events=frozenset(events))


def _unmapped() -> Iterator[tuple[str, str, str]]:
    from seqlense.privacy import checks

    for finding in checks.findings():
        yield str(finding.msg), str(finding.hint or ""), str(finding.id)


def _severity(severity: Severity) -> str:
    words = {Severity.ERROR: _("error"), Severity.WARNING: _("warning"), Severity.NOTE: _("note")}
    return words[severity].upper().ljust(9)


def _verdict(register: Register, bad: int, found: int) -> str:
    short = register.version[:12]
    if bad:
        text = ngettext(
            "{n} thing to put right in version {version}.",
            "{n} things to put right in version {version}.",
            bad,
        )
        return text.format(n=bad, version=short)
    if found:
        text = ngettext(
            "Version {version} may run; {n} remark.", "Version {version} may run; {n} remarks.", found
        )
        return text.format(n=found, version=short)
    return _("Version {version} is in order.").format(version=short)


def _finding(one: Finding) -> dict[str, Any]:
    rule = one.rule
    return {
        "rule": rule.id,
        "severity": rule.severity.value,
        "article": rule.article,
        "where": one.where,
        "detail": one.detail,
        "message": {"fr": rule.message.fr, "en": rule.message.en},
    }


def _show_all(speaker: Speaker, register: Register) -> None:
    speaker.say(f"{register.controller.name}, {_('version')} {register.version[:12]}\n")
    every = (*register.active, *register.inactive)
    speaker.table(
        [_("activity"), _("status"), _("legal basis"), _("items"), _("title")],
        [
            (
                one.id,
                _("running") if one.active else _("stopped"),
                one.basis.article,
                len(one.items),
                one.title.in_(language()),
            )
            for one in every
        ],
    )
    speaker.document({"version": register.version, **register.document})


def _show_activity(speaker: Speaker, register: Register, one: Activity) -> None:
    spoken = language()
    speaker.say(f"{one.id}: {one.title.in_(spoken)} ({_('running') if one.active else _('stopped')})\n")
    for label, text in (
        (_("purpose"), one.purpose.in_(spoken)),
        (_("legal basis"), wording.basis(one, spoken)),
        (_("where"), wording.places(register, one, spoken)),
        (_("recipients"), ", ".join(who.name.in_(spoken) for who in register.recipients_of(one)) or "–"),
        (_("kept"), "; ".join(wording.keeping(one, spoken))),
    ):
        speaker.say(f"{label}: {text}")
    speaker.say()
    speaker.table(
        [_("item"), _("category"), _("label")],
        [(item.key, item.category.value, item.label.in_(spoken)) for item in one.items],
    )
    speaker.document(one.model_dump(mode="json"))


def _show_item(speaker: Speaker, register: Register, key: str) -> None:
    item = register.item(key)
    activity = register.activities[item.activity]
    places = _what_runs().columns.get(key, ())
    speaker.say(f"{key}: {item.label.in_(language())}")
    speaker.say(f"{_('stored in')}: {', '.join(places) or item.storage.value}")
    speaker.say(f"{_('protection')}: {wording.protection(item, language())}")
    speaker.say(f"{_('kept')}: {wording.item_keeping(activity, item, language())}")
    speaker.document({**item.model_dump(mode="json"), "key": key, "stored_in": places})


def _tell_changes(speaker: Speaker, difference: Difference) -> None:
    if not difference.changes:
        speaker.say(_("Nothing changed."))
    for one in difference.changes:
        speaker.say(f"{_duty(one.duty)}  {one.in_(language())} [{one.article}]")
    for who, changes in difference.told.items():
        places = ", ".join(sorted({one.where for one in changes}))
        speaker.say(
            _("To be told or asked first: {who} ({places}).").format(
                who=who.label.in_(language()), places=places
            )
        )


def _duty(duty: Duty) -> str:
    words = {
        Duty.ASK_AGAIN: _("ask again"),
        Duty.TELL_BEFORE: _("tell before"),
        Duty.PUBLISH: _("publish"),
        Duty.NOTHING: _("nothing owed"),
    }
    return words[duty].ljust(max(map(len, words.values())))


def _change(one: Change) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "where": one.where,
        "before": one.before and one.before.in_(language()),
        "after": one.after and one.after.in_(language()),
        "duty": one.duty.value,
        "article": one.article,
        "tell": sorted(who.value for who in one.tell),
    }
