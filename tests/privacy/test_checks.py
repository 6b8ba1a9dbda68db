"""Zero unmapped: each check finds its fault, and the shop as it is has none."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.checks import CheckMessage
from django.db import models

from seqlense.privacy import running
from seqlense.privacy.checks import Unmapped, findings, stand
from seqlense.privacy.checks.columns import columns
from seqlense.privacy.checks.outside import outside
from seqlense.privacy.checks.rules import rules
from seqlense.privacy.checks.tracers import tracers
from seqlense.privacy.governance import Declared, Governance, Governed, Impersonal, declared
from seqlense.register import Register
from tests.privacy.shopping import installed

ABOUT_THE_SHOP = ("shop", "Shop", "order_paid")


@pytest.fixture(autouse=True, scope="module")
def shop() -> Iterator[None]:
    with installed("tests.privacy.shop"):
        yield


def _declared(model: str, /, **changes: Any) -> Declared:
    """All declarations, with that model's changed."""
    sources = []
    for name, one in declared().sources:
        governed = [replace(entry, **changes) if entry.model == model else entry for entry in one.governed]
        sources.append((name, replace(one, governed=governed)))
    return Declared(tuple(sources))


def _without(model: str) -> Declared:
    sources = []
    for name, one in declared().sources:
        sources.append(
            (name, replace(one, governed=[entry for entry in one.governed if entry.model != model]))
        )
    return Declared(tuple(sources))


def _with(**more: Any) -> Declared:
    return Declared((*declared().sources, ("more", Governance(**more))))


def _register(activity: str, **changes: Any) -> Register:
    """The running register, with that activity changed."""
    register = running.register()
    activities = [
        one.model_copy(update=changes) if one.id == activity else one for one in register.activities.values()
    ]
    return Register(
        controller=register.controller,
        recipients=register.recipients.values(),
        cookies=register.cookies,
        activities=activities,
    )


def _items(activity: str, item: str, **changes: Any) -> Register:
    items = running.register().activities[activity].items
    changed = tuple(one.model_copy(update=changes) if one.id == item else one for one in items)
    return _register(activity, items=changed)


def _found(declarations: Declared | None = None, register: Register | None = None) -> list[CheckMessage]:
    one, other = declarations or declared(), register or running.register()
    return [*columns(one, other), *rules(one, other), *outside(one, other), *tracers(other)]


def _has(found: list[CheckMessage], identifier: str, words: str) -> None:
    matching = [one for one in found if one.id == f"privacy.{identifier}" and words in one.msg]
    assert matching, [str(one) for one in found]
    assert all(one.hint for one in matching)


def test_the_shop_is_mapped_whole() -> None:
    assert [one for one in findings() if any(word in str(one) for word in ABOUT_THE_SHOP)] == []


ITEMS: Mapping[str, str] = {"email": "email", "name": "name", "country": "country"}


@pytest.mark.parametrize(
    ("identifier", "words", "model", "changes"),
    [
        ("E001", "shop.Customer.left_at is unmapped", "shop.Customer", {"items": ITEMS, "events": {}}),
        ("E003", "no model 'shop.Basket'", "shop.Customer", {"model": "shop.Basket"}),
        ("E004", "no column 'surname'", "shop.Customer", {"items": {**ITEMS, "surname": "name"}}),
        ("E004", "no column 'owner_id'", "shop.Customer", {"subject": "owner_id"}),
        ("E005", "no activity 'shops'", "shop.Customer", {"activity": "shops"}),
        ("E005", "no item 'shop_customers.phone'", "shop.Customer", {"items": {"email": "phone"}}),
        (
            "E007",
            "Customer.country holds shop_customers.email",
            "shop.Customer",
            {"items": {"country": "email"}},
        ),
        (
            "E008",
            "Customer.email seals shop_customers.country",
            "shop.Customer",
            {"items": {"email": "country"}},
        ),
        (
            "E009",
            "Nothing holds the item shop_customers.name",
            "shop.Customer",
            {"items": {"email": "email"}},
        ),
        ("E011", "Nothing emits 'customer_left'", "shop.Customer", {"events": {}}),
        ("E012", "Parcel.number (shop_orders.address_label) would be kept", "shop.Parcel", {"follows": None}),
        ("E013", "no rule awaits 'moved_house'", "shop.Customer", {"events": {"moved_house": "left_at"}}),
        (
            "E014",
            "shop.Customer.country is no date",
            "shop.Customer",
            {"events": {"customer_left": "country"}},
        ),
        ("E015", "shop.Customer.hint has no index", "shop.Customer", {"subject": "hint"}),
        (
            "E018",
            "Order.amount can't be cleared",
            "shop.Order",
            {"items": {"amount": "address", "lines": "lines"}},
        ),
    ],
)
def test_a_wrong_declaration_is_found(
    identifier: str, words: str, model: str, changes: dict[str, Any]
) -> None:
    _has(_found(_declared(model, **changes)), identifier, words)


def test_a_model_that_nobody_declares_is_found_down_to_its_columns() -> None:
    found = _found(_without("shop.Visit"))
    _has(found, "E002", "shop.Visit is not declared")
    hint = next(one.hint for one in found if one.id == "privacy.E002")
    assert hint is not None
    assert "page" in hint


def test_twice_declared_or_both_ways() -> None:
    again = Governed(model="shop.Visit", activity="shop_visits")
    _has(_found(_with(governed=[again])), "E006", "shop.visit is governed 2 times")
    claim = Impersonal(model="shop.Visit", reason="Nothing to see.")
    _has(_found(_with(impersonal=[claim])), "E006", "shop.Visit is governed and impersonal")
    _has(
        _found(_with(impersonal=[Impersonal(model="shop.Ghost", reason="Gone.")])),
        "E003",
        "no model 'shop.Ghost'",
    )


def test_the_register_against_the_columns() -> None:
    register = running.register()
    inactive = next(iter(register.inactive)).status
    _has(
        _found(None, _register("shop_visits", status=inactive)),
        "E010",
        "serves inactive activity 'shop_visits'",
    )
    _has(_found(None, _items("shop_orders", "amount", protection="sealed")), "E007", "shop.Order.amount")


def test_keys_that_would_block_or_tear_off() -> None:
    from tests.privacy.shop.models import Parcel

    key = Parcel._meta.get_field("order")
    assert isinstance(key, models.ForeignKey)
    was = key.remote_field.on_delete
    kept = {"follows": None, "items": {"number": "amount"}, "events": {"order_paid": "number"}}
    try:
        key.remote_field.on_delete = models.PROTECT
        _has(_found(), "E017", "shop.Parcel.order blocks the deletion of shop.Order")
        key.remote_field.on_delete = models.DB_CASCADE
        _has(
            _found(_declared("shop.Parcel", **kept)), "E019", "shop.Parcel.order would delete rows that a law"
        )
    finally:
        key.remote_field.on_delete = was


def test_cookies_tasks_and_hosts(settings: LazySettings) -> None:
    settings.CSRF_COOKIE_NAME = "tracker"
    settings.SEQLENSE_HOSTS = ["ads.example.com", "localhost"]
    settings.SEQLENSE_TASK_NAMES = "tests.privacy.test_checks.some_tasks"
    found = _found(_with(tasks={"shop.mail": "shopping"}))
    _has(found, "E020", "'tracker'")
    _has(found, "E021", "'shop.sell_everything'")
    _has(found, "E022", "SEQLENSE_HOSTS names 'ads.example.com'")
    _has(found, "E023", "works for 'shopping'")
    assert not [one for one in found if "localhost" in one.msg]
    settings.SEQLENSE_TASK_NAMES = ""
    _has(_found(), "E024", "nothing lists its tasks")


def some_tasks() -> list[str]:
    return ["shop.sell_everything"]


def test_nothing_starts_while_something_is_unmapped(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CSRF_COOKIE_NAME = "tracker"
    with pytest.raises(Unmapped, match=r"privacy\.E020"):
        stand()
    settings.SEQLENSE_REGISTER = "/nowhere"
    assert [one.id for one in findings()] == ["privacy.E000"]


def test_a_declaration_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="email can't be"):
        Governed(model="shop.Customer", activity="shop", items={"email": "email"}, impersonal={"email": "no"})
    with pytest.raises(ValueError, match="app_label"):
        Governed(model="Customer", activity="shop")
    with pytest.raises(ValueError, match="reason"):
        Impersonal(model="shop.*", reason=" ")
