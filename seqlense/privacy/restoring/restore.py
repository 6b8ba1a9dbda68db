"""One backup comes back: verified before the first byte is written, where nothing is overwritten unasked."""

from datetime import datetime

from django.db import DEFAULT_DB_ALIAS, connections

from seqlense.privacy.backups import documents, places, verifying
from seqlense.privacy.backups.manifest import Manifest
from seqlense.privacy.backups.programs import Server
from seqlense.privacy.backups.verifying import Progress
from seqlense.privacy.restoring import data, keys
from seqlense.privacy.restoring.data import Step


def _nothing(_line: object) -> None:
    """A project without roles of its own has nothing to do."""


def restore(
    name: str,
    *,
    now: datetime,
    into: Server | None = None,
    replace: bool = False,
    before: Step = _nothing,
    after: Step = _nothing,
    progress: Progress = lambda _bytes: None,
) -> Manifest:
    """Bring back a backup of any chain.

    Of the data: into the installation's own database or another one, which is locked from then on until
    `finish`. replace: destroy what that database holds; neither a keystore nor documents are ever replaced.
    before, after: what the project does in the target as its owner. Raises a PrivacyError.
    """
    found = verifying.verify(name, progress=progress)
    place = places.named(name)
    if found.chain == "data":
        server = into or Server.of(DEFAULT_DB_ALIAS)
        connections[DEFAULT_DB_ALIAS].close()
        data.restore(found, place.path, server, replace=replace, now=now, before=before, after=after)
    elif found.chain == "keystore":
        keys.restore_keystore(found, place.path)
    else:
        keys.restore_documents(place.path, documents.place())
    return found
