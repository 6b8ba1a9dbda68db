"""Ownership passes by consent; organisations end on a date; an erased owner leaves nobody stranded."""

from datetime import timedelta
from uuid import UUID

import pytest

from seqlense.accounts import signing_up
from seqlense.accounts.models import Account, account_of
from seqlense.kit import clock
from seqlense.organisations import (
    answers,
    closing,
    doors,
    invitations,
    members,
    ownership,
    queries,
    succession,
)
from seqlense.organisations.errors import ChangedMeanwhile, Closed, HandoverRefused, NotAllowed, NotFound
from seqlense.organisations.models import Invitation, Membership, Organisation
from seqlense.organisations.roles import Role
from seqlense.organisations.tenancy import inside
from seqlense.privacy import erasure
from seqlense.privacy.actor import Actor
from seqlense.privacy.records import Act
from tests import cast
from tests.postbox import Postbox

pytestmark = pytest.mark.django_db
NOW = clock.now()


@pytest.fixture
def company() -> cast.Company:
    return cast.company()


def offer(company: cast.Company, heir: Account, by: Account | None = None) -> None:
    ownership.offer(
        company.organisation.pk, company.member(heir).pk, actor=cast.actor(by or company.alice), now=NOW
    )


def test_ownership_passes_when_the_new_owner_accepts(company: cast.Company, postbox: Postbox) -> None:
    pk = company.organisation.pk
    postbox.deliver()
    offer(company, company.bob)
    offer(company, company.bob)  # pressed twice
    [asked] = postbox.deliver()
    assert asked["To"] == company.bob.email
    with pytest.raises(HandoverRefused, match="pending"):
        offer(company, company.dana)
    with pytest.raises(HandoverRefused, match="none"):
        ownership.accept(pk, actor=cast.actor(company.dana), now=NOW)
    with pytest.raises(HandoverRefused, match="expired"):
        ownership.accept(pk, actor=cast.actor(company.bob), now=NOW + timedelta(days=14))
    ownership.accept(pk, actor=cast.actor(company.bob), now=NOW)
    ownership.accept(pk, actor=cast.actor(company.bob), now=NOW)  # twice
    assert company.roles() == {
        "Alice Arnaud": "administrator",
        "Bob Bauer": "owner",
        "Dana Dubois": "administrator",
    }
    [told] = postbox.deliver()
    assert told["To"] == company.alice.email
    members.leave(pk, actor=cast.actor(company.alice), now=NOW)


def test_an_offer_can_be_declined_taken_back_and_is_the_owners_alone(company: cast.Company) -> None:
    pk = company.organisation.pk
    for by in (company.dana, company.bob):
        with pytest.raises(NotAllowed):
            offer(company, company.bob, by=by)
    with pytest.raises(HandoverRefused, match="self"):
        offer(company, company.alice)
    offer(company, company.bob)
    ownership.decline(pk, actor=cast.actor(company.bob), now=NOW)
    offer(company, company.dana)
    ownership.withdraw(pk, actor=cast.actor(company.alice), now=NOW)
    with pytest.raises(HandoverRefused, match="none"):
        ownership.accept(pk, actor=cast.actor(company.dana), now=NOW)
    assert company.roles()["Alice Arnaud"] == "owner"


def close(company: cast.Company) -> Organisation:
    return closing.close(company.organisation.pk, seen=1, actor=cast.actor(company.alice), now=NOW)


def test_closing_is_dated_can_be_undone_and_ends_in_deletion(company: cast.Company, postbox: Postbox) -> None:
    pk, charlie = company.organisation.pk, cast.charlie()
    cast.invited(company.organisation, company.alice, charlie.email, now=NOW)
    postbox.deliver()
    with pytest.raises(NotAllowed):
        closing.close(pk, seen=1, actor=cast.actor(company.dana), now=NOW)
    with pytest.raises(ChangedMeanwhile):
        closing.close(pk, seen=7, actor=cast.actor(company.alice), now=NOW)
    closed = close(company)
    assert closed.erases_at == NOW + timedelta(days=30)
    assert close(company).erases_at == closed.erases_at  # twice
    assert {mail["To"] for mail in postbox.deliver()} == {company.bob.email, company.dana.email}
    assert cast.offers(charlie, now=NOW) == []
    with pytest.raises(Closed):
        members.change_role(
            pk,
            company.member(company.bob).pk,
            role=Role.READER,
            seen=Role.MEMBER,
            actor=cast.actor(company.alice),
            now=NOW,
        )
    with pytest.raises(NotAllowed):
        closing.reopen(pk, actor=cast.actor(company.dana), now=NOW)

    closing.reopen(pk, actor=cast.actor(company.alice), now=NOW)
    assert company.member(company.bob).ends_at is None
    closing.close(pk, seen=3, actor=cast.actor(company.alice), now=NOW)
    assert closing.delete_due(now=NOW + timedelta(days=29)) == 0
    assert closing.delete_due(now=NOW + timedelta(days=30)) == 1
    assert doors.mine(company.alice.subject_id) == []
    with inside(pk):
        assert not Organisation.objects.exists()
        assert not Membership.objects.exists()
        assert not Invitation.objects.exists()
    assert account_of(company.bob.subject_id) is not None


def test_platform_administrators_alone_delete(company: cast.Company) -> None:
    pk, paul, odile = company.organisation.pk, cast.paul(), cast.odile()
    wishes = signing_up.Wishes(language="fr", country="FR")
    invitation = cast.invited(company.organisation, company.alice, "eve@arnaud.example", now=NOW)
    eve = answers.join_newly(pk, invitation.pk, wishes=wishes, name="Eve", password=cast.PASSWORD, now=NOW)
    for actor in (cast.actor(company.alice), Actor.staff(odile.subject_id), Actor.system("x")):
        with pytest.raises(NotAllowed):
            closing.delete(pk, actor=actor, now=NOW)
    closing.delete(pk, actor=Actor.staff(paul.subject_id), now=NOW)
    with pytest.raises(NotFound):
        closing.delete(pk, actor=Actor.staff(paul.subject_id), now=NOW)
    assert doors.mine(company.alice.subject_id) == []
    assert account_of(eve.subject_id) is None, "opened for this organisation, it goes with it"
    assert account_of(company.bob.subject_id) is not None
    act = Act.objects.get(kind="organisations.deleted")
    assert (act.actor_kind, act.detail["members"]) == ("staff", 4)


def erase(account: Account) -> None:
    erasure.erase(account.subject_id, actor=cast.actor(account), now=NOW)


def fates(account: Account) -> list[str]:
    return [fate.outcome for fate in succession.fates(account.subject_id)]


def owner_of(organisation: UUID) -> UUID | None:
    with inside(organisation):
        return Membership.objects.filter(role=Role.OWNER).values_list("subject_id", flat=True).first()


def test_an_erased_owner_is_followed_by_the_longest_serving_administrator(
    company: cast.Company, postbox: Postbox
) -> None:
    younger = cast.person("Yann", "yann@arnaud.example")
    invitation = cast.invited(company.organisation, company.alice, younger.email, Role.ADMINISTRATOR, now=NOW)
    answers.accept(
        company.organisation.pk, invitation.pk, account=younger, actor=cast.actor(younger), now=NOW
    )
    postbox.deliver()
    assert fates(company.alice) == ["passes"]
    erase(company.alice)
    assert owner_of(company.organisation.pk) == company.dana.subject_id
    [mail] = postbox.deliver()
    assert mail["To"] == company.dana.email


def test_without_an_administrator_it_closes_and_without_anybody_it_goes(company: cast.Company) -> None:
    members.remove(
        company.organisation.pk, company.member(company.dana).pk, actor=cast.actor(company.alice), now=NOW
    )
    alone = cast.founded(company.alice, "Alone")
    assert sorted(fates(company.alice)) == ["closes", "goes"]
    erase(company.alice)
    [mine] = doors.mine(company.bob.subject_id)
    assert mine.closed_at == NOW
    with inside(alone.pk):
        assert not Organisation.objects.exists()
    members.leave(company.organisation.pk, actor=cast.actor(company.bob), now=NOW)


def test_if_the_erasure_fails_nothing_was_handed_on(
    company: cast.Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("seqlense.organisations.succession.letters.to_members", failing)
    with pytest.raises(RuntimeError):
        erase(company.alice)
    assert company.roles()["Alice Arnaud"] == "owner"
    assert account_of(company.alice.subject_id) is not None


def test_an_erased_inviter_leaves_an_invitation_that_is_void(company: cast.Company) -> None:
    charlie = cast.charlie()
    invitation = cast.invited(company.organisation, company.dana, charlie.email, now=NOW)
    erase(company.dana)
    assert cast.offers(charlie, now=NOW) == []
    with inside(company.organisation.pk):
        [kept] = queries.invitations(company.organisation)
        assert kept.pk == invitation.pk
    with pytest.raises(NotFound):
        invitations.resend(company.organisation.pk, invitation.pk, actor=cast.actor(company.dana), now=NOW)
