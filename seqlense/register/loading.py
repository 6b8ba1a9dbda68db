"""Load a register from folders of YAML files.

A folder may hold `controller.yaml`, `recipients.yaml`, `cookies.yaml`, and one file an activity, either
beside them or under `activities/`. A later folder overrides an earlier one: the controller as a whole, the
rest by id or name. Within one folder, saying the same thing twice is a mistake.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from seqlense.register import consistency, explaining
from seqlense.register.problems import Problem, RegisterError
from seqlense.register.register import Register
from seqlense.register.schema import Activity, Controller, Cookie, Recipient
from seqlense.register.text import Declared, Text
from seqlense.register.yamlfile import Marked, Path_, read

if TYPE_CHECKING:
    from collections.abc import Sequence

CONTROLLER, RECIPIENTS, COOKIES = "controller.yaml", "recipients.yaml", "cookies.yaml"
RESERVED = {CONTROLLER, RECIPIENTS, COOKIES}


@dataclass(frozen=True)
class Found[T: Declared]:
    """An entry and where it stands: its file, and its path in that file."""

    entry: T
    marked: Marked
    base: Path_


@dataclass
class _Gathered:
    controller: Found[Controller] | None = None
    recipients: dict[str, Found[Recipient]] = field(default_factory=dict)
    cookies: dict[str, Found[Cookie]] = field(default_factory=dict)
    activities: dict[str, Found[Activity]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def file_of(self, kind: str, entry_id: str) -> Found[Any] | None:
        return self.controller if kind == "controller" else getattr(self, kind).get(entry_id)


def load(folders: Sequence[Path]) -> Register:
    """Raises RegisterError with every fault of every file. Never any other exception for bad contents."""
    gathered = _Gathered()
    for folder in folders:
        _gather(Path(folder), gathered)
    if gathered.controller is None:
        if not gathered.problems:
            gathered.problems.append(_no_controller(folders))
        raise RegisterError(tuple(gathered.problems))
    register = Register(
        controller=gathered.controller.entry,
        recipients=[one.entry for one in gathered.recipients.values()],
        cookies=[one.entry for one in gathered.cookies.values()],
        activities=[one.entry for one in gathered.activities.values()],
    )
    if not gathered.problems:
        gathered.problems.extend(_located(fault, gathered) for fault in consistency.faults(register))
    if gathered.problems:
        raise RegisterError(tuple(gathered.problems))
    return register


def _located(fault: consistency.Fault, gathered: _Gathered) -> Problem:
    found = gathered.file_of(fault.kind, fault.entry)
    if found is None:
        return Problem(file=None, line=0, key=fault.entry, what=fault.what, hint=fault.hint)
    return found.marked.problem((*found.base, *fault.path), fault.what, fault.hint)


def _gather(folder: Path, gathered: _Gathered) -> None:
    if not folder.is_dir():
        gathered.problems.append(
            Problem(
                file=folder,
                line=0,
                key="",
                what=Text(
                    fr="Ce dossier de registre n’existe pas.", en="This register folder doesn't exist."
                ),
                hint=Text(
                    fr="Corrigez le chemin (SEQLENSE_REGISTER).", en="Correct the path (SEQLENSE_REGISTER)."
                ),
            )
        )
        return
    files = sorted(folder.glob("*.yaml")) + sorted((folder / "activities").glob("*.yaml"))
    seen: dict[tuple[str, str], Marked] = {}
    for file in files:
        try:
            marked = read(file)
        except RegisterError as error:
            gathered.problems.extend(error.problems)
            continue
        _take(marked, gathered, seen)
    stray = sorted([*folder.glob("*.yml"), *(folder / "activities").glob("*.yml")])
    gathered.problems.extend(
        Problem(
            file=file,
            line=0,
            key="",
            what=Text(
                fr="Fichier ignoré à cause de son nom.", en="A file with this ending would be passed over."
            ),
            hint=Text(fr=f"Nommez-le {file.stem}.yaml.", en=f"Name it {file.stem}.yaml."),
        )
        for file in stray
    )


def _take(marked: Marked, gathered: _Gathered, seen: dict[tuple[str, str], Marked]) -> None:
    name = marked.file.name if marked.file.parent.name != "activities" else ""
    if name == CONTROLLER:
        controller = _validated(Controller, marked, (), marked.data, gathered)
        if controller is not None:
            gathered.controller = Found(controller, marked, ())
    elif name == RECIPIENTS:
        for path, data in _entries(marked, gathered):
            recipient = _validated(Recipient, marked, path, data, gathered)
            if recipient is not None and _first("recipients", recipient.id, marked, path, seen, gathered):
                gathered.recipients[recipient.id] = Found(recipient, marked, path)
    elif name == COOKIES:
        for path, data in _entries(marked, gathered):
            cookie = _validated(Cookie, marked, path, data, gathered)
            if cookie is not None and _first("cookies", cookie.name, marked, path, seen, gathered):
                gathered.cookies[cookie.name] = Found(cookie, marked, path)
    else:
        _take_activity(marked, gathered, seen)


def _take_activity(marked: Marked, gathered: _Gathered, seen: dict[tuple[str, str], Marked]) -> None:
    data = marked.data
    if isinstance(data, dict) and isinstance(data.get("items"), list):
        items = [
            {**item, "activity": data.get("id")}
            if isinstance(item, dict) and "activity" not in item
            else item
            for item in data["items"]
        ]
        data = {**data, "items": items}
    activity = _validated(Activity, marked, (), data, gathered)
    if activity is None:
        return
    if activity.id != marked.file.stem:
        what = Text(
            fr=f"L’activité {activity.id} est dans le fichier {marked.file.name}.",
            en=f"Activity {activity.id} is in a file named {marked.file.name}.",
        )
        hint = Text(fr=f"Nommez le fichier {activity.id}.yaml.", en=f"Name the file {activity.id}.yaml.")
        gathered.problems.append(marked.problem(("id",), what, hint))
    if _first("activities", activity.id, marked, ("id",), seen, gathered):
        gathered.activities[activity.id] = Found(activity, marked, ())


def _entries(marked: Marked, gathered: _Gathered) -> list[tuple[Path_, Any]]:
    if isinstance(marked.data, list):
        return [((index,), entry) for index, entry in enumerate(marked.data)]
    what = Text(fr="Une liste est attendue.", en="A list is expected.")
    hint = Text(fr="Commencez chaque entrée par « - ».", en='Begin each entry with "- ".')
    gathered.problems.append(marked.problem((), what, hint))
    return []


def _first(
    kind: str,
    entry: str,
    marked: Marked,
    path: Path_,
    seen: dict[tuple[str, str], Marked],
    gathered: _Gathered,
) -> bool:
    earlier = seen.get((kind, entry))
    if earlier is None:
        seen[kind, entry] = marked
        return True
    what = Text(
        fr=f"{entry} est déclaré deux fois (aussi dans {earlier.file.name}).",
        en=f"{entry} is declared twice (also in {earlier.file.name}).",
    )
    gathered.problems.append(
        marked.problem(path, what, Text(fr="Gardez une seule déclaration.", en="Keep one declaration."))
    )
    return False


def _validated[T: Declared](
    model: type[T], marked: Marked, base: Path_, data: Any, gathered: _Gathered
) -> T | None:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        gathered.problems.extend(explaining.explain(model, error, marked, base))
        return None


def _no_controller(folders: Sequence[Path]) -> Problem:
    return Problem(
        file=Path(folders[0]) if folders else None,
        line=0,
        key="",
        what=Text(fr="Aucun dossier ne contient controller.yaml.", en="No folder holds a controller.yaml."),
        hint=Text(
            fr="Décrivez-y l’entreprise responsable.",
            en="Describe there the company that answers for the data.",
        ),
    )
