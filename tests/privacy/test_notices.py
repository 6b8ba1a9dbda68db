"""The notices name all that runs, say honestly what doesn't, and are complete in both languages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlense.privacy import notices
from seqlense.privacy.notice_document import TEXTS, Notice, Section
from seqlense.register import Automated, Register, wording
from seqlense.register.exports.as_json import from_document
from seqlense.register.yamlfile import read
from tests.register.samples import both, drop, path, register, sample, shipped

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = ("fr", "en")
KINDS = (notices.legal_notice, notices.privacy_policy, notices.cookie_policy, notices.access_answer)


def all_sections(sections: tuple[Section, ...]) -> Iterator[Section]:
    for one in sections:
        yield one
        yield from all_sections(one.sections)


def section(notice: Notice, anchor: str) -> Section:
    return next(one for one in all_sections(notice.sections) if one.anchor == anchor)


def assert_complete(found: Register, language: str) -> None:
    """Every running activity, item, recipient and cookie is named; what doesn't run is in its own place."""
    policy = notices.privacy_policy(found, language)
    for activity in found.active:
        told = section(policy, f"activity-{activity.id}")
        named = [row[0] for row in told.tables[0].rows]
        assert named == [item.label.in_(language) for item in activity.items]
        words = "\n".join(told.paragraphs)
        assert activity.purpose.in_(language) in words
        assert wording.ground(activity, language) in words
        assert all(who.label.in_(language) in words for who in activity.subjects)
        assert all(one.name.in_(language) in words for one in found.recipients_of(activity))
        assert all(wording.transfer(found, made, language) in words for made in activity.transfers)
        assert all(text.in_(language) in "\n".join(told.points) for text in activity.attention)
        if activity.automated_decisions.kind is not Automated.NONE:
            assert activity.title.in_(language) in "\n".join(section(policy, "profiling").points)
    receivers = [row[0] for row in section(policy, "recipients").tables[0].rows] if found.active else []
    assert receivers == [one.name.in_(language) for one in found.active_recipients]
    anchors = {one.anchor for one in all_sections(policy.sections)}
    for activity in found.inactive:
        assert f"activity-{activity.id}" not in anchors
        stated = [row[0] for row in section(policy, "inactive").tables[0].rows]
        assert activity.title.in_(language) in stated
    tracers = notices.cookie_policy(found, language)
    for cookie in found.cookies:
        anchor = "exempt" if cookie.exemption else "consent"
        anchor = anchor if cookie in found.active_cookies else "inactive"
        assert cookie.name in [row[0] for row in section(tracers, anchor).tables[0].rows]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_notices_name_all_that_runs(language: str) -> None:
    assert_complete(shipped(), language)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_register_is_told_in_full(data: st.DataObject) -> None:
    document: dict[str, Any] = shipped().document
    for activity in document["activities"]:
        activity["status"] = data.draw(st.sampled_from(["active", "inactive"]))
    found = from_document(document)
    for language in LANGUAGES:
        assert_complete(found, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", KINDS)
def test_a_notice_is_dated_versioned_and_well_formed(make: Any, language: str) -> None:
    found = shipped()
    notice = make(found, language, since=date(2026, 11, 1))
    assert notice.version == found.version
    assert notice.since == date(2026, 11, 1)
    assert notice.language == language
    everything = list(all_sections(notice.sections))
    anchors = [one.anchor for one in everything]
    assert len(anchors) == len(set(anchors))
    for one in everything:
        assert one.title
        assert one.paragraphs or one.points or one.tables or one.sections
        for table in one.tables:
            assert {len(row) for row in table.rows} == {len(table.header)}
            assert all(row[0] for row in table.rows)
    assert "{" not in notice.text
    assert notice == make(found, language, since=date(2026, 11, 1))


@pytest.mark.parametrize("make", KINDS)
def test_both_languages_have_the_same_build(make: Any) -> None:
    french, english = make(shipped(), "fr"), make(shipped(), "en-GB")

    def build(notice: Notice) -> list[tuple[object, ...]]:
        return [
            (one.anchor, len(one.paragraphs), len(one.points), [len(table.rows) for table in one.tables])
            for one in all_sections(notice.sections)
        ]

    assert build(french) == build(english)
    assert french.title != english.title or make is None
    assert english.language == "en"


def test_the_texts_are_whole() -> None:
    def walk(branch: dict[str, Any], steps: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if all(isinstance(value, dict) for value in branch.values()):
            for key, value in branch.items():
                yield from walk(value, (*steps, key))
        elif set(branch) != {"fr", "en"} or not all(
            isinstance(value, str) and value for value in branch.values()
        ):
            yield steps

    assert list(walk(read(TEXTS).data, ())) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_legal_notice_holds_what_the_law_asks(language: str) -> None:
    """F-1.1, F-1.2; LCEN art. 1-1."""
    words = notices.legal_notice(shipped(), language).text
    for stated in (
        "Seqlense",
        "SAS",
        "RCS Thionville 987 812 641",
        "17 rue du Hackenberg, 57920 Monneren",
        "contact@seqlense.com",
        "Hetzner Online GmbH",
        "Scaleway SAS",
    ):
        assert stated in words


def test_a_mention_that_is_missing_is_said_to_be() -> None:
    words = notices.legal_notice(register(drop("controller", "publication_director")), "fr").text
    assert "Directeur de la publication | non communiqué à ce jour" in words
    assert (
        "non communiqué"
        not in notices.legal_notice(register(path("controller", "vat_number", to="FR00123456789")), "fr").text
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rights_are_all_told(language: str) -> None:
    """F-7: nine rights, three ways, one month, the authority."""
    told = section(notices.privacy_policy(shipped(), language), "rights")
    assert len(told.points) == 9
    words = "\n".join((*told.points, *told.paragraphs))
    for stated in (
        "art. 85",
        "rgpd@seqlense.com",
        "17 rue du Hackenberg",
        "https://www.cnil.fr",
        "TSA 80715",
    ):
        assert stated in words


def test_points_of_attention_stand_where_they_belong() -> None:
    """F-2: Stripe's and the signature's, also while they don't run."""
    waiting = section(notices.privacy_policy(shipped(), "fr"), "inactive").tables[0]
    payments = next(row for row in waiting.rows if row[0].startswith("Paiement"))
    assert "accord de sous-traitance" in payments[-1]
    assert "PCI-DSS" in payments[-1]
    document: dict[str, Any] = shipped().document
    for activity in document["activities"]:
        activity["status"] = "active"
    policy = notices.privacy_policy(from_document(document), "en")
    assert "PCI-DSS" in "\n".join(section(policy, "recipients").points)
    assert "advanced" in "\n".join(section(policy, "activity-signature").points)
    transfers = section(policy, "transfers")
    assert any("United States" in line for line in transfers.points)


def test_without_consent_tracers_no_banner_is_announced() -> None:
    calm = notices.cookie_policy(shipped(), "fr")
    assert section(calm, "consent").paragraphs == ("Ce site n’en pose aucun lui-même.",)
    assert section(calm, "services").paragraphs == (
        "Nos pages ne font appel à aucun. C’est pourquoi aucun bandeau ne vous est présenté.",
    )
    asking = notices.cookie_policy(register(path("activities", 1, "status", to="active")), "fr")
    told = section(asking, "consent")
    assert "continuer à naviguer n’en est pas un" in told.paragraphs[0]
    assert [row[0] for row in told.tables[0].rows] == ["taste"]


def test_an_access_answer_speaks_of_the_activities_that_hold_something() -> None:
    found = shipped()
    answer = notices.access_answer(found, "fr", activities={"accounts", "payments"})
    anchors = [one.anchor for one in all_sections(answer.sections) if one.anchor.startswith("activity-")]
    assert anchors == ["activity-accounts", "activity-payments"]
    assert "Stripe" in answer.text
    assert "Aucun traitement" in notices.access_answer(found, "fr", activities=()).text


def test_another_company_is_named_everywhere() -> None:
    document = sample()
    for make in KINDS:
        words = make(register(), "fr").text
        assert "Seqlense" not in words
        assert make is notices.cookie_policy or document["controller"]["name"] in words


def test_a_register_where_nothing_runs_is_told_as_such() -> None:
    still = register(both(path("activities", 0, "status", to="inactive")))
    policy = notices.privacy_policy(still, "en")
    assert section(policy, "activities").sections == ()
    assert len(section(policy, "inactive").tables[0].rows) == 2
