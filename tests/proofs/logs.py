"""A small log in a folder, and proof files from it, made without a database."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from seqlense.privacy.log import merkle
from seqlense.privacy.log.note import Checkpoint, Signer
from seqlense.privacy.log.tiles import Tiles
from seqlense.privacy.proofs.proof_file import Included, Opened, ProofFile
from seqlense.privacy.proofs.wording import explanation

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass
class Log:
    """A log of made-up acts; `opened[n]` opens entry n."""

    folder: Path
    signer: Signer = field(default_factory=lambda: Signer.new("log.example/log"))
    opened: list[Opened] = field(default_factory=list)

    @property
    def tiles(self) -> Tiles:
        """Its files, read anew."""
        return Tiles(self.folder)

    @property
    def key(self) -> str:
        """Its public key."""
        return str(self.signer.verifier)

    @property
    def note(self) -> bytes:
        """The present checkpoint."""
        return self.tiles.checkpoint() or b""

    def grow(self, count: int) -> None:
        """So many acts more, sealed."""
        size = len(self.opened)
        for index in range(size, size + count):
            content = json.dumps({"kind": "privacy.erased", "at": NOON.isoformat(), "number": index})
            self.opened.append(Opened(index, sha256(b"%d" % index).digest(), content))
        root = self.tiles.append(size, [one.digest for one in self.opened[size:]])
        text = Checkpoint(self.signer.verifier.name, len(self.opened), root).text
        self.tiles.publish(self.signer.note(text).encode())

    def proof(self, indexes: Sequence[int], *, token: bytes | None = None, authority: str = "") -> ProofFile:
        """A proof file about these entries."""
        size = len(self.opened)
        nodes = self.tiles.nodes(size)
        entries = (Included(self.opened[one], tuple(merkle.inclusion(one, size, nodes))) for one in indexes)
        return ProofFile(
            made_at=NOON, key=self.key, register_version="0" * 64, checkpoint=self.note.decode(),
            token=token, authority=authority, entries=tuple(entries), explanation=explanation(),
        )  # fmt: skip
