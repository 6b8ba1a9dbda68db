"""Signed notes (C2SP signed-note), checkpoints (tlog-checkpoint) and cosignatures (tlog-cosignature, v1).

Bytes in, bytes out; keys are Ed25519 (RFC 8032). A key is written as Go's `sumdb/note` writes it, so that any
tool of that world reads it.
"""

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from seqlense.privacy.log.errors import NoteRefused

LOG: Final = 1
"""Type of a log's own signature."""
COSIGNER: Final = 4
"""Type of a witness's signature with a time."""
_DASH = "\N{EM DASH} "
_SECRET = "PRIVATE+KEY+"  # noqa: S105 (the prefix that says what follows)
_LARGEST = 1_000_000


@dataclass(frozen=True)
class Verifier:
    """A public key and the name it signs under. kind: LOG or COSIGNER."""

    name: str
    public: bytes
    kind: int = LOG

    def __post_init__(self) -> None:
        if not _is_name(self.name) or self.kind not in (LOG, COSIGNER) or len(self.public) != 32:
            raise NoteRefused("That is no key of a log or of a witness.")

    @property
    def key_id(self) -> bytes:
        """Four bytes by which a signature says whose it is."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        public = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{public}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """From "name+hash+key". Raises NoteRefused."""
        name, _, rest = text.strip().partition("+")
        given, _, encoded = rest.partition("+")
        data = _decoded(encoded)
        if len(data) != 33:
            raise NoteRefused("A verifier's key reads name+hash+key.")
        found = cls(name, data[1:], data[0])
        if found.key_id.hex() != given:
            raise NoteRefused("The verifier's key is damaged: its hash isn't the one written in it.")
        return found

    def holds(self, text: bytes, signature: bytes) -> bool:
        """Whether this key made that signature (without the key's id) over the text."""
        if self.kind == COSIGNER:
            if len(signature) != 72:
                return False
            text, signature = _cosigned(text, int.from_bytes(signature[:8])), signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            return False
        return True


class Signer:
    """A private key and the name it signs under. It never prints."""

    __slots__ = ("_key", "verifier")

    def __init__(self, name: str, seed: bytes, kind: int = LOG) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = Verifier(name, self._key.public_key().public_bytes_raw(), kind)

    @classmethod
    def new(cls, name: str, kind: int = LOG) -> Self:
        """A fresh key."""
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw(), kind)

    @classmethod
    def parse(cls, text: str) -> Self:
        """From what `secret` gave. Raises NoteRefused, which never repeats it."""
        name, _, rest = text.strip().removeprefix(_SECRET).partition("+")
        given, _, encoded = rest.partition("+")
        data = _decoded(encoded)
        if not text.startswith(_SECRET) or len(data) != 33:
            raise NoteRefused("That is no signing key.")
        found = cls(name, data[1:], data[0])
        if found.verifier.key_id.hex() != given:
            raise NoteRefused("The signing key is damaged: its hash isn't the one written in it.")
        return found

    def secret(self) -> str:
        """The key as text, for its file."""
        kept = base64.b64encode(bytes([self.verifier.kind]) + self._key.private_bytes_raw()).decode()
        return f"{_SECRET}{self.verifier.name}+{self.verifier.key_id.hex()}+{kept}"

    def sign(self, text: bytes) -> bytes:
        """The bare Ed25519 signature of any bytes."""
        return self._key.sign(text)

    def line(self, text: str, time: int = 0) -> str:
        """The signature line for a note's text. time: of a cosignature, in seconds since 1970."""
        if self.verifier.kind == COSIGNER:
            signature = time.to_bytes(8) + self.sign(_cosigned(text.encode(), time))
        else:
            signature = self.sign(text.encode())
        encoded = base64.b64encode(self.verifier.key_id + signature).decode()
        return f"{_DASH}{self.verifier.name} {encoded}\n"

    def note(self, text: str) -> str:
        """A note of that text with this signature alone."""
        return f"{text}\n{self.line(text)}"

    def __repr__(self) -> str:
        return f"<signer {self.verifier.name}>"


@dataclass(frozen=True)
class Signature:
    """One signature line. signature: what follows the key's id; of a cosignature, with its time."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"

    @property
    def time(self) -> int:
        """Of a cosignature: when it was made, in seconds since 1970."""
        return int.from_bytes(self.signature[:8])


@dataclass(frozen=True)
class Note:
    """A text and its signatures, none of them verified by being here."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(one.line for one in self.signatures)}"

    @classmethod
    def parse(cls, raw: str | bytes) -> Self:
        """Raises NoteRefused."""
        try:
            whole = raw if isinstance(raw, str) else raw.decode()
        except UnicodeDecodeError:
            raise NoteRefused("That is no signed note: it isn't UTF-8.") from None
        if len(whole) > _LARGEST or any(ord(one) < 0x20 and one != "\n" for one in whole):
            raise NoteRefused("That is no signed note.")
        text, separator, lines = whole.rpartition("\n\n")
        if not separator or not text or not lines.endswith("\n"):
            raise NoteRefused("That is no signed note: it has no signature.")
        return cls(f"{text}\n", tuple(parse_lines(lines)))

    def signed_by(self, verifiers: Iterable[Verifier]) -> list[tuple[Verifier, Signature]]:
        """Those of the keys that signed. Raises NoteRefused if one's signature is false, or none signed."""
        known = {(one.name, one.key_id): one for one in verifiers}
        found = []
        for one in self.signatures:
            verifier = known.get((one.name, one.key_id))
            if verifier is None:
                continue
            if not verifier.holds(self.text.encode(), one.signature):
                raise NoteRefused(f"The signature of {one.name} is false.")
            found.append((verifier, one))
        if not found:
            raise NoteRefused("No known key signed it.")
        return found

    def with_lines(self, more: Sequence[Signature]) -> Self:
        """The same note with further signatures after its own; one key signs once."""
        theirs = {(one.name, one.key_id) for one in more}
        kept = [one for one in self.signatures if (one.name, one.key_id) not in theirs]
        return type(self)(self.text, (*kept, *more))


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log: `size` entries, whose tree has that root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The note's text."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """From a note's text. Raises NoteRefused."""
        lines = text.split("\n")
        if len(lines) < 4 or not all(lines[:-1]):
            raise NoteRefused("That is no checkpoint.")
        origin, size, root = lines[:3]
        hashed = _decoded(root)
        if not (size.isascii() and size.isdigit() and str(int(size)) == size) or len(hashed) != 32:
            raise NoteRefused("That is no checkpoint.")
        return cls(origin, int(size), hashed)


def opened(raw: str | bytes, verifier: Verifier) -> Checkpoint:
    """The checkpoint of the log with that key. Raises NoteRefused if it isn't one that this log signed."""
    note = Note.parse(raw)
    note.signed_by([verifier])
    found = Checkpoint.parse(note.text)
    if found.origin != verifier.name:
        raise NoteRefused(f"That is a checkpoint of {found.origin}, not of {verifier.name}.")
    return found


def parse_lines(lines: str) -> Iterable[Signature]:
    """Signature lines, as at the end of a note or in a witness's answer. Raises NoteRefused."""
    for line in lines.removesuffix("\n").split("\n"):
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        data = _decoded(encoded)
        if not line.startswith(_DASH) or not _is_name(name) or len(data) < 5:
            raise NoteRefused("That is no signature line.")
        yield Signature(name, data[:4], data[4:])


def _cosigned(text: bytes, time: int) -> bytes:
    return b"cosignature/v1\ntime %d\n" % time + text


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(one.isspace() for one in name)


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise NoteRefused("Damaged: not base64.") from None
