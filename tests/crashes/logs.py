"""The transparency log after the storm, read with a few lines of our own (RFC 6962, C2SP tlog-tiles)."""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from tests.crashes.whole import Found

WIDTH = 256
STRANGE = (
    "select 'act without leaf', a.id::text from privacy_act a left join privacy_leaf l on l.act = a.id "
    "where l.id is null union all "
    "select 'act with more leaves', act::text from privacy_leaf group by act having count(*) > 1 union all "
    "select 'leaf without act', digest::text from privacy_leaf l left join privacy_act a on a.id = l.act "
    "where a.id is null union all "
    "select 'leaf not sealed', id::text from privacy_leaf where sealed_at is null or index is null"
)


def the_log_is_whole(found: Found, checkpoints: Mapping[int, str]) -> Iterator[str]:
    """Every act is one leaf in one place; tiles hold them; whatever was published leads to their roots."""
    yield from (f"{what}: {which}" for what, which in found.ask(STRANGE))
    rows = found.ask("select index, digest from privacy_leaf order by index")
    if [index for index, _ in rows] != list(range(len(rows))):
        yield "places have gaps"
    digests = [bytes(digest) for _, digest in rows]
    folder = found.ground.home / "transparency-log"
    if max(checkpoints) != len(digests):
        yield f"the checkpoint is of {max(checkpoints)} entries, there are {len(digests)}"
    if _entries(folder, len(digests)) != digests:
        yield "the entries on the disk are others"
    leaves = [sha256(b"\0" + one).digest() for one in digests]
    if _hashes(folder, len(digests)) != leaves:
        yield "the hashes on the disk are others"
    for size, told in checkpoints.items():
        if _root(leaves[:size]) != told:
            yield f"the checkpoint of {size} entries is of another log"
    yield from _journal(found, folder)


def _journal(found: Found, folder: Path) -> Iterator[str]:
    """One line for each erasure, in the order of their places: what a restored backup has to hear."""
    lines = [json.loads(line) for line in (folder / "journal.jsonl").read_text("utf-8").splitlines()]
    told = [(line["index"], line["subject"]) for line in lines if line["kind"] == "privacy.erased"]
    wanted = found.ask(
        "select l.index, a.subject::text from privacy_leaf l join privacy_act a on a.id = l.act "
        "where a.kind = 'privacy.erased' order by l.index"
    )
    if told != wanted:
        yield f"the journal tells {len(told)} erasures, the log {len(wanted)}"


def _entries(folder: Path, size: int) -> list[bytes]:
    data = b"".join(_bundles(folder / "tile" / "entries", size))
    place, entries = 0, []
    while place < len(data):
        end = place + 2 + int.from_bytes(data[place : place + 2])
        entries.append(data[place + 2 : end])
        place = end
    return entries


def _hashes(folder: Path, size: int) -> list[bytes]:
    data = b"".join(_bundles(folder / "tile" / "0", size))
    return [data[place : place + 32] for place in range(0, len(data), 32)]


def _bundles(folder: Path, size: int) -> Iterator[bytes]:
    """The files that a log of that size needs: full ones, then the part of one."""
    assert size < WIDTH * 1000
    for number in range(size // WIDTH):
        yield (folder / f"{number:03}").read_bytes()
    if rest := size % WIDTH:
        yield (folder / f"{size // WIDTH:03}.p" / str(rest)).read_bytes()


def _root(leaves: Sequence[bytes]) -> str:
    return b64encode(_tree(leaves)).decode()


def _tree(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256().digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + _tree(leaves[:half]) + _tree(leaves[half:])).digest()
