"""A sample of the living: rows of theirs open, and so do wrapped keys taken here and there."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.signals import setting_changed
from django.db import models

from seqlense.privacy import reach
from seqlense.privacy.errors import Erased, SealBroken
from seqlense.privacy.keystore import inhand, vault
from seqlense.privacy.keystore.datakeys import place_of
from seqlense.privacy.models import Subject
from seqlense.privacy.rows import SubjectRow, sealed_fields

PLACES, AT_EACH = 25, 4
"""A sample is taken at so many places, chosen at random, of so many next to each other."""
ROWS = 200
"""Of each table so many rows at most."""


def rows() -> tuple[int, int]:
    """Rows of living people opened, and how many of these didn't open."""
    sample = _people()
    opened = unreadable = 0
    if sample:
        for model in _sealing():
            with reach.maintenance():
                found = list(model._base_manager.filter(subject_id__in=sample)[:ROWS])
                opened += len(found)
                unreadable += sum(not _opens(row) and _stays_shut(model, row) for row in found)
    return opened, unreadable


def keys(epoch: int) -> tuple[int, int]:
    """Wrapped keys opened, and how many of these didn't open or aren't of that epoch."""
    opened = broken = 0
    for subject, activity, of, wrapped in _wrapped():
        opened += 1
        try:
            vault.epoch_key(of).unwrap(wrapped, place_of(subject, activity))
        except SealBroken:
            broken += 1
        else:
            broken += of != epoch
    return opened, broken


def _people() -> list[UUID]:
    living = Subject.objects.filter(erased_at=None).order_by("pk").values_list("pk", flat=True)
    first, last = living.first(), living.last()
    if first is None or last is None:
        return []
    return sorted({one for place in _between(first, last) for one in living.filter(pk__gte=place)[:AT_EACH]})


def _between(first: UUID, last: UUID) -> Iterator[UUID]:
    width = last.int - first.int + 1
    return (UUID(int=first.int + secrets.randbelow(width)) for _ in range(PLACES))


@functools.cache
def _sealing() -> tuple[type[SubjectRow], ...]:
    """Models with sealed columns."""
    return tuple(one for one in apps.get_models() if issubclass(one, SubjectRow) and sealed_fields(one))


def _opens(row: models.Model) -> bool:
    try:
        for field in sealed_fields(type(row)):
            getattr(row, field.attname)
    except (Erased, SealBroken):
        return False
    return True


def _stays_shut(model: type[SubjectRow], row: Any) -> bool:
    """Looked at once more, unless it went meanwhile, or its person was erased."""
    inhand.forget()
    living = {"subject_id__in": Subject.objects.filter(pk=row.subject_id, erased_at=None)}
    again = model._base_manager.filter(pk=row.pk, **living).first()
    return again is not None and not _opens(again)


_ENDS = (
    "SELECT subject_id FROM keystore_datakey ORDER BY subject_id LIMIT 1",
    "SELECT subject_id FROM keystore_datakey ORDER BY subject_id DESC LIMIT 1",
)


def _wrapped() -> list[tuple[UUID, str, int, bytes]]:
    columns = "SELECT subject_id, activity, epoch, wrapped FROM keystore_datakey"
    found: dict[tuple[UUID, str], tuple[UUID, str, int, bytes]] = {}
    with vault.connection().cursor() as cursor:
        ends = []
        for end in _ENDS:
            cursor.execute(end)
            ends += [vault.as_uuid(row[0]) for row in cursor.fetchall()]
        for place in _between(ends[0], ends[1]) if ends else ():
            cursor.execute(
                f"{columns} WHERE subject_id >= %s ORDER BY subject_id, activity LIMIT {AT_EACH}",
                [vault.id_of(place)],
            )
            for subject, activity, epoch, wrapped in cursor.fetchall():
                one = vault.as_uuid(subject)
                found[one, activity] = (one, activity, epoch, bytes(wrapped))
    return list(found.values())


def _forget(*, setting: str, **_: object) -> None:
    if setting == "INSTALLED_APPS":
        _sealing.cache_clear()


setting_changed.connect(_forget)
