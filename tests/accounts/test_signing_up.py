"""Opening an account: the mailbox first, and nobody learns whether an address is known."""

from datetime import UTC, datetime, timedelta

import pytest

from seqlense.accounts import links, signing_up
from seqlense.accounts.errors import AddressTaken, InvalidChoice, LinkRefused, TooManyAttempts, WeakPassword
from seqlense.accounts.models import Account, MailLink, account_at
from seqlense.accounts.signing_up import Wishes
from seqlense.kit.addresses import InvalidAddress
from seqlense.mailing.models import Message
from seqlense.privacy import retention
from seqlense.privacy.actor import Actor
from tests import cast

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
WISHES = Wishes(language="fr", country="FR")

pytestmark = pytest.mark.django_db


def ask(address: str, now: datetime = NOW) -> None:
    signing_up.ask(address, WISHES, source="192.0.2.1", now=now)


def posted() -> list[str]:
    return list(Message.objects.order_by("posted_at", "id").values_list("template", flat=True))


def test_whoever_holds_the_mailbox_opens_the_account() -> None:
    ask("Éva.Martin+Pro@EXÄMPLE.example")
    account = account_at("éva.martin+pro@exämple.example")
    assert account is not None
    assert not account.is_active
    assert not account.has_usable_password()

    token = links.token(MailLink.objects.get())
    opened = signing_up.verify(token, name="Éva Martin 🌻", password=cast.PASSWORD, now=NOW)
    assert opened.is_active
    assert opened.name == "Éva Martin 🌻"
    assert Account.objects.get().unverified_since is None
    with pytest.raises(LinkRefused, match="used"):
        signing_up.verify(token, name="", password=cast.PASSWORD, now=NOW)


def test_a_known_address_gets_another_mail_and_nothing_else() -> None:
    alice = cast.alice()
    Message.objects.all().delete()
    ask(alice.email.upper())
    assert posted() == ["accounts.known"]
    assert Account.objects.get().password == alice.password


def test_asking_twice_before_the_mail_came_leaves_two_good_links_until_one_is_used() -> None:
    ask("late@mail.example")
    ask("late@mail.example", NOW + timedelta(minutes=1))
    first, second = (links.token(link) for link in MailLink.objects.order_by("made_at"))
    assert Account.objects.count() == 1
    signing_up.verify(first, name="", password=cast.PASSWORD, now=NOW + timedelta(minutes=2))
    with pytest.raises(LinkRefused, match="replaced"):
        signing_up.verify(second, name="", password="quite another sentence here", now=NOW)


def test_a_weak_password_or_a_bad_name_leaves_the_link_good() -> None:
    ask("retry@mail.example")
    token = links.token(MailLink.objects.get())
    with pytest.raises(WeakPassword, match="short"):
        signing_up.verify(token, name="", password="too short", now=NOW)
    for name in ("a\x00b", "x" * 121, "\u202eevil", "two\nlines"):
        with pytest.raises(InvalidChoice):
            signing_up.verify(token, name=name, password=cast.PASSWORD, now=NOW)
    opened = signing_up.verify(token, name="عبد الله", password=None, now=NOW)
    assert opened.name == "عبد الله"
    assert not opened.has_usable_password()


def test_nobody_floods_a_mailbox_or_asks_from_one_place_without_end() -> None:
    for _ in range(6):
        ask("flooded@mail.example")
    assert posted() == ["accounts.verify"] * 3
    for number in range(4):
        ask(f"other{number}@mail.example")
    with pytest.raises(TooManyAttempts):
        ask("one-more@mail.example")


@pytest.mark.parametrize("address", ["", "no-at", "a@b", "nul\x00@mail.example", "x" * 300 + "@mail.example"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidAddress):
        ask(address)


def test_a_link_that_nobody_followed_takes_the_account_with_it() -> None:
    ask("never@mail.example")
    retention.run(now=NOW + timedelta(days=6), actor=Actor.system("tests"))
    assert Account.objects.count() == 1
    retention.run(now=NOW + timedelta(days=8), actor=Actor.system("tests"))
    assert Account.objects.count() == 0
    ask("never@mail.example", NOW + timedelta(days=9))
    assert Account.objects.count() == 1


def test_a_proven_mailbox_opens_an_account_at_once_and_only_once() -> None:
    ask("invited@mail.example")
    opened = signing_up.open_proven("invited@mail.example", WISHES, name="", password=None, now=NOW)
    assert opened.is_active
    with pytest.raises(AddressTaken):
        signing_up.open_proven("invited@mail.example", WISHES, name="", password=None, now=NOW)
