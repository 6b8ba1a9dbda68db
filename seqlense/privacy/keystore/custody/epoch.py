"""What every custody does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from seqlense.privacy.keystore.envelope import Secret
    from seqlense.privacy.keystore.keyfiles import Lines


@dataclass(frozen=True)
class Epoch:
    """Which epoch, of which installation."""

    installation: UUID
    number: int

    @property
    def as_bytes(self) -> bytes:
        """What a key is bound to."""
        return self.installation.bytes + self.number.to_bytes(4)

    @property
    def file_name(self) -> str:
        """Name of its file, in whichever folder."""
        return f"epoch-{self.number:06}.key"


class Custody(Protocol):
    """One way to keep an epoch's key. All raise a KeystoreError that says what to do, or OSError if full.

    name: as settings call it. title: first line of the epoch's file.
    """

    name: str
    title: str

    def keep(self, secret: Secret, epoch: Epoch) -> Lines:
        """Put the key away; what the epoch's own file is to say. Doing it again replaces what was kept."""

    def fetch(self, lines: Lines, epoch: Epoch, path: Path) -> Secret:
        """The key again. lines, path: the epoch's file. Raises ValueError where they can't be right."""

    def discard(self, epoch: Epoch) -> None:
        """Destroy what is kept outside of the epoch's file. Doing it again is fine."""

    def configured(self) -> bool:
        """Whether settings say enough to keep keys so."""
