"""Closing an account: the preview says what closing does, and nothing of the person is left to find."""

from datetime import UTC, datetime

import pytest

from seqlense.accounts import closing, signing_in, staff
from seqlense.accounts.errors import SecondFactorMissing, SignInRefused
from seqlense.accounts.models import Account, SecurityEvent, Session, account_at
from seqlense.accounts.signing_in import Place
from seqlense.privacy.actor import Actor
from seqlense.privacy.records import Act
from tests import cast

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HERE = Place(source="192.0.2.1", cookie=None)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("ending", closing.COLUMNS)
def test_closing_erases_what_the_preview_said(ending: closing.Ending) -> None:
    alice, bob = cast.alice(), cast.bob()
    cast.signed_in(alice)
    promised = closing.preview(alice, now=NOW)
    assert Account.objects.count() == 2
    done = closing.close(alice, actor=Actor.person(alice.subject_id), now=NOW, ending=ending)
    assert done
    assert closing.close(alice, actor=Actor.person(alice.subject_id), now=NOW, ending=ending) is None
    assert {one.item for one in promised.erased} <= {one.item for one in done.erased}
    assert "accounts.email" in {one.item for one in done.erased}
    assert account_at("alice@arnaud.example") is None
    assert list(Account.objects.all()) == [bob]
    assert not Session.objects.exists()
    assert not SecurityEvent.objects.filter(subject_id=alice.subject_id).exists()
    kind = f"accounts.{ending.removeprefix('account_')}"
    assert Act.objects.filter(subject=alice.subject_id, kind=kind).count() == 1
    with pytest.raises(SignInRefused):
        signing_in.with_password("alice@arnaud.example", cast.PASSWORD, HERE, now=NOW)
    again = cast.alice()
    assert again.subject_id != alice.subject_id


def test_staff_roles_are_dated_rows_given_once() -> None:
    alice, system = cast.alice(), Actor.system("tests")
    role = staff.Role.DATA_PROTECTION_OFFICER
    with pytest.raises(SecondFactorMissing):
        staff.grant(alice, role, actor=system, now=NOW)
    assert not staff.members(role)
    cast.with_codes(alice)
    row = staff.grant(alice, role, actor=system, now=NOW)
    assert staff.grant(alice, role, actor=system, now=NOW) == row
    assert Account.objects.get().is_staff_member(role.value)
    assert staff.members(role) == [alice]
    assert staff.withdraw(alice, role, actor=system, now=NOW)
    assert not staff.withdraw(alice, role, actor=system, now=NOW)
    assert not Account.objects.get().is_staff_member()
    row.refresh_from_db()
    assert row.until == NOW
