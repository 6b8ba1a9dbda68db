"""What people do at the same moment ends as if one had come after the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from seqlense.accounts.models import Account
from seqlense.kit import clock
from seqlense.kit.identifiers import uuid7
from seqlense.organisations import answers, doors, founding, invitations, members, ownership
from seqlense.organisations.errors import NotFound, OrganisationError
from seqlense.organisations.models import Invitation, Membership
from seqlense.organisations.roles import Role
from seqlense.organisations.tenancy import inside
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys"])
NOW = clock.now()


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run them together; what each gave, or the refusal it met."""

    def run(act: Callable[[], object]) -> object:
        try:
            return act()
        except OrganisationError as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_accepting_twice_at_once_joins_once() -> None:
    company, charlie = cast.company(), cast.charlie()
    pk = company.organisation.pk
    invitation = cast.invited(company.organisation, company.alice, charlie.email, now=NOW)

    def accept() -> object:
        return answers.accept(pk, invitation.pk, account=charlie, actor=cast.actor(charlie), now=NOW).pk

    assert len(set(at_once(accept, accept, accept))) == 1
    with inside(pk):
        assert Membership.objects.filter(subject_id=charlie.subject_id).count() == 1


def test_founding_twice_at_once_founds_once() -> None:
    alice, identifier = cast.alice(), uuid7()

    def found() -> object:
        return founding.found(
            name="Once", account=alice, actor=cast.actor(alice), now=NOW, identifier=identifier
        ).pk

    assert set(at_once(found, found, found, found)) == {identifier}
    assert len(doors.mine(alice.subject_id)) == 1


def test_an_address_invited_by_two_at_once_is_written_to_once() -> None:
    company = cast.company()

    def invite(by: Account) -> object:
        [made] = invitations.invite(
            company.organisation.pk,
            addresses=["new@ailleurs.example"],
            role=Role.MEMBER,
            language="fr",
            actor=cast.actor(by),
            now=NOW,
        )
        return made.pk

    outcomes = at_once(lambda: invite(company.alice), lambda: invite(company.dana))
    assert sum(isinstance(outcome, OrganisationError) for outcome in outcomes) == 1
    with inside(company.organisation.pk):
        assert Invitation.objects.filter(invited_at=NOW).count() == 1


def test_taking_over_while_being_removed_leaves_one_owner() -> None:
    company = cast.company()
    pk, bob = company.organisation.pk, company.member(company.bob).pk
    ownership.offer(pk, bob, actor=cast.actor(company.alice), now=NOW)
    at_once(
        lambda: ownership.accept(pk, actor=cast.actor(company.bob), now=NOW),
        lambda: members.remove(pk, bob, actor=cast.actor(company.dana), now=NOW),
        lambda: members.leave(pk, actor=cast.actor(company.bob), now=NOW),
    )
    assert list(company.roles().values()).count("owner") == 1
    with pytest.raises(NotFound):
        members.leave(pk, actor=cast.actor(cast.charlie()), now=NOW)
