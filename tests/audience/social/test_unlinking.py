"""A linked account belongs to one person, and goes at once: unlinked, withdrawn, closed, or brought back."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client

from seqlense.accounts import closing
from seqlense.accounts.models import Account
from seqlense.audience.social import linking
from seqlense.audience.social.errors import Barred, NotOffered, Taken
from seqlense.audience.social.exchanging import Identity
from seqlense.audience.social.models import LinkedAccount
from seqlense.kit import clock
from seqlense.privacy import access, consent, destruction, keystore, subjects, switches
from seqlense.privacy.errors import Erased
from seqlense.privacy.restoring.finishing import restored
from tests import cast
from tests.audience.social.provider import Provider
from tests.audience.social.test_linking import acts_of, kept, link, page

pytestmark = pytest.mark.django_db(transaction=True)
NOW = clock.now()
LATER = NOW + timedelta(minutes=5)
ALICE_THERE = Identity("4242", "@alice")


def agreed(account: Account) -> Account:
    consent.give(
        account.subject_id,
        linking.PURPOSE,
        how="settings",
        shown="0" * 64,
        language="fr",
        actor=cast.actor(account),
        now=NOW,
    )
    return account


def linked(account: Account, at: str = "x", who: Identity = ALICE_THERE) -> LinkedAccount:
    return linking.link(agreed(account), at, who, actor=cast.actor(account), now=NOW)


def unlinked(account: Account, at: str = "x") -> bool:
    return linking.unlink(account.subject_id, at, actor=cast.actor(account), now=LATER)


def has_key(account: Account) -> bool:
    return bool(keystore.living({(account.subject_id, linking.ACTIVITY)}))


def test_unlinking_erases_at_once_with_the_key(there: Provider) -> None:
    alice, charlie = cast.alice(), cast.charlie()
    browser = cast.signed_in(alice)
    link(browser, "x", there)
    stolen = LinkedAccount.objects.get()
    shown = browser.get(page("network_unlink", "x")).text
    assert "@alice" in shown
    assert cast.signed_in(charlie).get(page("network_unlink", "x")).status_code == 302, "has none"
    done = browser.post(page("network_unlink", "x"), follow=True)
    assert "est délié" in done.text
    assert kept(alice) == []
    assert acts_of(alice.subject_id) == ["social.unlinked", "social.linked"]
    assert not consent.given(alice.subject_id, linking.PURPOSE)
    destruction.drain()
    assert not has_key(alice)
    keystore.forget()
    with pytest.raises(Erased):
        _ = LinkedAccount(pk=stolen.pk, subject_id=stolen.subject_id, **_as_stored(stolen)).account
    assert subjects.find("network", "x:4242") is None
    assert browser.post(page("network_unlink", "x")).status_code == 302, "twice does no harm"


def _as_stored(row: LinkedAccount) -> dict[str, Any]:
    return {"account": row.__dict__["account"], "network": row.network, "linked_at": row.linked_at}


def test_an_account_belongs_to_one_person_until_it_is_unlinked(there: Provider) -> None:
    alice, bob = cast.alice(), cast.bob()
    assert "est lié" in link(cast.signed_in(alice), "x", there)
    theirs = cast.signed_in(bob)
    refused = theirs.get(_answer(theirs, there), follow=True).text
    assert "Another person here has linked that account" in refused
    assert (len(kept(alice)), kept(bob)) == (1, [])
    with pytest.raises(Taken):
        linked(bob)
    linked(bob, "youtube")  # another network may well give the same number to somebody else
    assert unlinked(alice)
    linked(bob)
    assert {one.network for one in linking.of(bob.subject_id)} == {"x", "youtube"}


def _answer(browser: Client, there: Provider) -> str:
    from tests.audience.social.test_linking import agree

    return there.visit(agree(browser, "x"))


def test_a_handle_left_by_a_failure_stops_nobody() -> None:
    alice, bob = agreed(cast.alice()), agreed(cast.bob())
    with transaction.atomic():
        linked(alice)
        transaction.set_rollback(True)
    assert subjects.find("network", "x:4242") == alice.subject_id
    linked(bob)
    assert subjects.find("network", "x:4242") == bob.subject_id


def test_two_who_link_it_at_once(db: None) -> None:
    people = [agreed(cast.alice()), agreed(cast.bob()), agreed(cast.charlie())]
    told: list[str] = []

    def at_once(account: Account) -> Callable[[], None]:
        def run() -> None:
            try:
                linked(account)
            except Taken as refused:
                told.append(refused.code)
            finally:
                connections.close_all()

        return run

    threads = [threading.Thread(target=at_once(one)) for one in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert told == ["social.taken"] * 2
    assert LinkedAccount.objects.count() == 1


def test_another_account_of_the_same_network_replaces_the_first() -> None:
    alice, bob = cast.alice(), cast.bob()
    linked(alice)
    linked(alice, who=Identity("4242", "@alice_arnaud"))
    assert kept(alice) == [("x", "4242", "@alice_arnaud")]
    linked(alice, who=Identity("77", "@autre"))
    assert kept(alice) == [("x", "77", "@autre")]
    linked(bob)
    assert kept(bob) == [("x", "4242", "@alice")]


def test_withdrawing_the_consent_erases_every_link() -> None:
    for how in ("consent", "my_data"):
        alice = cast.alice() if how == "consent" else cast.charlie()
        linked(alice)
        linked(alice, "youtube", Identity("g-1", "Alice"))
        assert unlinked(alice, "youtube")
        assert consent.given(alice.subject_id, linking.PURPOSE), "one is still linked"
        linked(alice, "youtube", Identity("g-1", "Alice"))
        if how == "consent":
            consent.withdraw(
                alice.subject_id, linking.PURPOSE, how="settings", actor=cast.actor(alice), now=LATER
            )
        else:
            actor = cast.actor(alice)
            switches.set(switches.Kind.WITHDRAWAL, alice.subject_id, linking.ACTIVITY, actor=actor, now=LATER)
        assert kept(alice) == []
        destruction.drain()
        assert not has_key(alice)
        with pytest.raises(Barred):
            linking.link(alice, "x", ALICE_THERE, actor=cast.actor(alice), now=LATER)
        linked(alice)
        assert len(kept(alice)) == 1, "agreeing anew opens it again"
        assert unlinked(alice)


def test_a_limit_on_use_lets_nothing_be_linked(there: Provider) -> None:
    alice = agreed(cast.alice())
    browser = cast.signed_in(alice)
    switches.set(
        switches.Kind.RESTRICTION,
        alice.subject_id,
        linking.ACTIVITY,
        actor=cast.actor(alice),
        now=NOW,
        ground=switches.Ground.ACCURACY,
    )
    assert "limiter l’usage" in browser.get(page("network_link", "x")).text
    assert browser.post(page("network_link", "x")).status_code == 409
    with pytest.raises(Barred):
        linking.link(alice, "x", ALICE_THERE, actor=cast.actor(alice), now=LATER)


def test_closing_the_account_takes_it_and_frees_it_for_others() -> None:
    alice, bob = cast.alice(), cast.bob()
    linked(alice)
    closing.close(alice, actor=cast.actor(alice), now=LATER)
    assert LinkedAccount.objects.count() == 0
    assert not has_key(alice)
    linked(bob)
    assert kept(bob) == [("x", "4242", "@alice")]


def test_a_restored_copy_brings_back_no_account_unlinked_since() -> None:
    alice, bob = cast.alice(), cast.bob()
    old = linked(alice)
    row = {**_as_stored(old), "subject_id": alice.subject_id, "holder": alice}
    linked(bob, "youtube", Identity("g-2", "Bob"))
    assert unlinked(alice)
    for gone in (False, True):
        if gone:
            destruction.drain()
            keystore.forget()
        copy = LinkedAccount(pk=old.pk, **{name: value for name, value in row.items() if name != "account"})
        copy.account, copy.name = "4242", "@alice"
        copy.save(force_insert=True)
        counts: list[Any] = [answer for _receiver, answer in restored.send(sender=None, now=LATER)]
        assert {"linked_accounts": 1} in counts
        assert (kept(alice), len(kept(bob))) == ([], 1)


def test_what_is_held_is_told_to_the_person_in_words() -> None:
    alice = cast.alice()
    linked(alice)
    held = access.everything(alice.subject_id, now=NOW)
    [activity] = [one for one in held.activities if one.activity.id == linking.ACTIVITY]
    values = {one.item.id: [str(value.value) for value in one.values] for one in activity.items}
    assert values["account"] == ["4242"]
    assert values["name"] == ["@alice"]


def test_a_network_that_is_not_offered_has_no_door() -> None:
    with pytest.raises(NotOffered):
        linking.network("x")
    assert linking.offered() == ()
