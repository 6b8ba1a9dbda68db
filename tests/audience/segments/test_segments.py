"""Segments hold those who meet a rule and let themselves be grouped, never fewer than ten, never others."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from seqlense.accounts.models import Account
from seqlense.audience.promotions.models import Declaration
from seqlense.audience.segments import belonging, defining
from seqlense.audience.segments.errors import (
    ChangedMeanwhile,
    InvalidName,
    InvalidRule,
    NotDeclared,
    Stopped,
    TooSmall,
)
from seqlense.audience.segments.models import Belonging, Segment, shown
from seqlense.audience.segments.rules import EVERYBODY, Rule
from seqlense.kit import clock
from seqlense.privacy import access, erasure, features, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.features import declarations, reading
from seqlense.privacy.records import Act
from seqlense.privacy.switches import Kind
from tests import cast
from tests.audience.segments.crowd import SYSTEM, crowd, interest, interested, rule, segment

pytestmark = pytest.mark.django_db
FRENCH = rule(accounts_language="fr")


def people(of: Segment) -> set[UUID]:
    return set(Belonging.objects.filter(segment=of).values_list("subject_id", flat=True))


def test_a_segment_holds_those_who_meet_its_rule_from_ten_on() -> None:
    french, english = crowd(12), crowd(9, language="en")
    made = segment(FRENCH)
    assert people(made) == set(french)
    assert made.shown is None, "nine others are left: the difference would tell of them"
    assert made.near == ["all"]
    small = segment(rule(accounts_language="en"), name="English")
    assert (small.people, people(small), small.shown, small.formed) == (9, set(), None, False)
    more = crowd(4, language="en")
    assert belonging.refresh(small.pk, now=clock.now()) == 13
    assert people(Segment.objects.get(pk=small.pk)) == {*english, *more}
    Account.objects.filter(subject_id__in=more).update(language="fr")
    assert belonging.refresh(small.pk, now=clock.now()) == 9
    assert people(small) == set()


def test_numbers_are_tens_and_hide_what_a_subtraction_would_tell() -> None:
    assert [shown(n) for n in (0, 9, 10, 19, 57)] == [None, None, 10, 10, 50]
    crowd(25), crowd(3, country="DE"), crowd(30, language="en")
    first = segment(FRENCH)
    assert first.shown == 20
    asked = rule(accounts_language="fr", accounts_country="own")
    size = belonging.measure(asked, actor=SYSTEM, now=clock.now())
    assert Act.objects.get(kind="segments.looked_at").detail == {"segment": None, "rule": asked.data}
    assert (size.people, size.near) == (25, (str(first.pk),)), "three people fewer than another"


def test_objecting_leaves_at_once_and_for_good() -> None:
    everyone = crowd(14)
    made, who = segment(FRENCH), everyone[0]
    elsewhere = everyone[1]
    actor = Actor.person(who)
    objection = switches.set(Kind.OBJECTION, who, "profiling", actor=actor, now=clock.now())
    assert objection.accepted, "direct marketing: at once, without a decision"
    assert who not in people(made)
    assert elsewhere in people(made)
    switches.set(
        Kind.RESTRICTION,
        elsewhere,
        "accounts",
        ground="accuracy",
        actor=Actor.person(elsewhere),
        now=clock.now(),
    )
    assert elsewhere not in people(made), "its rule reads what was limited"
    belonging.refresh(made.pk, now=clock.now())
    assert people(made) == set(everyone[2:])
    assert belonging.explained(who, now=clock.now()) == []
    switches.take_back(objection.pk, subject=who, actor=actor, now=clock.now())
    belonging.refresh(made.pk, now=clock.now())
    assert who in people(made)


def test_a_segment_that_falls_below_ten_is_used_no_more() -> None:
    everyone = crowd(11)
    made, last = segment(FRENCH), everyone[-1]
    for count, used in ((1, {made.pk}), (2, set())):
        who = everyone[count]
        switches.set(Kind.OBJECTION, who, "profiling", actor=Actor.person(who), now=clock.now())
        assert belonging.of(last, use="promotions") == used
    assert [one.segment for one in belonging.explained(last, now=clock.now())] == [made], "kept, so told"
    belonging.refresh(made.pk, now=clock.now())
    assert people(made) == set()


def test_a_row_that_slipped_past_an_objection_is_used_by_nobody() -> None:
    everyone = crowd(12)
    made, who = segment(FRENCH), everyone[0]
    switches.set(Kind.OBJECTION, who, "profiling", actor=Actor.person(who), now=clock.now())
    Belonging.objects.create(subject_id=who, segment=made, since=clock.now(), checked_at=clock.now())
    assert belonging.of(who, use="promotions") == frozenset()
    assert belonging.of(everyone[1], use="promotions") == {made.pk}
    belonging.refresh(made.pk, now=clock.now())
    assert who not in people(made)


def test_only_declared_uses_are_handed_anybody_and_each_is_on_record() -> None:
    crowd(12)
    made, about = segment(FRENCH), UUID(int=7)
    with pytest.raises(NotDeclared):
        belonging.of(UUID(int=1), use="prices")
    with pytest.raises(NotDeclared):
        belonging.members(made.pk, use="prices", about=about, actor=SYSTEM, now=clock.now())
    found = belonging.members(made.pk, use="promotions", about=about, actor=SYSTEM, now=clock.now())
    assert found.count() == 12
    act = Act.objects.get(kind="segments.used")
    assert (act.detail["people"], act.detail["use"], act.detail["about"]) == (12, "promotions", str(about))
    Belonging.objects.filter(pk__in=list(found.values_list("pk", flat=True)[:3])).delete()
    with pytest.raises(TooSmall):
        belonging.members(made.pk, use="promotions", about=about, actor=SYSTEM, now=clock.now())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("fr", "shape"),
        ([{"accounts.language": "fr"}], "shape"),
        ([{"accounts.language": ["de"]}], "value"),
        ([{"accounts.language": []}], "value"),
        ([{"accounts.password": ["x"]}], "feature"),
        ([{"accounts.name": ["Alice"]}], "feature"),
        ([{}], "empty"),
        ([{"accounts.language": ["fr"]}] * 4, "too-long"),
    ],
)
def test_rules_that_are_none(data: Any, code: str) -> None:
    with pytest.raises(InvalidRule) as refused:
        Rule.parse(data, "profiling")
    assert refused.value.code == f"segments.rule.{code}"


def test_two_tabs_and_bad_names() -> None:
    made = segment(FRENCH)
    other = rule(accounts_language="en")
    again: dict[str, Any] = {"seen": made.revision, "actor": SYSTEM, "now": clock.now()}
    defining.change(made.pk, ("A", "B"), FRENCH, **again)
    with pytest.raises(ChangedMeanwhile):
        defining.change(made.pk, ("C", "D"), other, **again)
    defining.change(made.pk, ("A", "B"), FRENCH, **again)  # the same again is no conflict
    for name in ("", " ", "x" * 81, "a\u202eb", "a\x00b"):
        with pytest.raises(InvalidName):
            defining.define((name, "B"), FRENCH, actor=SYSTEM, now=clock.now())
    assert defining.define(("مجموعة 🎈", "B"), FRENCH, actor=SYSTEM, now=clock.now()).name_fr == "مجموعة 🎈"
    defining.stop(made.pk, actor=SYSTEM, now=clock.now())
    with pytest.raises(Stopped):
        defining.change(made.pk, ("C", "D"), other, **again)
    assert belonging.refresh(made.pk, now=clock.now()) is None


def test_a_feature_that_is_gone_leaves_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(12)
    made = segment(FRENCH)
    left = {key: one for key, one in declarations.declared().items() if key != "accounts.language"}
    for module in (declarations, features):
        monkeypatch.setattr(module, "declared", lambda: left)
    assert Segment.objects.get(pk=made.pk).broken
    assert belonging.refresh(made.pk, now=clock.now()) == 0
    assert people(made) == set()
    assert EVERYBODY.met_by({})


def test_interests_are_a_feature_of_those_who_let_them_be_read() -> None:
    everyone, code = crowd(13), interest()
    interested(everyone, code)
    objector = everyone[0]
    switches.set(Kind.OBJECTION, objector, "promotions", actor=Actor.person(objector), now=clock.now())
    found = reading.read("profiling", ["promotions.interests"], everyone, now=clock.now())
    assert objector not in found.people
    assert found.of(everyone[1], "promotions.interests") == {code}
    assert segment(rule(promotions_interests=code)).people == 12
    assert Declaration.objects.filter(subject_id=objector).exists(), (
        "an objection stops use; erasing is another"
    )


def test_the_person_sees_why_and_takes_it_along_and_it_goes() -> None:
    bob = cast.bob()
    crowd(12, language="en")
    made = segment(rule(accounts_language="en", accounts_second_factor="off"), name="Sans second facteur")
    [mine] = belonging.explained(bob.subject_id, now=clock.now())
    assert [(one.label, list(one.values), one.met) for one in mine.why[0]] == [
        ("Langue", ["anglais"], True),
        ("Second facteur utilisé", ["non"], True),
    ]
    held = access.everything(bob.subject_id, now=clock.now())
    assert "profiling.segment" in {item.item.key for one in held.activities for item in one.items}
    erasure.erase(bob.subject_id, actor=Actor.person(bob.subject_id), now=clock.now())
    assert bob.subject_id not in people(made)


def test_statements_do_not_grow_with_people(django_assert_max_num_queries: Any) -> None:
    crowd(12)
    made = segment(rule(accounts_language="fr", organisations_size="alone small", accounts_age="old settled"))
    with django_assert_max_num_queries(60) as few:
        belonging.refresh(made.pk, now=clock.now())
    crowd(60)
    with django_assert_max_num_queries(len(few.captured_queries) + 8):
        belonging.refresh(made.pk, now=clock.now() + timedelta(days=1))
