"""Whether the keystore beside restored data is the current one, and who can't be read with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import batched
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import IntegerField, Max
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from seqlense.privacy import keystore, reach, running, unused_sql
from seqlense.privacy.keystore import vault
from seqlense.privacy.keystore.errors import KeystoreOlder
from seqlense.privacy.models import Subject
from seqlense.privacy.records import Act

NOTING: Final = ("privacy.keys_rotated", "privacy.backup_created")
"""Acts that say which epoch it was."""
_AT_ONCE: Final = 5_000


def current() -> int:
    """The keystore's epoch. Raises KeystoreOlder, or a KeystoreError if it can't be used at all."""
    if not vault.available():
        return 0
    vault.forget_settled()
    vault.installation()
    row = vault.read()
    epoch = row.epoch if row else 0
    if (noted := _noted()) > epoch:
        raise KeystoreOlder(
            f"The keystore is of epoch {epoch}, and the data knows of epoch {noted}: it is an older copy. "
            "Put the current keystore in place, and its epoch key: with this one newcomers can't be read."
        )
    vault.index_secret()
    return epoch


def _noted() -> int:
    """The latest epoch that the data heard of: from backups and rotations, which note it."""
    with reach.maintenance(savepoint=False):
        epochs = Act.objects.filter(kind__in=NOTING).annotate(
            epoch=Cast(KeyTextTransform("epoch", "detail"), IntegerField())
        )
        found: int | None = epochs.aggregate(latest=Max("epoch"))["latest"]
    return found or 0


@dataclass(frozen=True)
class Unread:
    """Living people whose sealed values can't be opened.

    nobody: those without any key: erased since, or newer than the keystore. parts: of the others, who has
    lost the key of which activity, as by a sweep or a partial erasure since the backup.
    """

    nobody: tuple[UUID, ...]
    parts: tuple[tuple[UUID, str], ...]


def unread() -> Unread:
    """Looks at everybody: a few statements for each thousand people."""
    nobody: list[UUID] = []
    parts: list[tuple[UUID, str]] = []
    if vault.available():
        for some in _living():
            needed = _needed(some)
            has = keystore.living({(one, name) for one, names in needed.items() for name in names})
            for subject, activities in needed.items():
                missing = [name for name in activities if (subject, name) not in has]
                if missing and len(missing) == len(activities):
                    nobody.append(subject)
                else:
                    parts += [(subject, name) for name in missing]
    return Unread(tuple(nobody), tuple(parts))


def _living() -> Iterator[list[UUID]]:
    everybody = Subject.objects.filter(erased_at=None).order_by("pk").values_list("pk", flat=True)
    for some in batched(everybody.iterator(chunk_size=_AT_ONCE), _AT_ONCE, strict=False):
        yield list(some)


def _needed(subjects: list[UUID]) -> dict[UUID, list[str]]:
    """Of these people, those with something sealed → in which activities."""
    found: dict[UUID, list[str]] = {}
    with reach.maintenance(), connection.cursor() as cursor:
        for activity in running.register().activities:
            if (statement := unused_sql.unused(activity)) is None:
                continue
            cursor.execute(statement, {"subjects": ",".join(map(str, subjects))})
            for subject in set(subjects).difference(row[0] for row in cursor.fetchall()):
                found.setdefault(subject, []).append(activity)
    return found
