"""Why a file isn't taken, or can't be given back. The code is stable; the words belong to the pages."""


class DocumentError(Exception):
    """Base of this room's refusals. The message never repeats a file's name or content."""

    code = "documents.refused"

    def __init__(self, code: str | None = None) -> None:
        if code is not None:
            self.code = code
        super().__init__(self.code)


class FileRefused(DocumentError):
    """A file isn't taken.

    code: documents.file.empty, .large, .name, .kind (not among those taken), .lying (its content isn't what
    its name says), .two (it is two kinds of file at once), .after (something follows its end), .damaged,
    .active (macros, scripts, embedded programs), .packed (archives within it), .bomb, .locked (encrypted),
    .outside (fetches from elsewhere), .cut (it didn't arrive whole).
    """


class TooMuch(DocumentError):
    """A message's files are too many or too large together: documents.files.many, .large."""


class Missing(DocumentError):
    """The row is there and its file isn't: lost with a disk, or not in the backup that was restored."""

    code = "documents.missing"


class Unreadable(DocumentError):
    """The file can't be opened: its key was destroyed, or it was altered, cut, or put in another's place."""

    code = "documents.unreadable"


class NoRoom(DocumentError):
    """The disk of the documents is full, or refuses to be written. Nothing was kept."""

    code = "documents.no-room"
