"""Staff write promotions: what is refused, what two tabs may do, what a started one needs."""

from typing import Any

import pytest
from django.utils import translation

from seqlense.audience.promotions import prose, writing
from seqlense.audience.promotions.errors import (
    ChangedMeanwhile,
    InvalidAudience,
    InvalidDates,
    InvalidLink,
    InvalidText,
    WrongState,
)
from seqlense.audience.promotions.models import Audience, Promotion, State
from seqlense.audience.segments import belonging, defining
from seqlense.audience.segments.errors import InUse
from seqlense.audience.segments.models import Segment
from seqlense.kit import clock
from seqlense.kit.identifiers import uuid7
from seqlense.privacy.records import Act
from tests.audience.promotions.writing import DAY, STAFF, running, wording
from tests.audience.segments.crowd import crowd, rule, segment

pytestmark = pytest.mark.django_db
FRENCH = rule(accounts_language="fr")


def written(**more: Any) -> Promotion:
    return writing.write(wording(**more), actor=STAFF, now=clock.now())


def changed(row: Promotion, *, seen: int, **more: Any) -> Promotion:
    return writing.change(row.pk, wording(**more), seen=seen, actor=STAFF, now=clock.now())


def test_from_draft_to_its_end() -> None:
    now, row = clock.now(), written()
    assert row.state(now) is State.DRAFT
    assert not Promotion.objects.running(now).exists()
    row = writing.start(row.pk, seen=row.revision, actor=STAFF, now=now)
    assert [row.state(now + n * DAY) for n in (-2, 0, 11)] == [State.PLANNED, State.RUNNING, State.ENDED]
    assert Promotion.objects.running(now).get() == row
    with pytest.raises(WrongState):
        writing.delete(row.pk, actor=STAFF, now=now)
    assert writing.stop(row.pk, actor=STAFF, now=now).state(now) is State.STOPPED
    for again in (writing.stop, lambda pk, **how: writing.start(pk, seen=1, **how)):
        with pytest.raises(WrongState):
            again(row.pk, actor=STAFF, now=now)
    with pytest.raises(WrongState):
        changed(row, seen=row.revision, title_fr="Autre")
    kinds = Act.objects.filter(kind__startswith="promotions.").values_list("kind", flat=True)
    assert sorted(kinds) == ["promotions.started", "promotions.stopped", "promotions.written"]


def test_two_tabs() -> None:
    row = written()
    assert changed(row, seen=1, title_fr="Premier onglet").revision == 2
    with pytest.raises(ChangedMeanwhile):
        changed(row, seen=1, title_fr="Second onglet")
    assert changed(row, seen=2, title_fr="Second onglet").title_fr == "Second onglet"
    with pytest.raises(ChangedMeanwhile):
        writing.start(row.pk, seen=2, actor=STAFF, now=clock.now())


def test_dates() -> None:
    now = clock.now()
    for ends in (now - DAY, now - 2 * DAY):
        with pytest.raises(InvalidDates):
            written(ends_at=ends)
    over = written(begins_at=now - 3 * DAY, ends_at=now - DAY)
    with pytest.raises(InvalidDates) as refused:
        writing.start(over.pk, seen=1, actor=STAFF, now=now)
    assert refused.value.code == "promotions.dates.past"
    running("Une")
    assert running("Une autre, aux mêmes dates").started_at is not None, "one place may have several"


@pytest.mark.parametrize("field", ["title_fr", "title_en", "button_fr", "text_fr", "text_en"])
@pytest.mark.parametrize("text", ["", "  \n ", "x" * 5000, "a\x00b", "a\u202eb", "\ud800"])
def test_texts_that_are_none(field: str, text: str) -> None:
    with pytest.raises(InvalidText) as refused:
        written(**{field: text})
    assert refused.value.field == field


def test_any_script_passes() -> None:
    row = written(title_fr="عرض خاص 🎈", text_fr="שלום\n\n- un\n- **deux**\r\n- 3 < 4 & 5")
    row.refresh_from_db()
    assert row.title_fr == "عرض خاص 🎈"
    assert prose.drawn(row.text_fr) == (
        "<p>שלום</p>\n<ul>\n<li>un</li>\n<li><strong>deux</strong></li>\n<li>3 &lt; 4 &amp; 5</li>\n</ul>\n"
    )


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[ici](javascript:alert(1))",
        "![x](https://ailleurs.example/p.gif)",
        "<https://ailleurs.example/>",
        "# Titre\n\n```\ncode\n```\n\n> citation\n\n---",
        "**<b onclick=x>gras</b>**",
    ],
)
def test_nothing_but_emphasis_and_lists_comes_out(source: str) -> None:
    html = prose.drawn(source)
    assert {part.split(">")[0].strip("/") for part in html.split("<")[1:]} <= prose.TAGS
    assert "<p>" in html


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("/organisations/new/", "/organisations/new/"),
        ("/fr/organisations/new/?x=1#y", "/organisations/new/?x=1#y"),
        ("https://www.seqlense.com/offre?x=1", "https://www.seqlense.com/offre?x=1"),
    ],
)
def test_links_that_lead_somewhere(link: str, kept: str) -> None:
    for language in ("fr", "en"):
        with translation.override(language):
            assert prose.link_of(link) == kept


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("", "shape"),
        ("javascript:alert(1)", "shape"),
        ("http://www.seqlense.com/", "shape"),
        ("//www.seqlense.com/", "shape"),
        ("/\\www.seqlense.com/", "shape"),
        ("https://a@www.seqlense.com/", "shape"),
        ("https://www.seqlense.com:8443/", "shape"),
        ("https://[", "shape"),
        ("https://www.seqlense.com/\r\nSet-Cookie: x", "shape"),
        ("https://ailleurs.example/", "undeclared-host"),
        ("https://www.seqlense.com.ailleurs.example/", "undeclared-host"),
        ("/nowhere/", "unknown-page"),
        ("/console/", "unknown-page"),
    ],
)
def test_links_that_do_not(link: str, code: str) -> None:
    with pytest.raises(InvalidLink) as refused:
        prose.link_of(link)
    assert refused.value.code == f"promotions.link.{code}"


def test_a_segment_is_used_only_while_it_has_ten_people_and_each_use_is_on_record() -> None:
    crowd(12)
    made = segment(FRENCH)
    small = segment(rule(accounts_language="en"), name="English")
    for chosen in (small.pk, uuid7(), None):
        with pytest.raises(InvalidAudience):
            written(audience=Audience.SEGMENT, segment=chosen)
    with pytest.raises(InvalidAudience):
        written(audience=Audience.RULE)
    with pytest.raises(InvalidAudience):
        written(audience=Audience.RULE, rule=rule(accounts_password="x"))
    row = running(segment=made)
    act = Act.objects.get(kind="segments.used")
    assert (act.detail["about"], act.detail["people"]) == (str(row.pk), 12)
    with pytest.raises(InUse):
        defining.delete(made.pk, actor=STAFF, now=clock.now())
    defining.stop(made.pk, actor=STAFF, now=clock.now())
    writing.stop(row.pk, actor=STAFF, now=clock.now())
    defining.delete(made.pk, actor=STAFF, now=clock.now())
    row.refresh_from_db()
    assert row.segment_id is None
    assert not Segment.objects.filter(pk=made.pk).exists()
    assert belonging.refresh(made.pk, now=clock.now()) is None
