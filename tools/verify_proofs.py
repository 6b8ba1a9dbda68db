#!/usr/bin/env python3
"""Verify what a Seqlense installation hands out as proof, without trusting its code.

    verify_proofs.py FILE.seqlense-proof.json [--log FOLDER_OR_URL]     a person's proof file
    verify_proofs.py FOLDER                          a copy of the log, or an evidence bundle

    --key KEY            the log's public key, as you learnt it elsewhere ("name+hash+base64")
    --against FILE       an older checkpoint (or proof file) that you kept: the log must continue it
    --authority FILE     the timestamp authority's root certificate (PEM), as the authority publishes it
    --witness KEY        a witness whose cosignature must be there; may be repeated

It needs Python 3.11, the package `cryptography`, and for timestamps the program `openssl`. It imports
nothing of Seqlense: the arithmetic of RFC 6962 is written here a second time on purpose, so that a mistake or
a lie in one is seen by the other. Formats: C2SP signed-note, tlog-checkpoint, tlog-tiles, tlog-cosignature;
RFC 6962 for hashes; RFC 3161 for timestamps.

Exit codes: 0 all that could be checked holds; 2 wrong usage or not such a file; 10 the checkpoint is not
signed by the log's key; 11 the log's key is another one; 12 an entry was altered, or is not in the log; 13 a
tile was altered or is missing; 14 the log is no continuation of the older checkpoint; 15 a timestamp does not
hold; 16 a witness's cosignature does not hold or is missing; 17 a file of an evidence bundle was altered.
"""

import argparse
import base64
import binascii
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

USAGE, CHECKPOINT, KEY, ENTRY, TILE, CONSISTENCY, TIMESTAMP, WITNESS, BUNDLE = (
    2,
    10,
    11,
    12,
    13,
    14,
    15,
    16,
    17,
)
SIGNED, COSIGNED = 0x01, 0x04  # kinds of signature in a signed note: Ed25519, cosignature/v1
WIDTH = 256  # hashes in a full tile
SEARCHED = 40  # days after a proof was made in which the published log is asked for a timestamp


class Refused(Exception):
    """What is wrong, for people; and the exit code that says which kind of wrong it is."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


# --- Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint) ---------------------------------------
class Key(NamedTuple):
    """A public key as `name+hash+base64(kind || 32 bytes)`; `id` is what signature lines begin with."""

    name: str
    id: bytes
    kind: int
    public: Ed25519PublicKey


class Checkpoint(NamedTuple):
    """The head of a log: how many entries, and the hash that commits to each of them."""

    origin: str
    size: int
    root: bytes
    text: str  # what is signed
    signatures: list[tuple[str, bytes]]  # name, and key id with signature


def read_key(text: str) -> Key:
    name, _, rest = text.strip().partition("+")
    digest, _, encoded = rest.partition("+")
    raw = unbase64(encoded)
    whole = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if len(raw) != 33 or raw[0] not in (SIGNED, COSIGNED) or whole.hex() != digest:
        raise Refused(USAGE, f"not a public key: {text.strip()!r}")
    return Key(name, whole, raw[0], Ed25519PublicKey.from_public_bytes(raw[1:]))


def read_checkpoint(note: str) -> Checkpoint:
    text, separator, below = note.rpartition("\n\n")
    lines = text.split("\n")
    marked = re.findall(r"^\u2014 (\S+) (\S+)$", below, re.MULTILINE)
    if not separator or len(lines) < 3 or not re.fullmatch(r"0|[1-9]\d*", lines[1]):
        raise Refused(CHECKPOINT, "the checkpoint is not a signed note of a log")
    signatures = [(name, unbase64(value)) for name, value in marked]
    return Checkpoint(lines[0], int(lines[1]), unbase64(lines[2]), text + "\n", signatures)


def check_signature(checkpoint: Checkpoint, key: Key) -> None:
    """The log itself signed this checkpoint."""
    if checkpoint.origin != key.name:
        raise Refused(KEY, f"the checkpoint is of {checkpoint.origin!r}, the key of {key.name!r}")
    for name, value in checkpoint.signatures:
        if name == key.name and value[:4] == key.id and signed(key, value[4:], checkpoint.text.encode()):
            return
    raise Refused(CHECKPOINT, "the checkpoint was altered, or the log's key did not sign it")


def check_cosignature(checkpoint: Checkpoint, witness: Key) -> datetime:
    """An independent witness saw this checkpoint, as a continuation of all it saw before; when."""
    for name, value in checkpoint.signatures:
        if name == witness.name and value[:4] == witness.id and len(value) == 76:
            moment = int.from_bytes(value[4:12], "big")
            message = f"cosignature/v1\ntime {moment}\n{checkpoint.text}"
            if signed(witness, value[12:], message.encode()):
                return datetime.fromtimestamp(moment, UTC)
            raise Refused(WITNESS, f"the cosignature of {witness.name} does not hold")
    raise Refused(WITNESS, f"{witness.name} has not cosigned this checkpoint")


def signed(key: Key, signature: bytes, message: bytes) -> bool:
    try:
        key.public.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise Refused(USAGE, "base64 is damaged") from None


# --- The tree (RFC 6962, 2.1) -------------------------------------------------------------------------------
def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_by_inclusion(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes | None:
    """The root to which a leaf and its neighbours add up; None where they can't (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf
    for neighbour in proof:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = node_hash(neighbour, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, neighbour)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None


def is_continuation(old: int, old_root: bytes, new: int, new_root: bytes, proof: list[bytes]) -> bool:
    """Whether the tree of size `new` begins with the tree of size `old` (RFC 9162, 2.1.4.2)."""
    if old == new:
        return old_root == new_root and not proof
    if not 0 < old < new:
        return old == 0
    path = [old_root, *proof] if old & (old - 1) == 0 else proof
    if not path:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for neighbour in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(neighbour, first), node_hash(neighbour, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, neighbour)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


# --- Tiles (C2SP tlog-tiles) --------------------------------------------------------------------------------
type Read = Callable[[str], bytes | None]
"""A file of the log by its path; None where there is none."""


def reader(place: str) -> Read:
    """Files of a log, from a folder or from where it is published."""

    def published(path: str) -> bytes | None:
        try:
            with urllib.request.urlopen(f"{place.rstrip('/')}/{path}", timeout=30) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError:
            return None

    def copied(path: str) -> bytes | None:
        file = Path(place, path)
        return file.read_bytes() if file.is_file() else None

    return published if place.startswith(("http://", "https://")) else copied


def tile(read: Read, level: int | str, number: int, width: int) -> bytes:
    """The tile's first `width` hashes, or of "entries" the whole bundle. Refused where it is missing."""
    digits = f"{number:03d}".rjust(-(-len(str(number)) // 3) * 3, "0")
    groups = re.findall("...", digits)
    path = f"tile/{level}/" + "/".join([*(f"x{one}" for one in groups[:-1]), groups[-1]])
    found = read(path) if width == WIDTH else read(f"{path}.p/{width}") or read(path)
    if found is None or (level != "entries" and len(found) < width * 32):
        raise Refused(TILE, f"{path} is missing or too short for {width} entries")
    return found if level == "entries" else found[: width * 32]


def parts(count: int) -> Iterator[tuple[int, int]]:
    """Number and width of the tiles that hold so many hashes."""
    for number in range(-(-count // WIDTH)):
        yield number, min(WIDTH, count - number * WIDTH)


def subtree(read: Read, size: int, start: int, end: int) -> bytes:
    """Hash of the leaves from start to end (as RFC 6962 cuts trees), from the tiles of a log of that size."""
    span = end - start
    if span & (span - 1) == 0 and start % span == 0:
        level = (span.bit_length() - 1) // 8
        below = 256**level  # leaves under one hash of that level
        number, first, many = start // below // WIDTH, start // below % WIDTH, span // below
        held = tile(read, level, number, min(WIDTH, (size // below) - number * WIDTH))
        return fold([held[32 * n : 32 * n + 32] for n in range(first, first + many)])
    middle = start + (1 << (span - 1).bit_length() - 1)
    return node_hash(subtree(read, size, start, middle), subtree(read, size, middle, end))


def fold(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [node_hash(*pair) for pair in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]


def consistency_proof(read: Read, old: int, new: int) -> list[bytes]:
    """The hashes that show a log of size `new` to begin with one of size `old` (RFC 6962, 2.1.2)."""

    def below(old: int, start: int, end: int, whole: bool) -> list[bytes]:
        if old == end - start:
            return [] if whole else [subtree(read, new, start, end)]
        half = 1 << (end - start - 1).bit_length() - 1
        if old <= half:
            return [*below(old, start, start + half, whole), subtree(read, new, start + half, end)]
        return [*below(old - half, start + half, end, False), subtree(read, new, start, start + half)]

    return below(old, 0, new, True) if 0 < old < new else []


def check_continuation(read: Read, old: Checkpoint, new: Checkpoint) -> None:
    """The log of the newer checkpoint begins with that of the older one: nothing was changed or taken out."""
    proof = consistency_proof(read, old.size, new.size)
    if not is_continuation(old.size, old.root, new.size, new.root, proof):
        raise Refused(
            CONSISTENCY, f"the log of {new.size} entries is no continuation of the one of {old.size}"
        )


# --- Timestamps (RFC 3161), by openssl ----------------------------------------------------------------------
def check_timestamp(note: str, token: bytes, authority: str) -> datetime:
    """An authority outside saw this very text; when. authority: its root certificate, PEM."""
    with tempfile.TemporaryDirectory() as folder:
        stamped, answer, root = (Path(folder, name) for name in ("note", "token", "root.pem"))
        stamped.write_text(note, encoding="utf-8", newline="")
        answer.write_bytes(token)
        root.write_text(authority, encoding="utf-8")
        shown = openssl("ts", "-reply", "-in", str(answer), "-text")
        said = re.search(r"^Time stamp: (.+?)(?:\.\d+)? (\d{4}) GMT$", shown.stdout, re.MULTILINE)
        if shown.returncode or said is None:
            raise Refused(TIMESTAMP, "the timestamp is damaged")
        moment = datetime.strptime(" ".join(said.groups()), "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
        at = str(int(moment.timestamp()))  # the certificates were good then; they may have ended since
        checked = openssl(
            "ts", "-verify", "-data", str(stamped), "-in", str(answer), "-CAfile", str(root), "-attime", at
        )
        if checked.returncode:
            why = re.findall(r"error:\w+:[^:]*:[^:]*:([^:\n]+)", checked.stderr) or ["openssl refuses it"]
            raise Refused(TIMESTAMP, f"the timestamp does not hold: {why[0]}")
        return moment


def openssl(*arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["openssl", *arguments], capture_output=True, text=True, timeout=60, check=False
        )
    except FileNotFoundError:
        raise Refused(
            USAGE, "timestamps are checked by the program openssl, which is not installed here"
        ) from None


# --- A proof file -------------------------------------------------------------------------------------------
def check_file(path: Path, asked: argparse.Namespace) -> None:
    proof = read_json(path.read_bytes(), "seqlense-proof/1")
    key = chosen_key(asked, proof["log_key"])
    checkpoint = read_checkpoint(proof["checkpoint"])
    check_signature(checkpoint, key)
    say(f"checkpoint: {checkpoint.size} entries of {checkpoint.origin}, signed by the log")
    for entry in proof["entries"]:
        content = opened(entry)
        leaf = leaf_hash(digest(entry))
        neighbours = [unbase64(one) for one in entry["inclusion"]]
        if root_by_inclusion(leaf, entry["index"], checkpoint.size, neighbours) != checkpoint.root:
            raise Refused(ENTRY, f"entry {entry['index']} was altered, or is not in the log")
        say(f"entry {entry['index']}: {content['kind']}, {content['at']}")
    check_witnesses(checkpoint, asked, [*asked.witness, *proof["witnesses"]])
    if asked.log:
        check_published(asked, key, checkpoint)
    elif asked.against:
        raise Refused(USAGE, "--against asks for the log as well: --log FOLDER_OR_URL")
    if stamp := proof["timestamp"]:
        moment = check_timestamp(
            proof["checkpoint"], unbase64(stamp["token"]), authority(asked, stamp["authority"])
        )
        say(f"timestamp: all this existed on {moment:%Y-%m-%d at %H:%M:%S} UTC, says the authority")
    elif not (asked.log and stamped_later(asked, key, checkpoint, proof["made_at"])):
        say("timestamp: none yet; a later file, or the published log, has one")


def check_published(asked: argparse.Namespace, key: Key, mine: Checkpoint) -> None:
    """The published log still begins with what the file shows, and with what was kept before."""
    read = reader(asked.log)
    head = head_of(read)
    check_signature(head, key)
    for old in [mine, *([older_checkpoint(asked.against, key)] if asked.against else [])]:
        if old.size > head.size:
            raise Refused(CONSISTENCY, f"the log once had {old.size} entries, now it has only {head.size}")
        check_continuation(read, old, head)
        say(f"consistency: the log of {head.size} entries continues the one of {old.size}")


def stamped_later(asked: argparse.Namespace, key: Key, mine: Checkpoint, made_at: str) -> bool:
    """The published log's first timestamp of a checkpoint that continues this one; whether there is any."""
    read, day = reader(asked.log), datetime.fromisoformat(made_at).astimezone(UTC).date()
    for date in (day + timedelta(days=number) for number in range(SEARCHED)):
        note, token = read(f"timestamps/{date}.checkpoint"), read(f"timestamps/{date}.tsr")
        stamped = read_checkpoint(note.decode()) if note and token else None
        if note and token and stamped and stamped.size >= mine.size:
            check_signature(stamped, key)
            check_continuation(read, mine, stamped)
            root = read("timestamps/authority.pem")
            moment = check_timestamp(note.decode(), token, authority(asked, (root or b"").decode()))
            say(f"timestamp: found in the log: all this existed on {moment:%Y-%m-%d at %H:%M:%S} UTC")
            return True
    return False


def digest(entry: dict[str, Any]) -> bytes:
    """What the log holds in the place of an act: a hash that tells nothing without its salt."""
    return hashlib.sha256(bytes.fromhex(entry["salt"]) + entry["content"].encode()).digest()


def opened(entry: dict[str, Any]) -> dict[str, Any]:
    try:
        content = json.loads(entry["content"])
    except ValueError:
        content = None
    if not isinstance(content, dict) or not {"kind", "at"} <= content.keys():
        raise Refused(ENTRY, f"entry {entry['index']} was altered: its content can't be read")
    return content


def check_witnesses(checkpoint: Checkpoint, asked: argparse.Namespace, named: list[str]) -> None:
    for text in dict.fromkeys(named):
        witness = read_key(text)
        moment = check_cosignature(checkpoint, witness)
        whose = "" if text in asked.witness else " (its key is taken from this file)"
        say(f"witness: {witness.name} saw this checkpoint on {moment:%Y-%m-%d at %H:%M:%S} UTC{whose}")


# --- A copy of the log --------------------------------------------------------------------------------------
def check_log(folder: Path, key: Key, asked: argparse.Namespace) -> dict[int, bytes]:
    """Each tile, each entry, each kept checkpoint and timestamp. What each entry holds, by index."""
    read = reader(str(folder))
    head = head_of(read)
    check_signature(head, key)
    kept = {file: older_checkpoint(file, key) for file in sorted(folder.glob("timestamps/*.checkpoint"))}
    kept |= {Path(asked.against): older_checkpoint(asked.against, key)} if asked.against else {}
    entries = scan(read, head)
    say(f"log: {head.size} entries of {head.origin}, every tile and entry adds up to the signed checkpoint")
    for file, old in kept.items():
        if old.size > head.size:
            raise Refused(CONSISTENCY, f"{file.name} saw {old.size} entries, this log has only {head.size}")
        check_continuation(read, old, head)
        say(f"consistency: the log continues {file.name} ({old.size} entries)")
    for file in kept:
        token = file.with_suffix(".tsr")
        if token.is_file():
            root = authority(asked, own_authority(folder))
            moment = check_timestamp(file.read_text(encoding="utf-8"), token.read_bytes(), root)
            say(f"timestamp: {file.stem}, seen on {moment:%Y-%m-%d at %H:%M:%S} UTC, says the authority")
    for text in asked.witness:
        note = read(f"cosignatures/{read_key(text).id.hex()}")
        if note is None:
            raise Refused(WITNESS, f"{read_key(text).name} has cosigned nothing here")
        cosigned = read_checkpoint(note.decode())
        check_signature(cosigned, key)
        check_witnesses(cosigned, asked, [text])
        check_continuation(read, cosigned, head)
    return entries


def scan(read: Read, head: Checkpoint) -> dict[int, bytes]:
    """Compute the tree again from its lowest tiles, compare every tile above and every entry below."""
    hashes, level, entries = [], 0, {}
    for number, width in parts(head.size):
        held = tile(read, 0, number, width)
        hashes += [held[at : at + 32] for at in range(0, len(held), 32)]
    lowest = hashes
    while hashes:
        above = [fold(hashes[at : at + WIDTH]) for at in range(0, len(hashes) - len(hashes) % WIDTH, WIDTH)]
        level += 1
        for number, width in parts(len(above)):
            if tile(read, level, number, width) != b"".join(above[number * WIDTH :][:width]):
                raise Refused(TILE, f"tile {number} of level {level} was altered, or one below it")
        hashes = above
    if whole_root(lowest) != head.root:
        raise Refused(TILE, "a tile was altered: the lowest tiles do not add up to the signed checkpoint")
    for number, width in parts(head.size):
        bundle = tile(read, "entries", number, width)
        for index in range(number * WIDTH, number * WIDTH + width):
            length = int.from_bytes(bundle[:2], "big")
            entries[index], bundle = bundle[2 : 2 + length], bundle[2 + length :]
            if leaf_hash(entries[index]) != lowest[index]:
                raise Refused(ENTRY, f"entry {index} was altered: it is not what the tree holds")
    return entries


def whole_root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    complete: list[tuple[int, bytes]] = []  # subtrees, the largest first
    for leaf in leaves:
        height, found = 0, leaf
        while complete and complete[-1][0] == height:
            height, found = height + 1, node_hash(complete.pop()[1], found)
        complete.append((height, found))
    root = complete.pop()[1]
    while complete:
        root = node_hash(complete.pop()[1], root)
    return root


# --- An evidence bundle -------------------------------------------------------------------------------------
def check_bundle(folder: Path, asked: argparse.Namespace) -> None:
    """The list of files is signed by the log's key; each file is as listed; each opened act is in the log."""
    key = chosen_key(asked, (folder / "log" / "key").read_text(encoding="utf-8"))
    text, _, below = (folder / "evidence.note").read_text(encoding="utf-8").rpartition("\n\n")
    manifest = (folder / "evidence.json").read_bytes()
    named = f"{key.name}/evidence\nsha256 {hashlib.sha256(manifest).hexdigest()}"
    marked = [unbase64(value) for value in re.findall(r"^\u2014 \S+ (\S+)$", below, re.MULTILINE)]
    valid = any(one[:4] == key.id and signed(key, one[4:], f"{named}\n".encode()) for one in marked)
    if text != named or not valid:
        raise Refused(BUNDLE, "evidence.json is not the one that the log's key signed")
    content = read_json(manifest, "seqlense-evidence/1")
    altered = [path for path, expected in content["files"].items() if hashed(folder / path) != expected]
    for path in altered:
        if not path.startswith("log/"):  # of the log's own files the reason is told below
            raise Refused(BUNDLE, f"{path} is missing, or was altered")
    say(f"bundle: {len(content['files'])} files, as of {content['as_of']}, list signed by the log's key")
    entries = check_log(folder / "log", key, asked)
    if altered:
        raise Refused(BUNDLE, f"{altered[0]} is missing, or was altered")
    registers = {file.stem for file in folder.glob("register/*.json") if hashed(file) == file.stem}
    acts = [json.loads(line) for line in (folder / "acts.jsonl").read_text(encoding="utf-8").splitlines()]
    for entry in acts:
        act = opened(entry)
        if entries.get(entry["index"]) != digest(entry):
            raise Refused(ENTRY, f"act {entry['index']} was altered, or is not in the log")
        if act["register"] not in registers:
            raise Refused(BUNDLE, f"the register under which act {entry['index']} was done is missing")
    say(f"acts: {len(acts)} opened, each of them in the log, with the register it was done under")


def hashed(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


# --- What was asked -----------------------------------------------------------------------------------------
def chosen_key(asked: argparse.Namespace, found: str) -> Key:
    if asked.key and asked.key.strip() != found.strip():
        raise Refused(KEY, f"this was made with another key than the one you gave: {found.strip()}")
    if not asked.key:
        say(f"key: {found.strip()} (found beside the proof: compare it with the one published)")
    return read_key(found)


def authority(asked: argparse.Namespace, found: str | None) -> str:
    if asked.authority:
        return str(Path(asked.authority).read_text(encoding="utf-8"))
    if not found:
        raise Refused(USAGE, "give the timestamp authority's root certificate: --authority FILE")
    say("authority: its certificate is taken from beside the timestamp; compare it with the authority's own")
    return found


def own_authority(folder: Path) -> str | None:
    file = folder / "timestamps" / "authority.pem"
    return file.read_text(encoding="utf-8") if file.is_file() else None


def head_of(read: Read) -> Checkpoint:
    note = read("checkpoint")
    if note is None:
        raise Refused(USAGE, "no checkpoint there: this is no log")
    return read_checkpoint(note.decode("utf-8", "replace"))


def older_checkpoint(path: str | Path, key: Key) -> Checkpoint:
    """A checkpoint kept from before, signed by the same key; in a file of its own or in a proof file."""
    text = Path(path).read_text(encoding="utf-8")
    note = read_json(text.encode(), "seqlense-proof/1")["checkpoint"] if text.startswith("{") else text
    found = read_checkpoint(note)
    check_signature(found, key)
    return found


def read_json(content: bytes, form: str) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    if not isinstance(found, dict) or found.get("format") != form:
        raise Refused(USAGE, f"this is no file of the format {form}")
    return found


def say(line: str) -> None:
    print(line)


def check(asked: argparse.Namespace) -> None:
    place = Path(asked.what)
    if place.is_file():
        check_file(place, asked)
    elif (place / "evidence.json").is_file():
        check_bundle(place, asked)
    elif (place / "checkpoint").is_file():
        found = place / "key"
        if not asked.key and not found.is_file():
            raise Refused(USAGE, "say with --key by which key this log should be signed")
        key = found.read_text(encoding="utf-8") if found.is_file() else asked.key
        check_log(place, chosen_key(asked, key), asked)
    else:
        raise Refused(USAGE, f"{place} is no proof file, no log and no evidence bundle (unpack a ZIP first)")


def main() -> NoReturn:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what")
    for name in ("--key", "--against", "--authority", "--log"):
        parser.add_argument(name)
    parser.add_argument("--witness", action="append", default=[])
    try:
        check(parser.parse_args())
    except Refused as refused:
        print(f"REFUSED ({refused.code}): {refused}", file=sys.stderr)
        sys.exit(refused.code)
    except (KeyError, TypeError, OSError, ValueError) as broken:
        print(
            f"REFUSED ({USAGE}): the file is damaged or can't be read ({type(broken).__name__})",
            file=sys.stderr,
        )
        sys.exit(USAGE)
    print("All that was checked holds.")
    sys.exit(0)


if __name__ == "__main__":
    main()
