"""Founding an organisation and its settings: once, by a clean name, never over somebody else's change."""

from datetime import timedelta

import pytest

from seqlense.accounts.models import CodeGenerator
from seqlense.kit.identifiers import uuid7
from seqlense.organisations import doors, founding
from seqlense.organisations.errors import (
    ChangedMeanwhile,
    InvalidName,
    NotAllowed,
    NotFound,
    SecondFactorMissing,
    TooMany,
)
from seqlense.privacy.records import Act
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.OPENED + timedelta(days=1)


def test_whoever_founds_owns_it_and_sending_twice_founds_once() -> None:
    alice, identifier = cast.alice(), uuid7()
    for _ in range(2):
        founding.found(
            name="  Arnaud & Cie ", account=alice, actor=cast.actor(alice), now=NOW, identifier=identifier
        )
    [mine] = doors.mine(alice.subject_id)
    assert (mine.name, mine.role, mine.organisation) == ("Arnaud & Cie", "owner", identifier)
    assert Act.objects.filter(kind="organisations.founded").count() == 1

    charlie = cast.charlie()
    with pytest.raises(NotFound):  # an identifier that is somebody else's tells nothing and changes nothing
        founding.found(
            name="Mine", account=charlie, actor=cast.actor(charlie), now=NOW, identifier=identifier
        )
    assert doors.mine(charlie.subject_id) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "text-empty"),
        (" \u200b ", "text-empty"),
        ("a\x00b", "text-control-character"),
        ("Sur\u202eesrever", "text-direction-override"),
        ("x" * 121, "text-too-long"),
        ("x" * 1_000_000, "text-too-long"),
    ],
)
def test_names_that_are_refused(name: str, code: str) -> None:
    with pytest.raises(InvalidName) as refused:
        cast.founded(cast.alice(), name)
    assert refused.value.code == f"organisations.name.{code}"


@pytest.mark.parametrize(
    "name", ["🌻 Tournesol", "شركة المثال", "Ünïon 株式会社", "x" * 120, "O’Brien & <b>Sons</b>"]
)
def test_names_that_are_kept_as_typed(name: str) -> None:
    assert cast.founded(cast.alice(), name).name == name


def test_nobody_founds_without_end() -> None:
    alice = cast.alice()
    for _ in range(founding.FOUNDED.burst):
        cast.founded(alice)
    with pytest.raises(TooMany) as refused:
        cast.founded(alice)
    assert refused.value.again_at is not None
    assert refused.value.again_at > cast.OPENED


def test_two_tabs_do_not_overwrite_each_other() -> None:
    company = cast.company()
    pk, seen = company.organisation.pk, company.organisation.revision
    founding.rename(pk, name="First", seen=seen, actor=cast.actor(company.alice), now=NOW)
    with pytest.raises(ChangedMeanwhile):
        founding.rename(pk, name="Second", seen=seen, actor=cast.actor(company.dana), now=NOW)
    assert doors.mine(company.bob.subject_id)[0].name == "First"
    founding.rename(
        pk, name="First", seen=seen, actor=cast.actor(company.dana), now=NOW
    )  # the same: no quarrel
    with pytest.raises(NotAllowed):
        founding.rename(pk, name="Bob's", seen=seen + 1, actor=cast.actor(company.bob), now=NOW)
    with pytest.raises(NotFound):
        founding.rename(pk, name="Mine", seen=seen + 1, actor=cast.actor(cast.charlie()), now=NOW)


def test_a_second_factor_is_demanded_by_somebody_who_has_one() -> None:
    company = cast.company()
    pk, alice = company.organisation.pk, company.alice

    def demand(*, demanded: bool, seen: int) -> None:
        founding.demand_second_factor(
            pk, demanded=demanded, seen=seen, account=alice, actor=cast.actor(alice), now=NOW
        )

    with pytest.raises(SecondFactorMissing):
        demand(demanded=True, seen=1)
    CodeGenerator.objects.update_or_create(
        account=alice,
        defaults={
            "subject_id": alice.subject_id,
            "created_at": NOW,
            "confirmed_at": NOW,
            "secret": "JBSWY3DPEHPK3PXP",
        },
    )
    alice.refresh_from_db()
    demand(demanded=True, seen=1)
    assert doors.demands_second_factor(company.bob.subject_id)
    assert not doors.demands_second_factor(cast.charlie().subject_id)
    demand(demanded=False, seen=2)
    assert not doors.demands_second_factor(company.bob.subject_id)
