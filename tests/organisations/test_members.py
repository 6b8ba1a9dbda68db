"""Members: roles, removal, leaving. One permission table decides, and it is the one that people are shown."""

from itertools import pairwise

import pytest

from seqlense.accounts import signing_up
from seqlense.accounts.models import Account, account_of
from seqlense.kit import clock
from seqlense.organisations import answers, doors, members, ownership
from seqlense.organisations.errors import ChangedMeanwhile, NotAllowed, NotFound, OwnerStays
from seqlense.organisations.models import Handover
from seqlense.organisations.roles import TABLE, Permission, Role, assignable
from seqlense.organisations.tenancy import inside
from seqlense.privacy.models import Subject
from seqlense.privacy.records import Act
from tests import cast
from tests.postbox import Postbox

pytestmark = pytest.mark.django_db
NOW = clock.now()


def test_each_role_may_all_that_the_next_one_may() -> None:
    ladder = [TABLE[role] for role in Role]
    assert all(lower < higher for higher, lower in pairwise(ladder))
    assert TABLE[Role.READER] == {Permission.SEE}
    assert all(Role.OWNER not in assignable(role) for role in Role)


def change(company: cast.Company, by: Account, whom: Account, role: Role, seen: Role) -> None:
    members.change_role(
        company.organisation.pk, company.member(whom).pk, role=role, seen=seen, actor=cast.actor(by), now=NOW
    )


def test_roles_change_within_the_table(postbox: Postbox) -> None:
    company = cast.company()
    postbox.deliver()
    change(company, company.dana, company.bob, Role.READER, Role.MEMBER)
    assert company.roles()["Bob Bauer"] == "reader"
    [mail] = postbox.deliver()
    assert mail["To"] == company.bob.email
    assert "Reader" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    change(company, company.alice, company.bob, Role.ADMINISTRATOR, Role.READER)

    for by, whom, role, seen in [
        (
            company.dana,
            company.bob,
            Role.MEMBER,
            Role.ADMINISTRATOR,
        ),  # an administrator doesn't demote another
        (company.dana, company.alice, Role.MEMBER, Role.OWNER),
        (company.alice, company.alice, Role.MEMBER, Role.OWNER),
        (company.alice, company.bob, Role.OWNER, Role.ADMINISTRATOR),  # ownership is handed over, not given
        (company.dana, company.dana, Role.MEMBER, Role.ADMINISTRATOR),
    ]:
        with pytest.raises(NotAllowed):
            change(company, by, whom, role, seen)
    change(company, company.alice, company.bob, Role.MEMBER, Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        change(company, company.dana, company.bob, Role.ADMINISTRATOR, Role.MEMBER)
    with pytest.raises(NotFound):
        change(company, cast.charlie(), company.bob, Role.READER, Role.MEMBER)


def test_two_administrators_do_not_overwrite_each_other() -> None:
    company = cast.company()
    change(company, company.dana, company.bob, Role.READER, Role.MEMBER)
    change(company, company.alice, company.bob, Role.READER, Role.MEMBER)  # the same wish: fulfilled already
    with pytest.raises(ChangedMeanwhile):
        change(company, company.alice, company.bob, Role.ADMINISTRATOR, Role.MEMBER)
    assert company.roles()["Bob Bauer"] == "reader"


def test_a_group_administrator_removes_a_member_whose_own_account_stays(postbox: Postbox) -> None:
    company, charlie = cast.company(), cast.charlie()
    pk, bob = company.organisation.pk, company.member(company.bob).pk
    postbox.deliver()
    for by in (company.bob, charlie):
        with pytest.raises((NotAllowed, NotFound)):
            members.remove(pk, company.member(company.dana).pk, actor=cast.actor(by), now=NOW)
    with pytest.raises(OwnerStays):
        members.remove(pk, company.member(company.alice).pk, actor=cast.actor(company.dana), now=NOW)

    members.remove(pk, bob, actor=cast.actor(company.dana), now=NOW)
    with pytest.raises(NotFound):  # twice
        members.remove(pk, bob, actor=cast.actor(company.dana), now=NOW)
    assert doors.mine(company.bob.subject_id) == []
    assert account_of(company.bob.subject_id) is not None
    act = Act.objects.get(kind="organisations.removed")
    assert (act.subject, act.actor_subject) == (company.bob.subject_id, company.dana.subject_id)
    [mail] = postbox.deliver()
    assert mail["To"] == company.bob.email
    assert "Arnaud & Cie" in mail["Subject"]


def test_an_account_opened_to_join_goes_with_the_membership() -> None:
    company = cast.company()
    wishes = signing_up.Wishes(language="fr", country="FR")
    newcomers = []
    for address in ("eve@arnaud.example", "ines@arnaud.example"):
        invitation = cast.invited(company.organisation, company.alice, address, now=NOW)
        newcomers.append(
            answers.join_newly(
                company.organisation.pk,
                invitation.pk,
                wishes=wishes,
                name="",
                password=cast.PASSWORD,
                now=NOW,
            )
        )
    eve, ines = newcomers
    cast.founded(ines, "Elsewhere", now=NOW)
    for account in newcomers:
        members.remove(
            company.organisation.pk, company.member(account).pk, actor=cast.actor(company.dana), now=NOW
        )
    assert account_of(eve.subject_id) is None
    assert not Subject.objects.filter(pk=eve.subject_id, erased_at=None).exists()
    assert account_of(ines.subject_id) is not None, "she belongs somewhere else by now"


def test_members_leave_and_the_owner_does_not() -> None:
    company = cast.company()
    pk = company.organisation.pk
    with pytest.raises(OwnerStays):
        members.leave(pk, actor=cast.actor(company.alice), now=NOW)
    ownership.offer(pk, company.member(company.bob).pk, actor=cast.actor(company.alice), now=NOW)
    members.leave(pk, actor=cast.actor(company.bob), now=NOW)
    with inside(pk):
        assert not Handover.objects.exists(), "the offer goes with the member"
    with pytest.raises(NotFound):
        members.leave(pk, actor=cast.actor(company.bob), now=NOW)
    assert company.roles() == {"Alice Arnaud": "owner", "Dana Dubois": "administrator"}
