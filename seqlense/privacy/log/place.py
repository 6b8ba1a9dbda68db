"""Where the log is: a folder for its files, a file for the key that signs it."""

import functools
import os
import secrets
from pathlib import Path

from django.conf import settings

from seqlense.privacy.log import note
from seqlense.privacy.log.errors import LogKeyDamaged, LogKeyMissing, NoteRefused
from seqlense.privacy.log.tiles import Tiles, saying_when_full


def folder() -> Path | None:
    """`settings.SEQLENSE_LOG`; None where this project publishes no log: leaves wait in the database."""
    named = getattr(settings, "SEQLENSE_LOG", None)
    return Path(named) if named else None


def key_file() -> Path:
    """`settings.SEQLENSE_LOG_KEY`."""
    return Path(settings.SEQLENSE_LOG_KEY)


def files() -> Tiles:
    """The log's files. Only where `folder()` says where."""
    return _tiles(Path(settings.SEQLENSE_LOG))


@functools.cache
def _tiles(place: Path) -> Tiles:
    return Tiles(place)


def signer() -> note.Signer:
    """The key that signs the log. Raises LogKeyMissing or LogKeyDamaged."""
    path = key_file()
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LogKeyMissing(
            f"The log's key {path} is missing. Put it back: nothing else signs this log."
        ) from None
    except (OSError, UnicodeDecodeError):
        raise LogKeyDamaged(f"The log's key {path} can't be read.") from None
    if mode & 0o077:
        raise LogKeyDamaged(f"Others may read the log's key {path}: run chmod 600 on it.")
    try:
        return note.Signer.parse(text)
    except NoteRefused:
        raise LogKeyDamaged(f"The log's key {path} is damaged: put back the right one.") from None


def verifier() -> note.Verifier:
    """The public key. Raises LogKeyMissing or LogKeyDamaged."""
    return signer().verifier


def make_key() -> note.Signer:
    """The key of a log that begins: the one that lies there, or a new one, in the log's name for ever."""
    path = key_file()
    if path.exists():
        return signer()
    with saying_when_full(path.parent):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(note.Signer.new(origin()).secret() + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)  # unlike a rename, it never replaces another process's key
        except FileExistsError:
            pass
        finally:
            draft.unlink(missing_ok=True)
    return signer()


def origin() -> str:
    """The name under which a new log begins."""
    return str(getattr(settings, "SEQLENSE_LOG_ORIGIN", "") or "localhost/log")
