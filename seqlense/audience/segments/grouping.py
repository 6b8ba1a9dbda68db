"""Explained grouping: people with much in common are brought together, and what they share is said.

scikit-learn's k-means over the classes of declared features, each class a column of zeros and ones. The seed
is fixed, so the same people give the same groups. What is kept of it are percentages and tens of people.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from seqlense.audience.segments import belonging
from seqlense.audience.segments.errors import InvalidRule
from seqlense.audience.segments.models import ACTIVITY, SMALLEST, Grouping, shown
from seqlense.audience.segments.rules import Rule
from seqlense.privacy import acts, features
from seqlense.privacy.actor import Actor
from seqlense.privacy.features.reading import Reading

if TYPE_CHECKING:
    import numpy as np

TASK: Final = "segments.group"
SEED: Final = 987812641
MOST_PEOPLE: Final = 20_000
"""Beyond that a sample is taken: 20,000 people by 60 classes are 5 MB."""
FEWEST_GROUPS: Final = 2
MOST_GROUPS: Final = 8
STEP: Final = 5
"""Percentages are rounded to that, so that no share tells of one person."""
TELLING: Final = 10
"""A class is said of a group where its share is at least so many points over everybody's."""
COMMON: Final = 60
"""Percent of a group that a class must reach to stand in the proposed rule."""
LONGEST_RULE: Final = 3
KEPT: Final = timedelta(days=30)
CUT_OFF: Final = timedelta(hours=2)


def ask(chosen: Sequence[str], number: int, *, actor: Actor, now: datetime) -> Grouping:
    """Have a worker compute it. Raises InvalidRule: a feature that isn't offered, too few or many groups."""
    offered = features.offered(ACTIVITY)
    keys = [key for key in offered if key in set(chosen)]
    if set(chosen) - set(keys) or not keys:
        raise InvalidRule("segments.rule.feature")
    if not FEWEST_GROUPS <= number <= MOST_GROUPS:
        raise InvalidRule("segments.rule.value")
    with transaction.atomic():
        row = Grouping.objects.create(features=keys, number=number, asked_at=now)
        acts.record(
            "segments.grouping_asked", actor=actor, now=now, grouping=row.pk, features=keys, number=number
        )
        app.configure_task(TASK).defer(grouping_id=str(row.pk))
    return row


def compute(grouping: UUID, *, now: datetime) -> None:
    """Compute it, unless that was done. What came of it, or why it failed, stays in its row."""
    row = Grouping.objects.filter(pk=grouping, finished_at=None).first()
    if row is None:
        return
    _reached(row, 10, started_at=now)
    read = belonging.reading(row.features, now=now)
    people = sorted(read.people)
    if len(people) < row.number * SMALLEST:
        _reached(row, 100, finished_at=now, code="segments.too-small")
        return
    if len(people) > MOST_PEOPLE:
        people = sorted(random.Random(SEED).sample(people, MOST_PEOPLE))  # noqa: S311 (a sample, no secret)
    _reached(row, 30)
    table = _table(read, people)
    _reached(row, 50)
    labels = _clustered(table.rows, row.number)
    _reached(row, 90)
    outcome = _outcome(table, labels, row.number)
    with transaction.atomic():
        acts.record(
            "segments.grouped",
            actor=Actor.system("segments"),
            now=now,
            grouping=row.pk,
            people=len(people),
            groups=len(outcome["groups"]),
        )
        _reached(row, 100, finished_at=now, outcome=outcome)


def _reached(row: Grouping, percent: int, **more: Any) -> None:
    Grouping.objects.filter(pk=row.pk).update(reached=percent, **more)


@dataclass(frozen=True)
class Table:
    """Zeros and ones. columns: (feature, class) of each; rows: a person each, in no order that is kept."""

    columns: list[tuple[str, str]]
    rows: "np.ndarray[Any, Any]"


def _table(read: Reading, people: Sequence[UUID]) -> Table:
    import numpy as np  # with scikit-learn: heavy, for the worker that groups alone

    columns = [(key, code) for key, one in read.features.items() for code in one.values()]
    places = {pair: place for place, pair in enumerate(columns)}
    rows = np.zeros((len(people), len(columns)), dtype=np.float32)
    for at, person in enumerate(people):
        for key in read.features:
            for code in read.of(person, key):
                if (key, code) in places:
                    rows[at, places[key, code]] = 1
    return Table(columns, rows)


def _clustered(rows: "np.ndarray[Any, Any]", number: int) -> "np.ndarray[Any, Any]":
    """The group of each row. Fewer groups come of it where fewer kinds of rows exist."""
    import numpy as np  # see _table
    from sklearn.cluster import KMeans  # type: ignore[import-untyped]  # a second to import

    kinds = len(np.unique(rows, axis=0))
    model = KMeans(n_clusters=min(number, kinds), n_init=5, random_state=SEED)
    labels: np.ndarray[Any, Any] = model.fit_predict(rows)
    return labels


def _outcome(table: Table, labels: "np.ndarray[Any, Any]", number: int) -> dict[str, Any]:
    overall = table.rows.mean(axis=0)
    groups, small = [], 0
    for label in range(number):
        mine = table.rows[labels == label]
        if len(mine) < SMALLEST:
            small += bool(len(mine))
            continue
        groups.append(_group(table, mine, overall))
    groups.sort(key=lambda one: -one["people"])
    return {"people": shown(len(labels)), "small": small, "groups": groups}


def _group(table: Table, mine: "np.ndarray[Any, Any]", overall: "np.ndarray[Any, Any]") -> dict[str, Any]:
    shares, counts = mine.mean(axis=0), mine.sum(axis=0)
    traits: list[dict[str, Any]] = [
        {"feature": key, "code": code, "share": _percent(share), "overall": _percent(usual)}
        for (key, code), share, usual, count in zip(table.columns, shares, overall, counts, strict=True)
        if share - usual >= TELLING / 100 and count >= SMALLEST
    ]
    traits.sort(key=lambda one: (one["overall"] - one["share"], one["feature"], one["code"]))
    rule = _rule(traits)
    met = _met(table, rule)
    caught = int(met(mine).sum())
    return {
        "people": shown(len(mine)),
        "traits": traits[:6],
        "rule": rule.data,
        "caught": _percent(caught / len(mine)),
        "size": shown(int(met(table.rows).sum())),
    }


def _percent(share: float) -> int:
    return STEP * round(float(share) * 100 / STEP)


def _rule(traits: Sequence[dict[str, Any]]) -> Rule:
    """What most of the group share and others don't: a feature once, three features at most."""
    wanted: dict[str, frozenset[str]] = {}
    for one in traits:
        if one["share"] >= COMMON and one["feature"] not in wanted and len(wanted) < LONGEST_RULE:
            wanted[one["feature"]] = frozenset([one["code"]])
    return Rule((wanted,)) if wanted else Rule()


def _met(table: Table, rule: Rule) -> Any:
    """rows → which of them meet the rule."""
    places = {pair: place for place, pair in enumerate(table.columns)}
    wanted = [
        [places[key, code] for code in codes] for one in rule.alternatives for key, codes in one.items()
    ]

    def met(rows: "np.ndarray[Any, Any]") -> Any:
        found = rows[:, 0] >= 0
        for columns in wanted:
            found &= rows[:, columns].max(axis=1) > 0
        return found

    return met


@dataclass(frozen=True)
class Trait:
    """What many of a group share: percent of the group, percent of everybody."""

    label: str
    value: str
    share: int
    overall: int


@dataclass(frozen=True)
class Group:
    """A proposed group.

    caught: percent of it that its rule finds. size: people whom the rule finds in all, in tens.
    """

    place: int
    people: int
    traits: list[Trait]
    rule: Rule
    caught: int
    size: int | None


def proposed(row: Grouping) -> list[Group]:
    """The groups of a grouping in words; a feature that is gone is left out."""
    offered = features.offered(ACTIVITY)

    def said(one: dict[str, Any]) -> Trait:
        feature = offered[one["feature"]]
        return Trait(str(feature.label), "".join(feature.said([one["code"]])), one["share"], one["overall"])

    return [
        Group(
            place=place,
            people=one["people"],
            traits=[said(trait) for trait in one["traits"] if trait["feature"] in offered],
            rule=Rule.stored(one["rule"]),
            caught=one["caught"],
            size=one["size"],
        )
        for place, one in enumerate(row.outcome.get("groups", []), start=1)
    ]


def tidy(*, now: datetime) -> None:
    """Forget old ones; end those that were cut off."""
    cut_off = Grouping.objects.filter(finished_at=None, asked_at__lt=now - CUT_OFF)
    cut_off.update(finished_at=now, code="segments.cut-off")
    Grouping.objects.filter(finished_at__lt=now - KEPT).delete()
