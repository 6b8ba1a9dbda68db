"""People are erased while a sweep, copies and a rotation run beside, each on a line of its own."""

import io
import json
import threading
import zipfile
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections

from seqlense.accounts.models import Account
from seqlense.kit import clock
from seqlense.privacy import access, destruction, erasure, keystore, retention
from seqlense.privacy.actor import Actor
from seqlense.privacy.errors import PrivacyError
from tests import cast

SYSTEM = Actor.system("tests")


def _together(*works: Callable[[], None]) -> list[str]:
    failures: list[str] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 (told in the test's own thread)
            failures.append(f"{work.__name__}: {type(error).__name__}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work], daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    return failures


def _names(copy: bytes, name: str) -> bool:
    """Whether a copy names its person: by address and name, or by neither. It can be read in any case."""
    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        texts = {one: package.read(one).decode() for one in package.namelist()}
    assert [json.loads(text) for one, text in texts.items() if one.endswith(".json")]
    whole = "".join(texts.values())
    found = {f"{name}@ailleurs.example" in whole, f"{name} Nom" in whole}
    assert len(found) == 1, "half a person"
    return found.pop()


def _copy(subject: UUID, name: str) -> bool | None:
    """None where the copy was refused."""
    try:
        return _names(access.package(subject, actor=SYSTEM, now=clock.now()), name)
    except PrivacyError:
        return None


def _keys(subject: UUID) -> set[str]:
    """Activities of which something about that person can still be opened."""
    with connections["keys"].cursor() as cursor:
        cursor.execute("SELECT activity FROM keystore_datakey WHERE subject_id = %s", [subject.hex])
        return {activity for (activity,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_erasing_while_everything_else_runs() -> None:
    company, now = cast.company(), clock.now()
    names = [f"person{number}" for number in range(8)]
    people = {one: cast.person(f"{one} Nom", f"{one}@ailleurs.example").subject_id for one in names}
    gone, stay = names[:5], names[5:]
    copies: list[tuple[str, bool | None]] = []

    def erase() -> None:
        for one in gone:
            erasure.erase(people[one], actor=SYSTEM, now=clock.now())

    def copy() -> None:
        copies.extend((one, _copy(people[one], one)) for one in [*names, *names])

    def sweep() -> None:
        for seconds in range(3):
            retention.run(now=now + timedelta(seconds=seconds), actor=SYSTEM)

    def rotate() -> None:
        keystore.rotate(now=now)

    assert _together(erase, copy, sweep, rotate) == []
    destruction.drain()
    open_accounts = set(Account.objects.values_list("subject_id", flat=True))
    assert open_accounts.isdisjoint(people[one] for one in gone)
    assert [_keys(people[one]) & {"accounts"} for one in gone] == [set()] * len(gone)
    assert [_copy(people[one], one) for one in gone] == [False] * len(gone)
    assert {named for one, named in copies if one in stay} == {True}
    assert {_copy(people[one], one) for one in stay} == {True}
    assert set(company.roles()) == {"Alice Arnaud", "Bob Bauer", "Dana Dubois"}
