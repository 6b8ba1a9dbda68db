"""What the kernel promises, for every activity that runs, by discovery: nothing here names one.

The export contains it, erasure removes it (or says which law keeps it), time moves and the sweep takes it,
the notice names it.
"""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import models

from seqlense.privacy import access, erasure, notices, reach, retention, running
from seqlense.privacy.actor import Actor
from seqlense.privacy.checks import findings
from seqlense.privacy.governance import Governed
from seqlense.privacy.governance.rules import Due, plan
from seqlense.register import Activity
from tests.contract.rows import governed, make, person

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
SYSTEM = Actor.system("test")
MODELS = [pytest.param(entry, id=entry.model) for entry in governed()]
ACTIVE = [pytest.param(one, id=one.id) for one in running.register().active]


def _dues() -> list[tuple[Governed, Due]]:
    """Each rule that deletes, on each table that it reaches."""
    register = running.register()
    return [
        (entry, due)
        for entry in governed()
        for due in dict.fromkeys(due for one in plan(entry, register).columns for due in one.erase)
    ]


RULES = [pytest.param(entry, due, id=f"{entry.model}-{due.event}-{due.after}") for entry, due in _dues()]


def _held(subject: UUID, now: datetime) -> set[tuple[str, str]]:
    """Items held and the model each is in."""
    found = access.everything(subject, now=now)
    return {
        (item.item.key, value.model)
        for held in found.activities
        for item in held.items
        for value in item.values
    }


def _filled(entry: Governed, row: models.Model) -> set[tuple[str, str]]:
    """Items of a row's own columns that hold something."""
    with reach.maintenance():
        return {
            (key, entry.model)
            for name, key in entry.item_keys.items()
            if getattr(row, name) not in (None, "")
        }


def test_nothing_is_unmapped() -> None:
    assert [str(one) for one in findings()] == []


@pytest.mark.django_db
@pytest.mark.parametrize("entry", MODELS)
def test_the_export_contains_it(entry: Governed) -> None:
    subject = person(now=NOW)
    row = make(entry, subject, now=NOW, events={})
    assert _filled(entry, row)
    assert _filled(entry, row) <= _held(subject, NOW)
    packed = access.package(subject, actor=Actor.person(subject), now=NOW)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        exported = {
            item["key"]
            for name in archive.namelist()
            if name.startswith("activities/")
            for item in json.loads(archive.read(name))["items"]
        }
    assert {key for key, _ in _filled(entry, row)} <= exported


@pytest.mark.django_db
@pytest.mark.parametrize("entry", MODELS)
def test_erasure_removes_it_or_says_which_law_keeps_it(entry: Governed) -> None:
    subject, other = person(now=NOW), person(now=NOW)
    past = {event: NOW - timedelta(hours=1) for event in entry.events}
    filled = _filled(entry, make(entry, subject, now=NOW, events=past))
    make(entry, other, now=NOW, events={})
    spared = _held(other, NOW)
    decision = erasure.erase(subject, actor=Actor.person(subject), now=NOW)
    erased = {one.item for one in decision.erased} - {one.item for one in decision.kept}
    assert {key for key, _ in filled} <= erased | {one.item for one in decision.kept}
    assert all(one.law is not None for one in decision.kept)
    assert all(one.until is not None and one.until > NOW for one in decision.kept if one.because == "law")
    register = running.register()
    for one in decision.kept:
        activity, item = one.item.split(".")
        assert any(rule.law for rule in register.activities[activity].rules_for(item))
    left = _held(subject, NOW)
    own_request = {key for key, _ in left if key.startswith("rights_requests.")}
    assert erased & {key for key, _ in left} <= own_request
    assert _held(other, NOW) == spared


@pytest.mark.django_db
@pytest.mark.parametrize(("entry", "due"), RULES)
def test_time_moves_and_the_sweep_takes_it(entry: Governed, due: Due) -> None:
    subject = person(now=NOW)
    row = make(entry, subject, now=NOW, events={due.event: NOW})
    columns = plan(entry, running.register()).columns
    reached = {(one.item, entry.model) for one in columns if due in one.erase} & _filled(entry, row)
    end = due.after.add_to(NOW)
    assert reached <= _held(subject, NOW)
    if end > NOW:
        retention.run(now=end - timedelta(seconds=1), actor=SYSTEM)
        assert reached <= _held(subject, NOW)
    retention.run(now=end, actor=SYSTEM)
    assert reached.isdisjoint(_held(subject, NOW))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("activity", ACTIVE)
def test_the_notice_names_it(activity: Activity, language: str) -> None:
    text = notices.privacy_policy(running.register(), language).text
    assert activity.title.in_(language) in text
    for item in activity.items:
        assert item.label.in_(language).casefold() in text.casefold()
