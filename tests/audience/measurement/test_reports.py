"""The dashboard's numbers, its files, and the assessment that can fail."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seqlense.audience.measurement import conditions, counting, reporting
from seqlense.audience.measurement.hits import Hit
from seqlense.audience.measurement.models import Kind
from seqlense.audience.measurement.reporting import Line, Period
from seqlense.kit import clock
from seqlense.kit.periods import Period as Span
from seqlense.privacy import retention
from seqlense.privacy.actor import Actor
from seqlense.register.vocabulary import Exemption
from tests import cast

pytestmark = pytest.mark.django_db
SEEN: dict[str, Any] = {"language": "fr", "country": "FR", "screen": "large"}


def plant(day: date, times: int, **values: Any) -> None:
    """Pages seen on a day."""
    hit = Hit(**{"page": "/", "before": None, "source": "", **SEEN, **values})
    for _ in range(times):
        counting.waiting.add(hit, now=datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
    counting.write()


def test_a_period_is_told_beside_the_one_before_and_rare_names_together() -> None:
    plant(date(2026, 11, 1), 4)
    plant(date(2026, 11, 12), 20)
    plant(date(2026, 11, 12), 12, source="example.org")
    plant(date(2026, 11, 13), 3, source="rare.example")
    plant(date(2026, 11, 13), 2, source="rarer.example")
    plant(date(2026, 11, 13), 11, page="/contact/", before="/")
    found = reporting.report(Period(first=date(2026, 11, 10), last=date(2026, 11, 19)))
    assert found.whole == Line("", 48, 37, 4, 4)
    assert [(one.on.day, one.views) for one in found.days if one.views] == [(12, 32), (13, 16)]
    assert len(found.days) == 10
    assert [one.name for one in found.lines[Kind.SOURCE]] == ["", "example.org", reporting.REST]
    assert found.lines[Kind.SOURCE][-1].views == 5
    assert found.lines[Kind.STEP][0].name == "/\n/contact/"


def test_two_statements_tell_any_period() -> None:
    plant(date(2026, 11, 12), 3)

    def asked(first: date) -> int:
        with CaptureQueriesContext(connection) as seen:
            reporting.report(Period(first=first, last=date(2026, 11, 19)))
        return len(seen)

    assert asked(date(2026, 11, 18)) == asked(date(2024, 11, 1)) == 2


def test_staff_sees_the_figures_and_nobody_else_does() -> None:
    today = clock.now().date()
    plant(today, 30, source="example.org")
    for outsider in (cast.alice(), cast.bob(), cast.charlie(), cast.dana()):
        browser = cast.signed_in(outsider, strong=True)
        for page in ("visits/", "visits/assessment/", "visits/page.csv"):
            assert browser.get(f"/en/console/{page}").status_code == 403
    for member in (cast.paul(), cast.odile()):
        browser = cast.signed_in(member, strong=True)
        page = browser.get("/en/console/visits/").content.decode()
        assert "example.org" in page
        assert 'data-value="30"' in page
        assert browser.get("/fr/console/visits/assessment/").status_code == 200
        written = browser.get("/en/console/visits/source.csv").content.decode("utf-8-sig")
        assert list(csv.reader(StringIO(written)))[1] == ["example.org", "30", "30", "0"]
        days = browser.get("/en/console/visits/days.csv?days=7").content.decode("utf-8-sig")
        assert len(days.splitlines()) == 8
        assert browser.get("/en/console/visits/made-up.csv").status_code == 404


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("first=2026-11-10&last=2026-11-01", "ends before it begins"),
        ("first=2001-01-01&last=2026-11-01", "longer than anything"),
        ("first=yesterday", "valid date"),
    ],
)
def test_a_period_that_makes_no_sense_is_answered_in_words(asked: str, said: str) -> None:
    answer = cast.signed_in(cast.odile(), strong=True).get(f"/en/console/visits/?{asked}")
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_an_empty_period_says_what_will_be_here() -> None:
    page = cast.signed_in(cast.odile(), strong=True).get("/fr/console/visits/").content.decode()
    assert "Personne n’a été compté" in page


def test_every_condition_is_kept_as_the_product_stands() -> None:
    now = clock.now()
    plant(now.date(), 1)
    retention.run(now=now, actor=Actor.system("tests"))
    assert {one.code: one.kept for one in conditions.assess(now=now)} == dict.fromkeys(
        conditions.JUDGES, True
    )
    page = cast.signed_in(cast.odile(), strong=True).get("/en/console/visits/assessment/").content.decode()
    assert "every condition is kept" in page


def _changed(seen: conditions.Seen, code: str) -> conditions.Seen:
    """The same, but for what breaks one condition."""
    activity, register = seen.activity, seen.register
    tracer = register.cookies[0].model_copy(
        update={"activity": activity.id, "exemption": Exemption.MEASUREMENT}
    )
    broken: dict[str, dict[str, Any]] = {
        "purpose": {"activity": activity.model_copy(update={"status": "inactive"})},
        "anonymous": {"columns": seen.columns | {"ip"}},
        "apart": {"kinds": seen.kinds | {"page and country"}},
        "one_site": {"activity": activity.model_copy(update={"recipients": ("youtube",)})},
        "place": {"activity": activity.model_copy(update={"locations": ("youtube",)})},
        "kept": {"swept": Span.parse("P3D").latest_start(seen.now)},
        "informed": {"activity": activity.model_copy(update={"status": "inactive"})},
        "identifier": {"register": _with(register, [*register.cookies, tracer])},
        "objection": {"register": _with(register, [])},
    }
    return replace(seen, **broken[code])


def _with(register: Any, tracers: list[Any]) -> Any:
    return type(register)(
        controller=register.controller,
        recipients=list(register.recipients.values()),
        cookies=tracers,
        activities=list(register.activities.values()),
    )


@pytest.mark.parametrize("code", list(conditions.JUDGES))
def test_each_condition_can_fail(code: str) -> None:
    now = clock.now()
    plant(now.date(), 1)
    retention.run(now=now, actor=Actor.system("tests"))
    seen = conditions.look(now=now)
    assert conditions.JUDGES[code](seen)[0]
    assert not conditions.JUDGES[code](_changed(seen, code))[0]
