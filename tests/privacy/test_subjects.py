"""People and the handles that lead to them."""

import threading
from uuid import UUID

import pytest
from django.db import connections, transaction

from seqlense.kit.clock import now
from seqlense.kit.identifiers import uuid7
from seqlense.privacy import keystore, subjects
from seqlense.privacy.errors import HandleTaken, InvalidHandle
from seqlense.privacy.keystore import handles
from seqlense.privacy.models import Subject

pytestmark = pytest.mark.django_db


def test_the_same_address_is_the_same_person_however_it_is_written() -> None:
    alice = subjects.find_or_create("email", "Alice@Example.com", now=now())
    assert subjects.find_or_create("email", " alice@example.COM", now=now()) == alice
    assert subjects.find("email", "ALICE@example.com") == alice
    assert subjects.find("email", "bob@example.com") is None
    assert Subject.objects.filter(pk=alice, erased_at=None).exists()
    assert subjects.find_or_create("email", "bob@example.com", now=now()) != alice


def test_attach_and_detach() -> None:
    alice, bob = subjects.create(now=now()), subjects.create(now=now())
    subjects.attach(alice, "email", "alice@example.com")
    subjects.attach(alice, "email", "alice@example.com")
    subjects.attach(alice, "phone", "+33 (0)1.23.45.67-89".replace("(0)", ""))
    with pytest.raises(HandleTaken) as refused:
        subjects.attach(bob, "email", "ALICE@example.com")
    assert "alice" not in str(refused.value).lower()
    assert subjects.find("phone", "+33123456789") == alice
    subjects.detach(bob, "email", "alice@example.com")
    assert subjects.find("email", "alice@example.com") == alice
    subjects.detach(alice, "email", "alice@example.com")
    assert subjects.find("email", "alice@example.com") is None
    subjects.attach(bob, "email", "alice@example.com")
    assert subjects.find("email", "alice@example.com") == bob


@pytest.mark.parametrize(
    ("kind", "value"), [("email", "no address"), ("phone", "0123"), ("phone", "+0 1"), ("passport", "X")]
)
def test_what_is_no_handle(kind: str, value: str) -> None:
    with pytest.raises(InvalidHandle) as refused:
        subjects.find(kind, value)
    assert value not in str(refused.value)


def test_handles_are_keyed_digests_told_apart_by_kind() -> None:
    subjects.find_or_create("email", "alice@example.com", now=now())
    with connections["keys"].cursor() as cursor:
        cursor.execute("SELECT kind, digest FROM keystore_handle")
        rows = [(kind, bytes(digest)) for kind, digest in cursor.fetchall()]
    assert ("email", handles.digest("email", "alice@example.com")) in rows
    assert handles.digest("phone", "alice@example.com") not in {digest for _, digest in rows}
    assert all(len(digest) == 32 for _, digest in rows)


def test_an_erased_person_isnt_found_and_coming_back_is_a_new_one() -> None:
    alice = subjects.find_or_create("email", "alice@example.com", now=now())
    Subject.objects.filter(pk=alice).update(erased_at=now())  # erased, the handle not yet
    assert subjects.find("email", "alice@example.com") is None
    again = subjects.find_or_create("email", "alice@example.com", now=now())
    assert again != alice
    keystore.release_handles([alice])
    assert subjects.find("email", "alice@example.com") == again
    Subject.objects.filter(pk=again).delete()  # gone wholly, the handle not yet
    third = subjects.find_or_create("email", "alice@example.com", now=now())
    assert third not in (alice, again)
    assert Subject.objects.filter(pk=again).count() == 0
    assert keystore.release_handles([third]) == 1
    assert subjects.find("email", "alice@example.com") is None


@pytest.mark.django_db(transaction=True)
def test_a_sign_up_that_failed_leaves_the_address_free() -> None:
    with transaction.atomic():
        failed = subjects.find_or_create("email", "alice@example.com", now=now())
        transaction.set_rollback(True)
    assert subjects.find("email", "alice@example.com") is None
    alice = subjects.find_or_create("email", "alice@example.com", now=now())
    assert alice != failed
    assert subjects.find("email", "alice@example.com") == alice
    assert Subject.objects.filter(pk=failed).count() == 0


@pytest.mark.django_db(transaction=True)
def test_many_sign_ups_at_once_with_one_address_make_one_person() -> None:
    start = threading.Barrier(6)
    found: list[UUID] = []

    def sign_up() -> None:
        start.wait()
        with transaction.atomic():
            found.append(subjects.find_or_create("email", "alice@example.com", now=now()))
        connections.close_all()

    threads = [threading.Thread(target=sign_up) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1
    assert subjects.find("email", "alice@example.com") == found[0]
    assert Subject.objects.filter(pk__in=found).count() == 1


@pytest.mark.django_db(transaction=True)
def test_handles_survive_a_rotation() -> None:
    alice = subjects.find_or_create("email", "alice@example.com", now=now())
    keystore.rotate(now=now())
    assert subjects.find("email", "alice@example.com") == alice
    assert subjects.find("email", f"{uuid7()}@example.com") is None
