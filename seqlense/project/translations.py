"""Every text in both languages: collect them, check them, compile them.

    python -m seqlense.project.translations update     add texts that are new in the code to the .po files
    python -m seqlense.project.translations check      say what is missing, doubtful or no longer used
    python -m seqlense.project.translations compile    make the .mo files

`update` and `check` may be followed by folders, to look at these alone. Texts are written in English in code
and templates and translated in the `locale` folder of their room or section. Babel does it: no gettext
program is needed.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "seqlense"
LANGUAGE = "fr"
CATALOG = Path("locale", LANGUAGE, "LC_MESSAGES", "django.po")
NOT_SEARCHED = {"locale", "node_modules", "migrations", "static", "__pycache__", "frontend"}
TEMPLATES = (".html", ".txt")
# How each function's arguments are read: (1, 2) singular and plural, (1, "c") a context.
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACE = re.compile(r"%\((\w+)\)[#0\- +]*[\d.]*[a-zA-Z]|%[a-zA-Z]|\{(\w*)\}")

type Identity = tuple[str | None, str]  # context, text (the singular)


@dataclass(kw_only=True)
class Text:
    """One text of the code: where it stands, and its plural if it has one."""

    singular: str
    plural: str | None = None
    context: str | None = None
    places: list[tuple[str, int]] = field(default_factory=list)

    @property
    def identity(self) -> Identity:
        return self.context, self.singular


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One text that a French reader would not get, or not get right."""

    catalog: Path
    text: str
    problem: str

    def __str__(self) -> str:
        return f"{self.catalog}: {self.problem}: {self.text!r}"


def sections(package: Path = PACKAGE) -> list[Path]:
    """Every room; of a room of several sections every section; of the project every folder with texts."""
    found: list[Path] = []
    for room in sorted(path for path in package.iterdir() if (path / "__init__.py").is_file()):
        found.append(room)
        inside = (path for path in room.iterdir() if path.is_dir() and path.name not in NOT_SEARCHED)
        found += sorted(path for path in inside if _divided(room) and (path / "__init__.py").is_file())
    return found


def _divided(room: Path) -> bool:
    """Front doors, the assembly and the audience are made of sections, each with texts of its own."""
    return room.name in ("site", "console", "project", "audience")


def texts(section: Path, others: list[Path]) -> dict[Identity, Text]:
    """What the section's code and templates say, without what belongs to the sections inside it."""
    found: dict[Identity, Text] = {}
    for path in _sources(section, others):
        for text in _texts_of(path):
            found.setdefault(text.identity, text).places += text.places if text.identity in found else []
            if text.plural and not found[text.identity].plural:
                found[text.identity].plural = text.plural
    return found


def _sources(section: Path, others: list[Path]) -> Iterator[Path]:
    inner = [other for other in others if other != section and other.is_relative_to(section)]
    for path in sorted(section.rglob("*")):
        parts = set(path.relative_to(section).parts)
        if path.suffix not in (".py", *TEMPLATES) or parts & NOT_SEARCHED or not path.is_file():
            continue
        if any(path.is_relative_to(other) or _in_templates_of(other, path) for other in inner):
            continue
        yield path
    room = section.parent
    shared = room / "templates" / room.name / section.name
    if shared.is_dir():
        yield from (path for path in sorted(shared.rglob("*")) if path.suffix in TEMPLATES)


def _in_templates_of(section: Path, path: Path) -> bool:
    return path.is_relative_to(section.parent / "templates" / section.parent.name / section.name)


def _texts_of(path: Path) -> Iterator[Text]:
    source = path.read_text(encoding="utf-8")
    if path.suffix in TEMPLATES:
        from django.utils.translation.template import templatize

        # What is no text has become X's, whose indentation would trouble Python's tokenizer.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).splitlines())
    place = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name
    for line, message, _comments, context in extract("python", BytesIO(source.encode()), keywords=KEYWORDS):
        singular, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, None)
        if singular:
            yield Text(singular=singular, plural=plural, context=context, places=[(place, line)])


def update(package: Path = PACKAGE, only: Sequence[Path] = ()) -> list[str]:
    """Add new texts to the catalogs with an empty translation and drop those gone; says what it changed."""
    every = sections(package)
    report: list[str] = []
    for section in _chosen(every, only):
        found = texts(section, every)
        path = section / CATALOG
        if not found and not path.is_file():
            continue
        old = _read(path)
        new = _empty()
        for identity, text in sorted(found.items(), key=lambda item: (item[1].places[0], item[0][1])):
            before = old.get(identity[1], identity[0]) if old else None
            new.add(
                (text.singular, text.plural) if text.plural else text.singular,
                string=_kept(before, text),
                locations=[(place, 1) for place in sorted({place for place, _line in text.places})],
                flags=[flag for flag in (before.flags if before else ()) if flag == "fuzzy"],
                user_comments=before.user_comments if before else (),
                context=text.context,
            )
        added = len({m.id if isinstance(m.id, str) else m.id[0] for m in new if m.id} - _known(old))
        gone = len(_known(old) - _known(new))
        _write(path, new)
        if added or gone:
            report.append(f"{path.relative_to(package.parent)}: {added} new, {gone} gone")
    return report


def _kept(before: Message | None, text: Text) -> str | tuple[str, ...]:
    strings = _strings(before) if before else [""]
    return (strings[0], *(strings[1:] or [""])) if text.plural else strings[0]


def _strings(message: Message) -> list[str]:
    if isinstance(message.string, (tuple, list)):
        return list(message.string)
    return [message.string or ""]


def _known(catalog: Catalog | None) -> set[str]:
    if catalog is None:
        return set()
    return {message.id if isinstance(message.id, str) else message.id[0] for message in catalog if message.id}


def _chosen(every: list[Path], only: Sequence[Path]) -> list[Path]:
    return [
        section for section in every if not only or any(section.is_relative_to(folder) for folder in only)
    ]


def check(package: Path = PACKAGE, only: Sequence[Path] = ()) -> list[Problem]:
    """Texts without a translation, with a doubtful one, or translations of texts that are gone."""
    every = sections(package)
    problems: list[Problem] = []
    for section in _chosen(every, only):
        path = section / CATALOG
        catalog = _read(path) or _empty()
        shown = path.relative_to(package.parent)
        found = texts(section, every)
        for text in found.values():
            message = catalog.get(text.singular, text.context)
            problem = (
                "not collected, run bin/translations update" if message is None else _doubt(message, text)
            )
            if problem:
                problems.append(Problem(catalog=shown, text=text.singular, problem=problem))
        for message in catalog:
            singular = message.id if isinstance(message.id, str) else message.id[0]
            if singular and (message.context, singular) not in found:
                problems.append(Problem(catalog=shown, text=singular, problem="no longer used"))
        problems += [
            Problem(catalog=shown, text=str(message.id), problem="obsolete")
            for message in catalog.obsolete.values()
        ]
    return problems


def _doubt(message: Message, text: Text) -> str | None:
    strings = _strings(message)
    if message.fuzzy:
        return "fuzzy"
    if text.plural and len(strings) != 2:
        return "plural missing"
    if not all(strings):
        return "empty"
    wanted = [text.singular, text.plural or text.singular]
    for string, original in zip(strings, wanted, strict=False):
        # French says "un" where English may count: a place may be missing from the singular alone.
        if _places(string) != _places(original) and not (
            text.plural and _places(string) < _places(text.plural)
        ):
            return "its places for values differ"
        if original[:1].isspace() != string[:1].isspace() or original.endswith("\n") != string.endswith("\n"):
            return "begins or ends with another space"
    return None


def _places(text: str) -> set[str]:
    return {match.group(0) for match in PLACE.finditer(text.replace("%%", ""))}


def compile_catalogs(package: Path = PACKAGE) -> int:
    """Make each .mo file that is older than its .po file; the number made."""
    made = 0
    for path in sorted(package.glob(f"**/{CATALOG}")):
        target = path.with_suffix(".mo")
        if "node_modules" in path.parts or (
            target.is_file() and target.stat().st_mtime >= path.stat().st_mtime
        ):
            continue
        catalog = _read(path)
        if catalog is not None:
            beside = target.with_suffix(".mo.new")
            with beside.open("wb") as file:
                write_mo(file, catalog)
            beside.replace(target)
            made += 1
    return made


def _read(path: Path) -> Catalog | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, domain="django", abort_invalid=True)


def _empty() -> Catalog:
    return Catalog(
        locale=LANGUAGE, domain="django", project="Seqlense", version="1", charset="utf-8", fuzzy=False
    )


HEADER = (
    'msgid ""\nmsgstr ""\n"Language: fr\\n"\n"MIME-Version: 1.0\\n"\n'
    '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
)


def _write(path: Path, catalog: Catalog) -> None:
    """The file, without a header that changes at every run; untouched if it says the same already."""
    buffer = BytesIO()
    write_po(buffer, catalog, width=100, omit_header=True, include_lineno=False, ignore_obsolete=True)
    content = (HEADER + buffer.getvalue().decode().lstrip("\n")).encode()
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _listing(problems: list[Problem], *, each: int = 8) -> str:
    """The first problems of each catalog, and how many there are."""
    lines: list[str] = []
    for catalog in dict.fromkeys(problem.catalog for problem in problems):
        here = [problem for problem in problems if problem.catalog == catalog]
        lines += [str(problem) for problem in here[:each]]
        lines += [f"{catalog}: … {len(here) - each} more"] if len(here) > each else []
    lines.append(f"{len(problems)} problems" if problems else "Every text is translated.")
    return "".join(f"{line}\n" for line in lines)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["update", *folders]:
            lines = update(only=[Path(folder).resolve() for folder in folders])
            sys.stdout.write("".join(f"{line}\n" for line in lines) or "Nothing new.\n")
            compile_catalogs()
            return 0
        case ["check", *folders]:
            problems = check(only=[Path(folder).resolve() for folder in folders])
            sys.stdout.write(_listing(problems))
            return 1 if problems else 0
        case ["compile"]:
            compile_catalogs()
            return 0
    sys.stderr.write(f"{__doc__}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
