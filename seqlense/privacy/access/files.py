"""Files in a person's copy: the stores say by `Governance.hands_out` who gives them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.module_loading import import_string

from seqlense.privacy.governance import declared


class NotReadable(Exception):
    """A file that is spoken of and can't be read. code: the store's own, "documents.missing"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class HeldFile:
    """A file held about a person.

    item: key of its data item. row: id of the row that speaks of it. name: as the person called it. size: in
    bytes. pieces: its content, piece by piece; raises NotReadable.
    """

    item: str
    row: str
    name: str
    size: int
    pieces: Callable[[], Iterator[bytes]]

    @property
    def path(self) -> str:
        """Where it lies in the copy. The row's id keeps files of one name apart."""
        activity, _dot, _item = self.item.partition(".")
        return f"files/{activity}/{self.row}/{self.name}"


type FilesOf = Callable[[UUID], Iterable[HeldFile]]


def files_of(subject: UUID) -> Iterator[HeldFile]:
    """All files of a person, of every store."""
    for path in declared().file_stores:
        give: FilesOf = import_string(path)
        yield from give(subject)
