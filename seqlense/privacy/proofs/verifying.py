"""Verify a proof file, or a copy of the log: offline, from what is in it and what the reader brings along.

`tools/verify_proofs.py` does the same without a line of ours; both must refuse the same things.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zipfile import ZipFile, is_zipfile

from seqlense.privacy.log import merkle
from seqlense.privacy.log.errors import LogDamaged, NoteRefused, ProofRefused
from seqlense.privacy.log.note import Checkpoint, Note, Verifier, opened
from seqlense.privacy.log.tiles import CHECKPOINT, WIDTH, Tiles
from seqlense.privacy.proofs import tokens, witnesses
from seqlense.privacy.proofs.days import Days
from seqlense.privacy.proofs.errors import AuthorityUnknown, Broken, TimestampRefused
from seqlense.privacy.proofs.proof_file import Opened, ProofFile
from seqlense.privacy.proofs.tokens import Authority

MANIFEST: Final = "evidence.json"


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What the reader knows from elsewhere. Each may be missing; then what lies in the file has to do.

    key: the log's public key. against: an older checkpoint, or an older proof file. authority: whose time is
    believed. witnesses: public keys whose cosignature must be there. log: a copy of the log, for a file.
    """

    key: str = ""
    against: bytes | None = None
    authority: Authority | None = None
    witnesses: tuple[str, ...] = ()
    log: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What holds.

    key: the log's. checkpoint: the head that everything was held against. acts: the opened ones.
    continued: sizes of older checkpoints that it continues. stamped, cosigned: who else saw it when; the day
    of a timestamp (or ""), or a witness's name, each with the moment. scanned: each tile and entry was read.
    """

    key: str
    checkpoint: Checkpoint
    acts: tuple[Opened, ...] = ()
    continued: tuple[int, ...] = ()
    stamped: tuple[tuple[str, datetime], ...] = ()
    cosigned: tuple[tuple[str, datetime], ...] = ()
    scanned: bool = False


def anything(place: Path, brought: Brought) -> Verified:
    """A proof file, a copy of the log or an evidence bundle, zipped or not. Raises Broken."""
    if is_zipfile(place):
        with TemporaryDirectory() as folder, ZipFile(place) as packed:
            packed.extractall(folder)
            return anything(Path(folder), brought)
    if place.is_file():
        return file(place.read_bytes(), brought)
    if (place / MANIFEST).is_file():
        return bundle(place, brought)
    if not (place / CHECKPOINT).is_file():
        raise Broken("file")
    beside = place / "key"
    found = beside.read_text(encoding="utf-8") if beside.is_file() else brought.key
    return log(place, chosen_key(brought.key, found), brought)


def file(content: bytes, brought: Brought) -> Verified:
    """A person's proof file. Raises Broken."""
    proof = ProofFile.parse(content)
    key = chosen_key(brought.key, proof.key)
    checkpoint = signed(proof.checkpoint, key)
    for one in proof.entries:
        _ = one.opened.act
        leaf = merkle.leaf_hash(one.opened.digest)
        try:
            merkle.verify_inclusion(one.opened.index, checkpoint.size, leaf, one.inclusion, checkpoint.root)
        except ProofRefused:
            raise Broken("entry", str(one.opened.index)) from None
    return Verified(
        key=str(key),
        checkpoint=checkpoint,
        acts=tuple(one.opened for one in proof.entries),
        continued=tuple(_published(checkpoint, key, brought)),
        stamped=tuple(_file_stamp(proof, brought)),
        cosigned=tuple(_cosignatures(proof.checkpoint, (*brought.witnesses, *proof.witnesses))),
    )


def log(folder: Path, key: Verifier, brought: Brought) -> Verified:
    """A copy of the log: every tile and entry, every day's checkpoint and token. Raises Broken."""
    tiles, days = Tiles(folder), Days(folder)
    head = signed(tiles.checkpoint() or b"", key)
    scan(tiles, head)
    kept = [(f"{day.on}", signed(day.note, key)) for day in days.all()]
    if brought.against is not None:
        kept.append(("--against", older(brought.against, key)))
    for name, one in kept:
        continues(tiles, one, head, name)
    return Verified(
        key=str(key),
        checkpoint=head,
        continued=tuple(one.size for _name, one in kept),
        stamped=tuple(_day_stamps(days, brought)),
        cosigned=tuple(_kept_cosignatures(folder, key, brought)),
        scanned=True,
    )


def bundle(folder: Path, brought: Brought) -> Verified:
    """An evidence bundle: list signed, each file as listed, each opened act in its log. Raises Broken."""
    key = chosen_key(brought.key, _text(folder / "log" / "key"))
    listed = _listed(folder, key)
    altered = [path for path, expected in listed.items() if _hashed(folder / path) != expected]
    for path in altered:
        if not path.startswith("log/"):  # of the log's own files the reason is told below
            raise Broken("bundle", path)
    verified = log(folder / "log", key, brought)
    if altered:
        raise Broken("bundle", altered[0])
    size = verified.checkpoint.size
    entries = dict(enumerate(Tiles(folder / "log").entries(0, size, size)))
    registers = {one.stem for one in folder.glob("register/*.json") if _hashed(one) == one.stem}
    acts = tuple(Opened.parse(json.loads(line)) for line in _text(folder / "acts.jsonl").splitlines())
    for one in acts:
        if entries.get(one.index) != one.digest:
            raise Broken("entry", str(one.index))
        if one.act.get("register") not in registers:
            raise Broken("bundle", f"register/{one.act.get('register')}.json")
    return replace(verified, acts=acts)


def _listed(folder: Path, key: Verifier) -> dict[str, str]:
    """Paths and their SHA-256, as the log's key signed them."""
    manifest = _text(folder / MANIFEST)
    expected = f"{key.name}/evidence\nsha256 {_hashed(folder / MANIFEST)}\n"
    try:
        note = Note.parse(_text(folder / "evidence.note"))
        note.signed_by([key])
        if note.text != expected:
            raise Broken("bundle", MANIFEST)
        return dict(json.loads(manifest)["files"])
    except (NoteRefused, ValueError, KeyError, TypeError):
        raise Broken("bundle", MANIFEST) from None


def _text(place: Path) -> str:
    return place.read_text(encoding="utf-8") if place.is_file() else ""


def _hashed(place: Path) -> str:
    return sha256(place.read_bytes()).hexdigest() if place.is_file() else ""


def scan(tiles: Tiles, head: Checkpoint) -> None:
    """Compute the tree anew from its lowest tiles; compare each tile above and each entry below."""
    lowest = _hashes(tiles, 0, head.size)
    level, hashes = 0, lowest
    while len(hashes) >= WIDTH:
        above = [
            merkle.root(WIDTH, merkle.nodes_of(hashes[at : at + WIDTH]))
            for at in range(0, len(hashes) - WIDTH + 1, WIDTH)
        ]
        level += 1
        found = _hashes(tiles, level, len(above))
        wrong = next((n for n, pair in enumerate(zip(found, above, strict=True)) if pair[0] != pair[1]), None)
        if wrong is not None:
            raise Broken("tile", f"tile/{level}, {wrong}")
        hashes = above
    if merkle.root(head.size, merkle.nodes_of(lowest)) != head.root:
        raise Broken("tile", "tile/0")
    try:
        for index, entry in enumerate(tiles.entries(0, head.size, head.size)):
            if merkle.leaf_hash(entry) != lowest[index]:
                raise Broken("entry", str(index))
    except LogDamaged as damaged:
        raise Broken("tile", str(damaged)) from None


def _hashes(tiles: Tiles, level: int, count: int) -> list[bytes]:
    found: list[bytes] = []
    try:
        for number in range(-(-count // WIDTH)):
            found += tiles.hashes(level, number, min(WIDTH, count - number * WIDTH))
    except LogDamaged as damaged:
        raise Broken("tile", str(damaged)) from None
    return found


def chosen_key(brought: str, found: str) -> Verifier:
    """The key found beside a proof, if it is the one that the reader brought. Raises Broken."""
    if brought and brought.strip() != found.strip():
        raise Broken("key", found.strip())
    try:
        return Verifier.parse(found)
    except NoteRefused:
        raise Broken("file") from None


def signed(note: str | bytes, key: Verifier) -> Checkpoint:
    """The log's checkpoint. Raises Broken."""
    try:
        return opened(note, key)
    except NoteRefused:
        raise Broken("checkpoint") from None


def older(content: bytes, key: Verifier) -> Checkpoint:
    """A checkpoint kept from before, alone or within a proof file."""
    return signed(ProofFile.parse(content).checkpoint if content.startswith(b"{") else content, key)


def continues(tiles: Tiles, old: Checkpoint, head: Checkpoint, name: str) -> None:
    """Raises Broken unless the head's log begins with the older checkpoint's."""
    if old.size > head.size:
        raise Broken("consistency", f"{name}, {old.size} > {head.size}")
    try:
        proof = merkle.consistency(old.size, head.size, tiles.nodes(head.size))
        merkle.verify_consistency(old.size, head.size, old.root, head.root, proof)
    except LogDamaged as damaged:
        raise Broken("tile", str(damaged)) from None
    except ProofRefused:
        raise Broken("consistency", name) from None


def _published(mine: Checkpoint, key: Verifier, brought: Brought) -> Iterator[int]:
    """Older checkpoints that the log, of which the reader has a copy, continues."""
    if brought.log is None:
        if brought.against is not None:
            raise Broken("consistency", "--log")
        return
    tiles = Tiles(brought.log)
    head = signed(tiles.checkpoint() or b"", key)
    kept = [mine] if brought.against is None else [mine, older(brought.against, key)]
    for one in kept:
        continues(tiles, one, head, str(one.size))
        yield one.size


def _file_stamp(proof: ProofFile, brought: Brought) -> Iterator[tuple[str, datetime]]:
    if proof.token is not None:
        yield "", stamp(proof.token, proof.checkpoint.encode(), brought.authority, proof.authority)


def _day_stamps(days: Days, brought: Brought) -> Iterator[tuple[str, datetime]]:
    for day in days.all():
        if day.token is not None:
            yield f"{day.on}", stamp(day.token, day.note, brought.authority, days.roots() or "")


def stamp(token: bytes, text: bytes, known: Authority | None, beside: str) -> datetime:
    """When an authority saw that text. Raises Broken."""
    try:
        authority = known or Authority.parse(beside.encode())
        return tokens.verify(token, text, authority)
    except AuthorityUnknown:
        raise Broken("authority") from None
    except TimestampRefused as refused:
        raise Broken("timestamp", str(refused)) from None


def _kept_cosignatures(folder: Path, key: Verifier, brought: Brought) -> Iterator[tuple[str, datetime]]:
    """What the witnesses whom the reader brought signed last, which this log must continue."""
    tiles = Tiles(folder)
    for text in brought.witnesses:
        file = witnesses.file_of(folder, Verifier.parse(text))
        note = file.read_text(encoding="utf-8") if file.is_file() else ""
        yield from _cosignatures(note, (text,))
        continues(tiles, signed(note, key), signed(tiles.checkpoint() or b"", key), Verifier.parse(text).name)


def _cosignatures(note: str, keys: tuple[str, ...]) -> Iterator[tuple[str, datetime]]:
    for text in dict.fromkeys(keys):
        key = Verifier.parse(text)
        try:
            [(_key, signature)] = Note.parse(note).signed_by([key])
        except NoteRefused:
            raise Broken("witness", key.name) from None
        yield key.name, witnesses.moment(signature)
