"""What can be wrong with a backup, or with making one; each message says what to do."""

from seqlense.privacy.errors import Explained


class BackupError(Explained):
    """Root of the errors of backups."""

    code = "backup"


class NoPlace(BackupError):
    """The project doesn't say where its backups go."""

    code = "backup-no-place"


class UnknownBackup(BackupError):
    """There is no backup of that name."""

    code = "backup-unknown"


class BackupRunning(BackupError):
    """Another process is making, or removing, backups at this moment."""

    code = "backup-running"


class BackupCutShort(BackupError):
    """A file is missing, or shorter than its manifest says."""

    code = "backup-cut-short"


class BackupAltered(BackupError):
    """A file isn't what its manifest says, or the manifest isn't what was signed."""

    code = "backup-altered"


class BackupElsewhere(BackupError):
    """It was made by another installation."""

    code = "backup-of-another-installation"


class ProgramMissing(BackupError):
    """No client program of PostgreSQL that fits the server is on this machine."""

    code = "backup-program-missing"


class ProgramFailed(BackupError):
    """pg_dump or pg_restore ended with an error."""

    code = "backup-program-failed"


class BackupFull(BackupError):
    """There is no writing to the folder of the backups."""

    code = "backup-full"


class CopyStays(BackupError):
    """An old copy of the keystore can't be removed: who has it and its epoch key reads those erased since."""

    code = "backup-copy-stays"
