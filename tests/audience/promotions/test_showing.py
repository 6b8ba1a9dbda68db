"""What people are shown: personal while they let it be, else the same for everyone, never fewer."""

from typing import Any

import pytest

from seqlense.accounts.models import Account
from seqlense.audience.promotions import interests, reactions, showing
from seqlense.audience.promotions.errors import ChangedMeanwhile, PromotionError
from seqlense.audience.promotions.models import Declaration, Interest, Promotion, Reaction
from seqlense.audience.segments import defining
from seqlense.kit import clock
from seqlense.privacy import access, erasure, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.switches import Kind
from tests import cast
from tests.audience.promotions.writing import DAY, STAFF, agrees, running, stops_agreeing
from tests.audience.segments.crowd import crowd, interest, interested, rule, segment

pytestmark = pytest.mark.django_db


def shown(account: Account, *, away: tuple[str, ...] = ()) -> tuple[str, bool] | None:
    """Title and whether it is personal."""
    found = showing.card(account.subject_id, "home", away=away, now=clock.now())
    return (found.promotion.title_fr, found.personal) if found else None


def objects(account: Account, activity: str = "promotions") -> None:
    who = account.subject_id
    switches.set(Kind.OBJECTION, who, activity, actor=Actor.person(who), now=clock.now())


def test_objecting_makes_promotions_impersonal_and_takes_none_away() -> None:
    bob, charlie = cast.bob(), cast.charlie()
    running("Anglophones", rule=rule(accounts_language="en"), begins_at=clock.now() - 3 * DAY)
    running("Pour tous")
    assert shown(bob) == ("Anglophones", True)
    assert shown(charlie) == ("Pour tous", False)
    objects(bob)
    assert shown(bob) == shown(charlie) == ("Pour tous", False)


def test_where_only_a_personal_one_runs_everybody_is_shown_it() -> None:
    bob, charlie = cast.bob(), cast.charlie()
    running("Anglophones", rule=rule(accounts_language="en"))
    assert shown(charlie) == ("Anglophones", False)
    objects(bob)
    assert shown(bob) == ("Anglophones", False), "never fewer"


def test_interests_and_segments_choose_while_nothing_is_objected() -> None:
    bob, code = cast.bob(), interest()
    crowd(12, language="en")
    group = segment(rule(accounts_language="en"), name="English")
    running("Pour tous")
    by_segment = running("Segment", segment=group)
    assert shown(bob) == ("Segment", True)
    objects(bob, "profiling")
    assert shown(bob) == ("Pour tous", False), "out of the segment at once"
    by_interest = running("Signature", rule=rule(promotions_interests=code))
    assert shown(bob) == ("Pour tous", False)
    interested([bob.subject_id], code)
    assert shown(bob) == ("Signature", True)
    why = showing.why(bob.subject_id, by_interest.pk, now=clock.now())
    assert [(one.wanted, one.values, one.met) for one in why.this.rule[0]] == [
        (["Electronic signature (fr)"], ["Electronic signature (fr)"], True)
    ]
    assert showing.why(bob.subject_id, by_segment.pk, now=clock.now()).this.belongs is None
    interests.retire(Interest.objects.get().pk, actor=STAFF, now=clock.now())
    assert shown(bob) == ("Pour tous", False), "a rule that names what is gone chooses nobody"
    defining.stop(group.pk, actor=STAFF, now=clock.now())
    assert shown(bob) == ("Pour tous", False)


def test_why_tells_of_all_that_was_compared() -> None:
    bob, charlie = cast.bob(), cast.charlie()
    crowd(12, language="en")
    group = segment(rule(accounts_language="en"), name="English")
    everyone = running("Pour tous")
    by_rule = running("Francophones", rule=rule(accounts_language="fr"))
    by_segment = running("Segment", segment=group)
    running("Ailleurs", slot="settings", rule=rule(accounts_language="en"))
    running("Encore pour tous")

    def others(account: Account, **away: Any) -> list[tuple[str, bool]]:
        found = showing.why(account.subject_id, everyone.pk, now=clock.now(), **away)
        return [(one.promotion.title_fr, one.fits) for one in found.others]

    assert others(bob) == [("Francophones", False), ("Segment", True)]
    assert others(charlie) == [("Francophones", True), ("Segment", False)]
    assert others(bob, away=[str(by_segment.pk)]) == [("Francophones", False)], "put away is compared no more"
    [first, second] = showing.why(bob.subject_id, everyone.pk, now=clock.now()).others
    assert first.rule[0][0].values == ["anglais"]
    assert second.belongs is not None
    assert [
        showing.why(bob.subject_id, one.pk, now=clock.now()).instead for one in (by_rule, by_segment)
    ] == [
        True,
        False,
    ]
    objects(bob)
    assert others(bob) == []
    assert showing.why(bob.subject_id, by_rule.pk, now=clock.now()).this.rule == []


def test_a_limit_on_another_activity_stops_that_data_from_being_read() -> None:
    bob = cast.bob()
    running("Anglophones", rule=rule(accounts_language="en"))
    running("Pour tous")
    who = bob.subject_id
    switches.set(
        Kind.RESTRICTION, who, "accounts", ground="accuracy", actor=Actor.person(who), now=clock.now()
    )
    assert shown(bob) == ("Pour tous", False)


def test_reactions_are_kept_by_consent_and_go_with_it() -> None:
    bob = cast.bob()
    row, other = running("Une"), running("Deux")
    who, now = bob.subject_id, clock.now()
    assert shown(bob) == ("Une", False)
    assert not reactions.remember(who, row.pk, Reaction.Kind.PUT_AWAY, now=now)
    assert not Reaction.objects.exists()
    assert shown(bob, away=(str(row.pk),)) == ("Deux", False), "for this session"
    assert shown(bob) == ("Une", False)
    agrees(bob)
    assert shown(bob) == ("Une", False)
    assert reactions.remember(who, row.pk, Reaction.Kind.PUT_AWAY, now=now)
    assert reactions.remember(who, row.pk, Reaction.Kind.PUT_AWAY, now=now), "twice is harmless"
    assert shown(bob) == ("Deux", False)
    kinds = Reaction.objects.filter(subject_id=who).values_list("promotion__title_fr", "kind")
    assert set(kinds) == {("Une", "seen"), ("Une", "put_away"), ("Deux", "seen")}
    held = access.everything(who, now=now)
    assert "promotion_reactions.reaction" in {i.item.key for one in held.activities for i in one.items}
    stops_agreeing(bob)
    assert not Reaction.objects.exists(), "erased in the same transaction"
    assert shown(bob) == ("Une", False)
    assert not reactions.remember(who, other.pk, Reaction.Kind.OPENED, now=now)


@pytest.mark.parametrize("kind", [Kind.WITHDRAWAL, Kind.OBJECTION])
def test_my_data_stops_reactions_as_well(kind: Kind) -> None:
    bob = cast.bob()
    running("Une")
    agrees(bob)
    shown(bob)
    assert Reaction.objects.count() == 1
    who = bob.subject_id
    switches.set(kind, who, "promotion_reactions", actor=Actor.person(who), now=clock.now())
    assert not Reaction.objects.exists()
    shown(bob)
    assert not Reaction.objects.exists()


def test_staff_see_tens_only() -> None:
    row = running("Une")
    people = crowd(19)
    Reaction.objects.bulk_create(
        Reaction(subject_id=one, promotion=row, kind="seen", at=clock.now()) for one in people
    )
    Reaction.objects.bulk_create(
        Reaction(subject_id=one, promotion=row, kind="opened", at=clock.now()) for one in people[:9]
    )
    assert reactions.counts(row.pk) == {"seen": 10, "opened": None, "put_away": None}


def test_people_declare_and_correct_interests() -> None:
    bob = cast.bob()
    first, second = interest("Signing"), interest("Invoices")
    who, now = bob.subject_id, clock.now()
    how: dict[str, Any] = {"actor": Actor.person(who), "now": now}
    interests.declare(who, [first], seen="", **how)
    assert interests.codes(interests.declared_by(who)) == {first}
    with pytest.raises(ChangedMeanwhile):
        interests.declare(who, [second], seen="", **how)
    seen = interests.seen_as(interests.declared_by(who))
    with pytest.raises(PromotionError):
        interests.declare(who, ["made-up"], seen=seen, **how)
    interests.declare(who, [first, second], seen=seen, **how)
    seen = interests.seen_as(interests.declared_by(who))
    interests.declare(who, [], seen=seen, **how)
    assert not Declaration.objects.exists()
    interests.declare(who, [first], seen="", **how)
    erasure.erase(who, actor=Actor.person(who), now=now)
    assert not Declaration.objects.exists()


def test_why_of_what_does_not_run() -> None:
    bob = cast.bob()
    row = running("Une", ends_at=clock.now() + DAY)
    assert not showing.why(bob.subject_id, row.pk, now=clock.now()).this.fits
    for now in (clock.now() + 2 * DAY, clock.now() - 3 * DAY):
        with pytest.raises(Promotion.DoesNotExist):
            showing.why(bob.subject_id, row.pk, now=now)


def test_statements_do_not_grow_with_promotions(django_assert_max_num_queries: Any) -> None:
    bob, code = cast.bob(), interest()
    asked = rule(accounts_language="fr", promotions_interests=code, organisations_size="large")
    running("Une", rule=asked)
    shown(bob)
    with django_assert_max_num_queries(30) as few:
        shown(bob)
    for number in range(5):
        running(f"Autre {number}", rule=asked)
    with django_assert_max_num_queries(len(few.captured_queries)):
        shown(bob)
