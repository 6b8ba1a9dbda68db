"""What changed, what that obliges to, and who must be told."""

from __future__ import annotations

from typing import Any

import pytest

from seqlense.register.diff import diff
from seqlense.register.diff_kinds import KINDS, Duty
from seqlense.register.vocabulary import Subjects
from tests.register.samples import Change, both, drop, path, register, shipped, text

ORDERS: tuple[str | int, ...] = ("activities", 0)
TIPS: tuple[str | int, ...] = ("activities", 1)


def orders(*steps: str | int, to: object) -> Change:
    return path(*ORDERS, *steps, to=to)


def tips(*steps: str | int, to: object) -> Change:
    return path(*TIPS, *steps, to=to)


RUNNING_TIPS = tips("status", to="active")
NEW_ITEM = {"id": "size", "activity": "orders", "category": "contract", "label": text("Size")}
NEW_ACTIVITY = {
    "id": "raffle",
    "status": "inactive",
    "title": text("Raffle"),
    "purpose": text("Draw a winner among those who play"),
    "notice": text("Play or not"),
    "basis": {"ground": "consent", "consent_purpose": "raffle", "withdrawal": text("one click")},
    "subjects": ["visitor"],
    "items": [{"id": "name", "activity": "raffle", "category": "identification", "label": text("Name")}],
    "locations": ["own_servers"],
    "retention": [{"event": "consent_withdrawn", "after": "P0D"}],
}
UNPROTECTED = both(
    orders("items", 0, "protection", to="plain"), orders("items", 0, "plain_reason", to=text("why"))
)


def add_activity(document: dict[str, list[object]]) -> None:
    document["activities"].append(NEW_ACTIVITY)


def add_item(document: dict[str, list[dict[str, list[object]]]]) -> None:
    document["activities"][0]["items"].append(NEW_ITEM)


REACH = {"label": text("Videos"), "explanation": text("plays videos"), "frame": ["video.example"]}
SHOWING = both(
    path("recipients", 1, "browser", to=REACH), path("recipients", 1, "consent_purpose", to="tips")
)
CLIENT = {Subjects.CLIENT}


def elsewhere(document: dict[str, Any]) -> None:
    SHOWING(document)
    document["recipients"][1]["browser"] = {**REACH, "frame": ["other.example"]}


CHANGES: dict[str, tuple[Change, Change, set[Subjects]]] = {
    "activity_started": (tips("title", to=text("Tips")), RUNNING_TIPS, {Subjects.VISITOR}),
    "activity_stopped": (RUNNING_TIPS, tips("title", to=text("Tips")), set()),
    "activity_added": (both(), add_activity, set()),
    "activity_removed": (add_activity, both(), set()),
    "purpose": (both(), orders("purpose", to=text("Sell what was ordered to others")), CLIENT),
    "basis": (both(), orders("basis", "interest", to=text("grow")), CLIENT),
    "consent": (
        RUNNING_TIPS,
        both(RUNNING_TIPS, tips("purpose", to=text("Sell what is guessed to others"))),
        {Subjects.VISITOR},
    ),
    "role": (both(), both(orders("role", to="processor"), orders("on_behalf_of", to=text("a shop"))), CLIENT),
    "subjects_added": (both(), orders("subjects", to=["client", "child"]), {Subjects.CHILD}),
    "subjects_removed": (orders("subjects", to=["client", "child"]), both(), set()),
    "item_added": (both(), add_item, CLIENT),
    "item_removed": (add_item, both(), set()),
    "item_required": (both(), orders("items", 1, "required", to=True), CLIENT),
    "uses": (both(), orders("uses", to=["tips.taste"]), CLIENT),
    "protection_lowered": (both(), UNPROTECTED, CLIENT),
    "protection_raised": (UNPROTECTED, both(), set()),
    "recipient_added": (drop(*ORDERS, "transfers"), both(), CLIENT),
    "recipient_removed": (tips("recipients", to=["bank"]), both(), set()),
    "recipient_changed": (both(), path("recipients", 1, "countries", to=["US", "IN"]), CLIENT),
    "transfers": (both(), orders("transfers", 0, "tool", to="derogation"), CLIENT),
    "locations": (both(), path("controller", "servers", 0, "country", to="DE"), set()),
    "keeping_longer": (both(), orders("retention", 1, "after", to="P10Y"), CLIENT),
    "keeping_shorter": (both(), orders("retention", 1, "after", to="P3Y"), set()),
    "automated": (
        both(),
        orders("automated_decisions", to={"kind": "profiling", "logic": text("a"), "effects": text("b")}),
        CLIENT,
    ),
    "wording": (both(), orders("notice", to=text("We keep little")), set()),
    "controller": (both(), path("controller", "address", to=["9 rue Haute", "69002 Lyon"]), CLIENT),
    "controller_detail": (both(), path("controller", "phone", to="+33 4 22 22 22 22"), set()),
    "service_asks": (SHOWING, elsewhere, {Subjects.VISITOR, Subjects.USER}),
    "service_removed": (SHOWING, both(), set()),
    "cookie_added": (drop("cookies", 2), both(), set()),
    "cookie_asks": (
        both(RUNNING_TIPS, drop("cookies", 1)),
        RUNNING_TIPS,
        {Subjects.VISITOR, Subjects.USER},
    ),
    "cookie_removed": (both(), drop("cookies", 2), set()),
    "cookie_changed": (both(), path("cookies", 2, "lifetime", to="P6M"), set()),
}
WITHOUT_BANK = both(
    orders("recipients", to=["host"]),
    orders("transfers", to=[]),
    orders("locations", to=["own_servers"]),
    orders("items", 2, to=NEW_ITEM),
)
CHANGES["recipient_added"] = (WITHOUT_BANK, both(), CLIENT)
CHANGES["recipient_removed"] = (both(), WITHOUT_BANK, set())


def test_every_kind_of_change_has_its_example() -> None:
    assert set(CHANGES) == set(KINDS)


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_is_named_and_told_to_those_concerned(kind: str) -> None:
    before, after, told = CHANGES[kind]
    found = [one for one in diff(register(before), register(after)).changes if one.kind == kind]
    assert found, kind
    assert {who for one in found for who in one.tell} == told
    assert bool(told) == (found[0].duty in (Duty.TELL_BEFORE, Duty.ASK_AGAIN))
    assert "→" in found[0].in_("fr")
    assert found[0].in_("fr") != found[0].in_("en")


def test_nothing_changed() -> None:
    same = diff(register(), register())
    assert same.changes == ()
    assert same.told == {}
    assert same.before == same.after


def test_any_change_of_contents_is_a_change_that_is_told() -> None:
    for before, after, _ in CHANGES.values():
        old, new = register(before), register(after)
        assert bool(diff(old, new).changes) == (old.version != new.version)


def test_what_does_not_run_obliges_to_nothing() -> None:
    found = diff(register(), register(tips("purpose", to=text("Sell what is guessed to others"))))
    assert {one.duty for one in found.changes} == {Duty.NOTHING}
    assert found.told == {}


def test_who_must_be_told_is_listed_by_people() -> None:
    after = both(orders("retention", 1, "after", to="P10Y"), RUNNING_TIPS)
    told = diff(register(), register(after)).told
    assert set(told) == {Subjects.CLIENT, Subjects.VISITOR, Subjects.USER}
    assert [one.kind for one in told[Subjects.CLIENT]] == ["keeping_longer"]
    assert [one.kind for one in told[Subjects.VISITOR]] == ["activity_started", "cookie_asks"]


def test_a_rule_that_vanishes_keeps_longer() -> None:
    more = [
        {"event": "contract_ended", "after": "P6Y", "law": text("tax code")},
        {"event": "account_closed", "after": "P1Y"},
    ]
    kinds = [one.kind for one in diff(register(orders("retention", to=more)), register()).changes]
    assert "keeping_longer" in kinds


def test_the_shipped_register_against_another_companys() -> None:
    found = diff(register(), shipped())
    assert {"activity_started", "controller", "cookie_added"} <= {one.kind for one in found.changes}
