"""Invitations: bound to an address that nobody sees again; they expire, are sent again, withdrawn, answered
once.
"""

from datetime import timedelta

import pytest
from django.db import connection

from seqlense.accounts import signing_up
from seqlense.accounts.errors import AddressTaken, WeakPassword
from seqlense.accounts.models import Account, account_at
from seqlense.kit import clock
from seqlense.organisations import answers, closing, invitations, members, queries
from seqlense.organisations.errors import (
    AddressesRefused,
    Closed,
    InvitationRefused,
    NotAllowed,
    NotFound,
    TooMany,
)
from seqlense.organisations.models import Invitation
from seqlense.organisations.roles import Role
from seqlense.organisations.tenancy import inside
from seqlense.privacy import erasure
from seqlense.privacy.records import Act
from tests import cast
from tests.postbox import Postbox

pytestmark = pytest.mark.django_db
NOW = clock.now()
WISHES = signing_up.Wishes(language="fr", country="FR")


@pytest.fixture
def company() -> cast.Company:
    return cast.company()


def invite(
    company: cast.Company, *addresses: str, by: Account | None = None, role: Role = Role.MEMBER
) -> list[Invitation]:
    return invitations.invite(
        company.organisation.pk,
        addresses=addresses,
        role=role,
        language="fr",
        actor=cast.actor(by or company.alice),
        now=NOW,
    )


def codes(refused: pytest.ExceptionInfo[AddressesRefused]) -> list[tuple[int, str]]:
    return [(one.line, one.code.rpartition(".")[2]) for one in refused.value.lines]


def accept(company: cast.Company, invitation: Invitation, account: Account) -> None:
    answers.accept(
        company.organisation.pk, invitation.pk, account=account, actor=cast.actor(account), now=NOW
    )


def test_the_invited_person_is_written_to_and_joins(company: cast.Company, postbox: Postbox) -> None:
    charlie = cast.charlie()
    postbox.deliver()
    [invitation] = invite(company, "  CHARLIE@Ailleurs.example ", by=company.dana, role=Role.READER)
    [mail] = postbox.deliver()
    assert mail["To"] == "charlie@ailleurs.example"
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Dana Dubois" in text
    assert invitation.reference in text
    token = answers.token(company.organisation.pk, invitation.pk)
    assert f"/fr/invitation/{token}/" in text.replace("=\n", "")
    assert answers.read(token) == (company.organisation.pk, invitation.pk)

    [offer] = cast.offers(charlie, now=NOW)
    assert (offer.name, offer.role, offer.inviter) == ("Arnaud & Cie", "reader", company.dana.subject_id)
    accept(company, invitation, charlie)
    assert company.roles()["Charlie Çelik"] == "reader"
    assert cast.offers(charlie, now=NOW) == []
    accept(company, invitation, charlie)  # twice: harmless
    assert Act.objects.filter(kind="organisations.joined", subject=charlie.subject_id).count() == 1


def test_the_address_is_sealed_and_forgotten_once_settled(company: cast.Company) -> None:
    [invitation] = invite(company, "nobody.knows@ailleurs.example")
    with inside(company.organisation.pk), connection.cursor() as cursor:
        cursor.execute(
            "select to_jsonb(i)::text from organisations_invitation i where id = %s", [invitation.pk]
        )
        assert "nobody" not in cursor.fetchone()[0]
    assert all("nobody" not in str(act.detail) for act in Act.objects.all())
    invitations.withdraw(company.organisation.pk, invitation.pk, actor=cast.actor(company.dana), now=NOW)
    invitations.withdraw(company.organisation.pk, invitation.pk, actor=cast.actor(company.dana), now=NOW)
    with inside(company.organisation.pk):
        assert Invitation.objects.get(pk=invitation.pk).address is None


def test_only_the_invited_address_answers(company: cast.Company) -> None:
    charlie = cast.charlie()
    [invitation] = invite(company, "dorothee@ailleurs.example")
    for answer in (answers.accept, answers.decline):
        with pytest.raises(InvitationRefused, match="foreign"):
            answer(
                company.organisation.pk, invitation.pk, account=charlie, actor=cast.actor(charlie), now=NOW
            )
    signing_up.ask("dorothee@ailleurs.example", WISHES, source="192.0.2.1", now=NOW)
    unverified = account_at("dorothee@ailleurs.example")
    assert unverified is not None
    with pytest.raises(InvitationRefused, match="unverified"):
        accept(company, invitation, unverified)
    assert "dorothee" not in str(company.roles())


def test_somebody_without_account_opens_one_by_the_link(company: cast.Company) -> None:
    [invitation] = invite(company, "eve@ailleurs.example")
    pk = company.organisation.pk
    with pytest.raises(WeakPassword):
        answers.join_newly(pk, invitation.pk, wishes=WISHES, name="Eve", password="short", now=NOW)
    assert account_at("eve@ailleurs.example") is None
    eve = answers.join_newly(pk, invitation.pk, wishes=WISHES, name="Eve", password=cast.PASSWORD, now=NOW)
    assert eve.is_active
    assert company.member(eve).opened_account
    with pytest.raises(InvitationRefused, match="accepted"):
        answers.join_newly(pk, invitation.pk, wishes=WISHES, name="Eve", password=cast.PASSWORD, now=NOW)

    charlie = cast.charlie()
    [second] = invite(company, charlie.email)
    with pytest.raises(AddressTaken):  # the link alone never enters an account that exists
        answers.join_newly(pk, second.pk, wishes=WISHES, name="", password=cast.PASSWORD, now=NOW)


@pytest.mark.parametrize("link", ["", "x", "a.b", "é", "../..", "A" * 4000])
def test_forged_links(link: str) -> None:
    with pytest.raises(InvitationRefused, match="forged"):
        answers.read(link)


def test_links_that_no_longer_count(company: cast.Company) -> None:
    charlie, pk = cast.charlie(), company.organisation.pk
    [invitation] = invite(company, charlie.email)

    def look(days: int = 0) -> None:
        answers.look(pk, invitation.pk, account=charlie, now=NOW + timedelta(days=days))

    look(6)
    with pytest.raises(InvitationRefused, match="expired"):
        look(7)
    invitations.resend(pk, invitation.pk, actor=cast.actor(company.dana), now=NOW + timedelta(days=8))
    look(14)
    answers.decline(pk, invitation.pk, account=charlie, actor=cast.actor(charlie), now=NOW)
    with pytest.raises(InvitationRefused, match="declined"):
        look()
    other = cast.founded(charlie, "Ailleurs")
    with pytest.raises(InvitationRefused, match="unknown"):
        answers.look(other.pk, invitation.pk, account=charlie, now=NOW)
    organisation = closing.close(pk, seen=1, actor=cast.actor(company.alice), now=NOW)
    assert organisation.closed_at == NOW
    with pytest.raises(Closed):
        invite(company, "late@ailleurs.example")


def test_addresses_are_refused_line_by_line_and_nobody_is_written_to(
    company: cast.Company, postbox: Postbox
) -> None:
    postbox.deliver()
    invite(company, "early@ailleurs.example")
    assert len(postbox.deliver()) == 1
    with pytest.raises(AddressesRefused) as refused:
        invite(
            company,
            "fine@ailleurs.example",
            "no address",
            company.alice.email.upper(),
            company.bob.email,
            "early@ailleurs.example",
            "a\x00b@ailleurs.example",
        )
    assert codes(refused) == [(2, "malformed"), (3, "self"), (4, "member"), (5, "recent"), (6, "malformed")]
    assert postbox.deliver() == []
    assert "@" not in str(refused.value)
    with inside(company.organisation.pk):
        assert Invitation.objects.filter(accepted_at=None).count() == 1


def test_who_may_invite_to_which_role(company: cast.Company) -> None:
    for by, role in [
        (company.dana, Role.ADMINISTRATOR),
        (company.dana, Role.OWNER),
        (company.alice, Role.OWNER),
    ]:
        with pytest.raises(InvitationRefused, match="role"):
            invite(company, "x@ailleurs.example", by=by, role=role)
    with pytest.raises(NotAllowed):
        invite(company, "x@ailleurs.example", by=company.bob)
    with pytest.raises(NotFound):
        invite(company, "x@ailleurs.example", by=cast.charlie())


def test_nobody_is_pestered(company: cast.Company) -> None:
    pk, by = company.organisation.pk, cast.actor(company.alice)
    [invitation] = invite(company, "x@ailleurs.example")
    with pytest.raises(InvitationRefused, match="recent"):
        invitations.resend(pk, invitation.pk, actor=by, now=NOW)
    for hour in range(1, invitations.SENDINGS):
        invitations.resend(pk, invitation.pk, actor=by, now=NOW + timedelta(hours=hour))
    later = NOW + timedelta(days=2)
    with pytest.raises(InvitationRefused, match="often"):
        invitations.resend(pk, invitation.pk, actor=by, now=later)
    invitations.withdraw(pk, invitation.pk, actor=by, now=later)
    with pytest.raises(
        AddressesRefused
    ) as refused:  # withdrawing and inviting anew doesn't begin the count again
        invitations.invite(
            pk, addresses=["x@ailleurs.example"], role=Role.MEMBER, language="fr", actor=by, now=later
        )
    assert codes(refused) == [(1, "often")]


def test_two_hundred_invitations_meet_a_ceiling(company: cast.Company) -> None:
    sent = 0
    with pytest.raises(TooMany, match="addresses"):
        invite(company, *[f"p{n}@ailleurs.example" for n in range(21)])
    for batch in range(3):
        sent += len(invite(company, *[f"p{batch}-{n}@ailleurs.example" for n in range(20)]))
    room = invitations.SENT.burst - sent
    with pytest.raises(TooMany, match="invitations") as refused:
        invite(company, *[f"last-{n}@ailleurs.example" for n in range(room + 1)])
    assert refused.value.again_at is not None
    with inside(company.organisation.pk):
        assert Invitation.objects.filter(invited_at=NOW).count() == sent


def test_inviting_again_after_removal(company: cast.Company) -> None:
    members.remove(
        company.organisation.pk, company.member(company.bob).pk, actor=cast.actor(company.dana), now=NOW
    )
    [again] = invite(company, company.bob.email, role=Role.READER)
    accept(company, again, company.bob)
    assert company.roles()["Bob Bauer"] == "reader"


@pytest.mark.parametrize("how", ["removed", "demoted", "gone", "left"])
def test_an_invitation_is_worth_what_its_sender_may_do(
    company: cast.Company, postbox: Postbox, how: str
) -> None:
    charlie, pk, by_alice = cast.charlie(), company.organisation.pk, cast.actor(company.alice)
    [invitation] = invite(company, charlie.email, by=company.dana)
    answers.look(pk, invitation.pk, account=charlie, now=NOW)
    assert len(cast.offers(charlie, now=NOW)) == 1
    seat = company.member(company.dana).pk
    if how == "removed":
        members.remove(pk, seat, actor=by_alice, now=NOW)
    elif how == "demoted":
        members.change_role(pk, seat, role=Role.MEMBER, seen="administrator", actor=by_alice, now=NOW)
    elif how == "gone":
        erasure.erase(company.dana.subject_id, actor=cast.actor(company.dana), now=NOW)
    else:
        members.leave(pk, actor=cast.actor(company.dana), now=NOW)

    for answer in (answers.accept, answers.decline):
        with pytest.raises(InvitationRefused, match="void"):
            answer(pk, invitation.pk, account=charlie, actor=cast.actor(charlie), now=NOW)
    assert cast.offers(charlie, now=NOW) == []
    with inside(pk):
        assert queries.waiting(company.organisation, now=NOW) == 0
        assert [one.stands for one in queries.invitations(company.organisation)] == [False]  # type: ignore[attr-defined]  # annotated
    assert "charlie@ailleurs.example" not in [mail["To"] for mail in postbox.deliver()]  # not sent any more

    later = NOW + timedelta(hours=1)
    invitations.resend(pk, invitation.pk, actor=by_alice, now=later)  # whoever sends it again stands for it
    assert answers.look(pk, invitation.pk, account=charlie, now=later).inviter == company.alice.subject_id
    assert "charlie@ailleurs.example" in [mail["To"] for mail in postbox.deliver()]


def test_nobody_sends_again_what_they_could_not_send(company: cast.Company) -> None:
    [invitation] = invite(company, "eve@ailleurs.example", role=Role.ADMINISTRATOR)
    with pytest.raises(InvitationRefused, match="role"):
        invitations.resend(
            company.organisation.pk,
            invitation.pk,
            actor=cast.actor(company.dana),
            now=NOW + timedelta(days=1),
        )
