"""The epoch's file holds the key itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from seqlense.privacy.keystore.keyfiles import Lines

if TYPE_CHECKING:
    from seqlense.privacy.keystore.custody.epoch import Epoch
    from seqlense.privacy.keystore.envelope import Secret


class InFile:
    """See Custody."""

    name = "file"
    title = "seqlense epoch key, format 1"

    def keep(self, secret: Secret, epoch: Epoch) -> Lines:
        return Lines(self.title, key=secret.as_text())

    def fetch(self, lines: Lines, epoch: Epoch, path: Path) -> Secret:
        return lines.secret("key")

    def discard(self, epoch: Epoch) -> None:
        """Nothing is kept elsewhere."""

    def configured(self) -> bool:
        return True
