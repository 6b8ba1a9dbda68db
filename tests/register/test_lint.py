"""Every rule finds what it should, lets pass what it should, and says so in two languages."""

from __future__ import annotations

import pytest

from seqlense.register import lint
from seqlense.register.lint import Severity
from seqlense.register.lint.rules import rule
from tests.register.lint_examples import EXAMPLES, nothing, running
from tests.register.samples import both, register, shipped


def test_every_rule_has_its_examples() -> None:
    assert set(EXAMPLES) == set(lint.rules())
    assert len(EXAMPLES) >= 24


@pytest.mark.parametrize("rule_id", sorted(EXAMPLES))
def test_a_rule_tells_right_from_wrong(rule_id: str) -> None:
    wrong, right = EXAMPLES[rule_id]
    found = register(wrong)
    assert rule_id in [one.rule.id for one in lint.check(found, running(found))]
    passed = register(right)
    assert rule_id not in [one.rule.id for one in lint.check(passed, running(passed))]


def test_a_dpo_has_nothing_to_say_of_the_sample() -> None:
    assert [one.in_("en") for one in lint.check(register())] == []


@pytest.mark.parametrize("rule_id", sorted(EXAMPLES))
def test_a_finding_says_where_and_under_which_article(rule_id: str) -> None:
    found = register(EXAMPLES[rule_id][0])
    one = next(one for one in lint.check(found, running(found)) if one.rule.id == rule_id)
    assert one.where
    assert one.rule.article in one.in_("en")
    assert one.rule.message.in_("fr") in one.in_("fr")
    assert one.rule.message.fr != one.rule.message.en


def test_the_gravest_come_first() -> None:
    changes = [wrong for rule_id, (wrong, _) in EXAMPLES.items() if rule_id.startswith("basis.consent")]
    found = [one.rule.severity for one in lint.check(register(both(*changes)))]
    assert found == sorted(found, key=list(Severity).index)


def test_without_the_running_product_nothing_is_said_of_it() -> None:
    found = lint.check(register(EXAMPLES["reality.column-of-nothing"][0]))
    assert not [one for one in found if one.rule.id.startswith("reality.")]


def test_two_rules_never_share_an_id() -> None:
    with pytest.raises(ValueError, match="Two rules"):
        rule("keeping.no-end", Severity.NOTE, "none", fr="autre", en="other")(lambda case: iter(()))


def test_the_shipped_register_lacks_only_what_the_company_must_state() -> None:
    """F-1 names no publication director, telephone or share capital; no analytics partner is chosen (F-5)."""
    found = {(one.rule.id, one.where) for one in lint.check(shipped())}
    assert found == {
        ("honesty.legal-notice-gaps", "controller.publication_director"),
        ("honesty.legal-notice-gaps", "controller.phone"),
        ("honesty.legal-notice-gaps", "controller.share_capital"),
        ("sharing.unused-recipient", "recipients.analytics_partners"),
    }


def test_nothing_changes_nothing() -> None:
    assert register(nothing) == register()
