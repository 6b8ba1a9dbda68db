"""What people set, by section and never over what another tab saved; the address, with both mailboxes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from seqlense.accounts import email_change, links, profile, signing_up
from seqlense.accounts.errors import ChangedMeanwhile, InvalidChoice, LinkRefused
from seqlense.accounts.models import Account, MailLink, account_at
from seqlense.mailing.models import Message
from seqlense.privacy.actor import Actor
from seqlense.privacy.records import Act
from tests import cast

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
OLD, NEW = links.Purpose.OLD_ADDRESS, links.Purpose.NEW_ADDRESS

pytestmark = pytest.mark.django_db


def save(account: Account, section: str, values: dict[str, str], seen: str) -> Account:
    return profile.save(
        account, section, values, seen_as=seen, actor=Actor.person(account.subject_id), now=NOW
    )


def test_two_tabs_never_overwrite_each_other_unseen() -> None:
    alice = cast.alice()
    seen, other_section = profile.seen(alice, "name"), profile.seen(alice, "currency")
    save(alice, "name", {"name": "Alice A."}, seen)
    with pytest.raises(ChangedMeanwhile):
        save(alice, "name", {"name": "A. Arnaud"}, seen)
    assert Account.objects.get().name == "Alice A."
    assert save(alice, "name", {"name": "Alice A."}, seen).name == "Alice A."
    assert save(alice, "currency", {"currency": "CHF"}, other_section).currency == "CHF"
    assert Act.objects.filter(kind="accounts.name_changed").count() == 1


@pytest.mark.parametrize(
    ("section", "values"),
    [
        ("name", {"name": "a\x00b"}),
        ("name", {"name": "x" * 5000}),
        ("region", {"language": "de", "country": "FR", "time_zone": "Europe/Paris"}),
        ("region", {"language": "fr", "country": "ZZ", "time_zone": "Europe/Paris"}),
        ("region", {"language": "fr", "country": "FR", "time_zone": "../../etc/passwd"}),
        ("currency", {"currency": "XXX"}),
    ],
)
def test_what_is_not_offered_is_refused(section: str, values: dict[str, str]) -> None:
    alice = cast.alice()
    with pytest.raises(InvalidChoice):
        save(alice, section, values, profile.seen(alice, section))


def ask(account: Account, address: str, now: datetime = NOW) -> None:
    email_change.ask(account, address, actor=Actor.person(account.subject_id), now=now)


def token(purpose: MailLink.Purpose) -> str:
    return links.token(MailLink.objects.filter(purpose=purpose).latest("made_at"))


@pytest.mark.parametrize("order", [(OLD, NEW), (NEW, OLD)])
def test_an_address_changes_once_both_mailboxes_agree(
    order: tuple[MailLink.Purpose, ...], django_capture_on_commit_callbacks: Any
) -> None:
    alice = cast.alice()
    former = alice.email
    ask(alice, "Alice.New@Exämple.example")
    first, second = order
    assert not email_change.agree(token(first), first, now=NOW).done
    assert account_at(former) == alice
    with django_capture_on_commit_callbacks(execute=True):
        assert email_change.agree(token(second), second, now=NOW).done
        assert account_at(former) == alice, "what fails before the commit locks nobody out"
    changed = account_at("alice.new@xn--exmple-cua.example")
    assert changed == alice
    assert account_at(former) is None
    assert changed is not None
    assert changed.email == "alice.new@xn--exmple-cua.example"
    with pytest.raises(LinkRefused, match="used"):
        email_change.agree(token(first), first, now=NOW)


def test_nobody_learns_whether_the_new_address_is_known() -> None:
    alice, charlie = cast.alice(), cast.charlie()
    Message.objects.all().delete()
    ask(alice, charlie.email)
    ask(alice, "unknown@mail.example", NOW + timedelta(hours=1))
    templates = list(Message.objects.order_by("posted_at", "id").values_list("template", flat=True))
    assert templates == [
        "accounts.old_address",
        "accounts.known",
        "accounts.old_address",
        "accounts.new_address",
    ]
    assert account_at(charlie.email) == charlie


def test_an_address_taken_meanwhile_is_not_taken_over() -> None:
    alice = cast.alice()
    ask(alice, "wanted@mail.example")
    wishes = signing_up.Wishes(language="fr", country="FR")
    other = signing_up.open_proven("wanted@mail.example", wishes, name="", password=None, now=NOW)
    email_change.agree(token(OLD), OLD, now=NOW)
    with pytest.raises(InvalidChoice):
        email_change.agree(token(NEW), NEW, now=NOW)
    assert account_at("wanted@mail.example") == other
    assert account_at("alice@arnaud.example") == alice


def test_a_refusal_or_a_second_wish_voids_the_links() -> None:
    alice = cast.alice()
    ask(alice, "one@mail.example")
    old, new = token(OLD), token(NEW)
    email_change.refuse(old, OLD, now=NOW)
    with pytest.raises(LinkRefused, match="replaced"):
        email_change.agree(new, NEW, now=NOW)
    assert email_change.under_way(alice, now=NOW) is None
    ask(alice, "two@mail.example", NOW + timedelta(hours=1))
    with pytest.raises(InvalidChoice, match="same"):
        ask(alice, "ALICE@arnaud.example", NOW + timedelta(hours=2))
