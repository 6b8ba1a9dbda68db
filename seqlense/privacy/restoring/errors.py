"""What a restore refuses, each with what to do instead."""

from seqlense.privacy.errors import Explained


class RestoreError(Explained):
    """Root of the errors of restores."""

    code = "restore"


class NotEmpty(RestoreError):
    """There is something where the backup would go."""

    code = "restore-not-empty"


class NoSuchDatabase(RestoreError):
    """The database to restore into can't be reached, or takes nothing."""

    code = "restore-no-database"


class Locked(RestoreError):
    """The data is older than what was done since: nothing is served until the restore is finished."""

    code = "restore-locked"


class NotLocked(RestoreError):
    """There is no restore to finish."""

    code = "restore-not-locked"


class Finishing(RestoreError):
    """Another process is finishing the restore at this moment."""

    code = "restore-running"


class JournalMissing(RestoreError):
    """The journal tells nothing, or only the end, of what was done since the backup."""

    code = "restore-no-journal"


class Unprepared(RestoreError):
    """The restored data was written by an earlier version of the program."""

    code = "restore-unprepared"


class Unreadable(RestoreError):
    """After everything was done again, living people can't be read, or erased ones can."""

    code = "restore-drill-failed"
