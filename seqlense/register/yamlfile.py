"""Read one YAML file safely, remembering the line of every key.

Plain data only. Anchors and aliases are refused (they make bombs), so are tags, repeated keys, several
documents, files over 1 MiB and nesting deeper than 24. Only `true`, `false`, `null` and whole numbers are
more than text: a country code NO stays text, and so does a date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from seqlense.register.problems import Problem, RegisterError
from seqlense.register.text import Text

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 1 << 20
DEEPEST = 24

Path_ = tuple[str | int, ...]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C is ten times faster, where it is built
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})\Z")


@dataclass(frozen=True)
class Marked:
    """Plain data, and where each key of it stands in the file."""

    file: Path
    data: Any
    lines: dict[Path_, int] = field(default_factory=dict)

    def line(self, path: Path_) -> int:
        """The line of that key, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: Path_, what: Text, hint: Text) -> Problem:
        return Problem(file=self.file, line=self.line(path), key=written(path), what=what, hint=hint)


def written(path: Path_) -> str:
    """("retention", 0, "event") → "retention[0].event"."""
    out = ""
    for step in path:
        out += f"[{step}]" if isinstance(step, int) else (f".{step}" if out else step)
    return out


def read(file: Path) -> Marked:
    """Raises RegisterError, naming file and line, for anything that isn't one plain YAML document."""
    source = _decoded(file)
    try:
        _refuse_tricks(file, source)
        node = yaml.compose(source, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = str(error.problem or error.context)
        raise _fault(
            file,
            mark.line + 1 if mark else 0,
            Text(fr=f"YAML illisible : {said}.", en=f"This isn't readable YAML: {said}."),
            Text(
                fr="Vérifiez retraits, deux-points et guillemets de cette ligne et de la précédente.",
                en="Check indentation, colons and quotes on this line and the one before.",
            ),
        ) from None
    except yaml.reader.ReaderError as error:
        line = source.count("\n", 0, int(error.position)) + 1
        raise _fault(
            file,
            line,
            Text(fr="Caractère de contrôle interdit.", en="A control character isn't allowed here."),
            Text(fr="Supprimez-le.", en="Remove it."),
        ) from None
    if node is None:
        raise _fault(
            file,
            0,
            Text(fr="Le fichier est vide.", en="The file is empty."),
            Text(fr="Décrivez-y l’entrée, ou retirez le fichier.", en="Write the entry, or remove the file."),
        )
    reader = _Reader(file)
    data = reader.value(node, ())
    if reader.problems:
        raise RegisterError(tuple(reader.problems))
    return Marked(file, data, reader.lines)


def _decoded(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except OSError as error:
        raise _fault(
            file,
            0,
            Text(fr=f"Lecture impossible : {error.strerror}.", en=f"It can't be read: {error.strerror}."),
            Text(fr="Vérifiez le chemin et les droits.", en="Check the path and the permissions."),
        ) from None
    if len(raw) > LARGEST:
        raise _fault(
            file,
            0,
            Text(fr="Le fichier dépasse 1 Mio.", en="The file is larger than 1 MiB."),
            Text(fr="Une activité par fichier suffit.", en="Write one activity a file."),
        )
    try:
        source = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _fault(
            file,
            raw.count(b"\n", 0, error.start) + 1,
            Text(fr="Le fichier n’est pas en UTF-8.", en="The file isn't UTF-8."),
            Text(fr="Enregistrez-le en UTF-8.", en="Save it as UTF-8."),
        ) from None
    return source


def _refuse_tricks(file: Path, source: str) -> None:
    depth = documents = 0
    for event in yaml.parse(source, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _fault(
                file,
                line,
                Text(
                    fr="Ancre ou alias YAML (& ou *).",
                    en="YAML anchors and aliases (& and *) aren't allowed.",
                ),
                Text(
                    fr="Écrivez la valeur en toutes lettres.", en="Write the value out, or put it in quotes."
                ),
            )
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        if documents > 1:
            raise _fault(
                file,
                line,
                Text(
                    fr="Plusieurs documents dans le même fichier.",
                    en="There are several documents in the file.",
                ),
                Text(fr="Un seul par fichier : retirez « --- ».", en='Keep one a file: remove "---".'),
            )
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise _fault(
                file,
                line,
                Text(fr="Imbrication trop profonde.", en="This is nested too deep."),
                Text(fr=f"{DEEPEST} niveaux suffisent.", en=f"{DEEPEST} levels are enough."),
            )


class _Reader:
    def __init__(self, file: Path) -> None:
        self.file = file
        self.lines: dict[Path_, int] = {(): 1}
        self.problems: list[Problem] = []

    def value(self, node: yaml.Node, path: Path_) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if not node.tag.startswith("tag:yaml.org,2002:") or "python" in node.tag:
            self._refuse(node, path, f"étiquette {node.tag}", f"tag {node.tag}")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(one, (*path, index)) for index, one in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(key_node, path, "clé composée", "key that isn't text")
                continue
            key = str(key_node.value)
            here = (*path, key)
            if key in found:
                self.problems.append(
                    Problem(
                        file=self.file,
                        line=key_node.start_mark.line + 1,
                        key=written(here),
                        what=Text(
                            fr=f"Clé répétée (déjà ligne {self.lines[here]}).",
                            en=f"This key is repeated (first on line {self.lines[here]}).",
                        ),
                        hint=Text(fr="Gardez-en une seule.", en="Keep one of them."),
                    )
                )
                continue
            self.lines[here] = key_node.start_mark.line + 1
            found[key] = self.value(value_node, here)
        return found

    def _refuse(self, node: yaml.Node, path: Path_, fr: str, en: str) -> None:
        self.problems.append(
            Problem(
                file=self.file,
                line=node.start_mark.line + 1,
                key=written(path),
                what=Text(fr=f"Non permis : {fr}.", en=f"Not allowed here: {en}."),
                hint=Text(fr="Écrivez une valeur simple.", en="Write a plain value."),
            )
        )


def _scalar(node: yaml.Node) -> Any:
    value = str(node.value)
    if not isinstance(node, yaml.ScalarNode) or node.style:
        return value
    if value in _CONSTANTS:
        return _CONSTANTS[value]
    return int(value) if _WHOLE_NUMBER.match(value) else value


def _fault(file: Path, line: int, what: Text, hint: Text) -> RegisterError:
    return RegisterError((Problem(file=file, line=line, key="", what=what, hint=hint),))
