"""Groups proposed by likeness: the same each time, explained, none below ten."""

import subprocess
import sys

import pytest

from seqlense.audience.segments import grouping
from seqlense.audience.segments.errors import InvalidRule
from seqlense.audience.segments.models import Grouping
from seqlense.kit import clock
from seqlense.privacy import switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.records import Act
from seqlense.privacy.switches import Kind
from tests.audience.segments.crowd import SYSTEM, crowd

pytestmark = pytest.mark.django_db
BY = ["accounts.language", "accounts.country"]


def computed(number: int = 2, by: list[str] | None = None) -> Grouping:
    row = grouping.ask(by or BY, number, actor=SYSTEM, now=clock.now())
    grouping.compute(row.pk, now=clock.now())
    return Grouping.objects.get(pk=row.pk)


def test_groups_say_what_their_members_share() -> None:
    crowd(40), crowd(25, language="en", country="GB")
    row = computed()
    first, second = grouping.proposed(row)
    assert (first.people, second.people) == (40, 20)
    traits = {(one.label, one.value): (one.share, one.overall) for one in second.traits}
    assert traits["Langue", "anglais"] == (100, 40)
    assert second.rule.data == [{"accounts.country": ["other"], "accounts.language": ["en"]}]
    assert (second.caught, second.size) == (100, 20)
    assert computed().outcome == row.outcome, "the same people give the same groups"
    assert Act.objects.filter(kind="segments.grouped").count() == 2
    grouping.compute(row.pk, now=clock.now())  # once more changes nothing
    assert Grouping.objects.get(pk=row.pk).finished_at == row.finished_at


def test_small_groups_are_not_shown_and_objectors_not_looked_at() -> None:
    crowd(40)
    few = crowd(6, language="en", country="GB")
    for who in few[:2]:
        switches.set(Kind.OBJECTION, who, "profiling", actor=Actor.person(who), now=clock.now())
    row = computed()
    assert (row.outcome["people"], row.outcome["small"]) == (40, 1)
    assert len(grouping.proposed(row)) == 1
    assert computed(8).code == "segments.too-small"


def test_nothing_heavy_is_loaded_before_a_grouping(child_environment: dict[str, str]) -> None:
    """scikit-learn and numpy cost a second and 100 MB: pages and commands do without."""
    program = (
        "import django, sys; django.setup(); import seqlense.project.wsgi, seqlense.audience.segments.tasks;"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "print(sorted({'sklearn', 'scipy', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=child_environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_what_cannot_be_asked() -> None:
    for by, number in (([], 2), (["accounts.password"], 2), (BY, 1), (BY, 9)):
        with pytest.raises(InvalidRule):
            grouping.ask(by, number, actor=SYSTEM, now=clock.now())
    row = grouping.ask(BY, 2, actor=SYSTEM, now=clock.now())
    grouping.tidy(now=clock.now() + 2 * grouping.CUT_OFF)
    assert Grouping.objects.get(pk=row.pk).code == "segments.cut-off"
    grouping.tidy(now=clock.now() + 2 * grouping.KEPT)
    assert not Grouping.objects.exists()
