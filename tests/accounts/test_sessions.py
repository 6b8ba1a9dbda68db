"""Sessions: known by a hash, ended in time, ended at will, and never back from the dead."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client

from seqlense.accounts import sessions, staff
from seqlense.accounts.models import Session
from seqlense.accounts.sessions import SessionStore
from seqlense.kit import clock
from seqlense.privacy import retention
from seqlense.privacy.actor import Actor
from tests import cast

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def move(self, **by: int) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def moving(monkeypatch: pytest.MonkeyPatch) -> Clock:
    watch = Clock()
    monkeypatch.setattr(clock, "now", lambda: watch.now)
    return watch


def key_of(client: Client) -> str:
    return client.cookies["session"].value


def alive(client: Client) -> bool:
    return client.get("/fr/settings/").status_code == 200


def test_the_database_knows_only_a_hash_and_the_device_is_sealed() -> None:
    alice = cast.alice()
    client = cast.signed_in(alice)
    row = Session.objects.get()
    assert bytes(row.key_digest) == sessions.digest(key_of(client))
    assert key_of(client) not in row.data
    assert row.device == "Firefox, Linux"
    assert row.subject_id == alice.subject_id


def test_an_unused_session_ends_and_a_used_one_ends_too(moving: Clock) -> None:
    alice = cast.alice()
    idle, used = cast.signed_in(alice), cast.signed_in(alice)
    for _ in range(6):
        moving.move(days=2)
        assert alive(used)
    assert not alive(idle)
    moving.move(days=2, seconds=1)
    assert not alive(used)


def test_staff_sessions_are_shorter_and_end_with_the_role(moving: Clock) -> None:
    paul = cast.paul()
    client = cast.signed_in(paul, strong=True)
    moving.move(minutes=59)
    assert alive(client)
    moving.move(minutes=61)
    assert not alive(client)
    client = cast.signed_in(paul, strong=True)
    staff.grant(paul, staff.Role.DATA_PROTECTION_OFFICER, actor=Actor.system("tests"), now=moving.now)
    assert not alive(client)


def test_a_clock_moved_back_neither_ends_nor_prolongs(moving: Clock) -> None:
    client = cast.signed_in(cast.alice())
    end = Session.objects.get().expires_at
    moving.move(hours=-5)
    assert alive(client)
    assert Session.objects.get().expires_at <= end


def test_one_or_all_others_are_revoked_by_their_owner_alone() -> None:
    alice = cast.alice()
    here, there, third = (cast.signed_in(alice) for _ in range(3))
    stranger = cast.charlie()
    victim = Session.objects.get(key_digest=sessions.digest(key_of(there)))
    assert not sessions.revoke(stranger, victim.pk, actor=Actor.person(stranger.subject_id), now=NOW)
    assert alive(there)
    assert sessions.revoke(alice, victim.pk, actor=Actor.person(alice.subject_id), now=NOW)
    assert not alive(there)
    assert sessions.revoke_all(alice, spare=key_of(here), actor=Actor.person(alice.subject_id), now=NOW) == 1
    assert alive(here)
    assert not alive(third)


def test_a_revoked_session_is_not_brought_back_by_a_request_under_way() -> None:
    alice = cast.alice()
    store = SessionStore(key_of(cast.signed_in(alice)))
    store["something"] = "changed"
    sessions.revoke_all(alice, spare=None, actor=Actor.person(alice.subject_id), now=NOW)
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.exists()


def test_a_fresh_key_keeps_the_session_and_its_end() -> None:
    client = cast.signed_in(cast.alice())
    before = Session.objects.get()
    store = SessionStore(key_of(client))
    store.cycle_key()
    store.save()
    after = Session.objects.get()
    assert after.pk == before.pk
    assert after.key_digest != before.key_digest
    assert after.started_at == before.started_at
    assert not alive(client)


def test_made_up_keys_open_nothing() -> None:
    for key in ("", "short", "x" * 32, "é" * 40, "a" * 5000):
        assert SessionStore(key).load() == {}


def test_the_sweep_takes_ended_sessions_of_visitors_and_members_alike(moving: Clock) -> None:
    cast.signed_in(cast.alice())
    visitor = SessionStore()
    visitor["pending"] = ["", 0, ""]
    visitor.save()
    moving.move(hours=3)
    retention.run(now=moving.now, actor=Actor.system("tests"))
    assert [one.account_id is None for one in Session.objects.all()] == [False]
    moving.move(days=4)
    retention.run(now=moving.now, actor=Actor.system("tests"))
    assert not Session.objects.exists()
