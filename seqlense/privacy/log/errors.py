"""What can go wrong with the log, and with what somebody shows as a proof from it."""

from seqlense.privacy.errors import Explained


class LogError(Explained):
    """Root of the log's errors. Each says what to do."""

    code = "log"


class ProofRefused(LogError, ValueError):
    """A proof of inclusion or consistency shows nothing: misshapen, or it leads elsewhere."""

    code = "proof-refused"


class NoteRefused(LogError, ValueError):
    """A signed note that isn't one, or that no known key signed."""

    code = "note-refused"


class LogKeyMissing(LogError):
    """The file with the log's signing key isn't there, although a log is."""

    code = "log-key-missing"


class LogKeyDamaged(LogError):
    """The file with the log's signing key can't be read, may be read by others, or belongs to another log."""

    code = "log-key-damaged"


class LogMissing(LogError):
    """The database knows a log whose files are gone: rebuild them, never begin a new log."""

    code = "log-missing"


class LogDamaged(LogError):
    """Files of the log are missing, cut short or altered."""

    code = "log-damaged"


class LogAhead(LogError):
    """The log holds entries that the database doesn't know: the database is an older copy.

    entries: how many.
    """

    code = "log-ahead"

    def __init__(self, message: str, entries: int) -> None:
        super().__init__(message)
        self.entries = entries


class LogBehind(LogError):
    """The log's files are an older copy than the database: rebuild them."""

    code = "log-behind"


class LogForked(LogError):
    """The files and the database tell two different histories."""

    code = "log-forked"


class LogFull(LogError):
    """The folder of the log takes no more files; nothing is lost, sealing goes on once there is room."""

    code = "log-full"


class NotSealed(LogError, LookupError):
    """That act isn't in a checkpoint yet."""

    code = "not-sealed"


class NoOpening(LogError, LookupError):
    """The opening of that act went with the person's key: the log proves it to nobody any more."""

    code = "no-opening"
