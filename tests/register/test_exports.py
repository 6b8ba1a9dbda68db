"""The register in other people's formats, read back by other people's tools."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from pyld import jsonld

from seqlense.register import Register, RegisterError
from seqlense.register.exports import FORMATS, MEDIA_TYPES, SUFFIXES, export, from_json
from seqlense.register.exports.as_dpv import (
    CATEGORIES,
    CONDITIONS,
    GROUNDS,
    PROTECTIONS,
    RECEIVERS,
    SOURCES,
    TOOLS,
)
from seqlense.register.vocabulary import (
    Category,
    Ground,
    Protection,
    RecipientKind,
    Source,
    SpecialCondition,
    Tool,
)
from tests.register.samples import both, path, register, shipped, text

if TYPE_CHECKING:
    from collections.abc import Iterator

TERMS = frozenset(
    Path(__file__).with_name("dpv_terms.txt").read_text("utf-8").splitlines()[1:],
)
DPV = "https://w3id.org/dpv"


@pytest.fixture(scope="module")
def ours() -> Register:
    return shipped()


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_format_is_written(ours: Register, format_: str, language: str) -> None:
    assert len(export(ours, format_, language=language)) > 1000
    assert format_ in MEDIA_TYPES
    assert format_ in SUFFIXES


def test_json_comes_back_equal(ours: Register) -> None:
    for one in (ours, register()):
        back = from_json(export(one, "json"))
        assert back == one
        assert back.version == one.version
        assert back.activities == one.activities


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda source: source[:-20], "isn't JSON"),
        (lambda source: b"[]", "seqlense-register/1 is expected"),
        (lambda source: source.replace(b"Atelier", b"Usine"), "changed since the export"),
        (lambda source: source.replace(b'"country": "FR"', b'"country": "France"'), "pattern"),
        (lambda source: source.replace(b'"activities"', b'"activites"'), "activities"),
        (lambda source: source.replace(b'"activity": "orders"', b'"activity": "order"'), "another activity"),
    ],
)
def test_json_that_was_damaged_is_refused(damage: Any, said: str) -> None:
    with pytest.raises(RegisterError, match=said):
        from_json(damage(export(register(), "json")))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_csv_has_a_row_for_each_activity(ours: Register, language: str) -> None:
    rows = list(csv.reader(io.StringIO(export(ours, "csv", language=language).decode("utf-8-sig"))))
    assert len(rows) == 1 + len(ours.activities)
    assert {len(row) for row in rows} == {len(rows[0])}
    assert {row[0] for row in rows[1:]} == set(ours.activities)
    accounts = next(row for row in rows if row[0] == "accounts")
    assert ours.activities["accounts"].purpose.in_(language) in accounts


def test_spreadsheets_run_nothing() -> None:
    hostile = register(path("activities", 0, "title", to={"fr": "=HYPERLINK(A1)", "en": "@SUM(A1)"}))
    assert "'=HYPERLINK" in export(hostile, "csv", language="fr").decode("utf-8-sig")
    book = load_workbook(io.BytesIO(export(hostile, "xlsx", language="en")))
    values = [cell.value for page in book for row in page for cell in row]
    assert "'@SUM(A1)" in values


def cells(page: Any) -> dict[str, str]:
    return {row[0].value: row[1].value for row in page if row[0].value}


def test_xlsx_has_a_sheet_for_each_activity_with_the_fields_of_article_30_1(ours: Register) -> None:
    book = load_workbook(io.BytesIO(export(ours, "xlsx", language="en")))
    assert len(book.sheetnames) == 1 + len(ours.activities)
    for key, activity in ours.activities.items():
        told = cells(book[key])
        assert ours.controller.data_protection_contact in told["Controller and contacts"]
        assert told["Purposes"] == activity.purpose.en
        for field in (
            "Data subjects",
            "Categories of personal data",
            "Recipients",
            "Time limits for erasure",
        ):
            assert told[field]
        assert bool(told["Transfers out of the EEA"]) == bool(activity.transfers)
        assert ours.controller.security[0].en in told["Security measures"]
        assert {item.key for item in activity.items} <= set(told)


def test_xlsx_has_the_fields_of_article_30_2_where_we_are_processor() -> None:
    acting = register(
        both(
            path("activities", 0, "role", to="processor"),
            path("activities", 0, "on_behalf_of", to=text("a shop")),
        )
    )
    told = cells(load_workbook(io.BytesIO(export(acting, "xlsx", language="en")))["orders"])
    assert told["On behalf of"] == "a shop in English"
    assert "Atelier Dupré" in told["Processor and contacts"]
    assert "Categories of processing carried out" in told
    assert "Controller and contacts" not in told


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def terms_of(expanded: Any) -> Iterator[str]:
    for node in nodes(expanded):
        yield from (key for key in node if key.startswith(DPV))
        types = node.get("@type", [])
        yield from (one for one in (types if isinstance(types, list) else [types]) if one.startswith(DPV))
        if str(node.get("@id", "")).startswith(DPV):
            yield node["@id"]


def test_dpv_expands_without_loss_into_terms_that_dpv_defines(ours: Register) -> None:
    document = json.loads(export(ours, "dpv"))
    expanded = jsonld.expand(document)
    used = set(terms_of(expanded))
    assert used - TERMS == set()
    assert len(used) > 60
    kept = {key for node in nodes(document["@graph"]) for key in node if not key.startswith("@")}
    assert {key.split(":")[0] for key in kept} <= set(document["@context"])


def test_dpv_records_every_activity_with_its_basis(ours: Register) -> None:
    graph = jsonld.flatten(json.loads(export(ours, "dpv")))
    by_id = {node["@id"]: node for node in graph}
    dpv = DPV + "#"
    record = next(node for node in graph if dpv + "RecordsOfActivities" in node.get("@type", []))
    handled = [by_id[one["@id"]] for one in record[dpv + "hasProcess"]]
    assert len(handled) == len(ours.activities)
    for node in handled:
        activity = ours.activities[node["@id"].split("#")[1]]
        basis = by_id[node[dpv + "hasLegalBasis"][0]["@id"]]
        letter = activity.basis.article[-2]
        assert basis["@type"] == [f"{DPV}/legal/eu/gdpr#A6-1-{letter}"]
        assert len(node[dpv + "hasPersonalData"]) == len(activity.items)
        assert len(node[dpv + "hasStorageCondition"]) == len(activity.retention)
        status = "ActivityOngoing" if activity.active else "ActivityPlanned"
        assert node[dpv + "hasActivityStatus"] == [{"@id": dpv + status}]


def test_dpv_knows_every_word_of_the_vocabulary() -> None:
    prefixes = {"dpv": DPV + "#", "pd": DPV + "/pd#", "eu-gdpr": DPV + "/legal/eu/gdpr#"}
    for known, words in (
        (CATEGORIES, Category),
        (CONDITIONS, SpecialCondition),
        (GROUNDS, Ground),
        (PROTECTIONS, Protection),
        (RECEIVERS, RecipientKind),
        (SOURCES, Source),
        (TOOLS, Tool),
    ):
        assert set(known) == set(words)
        for term in known.values():
            prefix, _, name = term.partition(":")
            assert prefixes[prefix] + name in TERMS
