"""Passkeys, with a software authenticator: made, used, renamed, removed, refused when anything is off."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from seqlense.accounts import passkeys, passwords, signing_in
from seqlense.accounts.errors import InvalidChoice, LastFactor, PasskeyRefused, SignInRefused
from seqlense.accounts.models import Account, Passkey
from seqlense.accounts.signing_in import Place
from seqlense.privacy.actor import Actor
from tests import cast
from tests.accounts.authenticator import Authenticator

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HERE = Place(source="192.0.2.1", cookie=None)

pytestmark = pytest.mark.django_db


def added(account: Account, device: Authenticator, name: str = "Work laptop") -> Passkey:
    answer = device.create(passkeys.offer_to_add(account, now=NOW))
    return passkeys.add(account, answer, name=name, actor=Actor.person(account.subject_id), now=NOW)


def test_a_passkey_signs_in_by_itself_and_says_who() -> None:
    alice, device = cast.alice(), Authenticator()
    added(alice, device, "Clé bleue 🔑")
    found = signing_in.with_passkey(device.get(passkeys.offer_to_sign_in(now=NOW)), now=NOW)
    assert found.account == alice
    assert found.strong
    row = Passkey.objects.get()
    assert (row.name, row.sign_count, row.last_used_at) == ("Clé bleue 🔑", 1, NOW)
    offered = json.loads(passkeys.offer_to_sign_in(now=NOW))
    assert offered["allowCredentials"] == []
    assert offered["userVerification"] == "required"


def test_an_answer_counts_once_and_in_time() -> None:
    alice, device = cast.alice(), Authenticator()
    added(alice, device)
    answer = device.get(passkeys.offer_to_sign_in(now=NOW))
    signing_in.with_passkey(answer, now=NOW)
    with pytest.raises(PasskeyRefused, match="challenge"):
        signing_in.with_passkey(answer, now=NOW)
    late = device.get(passkeys.offer_to_sign_in(now=NOW))
    with pytest.raises(PasskeyRefused, match="challenge"):
        signing_in.with_passkey(late, now=NOW + timedelta(minutes=16))


def test_a_question_is_bound_to_its_purpose_and_person() -> None:
    alice, charlie = cast.alice(), cast.charlie()
    hers, his = Authenticator(), Authenticator()
    added(alice, hers)
    added(charlie, his)
    with pytest.raises(PasskeyRefused, match="challenge"):
        signing_in.with_passkey(hers.get(passkeys.offer_to_confirm(alice, now=NOW)), now=NOW)
    with pytest.raises(PasskeyRefused):
        passkeys.confirm(alice, his.get(passkeys.offer_to_confirm(charlie, now=NOW)), now=NOW)
    with pytest.raises(PasskeyRefused):
        passkeys.confirm(alice, his.get(passkeys.offer_to_confirm(alice, now=NOW)), now=NOW)
    passkeys.confirm(alice, hers.get(passkeys.offer_to_confirm(alice, now=NOW)), now=NOW)
    with pytest.raises(SignInRefused):
        signing_in.confirm(alice, password="not the password", passkey="", now=NOW)
    signing_in.confirm(alice, password=cast.PASSWORD, passkey="", now=NOW)


def test_what_is_off_is_refused() -> None:
    alice = cast.alice()
    question = passkeys.offer_to_sign_in(now=NOW)
    phished, unverified = Authenticator(origin="https://seqlense.evil.example"), Authenticator(verifies=False)
    for device in (phished, unverified):
        with pytest.raises(PasskeyRefused):
            added(alice, device)
    unknown = Authenticator()
    unknown.handle = alice.pk.bytes
    with pytest.raises(PasskeyRefused, match="unknown"):
        signing_in.with_passkey(unknown.get(question), now=NOW)
    for answer in (
        "",
        "null",
        "[]",
        "{}",
        '{"id": 1}',
        "x" * 30_000,
        '{"response": {}}',
        "\x00",
        "{" * 5_000,
    ):
        with pytest.raises(PasskeyRefused):
            signing_in.with_passkey(answer, now=NOW)


def test_a_copied_authenticator_is_noticed() -> None:
    alice, device = cast.alice(), Authenticator()
    added(alice, device)
    device.count = 7
    signing_in.with_passkey(device.get(passkeys.offer_to_sign_in(now=NOW)), now=NOW)
    device.count = 3
    with pytest.raises(PasskeyRefused):
        signing_in.with_passkey(device.get(passkeys.offer_to_sign_in(now=NOW)), now=NOW)


def test_several_named_and_the_last_way_in_stays() -> None:
    alice, device = cast.alice(), Authenticator()
    me = Actor.person(alice.subject_id)
    first, second = added(alice, device), added(alice, Authenticator(), "Phone")
    excluded = json.loads(passkeys.offer_to_add(alice, now=NOW))["excludeCredentials"]
    assert len(excluded) == 2
    with pytest.raises(PasskeyRefused, match="known"):
        added(alice, device)
    assert passkeys.rename(alice, second.pk, name="Téléphone", actor=me, now=NOW)
    assert [one.name for one in passkeys.of(alice)] == ["Work laptop", "Téléphone"]
    for name in ("", "a\x00", "x" * 61):
        with pytest.raises(InvalidChoice):
            passkeys.rename(alice, second.pk, name=name, actor=me, now=NOW)
    assert not passkeys.remove(cast.charlie(), first.pk, actor=me, now=NOW)
    passwords.remove(alice, keep=None, actor=me, now=NOW)
    assert passkeys.remove(alice, first.pk, actor=me, now=NOW)
    with pytest.raises(LastFactor):
        passkeys.remove(Account.objects.get(pk=alice.pk), second.pk, actor=me, now=NOW)


def test_staff_keep_a_second_factor() -> None:
    paul = cast.without_codes(cast.paul())
    only = added(paul, Authenticator())
    with pytest.raises(LastFactor):
        passkeys.remove(paul, only.pk, actor=Actor.person(paul.subject_id), now=NOW)
