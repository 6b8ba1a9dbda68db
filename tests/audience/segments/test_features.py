"""Nobody is grouped by what no activity says it reads for that."""

from importlib import import_module
from typing import Any, Final

import pytest
from django.core.checks import CheckMessage

from seqlense.audience.segments import uses
from seqlense.audience.segments.checks import uses_of_segments
from seqlense.privacy import features, running
from seqlense.privacy.features import Feature
from seqlense.privacy.governance import declared
from seqlense.register import Register
from seqlense.register.vocabulary import Category

CHECKING: Final[Any] = import_module("seqlense.privacy.checks.features")


def found_about(item: str, monkeypatch: pytest.MonkeyPatch, *, category: str = "") -> list[str | None]:
    """Ids of what the checks say of one feature."""
    one = Feature(id="x.y", item=item, label="x", values=dict, of=lambda _people, _now: {})
    register = running.register()
    if category:
        activity = register.activities["accounts"]
        changed = tuple(
            i.model_copy(update={"category": category}) if i.key == item else i for i in activity.items
        )
        altered = activity.model_copy(update={"items": changed})
        others = [one for one in register.activities.values() if one.id != "accounts"]
        register = Register(
            controller=register.controller,
            recipients=register.recipients.values(),
            cookies=register.cookies,
            activities=[*others, altered],
        )
    monkeypatch.setattr(CHECKING, "declared", lambda: {"x.y": one})
    messages: list[CheckMessage] = list(CHECKING.features(declared(), register))
    return [message.id for message in messages]


def test_the_product_offers_what_it_declares() -> None:
    offered = features.offered("profiling")
    assert {"accounts.language", "organisations.role", "promotions.interests"} <= set(offered)
    assert features.offered("newsletter") == {}
    assert list(CHECKING.features(declared(), running.register())) == []


def test_undeclared_features_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found_about("accounts.nothing", monkeypatch) == ["privacy.E040"]
    assert found_about("accounts.time_zone", monkeypatch) == ["privacy.E041"]
    assert "privacy.E043" in found_about("accounts.name", monkeypatch), "what people wrote"


def test_special_categories_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found_about("accounts.language", monkeypatch, category=Category.HEALTH) == ["privacy.E042"]
    assert found_about("accounts.language", monkeypatch, category=Category.OFFENCES) == ["privacy.E042"]
    assert found_about("accounts.language", monkeypatch) == []


def test_no_use_decides_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    assert uses_of_segments(None) == []
    prices = uses.Use(id="prices", activity="accounts", label="x", running=lambda _: 0, named=lambda _: None)
    monkeypatch.setattr(uses, "declared", lambda: {"prices": prices})
    assert [one.id for one in uses_of_segments(None)] == ["segments.E001"]
