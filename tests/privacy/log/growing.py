"""A log in a folder, grown step by step without a database."""

from hashlib import sha256
from pathlib import Path

from seqlense.privacy.log import note, tiles

ORIGIN = "log.example/log"
SIZES = (1, 2, 3, 7, 8, 255, 256, 257, 300, 511, 512, 70_000)


def entry(number: int) -> bytes:
    """Entry of that number."""
    return sha256(b"entry %d" % number).digest()


def grow(folder: Path, sizes: tuple[int, ...], signer: note.Signer) -> tiles.Tiles:
    """A log that had each of these sizes, one after the other."""
    kept, size = tiles.Tiles(folder), 0
    for new in sizes:
        root = kept.append(size, [entry(number) for number in range(size, new)])
        kept.publish(signer.note(note.Checkpoint(ORIGIN, new, root).text).encode())
        kept.tidy(size, new)
        size = new
    return kept
