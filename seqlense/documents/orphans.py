"""Files whose row is gone: the database deletes rows in sets, and files follow.

After an erasure the person's own, at once; after a sweep of retention, and each hour, whatever has no row. A
file is spared for an hour after it was written: its row may not be committed yet. Rows kept in the archive
keep their files.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from itertools import batched
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from seqlense.documents import shelf
from seqlense.documents.doors import known, of_person
from seqlense.privacy.signals import erasing, swept

GRACE: Final = timedelta(hours=1)
AT_ONCE: Final = 2_000


def sweep(*, now: datetime, spared: timedelta = GRACE) -> int:
    """Remove files without a row, and what never became a document; how many."""
    old = ((path, one) for path, one, written in shelf.files() if shelf.before(now - spared, written))
    return sum(_gone(some) for some in batched(old, AT_ONCE, strict=False))


def _gone(files: Iterable[tuple[Any, UUID]]) -> int:
    some = list(files)
    living = known(one for _path, one in some)
    gone = [path for path, one in some if one not in living or path.parent.name == shelf.ARRIVING]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def listen() -> None:
    """Hear of erasures and of the night's sweep."""
    erasing.connect(_follow, dispatch_uid="seqlense.documents.erasing")
    swept.connect(_after_sweep, dispatch_uid="seqlense.documents.swept")


def _follow(subject: UUID, **_: object) -> None:
    """Receiver of `erasing`: which files the person has, to be removed once their rows are gone for good."""
    if mine := of_person(subject):
        transaction.on_commit(partial(_let_go, mine), robust=True)


def _let_go(documents: list[UUID]) -> None:
    living = known(documents)
    for one in documents:
        if one not in living:
            shelf.remove(one)


def _after_sweep(now: datetime, **_: object) -> None:
    sweep(now=now)
