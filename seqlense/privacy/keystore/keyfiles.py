"""Small files that hold a key or a part of one: the owner's alone, whole or not there, overwritten when they
go.

Lines of text: what it is, then "name: value". On flash storage and on copy-on-write file systems an overwrite
may land elsewhere: keep the folders on encrypted volumes there.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import NoReturn

from seqlense.privacy.keystore.envelope import Hidden, Secret
from seqlense.privacy.keystore.errors import EpochKeyDamaged, EpochKeyMissing, EpochKeyUnreadable

_LINE = re.compile(r"^(?:([a-z]+): )?(.+)$", re.MULTILINE)
_TITLE = ""


class Lines:
    """What a key file says. It never prints: some of it is secret."""

    __slots__ = ("_lines",)

    def __init__(self, title: str, **lines: str | Hidden) -> None:
        self._lines: dict[str, str | Hidden] = {_TITLE: title, **lines}

    @classmethod
    def read(cls, path: Path) -> Lines:
        """The lines of a file. OSError as the system gives it."""
        read = cls("")
        read._lines = dict(_LINE.findall(path.read_bytes().decode("ascii", "replace")))
        return read

    @property
    def title(self) -> str:
        """What the file is."""
        return self.get(_TITLE)

    def get(self, name: str) -> str:
        """A line that may be seen; "" if it isn't there."""
        found = self._lines.get(name, "")
        return found if isinstance(found, str) else ""

    def secret(self, name: str) -> Secret:
        """A line that holds a secret. Raises ValueError if it doesn't."""
        return Secret.from_text(Hidden(str(self._lines.get(name, ""))))

    def extended(self, **lines: str) -> Lines:
        """These lines and more, which may be seen."""
        more = Lines(self.title)
        more._lines = {**self._lines, **lines}
        return more

    def joined(self) -> Hidden:
        """The whole text."""
        return Hidden("".join(f"{name and f'{name}: '}{_shown(one)}\n" for name, one in self._lines.items()))

    def __repr__(self) -> str:
        return "<lines of a key file>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("What a key file says is never written anywhere else.")


def _shown(line: str | Hidden) -> str:
    return line if isinstance(line, str) else line.reveal()


def write(path: Path, lines: Lines) -> None:
    """Write it, whole or not at all, over what was there. OSError if the disk refuses."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in path.parent.glob(f"{path.name}.*.draft"):  # by a process that was killed in here
        destroy(left)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.draft")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            file.write(lines.joined().reveal().encode("ascii"))
            os.fsync(descriptor)
        draft.rename(path)
        flush(path.parent)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def read(path: Path, what: str) -> Lines:
    """What it says. what: for messages, "The epoch key". Raises EpochKeyMissing or EpochKeyUnreadable."""
    fault = None
    try:
        mode = path.stat().st_mode
        lines = Lines.read(path)
    except FileNotFoundError:
        raise EpochKeyMissing(
            f"{what} file {path} is missing. Put it back from where you keep it (it is in no backup of the "
            "databases); without it, what it protects can't be read."
        ) from None
    except OSError as refused:
        fault = refused.strerror
    if fault is not None:
        raise EpochKeyUnreadable(f"{what} file {path} can't be read: {fault}.")
    if mode & 0o077:
        raise EpochKeyUnreadable(f"{what} file {path} may be read by others: run chmod 600 on it.")
    return lines


def damaged(path: Path, what: str) -> EpochKeyDamaged:
    """To be raised where a file's content can't be right."""
    return EpochKeyDamaged(f"{what} file {path} is cut short or damaged: put back the right one.")


def destroy(path: Path) -> None:
    """Overwrite the file, flush it to the disk, remove it. A file that is gone already is fine."""
    try:
        with path.open("r+b", buffering=0) as file:
            file.write(os.urandom(max(path.stat().st_size, 1)))
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return
    flush(path.parent)


def flush(folder: Path) -> None:
    """Make names in the folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
