"""Comparing loses nothing, invents nothing, and says what became of each section."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlense.privacy import notices, running
from seqlense.privacy.notice_document import Notice, Section, Table
from seqlense.privacy.publishing import comparing, documents
from seqlense.privacy.publishing.comparing import Mark, Passage, compare, words
from tests.privacy.publishing.editions import altered, tersely, without_zone

TEXT = st.text(alphabet="ab é’.\n", max_size=12)
ROWS = st.lists(st.tuples(TEXT, TEXT), max_size=4).map(tuple)
TABLES = st.builds(Table, caption=TEXT, header=st.just(("h1", "h2")), rows=ROWS)
ANCHORS = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=6)


@st.composite
def texts(draw: st.DrawFn) -> Notice:
    made: list[Section] = []
    anchors = draw(ANCHORS)
    for place, anchor in enumerate(anchors):
        inner: tuple[Section, ...] = ()
        if place == 0 and len(anchors) > 1:
            inner = (_section(draw, f"in-{anchor}"),)
        made.append(_section(draw, anchor, inner))
    return Notice(kind="privacy", language="fr", title="t", version="v", since=None, sections=tuple(made))


def _section(draw: st.DrawFn, anchor: str, inner: tuple[Section, ...] = ()) -> Section:
    return Section(
        anchor=anchor,
        title=draw(TEXT),
        paragraphs=tuple(draw(st.lists(TEXT, max_size=4))),
        points=tuple(draw(st.lists(TEXT, max_size=4))),
        tables=tuple(draw(st.lists(TABLES, max_size=2))),
        sections=inner,
    )


def flat(notice: Notice) -> dict[str, tuple[str, list[tuple[str, tuple[str, ...]]]]]:
    return {
        one.anchor: (one.title, comparing._units(one)) for one, _level in comparing._flat(notice.sections)
    }


def side(passages: Sequence[Passage], mark: Mark) -> dict[str, tuple[str, list[tuple[str, tuple[str, ...]]]]]:
    """The older (REMOVED) or newer (ADDED) text, taken back out of the comparison."""
    other = Mark.ADDED if mark is Mark.REMOVED else Mark.REMOVED
    found = {}
    for passage in passages:
        if passage.mark is other:
            continue
        title = "".join(one.text for one in passage.title if one.mark in (mark, Mark.SAME))
        parts = [(one.role, one.side(mark)) for one in passage.parts if one.mark is not other]
        found[passage.anchor] = (title, parts)
    return found


@given(before=texts(), after=texts())
@settings(max_examples=150, deadline=None)
def test_both_texts_come_back_out_of_it(before: Notice, after: Notice) -> None:
    passages = compare(before, after)
    assert side(passages, Mark.REMOVED) == flat(before)
    assert side(passages, Mark.ADDED) == flat(after)
    anchors = [one.anchor for one in passages]
    assert len(set(anchors)) == len(anchors)
    assert [one for one in anchors if one in flat(after)] == list(flat(after))


@given(notice=texts())
@settings(max_examples=50, deadline=None)
def test_a_text_is_the_same_as_itself(notice: Notice) -> None:
    passages = compare(notice, notice)
    assert comparing.number_changed(passages) == 0
    assert all(part.mark is Mark.SAME for one in passages for part in one.parts)


@given(before=TEXT, after=TEXT)
@settings(max_examples=200, deadline=None)
def test_words_come_back(before: str, after: str) -> None:
    pieces = words(before, after)
    assert "".join(one.text for one in pieces if one.mark is not Mark.ADDED) == before
    assert "".join(one.text for one in pieces if one.mark is not Mark.REMOVED) == after
    assert all(one.text for one in pieces)
    if before != after:
        assert any(one.mark is not Mark.SAME for one in pieces)


@given(before=texts(), after=texts())
@settings(max_examples=50, deadline=None)
def test_groups_draw_every_part_once(before: Notice, after: Notice) -> None:
    for passage in compare(before, after):
        assert [part for group in passage.groups for part in group.parts] == list(passage.parts)
        for group in passage.groups:
            assert [row for row, _cells in group.rows] == [one for one in group.parts if one.role == "row"]


def test_whole_words_are_marked() -> None:
    pieces = words("gardées six mois après la fin", "gardées dix ans après la fin")
    assert [(one.mark.value, one.text) for one in pieces] == [
        ("same", "gardées "),
        ("removed", "six mois"),
        ("added", "dix ans"),
        ("same", " après la fin"),
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_real_difference_is_found_where_it_is(language: str) -> None:
    before = notices.privacy_policy(altered(without_zone, tersely), language)
    passages = compare(before, notices.privacy_policy(running.register(), language))
    changed = {one.anchor for one in passages if one.mark is not Mark.SAME}
    assert changed == {"activity-accounts", "bases"}
    accounts = next(one for one in passages if one.anchor == "activity-accounts")
    rows = [one for one in accounts.parts if one.role == "row" and one.mark is Mark.ADDED]
    assert len(rows) == 1
    assert rows[0].side(Mark.ADDED)[0] in ("Fuseau horaire", "Time zone")


def test_documents_come_back_as_they_were_drawn() -> None:
    stored = documents.stored(running.register())
    for language in documents.LANGUAGES:
        for kind, draw in documents.KINDS.items():
            drawn = draw(running.register(), language)
            assert documents.read(stored, kind, language, version=drawn.version) == drawn


def test_a_huge_text_is_compared_in_time() -> None:
    long = " ".join(f"mot{number}" for number in range(30_000))
    pieces = words(long, long.replace("mot7 ", "autre "))
    assert [one.mark for one in pieces] == [Mark.REMOVED, Mark.ADDED]
