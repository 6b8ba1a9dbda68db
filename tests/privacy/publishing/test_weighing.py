"""Who is told and who is asked follows from the legal basis and from what changed."""

import pytest

from seqlense.privacy import running
from seqlense.privacy.publishing.weighing import weigh
from tests.privacy.publishing.editions import Document, activity, altered, elsewhere, on, without_zone

PURPOSE = {"fr": "Un autre but.", "en": "Another purpose."}


def other_purpose(document: Document) -> None:
    activity(document, "accounts")["purpose"] = PURPOSE


def longer(document: Document) -> None:
    for rule in activity(document, "security_logs")["retention"]:
        rule["after"] = "P9Y"


@pytest.mark.parametrize(
    ("ground", "asked"), [("legitimate_interest", []), ("consent", ["consent"]), ("contract", ["contract"])]
)
def test_a_changed_purpose_is_asked_where_the_person_had_agreed(ground: str, asked: list[str]) -> None:
    before = altered(on(ground)) if ground != "legitimate_interest" else running.register()
    found = weigh(before, altered(other_purpose, of=before))
    assert found.activities == {"accounts"}
    assert [one.asked for one in found.demands] == asked
    assert all(one.activity == "accounts" and one.article.en for one in found.demands)


@pytest.mark.parametrize(("ground", "asked"), [("consent", ["consent"]), ("contract", [])])
def test_more_data_is_asked_of_a_consent_and_told_under_a_contract(ground: str, asked: list[str]) -> None:
    before = altered(on(ground), without_zone)
    found = weigh(before, altered(on(ground)))
    assert [one.asked for one in found.demands] == asked


def test_a_basis_that_becomes_consent_is_asked_for() -> None:
    found = weigh(running.register(), altered(on("consent")))
    assert [(one.asked, one.purpose) for one in found.demands] == [("consent", "news")]


def test_what_begins_is_told_when_data_are_collected_and_asks_nobody() -> None:
    def stopped(document: Document) -> None:
        activity(document, "accounts")["status"] = "inactive"

    found = weigh(altered(on("consent"), stopped), altered(on("consent")))
    assert found.demands == ()
    assert found.started == {"accounts"}


def test_a_longer_period_is_told_and_a_shorter_one_published() -> None:
    assert weigh(running.register(), altered(longer)).activities == {"security_logs"}
    assert weigh(altered(longer), running.register()).activities == frozenset()


def test_a_new_name_of_the_company_concerns_everybody_and_its_director_nobody() -> None:
    def renamed(document: Document) -> None:
        document["controller"]["name"] = "Autre SAS"

    everybody = {one.id for one in running.register().active}
    assert weigh(running.register(), altered(renamed)).activities == everybody
    assert weigh(running.register(), altered(elsewhere)).activities == frozenset()


def test_a_recipient_that_changes_concerns_those_whose_data_it_gets() -> None:
    receiver = "poste_io"

    def moved(document: Document) -> None:
        found = next(one for one in document["recipients"] if one["id"] == receiver)
        found["name"] = {"fr": "Autre logiciel", "en": "Other software"}

    register = running.register()
    using = {one.id for one in register.active if receiver in {to.id for to in register.recipients_of(one)}}
    assert using
    assert weigh(register, altered(moved)).activities == using


def test_nothing_changed_obliges_to_nothing() -> None:
    found = weigh(running.register(), altered())
    assert (found.activities, found.demands, found.started) == (frozenset(), (), frozenset())
