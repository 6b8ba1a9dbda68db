"""Access: everything, decrypted, with dates; in one statement however many rows; as a package."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from seqlense.privacy import access, requests, running
from seqlense.privacy.actor import Actor
from seqlense.privacy.models import Act, RightsRequest
from tests.privacy.shopping import NOW, person, shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shop(db: None) -> Iterator[None]:
    with shop():
        yield


def _values(found: access.Access, key: str) -> list[Any]:
    item = found.item(key)
    return [one.value for one in item.values] if item else []


def test_everything_about_one_person_and_nothing_about_another() -> None:
    ada, bob = person(), person()
    found = access.everything(ada, now=NOW)
    assert found.register_version == running.register().version
    assert _values(found, "shop_customers.email") == ["ada@example.org"]
    assert sorted(_values(found, "shop_visits.page")) == ["books", "maps"]
    assert _values(found, "shop_orders.amount") == [4200]
    assert _values(found, "shop_orders.dates") == [NOW.replace(year=2024)]
    orders = next(one for one in found.activities if one.activity.id == "shop_orders")
    assert orders.activity.basis.article == "6(1)(b)"
    assert orders.recipients
    rows = {value.row for held in found.activities for item in held.items for value in item.values}
    other = access.everything(bob, now=NOW)
    assert rows.isdisjoint({v.row for held in other.activities for item in held.items for v in item.values})


def test_each_value_has_the_date_on_which_it_goes() -> None:
    found = access.everything(person(), now=NOW)
    until = {item.item.key: item.values[0].until for held in found.activities for item in held.items}
    assert until["shop_customers.email"] is None, "the customer hasn't left"
    assert until["shop_orders.amount"] == NOW.replace(year=2034), "ten years by law"
    assert until["shop_orders.address"] == NOW.replace(year=2025), "a year after payment"
    assert until["shop_orders.address_label"] == NOW.replace(year=2025), "with the order it follows"


def test_statements_do_not_grow_with_rows() -> None:
    from tests.privacy.shop.models import Visit

    few, many = person(), person()
    Visit.objects.bulk_create(Visit(subject_id=many, page=f"page {n}", at=NOW) for n in range(300))
    counts = []
    for subject in (few, many):
        access.everything(subject, now=NOW)
        with (
            CaptureQueriesContext(connections["default"]) as data,
            CaptureQueriesContext(connections["keys"]) as keys,
        ):
            found = access.everything(subject, now=NOW)
        counts.append((len(data), len(keys)))
    assert counts[0] == counts[1]
    assert len(_values(found, "shop_visits.page")) == 302


def test_the_package_can_be_checked_and_holds_past_requests() -> None:
    ada = person()
    asked = requests.receive(
        ada, RightsRequest.Kind.ACCESS, actor=Actor.person(ada), now=NOW - timedelta(days=2)
    )
    requests.answer(asked, [], actor=Actor.person(ada), now=NOW)
    packed = access.package(ada, actor=Actor.person(ada), now=NOW)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert manifest["subject"] == str(ada)
        assert manifest["register_version"] == running.register().version
        assert {one["path"] for one in manifest["files"]} == set(archive.namelist()) - {"manifest.json"}
        for one in manifest["files"]:
            assert hashlib.sha256(archive.read(one["path"])).hexdigest() == one["sha256"]
        customers = json.loads(archive.read("activities/shop_customers.json"))
        own = json.loads(archive.read("activities/rights_requests.json"))
        required = json.loads(archive.read("schema.json"))["required"]
    assert set(required) <= set(customers)
    values = {item["key"]: [value["value"] for value in item["values"]] for item in customers["items"]}
    assert values["shop_customers.email"] == ["ada@example.org"]
    kinds = next(item for item in own["items"] if item["key"] == "rights_requests.kind")
    assert "access" in [value["value"] for value in kinds["values"]]
    assert Act.objects.filter(kind="privacy.packaged", subject=ada).count() == 1
