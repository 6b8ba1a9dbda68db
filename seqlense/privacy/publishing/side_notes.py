"""Beside each section of a compared text: what changed in the register, in which version, by which law."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from seqlense.privacy.publishing.models import NoticeVersion
from seqlense.privacy.publishing.weighing import cited


@dataclass(frozen=True, kw_only=True)
class Note:
    """One change in words. number: of the version that brought it; 0 for one that isn't published.

    title: of the activity that it is about, "" where it is about none.
    """

    number: int
    where: str
    title: str
    said: str
    before: str
    after: str
    duty: str
    article: str

    @property
    def anchors(self) -> tuple[str, ...]:
        """Sections that it stands beside."""
        branch = self.where.partition(".")[0]
        if branch == "controller":
            return ("controller", "publisher", "hosting", "data", "report", "law")
        if branch == "cookies":
            return ("exempt", "consent", "inactive")
        return ("recipients",) if branch == "recipients" else (f"activity-{branch}",)


def of_versions(versions: Iterable[NoticeVersion], language: str) -> tuple[Note, ...]:
    """The changes that these versions brought, in their order."""
    return tuple(note for one in versions for note in notes(one.difference, language, number=one.number))


def notes(difference: Mapping[str, Any], language: str, *, number: int = 0) -> Iterator[Note]:
    """The changes of a difference as `weighing.stored` has it."""
    for change in difference.get("changes", ()):
        before, after = change["before"], change["after"]
        yield Note(
            number=number,
            where=str(change["where"]),
            title=_title(difference, str(change["where"]), language),
            said=str(change["said"][language]),
            before=str(before[language]) if before else "",
            after=str(after[language]) if after else "",
            duty=str(change["duty"]),
            article=cited(str(change["article"]), language),
        )


def _title(difference: Mapping[str, Any], where: str, language: str) -> str:
    """The activity's title; "" for what is no activity, or runs no more."""
    found = difference.get("titles", {}).get(where.partition(".")[0])
    return str(found[language]) if found else ""


def beside(found: Iterable[Note]) -> Mapping[str, tuple[Note, ...]]:
    """Anchor → the notes that stand beside that section."""
    placed: dict[str, list[Note]] = {}
    for note in found:
        for anchor in note.anchors:
            placed.setdefault(anchor, []).append(note)
    return {anchor: tuple(them) for anchor, them in placed.items()}
