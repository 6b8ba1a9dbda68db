"""Passwords: which are taken, and how one is changed."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.contrib.auth import hashers

from seqlense.accounts import links, passwords, sessions
from seqlense.accounts.errors import LastFactor, LinkRefused, TooManyAttempts, WeakPassword
from seqlense.accounts.models import MailLink, SecurityEvent, Session
from seqlense.mailing.models import Message
from seqlense.privacy.actor import Actor
from tests import cast

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
REFUSED = {
    "fourteen chars": "short",
    "x": "short",
    "1q2w3e4r5t6y7u8i9o0p": "known",
    "Passwordpassword": "known",
    "aaaaaaaaaaaaaaaaaaaa": "known",
    "abababababababababab": "simple",
    "zorglubzorglubzorglub": "simple",
    "ghijklmnopqrstuvwx": "simple",
    "98765432109876543": "simple",
    "alice@arnaud.example": "personal",
    "AliceArnaud-Seqlense1": "personal",
    "w" * 20 + "é": "simple",
    "nul\x00 in the middle of it": "text",
    "un mot, puis un autre " * 13: "long",
    "z9 " * 9999: "long",
}


@pytest.mark.parametrize(("password", "code"), REFUSED.items())
def test_refused(password: str, code: str) -> None:
    with pytest.raises(WeakPassword, match=code):
        passwords.accept(password, email="alice@arnaud.example", name="Alice Arnaud")


@pytest.mark.parametrize(
    "password",
    [
        "cinq mots sans lien aucun",
        "пять слов без связи",
        "漢字かな交じりの長い合言葉を使う",
        "🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧🐦🐤🦆",
        "Qx7 " + "ab3!" * 40 + "Zt",
    ],
)
def test_taken_without_any_rule_about_kinds_of_characters(password: str) -> None:
    assert passwords.accept(password, email="a@b.example") == passwords.composed(password)


@pytest.mark.django_db
def test_the_same_password_from_another_keyboard_is_the_same() -> None:
    decomposed = "un e\u0301te\u0301 a\u0300 la mer du nord"
    account = cast.person("É", "e@mail.example", password=decomposed)
    assert passwords.check(account, "un été à la mer du nord")
    assert not passwords.check(account, "un ete a la mer du nord")
    assert account.password.startswith("argon2")


@pytest.mark.django_db
def test_checking_takes_one_hash_whoever_it_is() -> None:
    without = cast.person("No password", "passkey@mail.example", password=None)
    passwords.check(None, "warm up, once per process")
    with patch.object(hashers.Argon2PasswordHasher, "verify", autospec=True, return_value=True) as verify:
        assert passwords.check(cast.alice(), "whatever it may be")
        assert not passwords.check(without, "whatever it may be")
        assert not passwords.check(None, "whatever it may be")
    assert verify.call_count == 3


@pytest.mark.django_db
def test_a_change_ends_the_other_sessions_and_open_links() -> None:
    alice = cast.alice()
    here, elsewhere = cast.signed_in(alice), cast.signed_in(alice)
    links.send(alice, links.Purpose.RESET, language="fr", now=NOW)
    key = here.cookies["session"].value
    passwords.change(
        alice, "tout autre chose, vraiment", keep=key, actor=Actor.person(alice.subject_id), now=NOW
    )
    assert [one.key_digest for one in Session.objects.all()] == [sessions.digest(key)]
    assert elsewhere.get("/fr/settings/").status_code == 302
    with pytest.raises(LinkRefused, match="replaced"):
        links.read(links.token(MailLink.objects.get()), now=NOW)
    assert SecurityEvent.objects.filter(kind="password_changed").exists()
    assert Message.objects.filter(template="accounts.security").exists()


@pytest.mark.django_db
def test_a_reset_needs_the_mailbox_and_ends_every_session() -> None:
    alice = cast.alice()
    cast.signed_in(alice)
    Message.objects.all().delete()
    passwords.ask_reset("nobody@mail.example", source="192.0.2.1", now=NOW)
    assert not Message.objects.exists()
    passwords.ask_reset("ALICE@arnaud.example", source="192.0.2.1", now=NOW)
    token = links.token(MailLink.objects.get())
    passwords.reset(token, "une nouvelle phrase à moi", now=NOW + timedelta(minutes=59))
    alice.refresh_from_db()
    assert passwords.check(alice, "une nouvelle phrase à moi")
    assert not Session.objects.exists()
    for _ in range(8):
        passwords.ask_reset("somebody@mail.example", source="192.0.2.1", now=NOW)
    with pytest.raises(TooManyAttempts):
        passwords.ask_reset("somebody@mail.example", source="192.0.2.1", now=NOW)


@pytest.mark.django_db
def test_a_password_goes_only_where_a_passkey_stays() -> None:
    alice = cast.alice()
    with pytest.raises(LastFactor):
        passwords.remove(alice, keep=None, actor=Actor.person(alice.subject_id), now=NOW)
