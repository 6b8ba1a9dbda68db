"""Keystore and epoch keys: of this installation, of the right age, readable by us alone."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connections

from seqlense.privacy.keystore import rotation
from seqlense.privacy.records import KeyDestruction
from seqlense.project.cli.doctor.finding import Finding, fault, fine, warning
from seqlense.project.cli.speech import gettext as _

NEEDS_DATABASE = True
OTHERS: Final = 0o077
SOON: Final = timedelta(hours=1)


def examine(now: datetime) -> Iterator[Finding]:
    status = rotation.status(now=now)  # raises when data, keystore and epoch keys aren't of one installation
    yield fine("keystore.installation", _("Data, keystore and epoch keys belong together."))
    days = status.age.days
    if status.retiring is not None:
        yield fault("keystore.rotation", _("A rotation was cut off."), _("Run: seqlense keys rotate"))
    elif status.due:
        message = _("The epoch is {n} days old: those erased since can still be read in backups.").format(
            n=days
        )
        yield fault("keystore.age", message, _("Run: seqlense keys rotate. The worker does it, if it runs."))
    else:
        yield fine("keystore.age", _("Epoch {epoch} is {n} days old.").format(epoch=status.epoch, n=days))
    yield from _private()
    waiting = KeyDestruction.objects.filter(created_at__lte=now - SOON).count()
    if waiting:
        message = _("{n} erasures wait for their keys to be destroyed.").format(n=waiting)
        yield fault("keystore.destruction", message, _("See that the worker runs."))


def _private() -> Iterator[Finding]:
    second = settings.SEQLENSE_EPOCH_KEYS_2
    places = [Path(settings.SEQLENSE_EPOCH_KEYS), *([second] if second and second.exists() else [])]
    if connections["keys"].vendor == "sqlite":
        places.append(Path(str(connections["keys"].settings_dict["NAME"])).parent)
    seen = [place for place in places if place.stat().st_mode & OTHERS]
    for place in seen:
        message = _("Others on this machine may look into {folder}.").format(folder=place)
        yield warning("keystore.private", message, _("Run: chmod 700 {folder}").format(folder=place))
    if not seen:
        yield fine("keystore.private", _("The folders of keys are closed to others."))
