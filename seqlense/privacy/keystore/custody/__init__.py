"""Where the keys of epochs are kept: in a file, in two places of which both are needed, or by a device.

Each epoch has a file in the folder `settings.SEQLENSE_EPOCH_KEYS`, whose first line says which of them keeps
its key. `settings.SEQLENSE_CUSTODY` says which keeps the next: to move from one to another is to rotate.
"""

from collections.abc import Iterator

from django.conf import settings

from seqlense.privacy.keystore.custody.epoch import Custody, Epoch
from seqlense.privacy.keystore.custody.file import InFile
from seqlense.privacy.keystore.custody.split import Split
from seqlense.privacy.keystore.custody.token import InToken

__all__ = ["ALL", "Custody", "Epoch", "chosen", "configured", "of_title"]

ALL: dict[str, Custody] = {one.name: one for one in (InFile(), Split(), InToken())}


def chosen() -> Custody:
    """Who keeps the next epoch's key."""
    return ALL[getattr(settings, "SEQLENSE_CUSTODY", InFile.name)]


def of_title(title: str) -> Custody | None:
    """Whose files begin with that line."""
    return next((one for one in ALL.values() if one.title == title), None)


def configured() -> Iterator[Custody]:
    """Those that settings say enough about to be asked."""
    return (one for one in ALL.values() if one.configured())
