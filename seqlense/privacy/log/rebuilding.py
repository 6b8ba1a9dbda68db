"""The log's files written again from the database, byte for byte, or not at all.

The last signed checkpoint is kept in the database: only leaves that lead to its very root are written out.
What came from outside (timestamps, cosignatures) can't be made again; what is left of it stays.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.db import connection

from seqlense.privacy.log import journal, place, sealing
from seqlense.privacy.log.errors import LogAhead, LogDamaged, LogForked, LogMissing
from seqlense.privacy.log.leaves import Leaf, LogHead
from seqlense.privacy.log.note import opened
from seqlense.privacy.log.tiles import ENTRIES, WIDTH, Tiles, path_of, saying_when_full, write

_AT_ONCE: Final = 64 * WIDTH
_DRAFT, _FORMER = "rebuilding", "tile.former"


@dataclass(frozen=True)
class Rebuilt:
    """How many entries were written, and whether the journal was too."""

    entries: int
    journal: bool


def rebuild() -> Rebuilt:
    """Write the files again. Raises LogMissing if nothing was ever signed, LogForked if the leaves lead to
    another root, LogAhead if the files hold more than the database; then they are left as they are.
    """
    folder = place.folder()
    with sealing.alone(wait=True):
        head = LogHead.objects.first()
        if folder is None or head is None:
            raise LogMissing("Nothing was ever signed here: there is no log to rebuild.")
        opened(head.note, place.verifier())
        _refuse_to_forget(head.size)
        with saying_when_full(folder):
            folder.mkdir(parents=True, exist_ok=True)
            draft = folder / _DRAFT
            shutil.rmtree(draft, ignore_errors=True)
            files = Tiles(draft)
            root = _write(files, head.size)
            if root != bytes(head.root):
                shutil.rmtree(draft)
                raise LogForked(
                    "The database's leaves lead to another root than the one last signed: they were altered. "
                    "Restore the database, or put back the files."
                )
            _parts(files, head.size)
            made = _restore_journal(head.size)
            _swap(folder, draft)
        place.files().publish(head.note.encode())
        place.files().forget()
    return Rebuilt(head.size, made)


def _refuse_to_forget(size: int) -> None:
    """Raises LogAhead where checkpoint, journal or, behind a damaged checkpoint, entries know of more."""
    try:
        published = sealing.published_head()
        reached = published.size if published else 0
    except LogDamaged:
        reached = _unknown_up_to(size)
    if reached > size:
        raise LogAhead(
            f"The files hold {reached} entries, the database {size}: nothing is written over them. "
            "Finish the database's restoration.",
            reached - size,
        )
    told = journal.reached()
    if told > size and not Leaf.objects.filter(index=told - 1).exists():
        raise LogAhead(
            f"The journal tells of {told} entries, the database knows {size}: it is an older copy. Run "
            f"`seqlense restore finish`; once that is done, move {journal.FILE} away and rebuild.",
            told - size,
        )


def _unknown_up_to(size: int) -> int:
    """Where the entries on the disk end that the database doesn't know; `size` where it knows them all."""
    end = _extent(size)
    try:
        return max((index + 1 for index, _digest in sealing.unknown(size, end)), default=size)
    except LogDamaged:
        return end


def _extent(size: int) -> int:
    """How many entries lie on the disk, of a log that had `size` at least."""
    folder, number = place.files().folder, size // WIDTH
    while (folder / path_of(ENTRIES, number)).is_file():
        number += 1
    widths = [
        int(one.name) for one in (folder / f"{path_of(ENTRIES, number)}.p").glob("*") if one.name.isdigit()
    ]
    return max(size, number * WIDTH + max(widths, default=0))


def _write(files: Tiles, size: int) -> bytes:
    written, root = 0, files.append(0, [])
    while written < size:
        with connection.cursor() as cursor:
            cursor.execute(_DIGESTS, [written, min(size, written + _AT_ONCE)])
            entries = [bytes(row[0]) for row in cursor.fetchall()]
        if not entries:
            raise LogForked(f"The database's leaves end at {written}, the log was signed to {size}.")
        root = files.append(written, entries)
        files.tidy(written, written + len(entries))
        written += len(entries)
    return root


_DIGESTS = "select digest from privacy_leaf where index >= %s and index < %s order by index"


def _parts(files: Tiles, size: int) -> None:
    """A tile that isn't full has a path for each width that it had when a checkpoint was signed."""
    level, count, sizes = 0, size, _signed(size)
    while count:
        number, filled = divmod(count, WIDTH)
        widths = {one % WIDTH for one in sizes if one // WIDTH == number and one % WIDTH}
        for kind in (0, ENTRIES) if level == 0 else (level,):
            whole = files.folder / path_of(kind, number, filled) if filled else None
            content = whole.read_bytes() if whole is not None else b""
            each = len(content) // filled if filled else 0
            shutil.rmtree(files.folder / f"{path_of(kind, number)}.p", ignore_errors=True)
            write({files.folder / path_of(kind, number, one): content[: one * each] for one in widths})
        level, count, sizes = level + 1, number, {one // WIDTH for one in sizes}


def _signed(size: int) -> set[int]:
    """Sizes at which a checkpoint was signed."""
    with connection.cursor() as cursor:
        cursor.execute(_SIGNED, [size])
        return {row[0] for row in cursor.fetchall()}


_SIGNED = (
    "select index + 1 from (select index, sealed_at, lead(sealed_at) over (order by index) as next "
    "from privacy_leaf where index < %s) one where next is distinct from sealed_at order by index"
)


def _restore_journal(size: int) -> bool:
    file = journal.path()
    if file is None or file.exists():
        return False
    lines = list(sealing.lines(0, size))
    journal.rewrite(lines)
    return bool(lines)


def _swap(folder: Path, draft: Path) -> None:
    """Cut off in between, the log is missing or damaged, and rebuilt the next time."""
    shutil.rmtree(folder / _FORMER, ignore_errors=True)
    if (folder / "tile").exists():
        (folder / "tile").rename(folder / _FORMER)
    (draft / "tile").rename(folder / "tile")
    draft.rmdir()
    shutil.rmtree(folder / _FORMER, ignore_errors=True)
