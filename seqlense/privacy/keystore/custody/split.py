"""The key is split over two folders. One share alone says nothing about the key: it is 32 random bytes."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from seqlense.privacy.keystore import keyfiles
from seqlense.privacy.keystore.envelope import Secret
from seqlense.privacy.keystore.errors import CustodyMissing, WrongInstallation
from seqlense.privacy.keystore.keyfiles import Lines

if TYPE_CHECKING:
    from seqlense.privacy.keystore.custody.epoch import Epoch

_CHECK = b"seqlense share of an epoch key"
_SECOND = "The second share's"


class Split:
    """See Custody. The second share lies in `settings.SEQLENSE_EPOCH_KEYS_2`."""

    name = "split"
    title = "seqlense epoch key, first share of two, format 1"
    second = "seqlense epoch key, second share of two, format 1"

    def keep(self, secret: Secret, epoch: Epoch) -> Lines:
        path = self._path(epoch)
        self._leave_others_alone(path, epoch)
        mine = Secret.new()
        keyfiles.write(path, self._lines(self.second, secret.apart(mine), epoch))
        return self._lines(self.title, mine, epoch)

    def fetch(self, lines: Lines, epoch: Epoch, path: Path) -> Secret:
        other = self._path(epoch)
        found = keyfiles.read(other, _SECOND)
        if found.title != self.second or not self._intact(found, epoch):
            raise keyfiles.damaged(other, _SECOND)
        if not self._intact(lines, epoch):
            raise keyfiles.damaged(path, "The first share's")
        return lines.secret("share").apart(found.secret("share"))

    def discard(self, epoch: Epoch) -> None:
        path = self._path(epoch)
        if path.exists():
            self._leave_others_alone(path, epoch)
        keyfiles.destroy(path)

    def configured(self) -> bool:
        return getattr(settings, "SEQLENSE_EPOCH_KEYS_2", None) is not None

    def _path(self, epoch: Epoch) -> Path:
        if not self.configured():
            raise CustodyMissing(
                "The epoch key is split over two places: name the second, SEQLENSE_EPOCH_KEYS_2."
            )
        return Path(str(settings.SEQLENSE_EPOCH_KEYS_2)) / epoch.file_name

    def _lines(self, title: str, share: Secret, epoch: Epoch) -> Lines:
        whose = {"installation": str(epoch.installation), "epoch": str(epoch.number)}
        return Lines(title, **whose, share=share.as_text(), intact=share.digest(_CHECK, epoch.as_bytes).hex())

    def _intact(self, lines: Lines, epoch: Epoch) -> bool:
        try:
            right = lines.secret("share").digest(_CHECK, epoch.as_bytes).hex()
        except ValueError:
            return False
        return secrets.compare_digest(right, lines.get("intact"))

    def _leave_others_alone(self, path: Path, epoch: Epoch) -> None:
        """Raises WrongInstallation rather than overwrite another installation's share."""
        if not path.exists():
            return
        whose = Lines.read(path).get("installation")
        if whose not in ("", str(epoch.installation)):
            raise WrongInstallation(
                f"{path} is a share of another installation's epoch key: name another folder."
            )
