"""What can be wrong with the keystore, each with what to do about it."""

from __future__ import annotations

from seqlense.privacy.errors import PrivacyError


class KeystoreError(PrivacyError):
    """Root of the keystore's errors. No sealed value can be read or written until it is put right."""

    code = "keystore"


class KeystoreMissing(KeystoreError):
    """No keystore is set up, or the one there is empty although this installation has data."""

    code = "keystore-missing"


class WrongInstallation(KeystoreError):
    """Data, keystore and epoch keys are not all of one installation."""

    code = "wrong-installation"


class EpochKeyMissing(KeystoreError):
    """The file of an epoch key that living data keys are wrapped under isn't there."""

    code = "epoch-key-missing"


class EpochKeyUnreadable(KeystoreError):
    """An epoch key file that this process may not read, or that others may."""

    code = "epoch-key-unreadable"


class EpochKeyDamaged(KeystoreError):
    """An epoch key file cut short or altered."""

    code = "epoch-key-damaged"


class RotationRunning(KeystoreError):
    """Another process is rotating at this moment."""

    code = "rotation-running"


class KeystoreFull(KeystoreError):
    """No room left to write, or a fault of the disk. Nothing was lost: what was readable still is."""

    code = "keystore-full"


class CustodyMissing(KeystoreError):
    """Settings don't say where an epoch's key is kept."""

    code = "custody-missing"


class TokenAway(KeystoreError):
    """The device that keeps the epoch's key doesn't answer, or refuses."""

    code = "token-away"


class KeystoreOlder(KeystoreError):
    """An older copy of the keystore was put back: keys of people erased since may be in it."""

    code = "keystore-older"


class DrillFailed(KeystoreError):
    """Before the old epoch key went, a living person couldn't be read, or an erased one could."""

    code = "drill-failed"
