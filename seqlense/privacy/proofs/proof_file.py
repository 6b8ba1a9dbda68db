"""The proof file: what a person takes away after a request, and anybody can verify without us.

JSON, described in docs/integrator.md. It holds each entry's content with its salt, the way from there to the
log's signed checkpoint, and who else saw that checkpoint.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Self

from seqlense.privacy.log.note import Checkpoint, Note
from seqlense.privacy.proofs import tokens
from seqlense.privacy.proofs.errors import Broken

FORMAT: Final = "seqlense-proof/1"
ENDING: Final = ".seqlense-proof.json"
MEDIA_TYPE: Final = "application/json"


@dataclass(frozen=True)
class Opened:
    """One act that the log holds, opened: salt and the exact text whose hash is the log's entry."""

    index: int
    salt: bytes
    content: str

    @property
    def digest(self) -> bytes:
        """What the log holds in its place."""
        return sha256(self.salt + self.content.encode()).digest()

    @property
    def act(self) -> Mapping[str, Any]:
        """What was recorded. Raises Broken."""
        try:
            found = json.loads(self.content)
        except ValueError:
            found = None
        if not isinstance(found, dict) or not {"kind", "at"} <= found.keys():
            raise Broken("entry", str(self.index))
        return found

    def as_json(self) -> dict[str, Any]:
        """As files write it."""
        return {"index": self.index, "salt": self.salt.hex(), "content": self.content}

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Self:
        """From a file. Raises KeyError, TypeError or ValueError on another shape."""
        if type(raw["index"]) is not int or not isinstance(raw["content"], str):
            raise TypeError
        return cls(raw["index"], bytes.fromhex(raw["salt"]), raw["content"])


@dataclass(frozen=True)
class Included:
    """An opened act and the hashes that lead from it to the checkpoint's root."""

    opened: Opened
    inclusion: tuple[bytes, ...]


@dataclass(frozen=True, kw_only=True)
class ProofFile:
    """The whole file.

    key: the log's public key. checkpoint: the note that the log signed, with the witnesses' lines under it;
    witnesses: their keys. token: the timestamp authority's response about exactly this note, or None;
    authority: its certificates (PEM). explanation: by language, in paragraphs.
    """

    made_at: datetime
    key: str
    register_version: str
    checkpoint: str
    witnesses: tuple[str, ...] = ()
    token: bytes | None = None
    authority: str = ""
    entries: tuple[Included, ...] = ()
    explanation: Mapping[str, tuple[str, ...]]

    @property
    def size(self) -> int:
        """How many entries the log had at the checkpoint."""
        return Checkpoint.parse(Note.parse(self.checkpoint).text).size

    @property
    def stamped(self) -> datetime | None:
        """When the authority saw the checkpoint, as its token says."""
        return None if self.token is None else tokens.moment_of(self.token)

    def as_bytes(self) -> bytes:
        """The file's content."""
        stamp = self.token and {"token": _encoded(self.token), "authority": self.authority}
        whole = {
            "format": FORMAT,
            "explanation": {language: list(said) for language, said in self.explanation.items()},
            "made_at": self.made_at.isoformat(),
            "log_key": self.key,
            "register_version": self.register_version,
            "checkpoint": self.checkpoint,
            "witnesses": list(self.witnesses),
            "timestamp": stamp or None,
            "entries": [
                {**one.opened.as_json(), "inclusion": [_encoded(hashed) for hashed in one.inclusion]}
                for one in self.entries
            ],
        }
        return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Raises Broken for what isn't such a file."""
        try:
            raw = json.loads(content)
            if raw["format"] != FORMAT:
                raise ValueError
            stamp = raw["timestamp"] or {"token": "", "authority": ""}
            return cls(
                made_at=datetime.fromisoformat(raw["made_at"]),
                key=raw["log_key"],
                register_version=raw["register_version"],
                checkpoint=raw["checkpoint"],
                witnesses=tuple(raw["witnesses"]),
                token=_decoded(stamp["token"]) if raw["timestamp"] else None,
                authority=stamp["authority"],
                entries=tuple(
                    Included(Opened.parse(one), tuple(_decoded(hashed) for hashed in one["inclusion"]))
                    for one in raw["entries"]
                ),
                explanation={language: tuple(said) for language, said in raw["explanation"].items()},
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Broken("file") from None


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError from None
