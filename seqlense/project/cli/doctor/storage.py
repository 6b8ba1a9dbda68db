"""The home folder: ours to write, closed to others, with room left."""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from django.conf import settings

from seqlense.project.cli.doctor.finding import Finding, fault, fine, warning
from seqlense.project.cli.speech import gettext as _

GIB: Final = 1024**3
LITTLE: Final = 1 * GIB
TOO_LITTLE: Final = GIB // 5
OTHERS_WRITE: Final = 0o022


def examine(now: datetime) -> Iterator[Finding]:
    for place in dict.fromkeys((Path(settings.SEQLENSE_HOME), Path(settings.SEQLENSE_EPOCH_KEYS))):
        yield _writable(place)
    home = Path(settings.SEQLENSE_HOME)
    if home.is_dir():
        yield _room(home)
        if home.stat().st_mode & OTHERS_WRITE:
            message = _("Others on this machine may write to {folder}.").format(folder=home)
            yield fault("storage.private", message, _("Run: chmod go-w {folder}").format(folder=home))


def _writable(place: Path) -> Finding:
    try:
        with TemporaryFile(dir=place) as file:
            file.write(b"?")
            file.flush()
            os.fsync(file.fileno())
    except OSError as refused:
        message = _("{folder} can't be written to: {why}.").format(folder=place, why=refused.strerror)
        return fault("storage.writable", message, _("The account that runs Seqlense must own it; make room."))
    return fine("storage.writable", _("{folder} can be written to.").format(folder=place))


def _room(home: Path) -> Finding:
    free = shutil.disk_usage(home).free
    message = _("{n} GiB are free.").format(n=f"{free / GIB:.1f}")
    hint = _("Make room: a rotation of the keys needs it.")
    if free < TOO_LITTLE:
        return fault("storage.room", message, hint)
    return warning("storage.room", message, hint) if free < LITTLE else fine("storage.room", message)
