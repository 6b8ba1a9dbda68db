"""Register files, good and bad: what loads, and what is said of what doesn't."""

from __future__ import annotations

import contextlib
import random
import shutil
import string
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlense.kit.periods import Period
from seqlense.register import Problem, RegisterError, load
from seqlense.register.yamlfile import LARGEST
from tests.register.samples import SHIPPED_FOLDERS, drop, path, register, shipped, text, write


def problems(folder: Path, *more: Path) -> tuple[Problem, ...]:
    with pytest.raises(RegisterError) as caught:
        load([folder, *more])
    return caught.value.problems


def only(folder: Path) -> Problem:
    found = problems(folder)
    assert len(found) == 1, [str(one) for one in found]
    return found[0]


def orders(folder: Path) -> Path:
    return folder / "activities" / "orders.yaml"


def test_files_and_documents_say_the_same(tmp_path: Path) -> None:
    loaded = load([write(tmp_path)])
    assert loaded == register()
    assert loaded.item("orders.name").key == "orders.name"
    assert [one.id for one in loaded.active] == ["orders"]
    assert loaded.activities["orders"].title.in_("fr") == "Orders en français"
    assert loaded.activities["orders"].basis.article == "6(1)(f)"
    assert loaded.activities["orders"].retention[1].after == Period.parse("P6Y")
    assert dict(loaded.hosts) == {"api.bank.example": "bank"}


def test_the_version_ignores_order_and_formatting(tmp_path: Path) -> None:
    before = load([write(tmp_path / "a")])
    folder = write(tmp_path / "b")
    controller = folder / "controller.yaml"
    lines = controller.read_text("utf-8").splitlines()
    controller.write_text("# a comment\n\n" + "\n".join(lines) + "\n\n", encoding="utf-8-sig")
    recipients = folder / "recipients.yaml"
    entries = ("\n" + recipients.read_text("utf-8")).split("\n- ")[1:]
    recipients.write_text("".join(f"- {entry}\n" for entry in reversed(entries)), encoding="utf-8")
    shutil.move(orders(folder), folder / "orders.yaml")
    assert load([folder]).version == before.version
    assert register(path("controller", "name", to="Autre")).version != before.version


def test_a_later_folder_overrides(tmp_path: Path) -> None:
    base = write(tmp_path / "base")
    other = tmp_path / "other"
    (other / "activities").mkdir(parents=True)
    (other / "controller.yaml").write_text(
        (base / "controller.yaml").read_text("utf-8").replace("Atelier Dupré", "Maison Martin"), "utf-8"
    )
    (other / "activities" / "orders.yaml").write_text(
        orders(base).read_text("utf-8").replace("status: active", "status: inactive"), "utf-8"
    )
    merged = load([base, other])
    assert merged.controller.name == "Maison Martin"
    assert merged.active == ()
    assert set(merged.recipients) == {"host", "bank"}


def test_another_company_puts_its_own_over_ours(tmp_path: Path) -> None:
    theirs = load([*SHIPPED_FOLDERS, write(tmp_path)])
    assert theirs.controller.name == "Atelier Dupré"
    assert "accounts" in theirs.activities
    assert "orders" in theirs.activities
    assert [one.name.en for one in theirs.recipients_of(theirs.activities["accounts"])][
        -1
    ] == "Host in English"


def test_an_overlay_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    found = problems(write(tmp_path / "base"), missing)
    assert found[0].file == missing
    assert "SEQLENSE_REGISTER" in found[0].hint.en


def test_no_controller(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "controller.yaml").unlink()
    assert "controller.yaml" in only(folder).what.en


BROKEN = {
    "empty": (b"", 0, "empty"),
    "only a comment": (b"# nothing here\n", 0, "empty"),
    "latin-1": ("id: orders\ntitle:\n  fr: Commandes passées\n".encode("latin-1"), 3, "UTF-8"),
    "utf-16": ("id: orders\n".encode("utf-16"), 1, "UTF-8"),
    "nul": (b"id: orders\nstatus: a\x00b\n", 2, "control character"),
    "bad indentation": (b"id: orders\n  status: active\n", 2, "readable YAML"),
    "unclosed quote": (b'id: orders\nstatus: "active\n', 3, "readable YAML"),
    "tab": (b"id: orders\nbasis:\n\tground: consent\n", 3, "readable YAML"),
    "alias": (b"id: &a orders\nstatus: *a\n", 1, "anchors and aliases"),
    "bomb": (
        b"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n",
        1,
        "anchors and aliases",
    ),
    "python tag": (b"id: orders\nstatus: !!python/object/apply:os.getcwd []\n", 2, "tag"),
    "own tag": (b"id: orders\nstatus: !secret x\n", 2, "tag"),
    "two documents": (b"id: orders\n---\nid: tips\n", 2, "several documents"),
    "repeated key": (b"id: orders\nstatus: active\nid: tips\n", 3, "repeated"),
    "deep": (b"id: " + b"[" * 400 + b"]" * 400, 1, "nested too deep"),
    "huge": (b"# " + b"x" * LARGEST, 0, "1 MiB"),
    "a list": (b"- id: orders\n", 1, "group of keys"),
    "a word": (b"orders\n", 1, "group of keys"),
    "listed keys": (b"? [a, b]\n: c\n", 1, "Not allowed"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_files_are_named_with_their_line(tmp_path: Path, case: str) -> None:
    contents, line, said = BROKEN[case]
    folder = write(tmp_path)
    orders(folder).write_bytes(contents)
    (folder / "cookies.yaml").unlink()
    found = only(folder)
    assert found.file == orders(folder)
    assert found.line == line
    assert said in found.what.en
    assert found.what.fr
    assert found.hint.fr
    assert found.hint.en


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    folder = write(tmp_path)
    orders(folder).unlink()
    orders(folder).mkdir()
    assert "can't be read" in problems(folder)[0].what.en


CONTRADICTIONS = {
    "unknown key": (path("statuss", to="x"), "statuss", 'Did you mean "status"?'),
    "misspelt word": (path("basis", "ground", to="consentt"), "basis.ground", 'Did you mean "consent"?'),
    "wild word": (path("basis", "ground", to="because"), "basis.ground", "Possible: consent, contract"),
    "misspelt category": (
        path("items", 0, "category", to="identifcation"),
        "items[0].category",
        'Did you mean "identification"?',
    ),
    "misspelt subject": (path("subjects", to=["clientt"]), "subjects[0]", 'Did you mean "client"?'),
    "missing key": (drop("purpose"), "purpose", "Add it"),
    "missing language": (drop("title", "en"), "title.en", "in fr and in en"),
    "empty text": (path("title", "en", to=" "), "title.en", "both languages"),
    "text without languages": (path("title", to="Orders"), "title", "under fr: and en:"),
    "number for text": (path("title", "en", to=2026), "title.en", "in quotes"),
    "word for a list": (path("subjects", to="client"), "subjects", "Write [a, b]"),
    "empty list": (path("items", to=[]), "items", "at least one entry"),
    "not a period": (path("retention", 0, "after", to="6 months"), "retention[0].after", "P6M"),
    "number for a period": (path("retention", 0, "after", to=6), "retention[0].after", "P6M"),
    "not a country": (path("transfers", 0, "country", to="usa"), "transfers[0].country", "two-letter"),
    "not an id": (path("items", 0, "id", to="Né le"), "items[0].id", "small letters"),
    "maybe": (path("items", 0, "required", to="maybe"), "items[0].required", "docs/register.md"),
    "unknown recipient": (path("recipients", to=["hosst"]), "recipients[0]", 'Did you mean "host"?'),
    "unknown place": (path("locations", to=["own_server"]), "locations[0]", 'Did you mean "own_servers"?'),
    "unknown event": (
        path("retention", 0, "event", to="contract_end"),
        "retention[0].event",
        '"contract_ended"',
    ),
    "unknown item in a rule": (path("retention", 0, "items", to=["nam"]), "retention[0].items[0]", '"name"'),
    "item twice": (path("items", 1, "id", to="name"), "items[0].id", "Rename"),
    "two periods": (path("retention", 0, "then", to="erase"), "retention[1]", "Keep one"),
    "plain without reason": (
        path("items", 0, "protection", to="plain"),
        "items[0].protection",
        "plain_reason",
    ),
    "reason without plain": (drop("items", 1, "protection"), "items[1].plain_reason", "protection: plain"),
    "holder missing": (drop("items", 2, "held_by"), "items[2].storage", "held_by"),
    "transfer to a stranger": (
        path("transfers", 0, "recipient", to="nobody"),
        "transfers[0].recipient",
        "Possible: bank, host",
    ),
    "processor for nobody": (path("role", to="processor"), "role", "on_behalf_of"),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_contradictions_are_named_with_key_and_advice(tmp_path: Path, case: str) -> None:
    change, key, hint = CONTRADICTIONS[case]
    folder = write(tmp_path, lambda document: change(document["activities"][0]))
    found = problems(folder)
    assert key in [one.key for one in found]
    told = next(one for one in found if one.key == key)
    assert told.file == orders(folder)
    assert told.line >= 1
    assert hint in told.hint.en
    assert f"{orders(folder)}:{told.line}: {key}: " in str(told)
    assert told.in_("fr") != told.in_("en")


def test_the_line_is_the_keys_own(tmp_path: Path) -> None:
    folder = write(tmp_path)
    file = orders(folder)
    lines = file.read_text("utf-8").splitlines()
    number = next(index for index, line in enumerate(lines) if line.startswith("  ground:"))
    lines[number] = "  ground: whim"
    file.write_text("\n".join(lines), "utf-8")
    assert only(folder).line == number + 1


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    folder = write(tmp_path, path("controller", "country", to="France"))
    orders(folder).write_text("id: orders\n", "utf-8")
    (folder / "cookies.yaml").write_text("name: session\n", "utf-8")
    (folder / "extra.yml").write_text("id: extra\n", "utf-8")
    files = {one.file.name for one in problems(folder) if one.file}
    assert files == {"controller.yaml", "orders.yaml", "cookies.yaml", "extra.yml"}


def test_declared_twice(tmp_path: Path) -> None:
    folder = write(tmp_path)
    shutil.copy(orders(folder), folder / "orders.yaml")
    assert "declared twice" in only(folder).what.en


def test_a_file_named_for_something_else(tmp_path: Path) -> None:
    folder = write(tmp_path)
    shutil.move(orders(folder), folder / "activities" / "sales.yaml")
    assert only(folder).hint.en == "Name the file orders.yaml."


def test_yaml_surprises_stay_text(tmp_path: Path) -> None:
    folder = write(tmp_path)
    recipients = folder / "recipients.yaml"
    recipients.write_text(recipients.read_text("utf-8").replace("seat: FR", "seat: NO"), "utf-8")
    assert load([folder]).recipients["host"].seat == "NO"
    (folder / "controller.yaml").write_text(
        (folder / "controller.yaml").read_text("utf-8").replace("SARL", "2026-01-31"), "utf-8"
    )
    assert load([folder]).controller.legal_form == "2026-01-31"


def test_an_event_of_ones_own_needs_a_description(tmp_path: Path) -> None:
    def own(document: dict[str, object]) -> None:
        path("activities", 1, "retention", 0, "event", to="harvest_over")(document)
        path("activities", 1, "retention", 0, "when", to=text("the harvest"))(document)

    rule = load([write(tmp_path, own)]).activities["tips"].retention[0]
    assert rule.event_label.en == "the harvest in English"


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_load_or_are_refused(contents: bytes) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = write(Path(temporary))
        orders(folder).write_bytes(contents)
        (folder / "cookies.yaml").unlink()
        with pytest.raises(RegisterError) as caught:
            load([folder])
    assert all(one.file is not None for one in caught.value.problems)


def test_mutilated_files_never_end_in_a_traceback(tmp_path: Path) -> None:
    dice = random.Random(7)
    folder = write(tmp_path)
    whole = orders(folder).read_text("utf-8")
    for _ in range(120):
        at = dice.randrange(len(whole))
        noise = "".join(dice.choices(string.printable, k=dice.randrange(1, 6)))
        orders(folder).write_text(whole[:at] + noise + whole[at + dice.randrange(20) :], "utf-8")
        with contextlib.suppress(RegisterError):
            load([folder])


def test_the_shipped_register_is_the_missions() -> None:
    """F-2: periods, places and bases as the dossier has them."""
    found = shipped()
    rules = {
        (key, rule.event, str(rule.after), rule.then.value)
        for key, activity in found.activities.items()
        for rule in activity.retention
    }
    for event in ("account_closed", "account_removed", "organisation_deleted"):
        assert ("accounts", event, "P0D", "erase") in rules
    assert ("crm", "tenant_closed", "P3M", "erase") in rules
    assert ("crm", "organisation_deleted", "P3M", "erase") in rules
    assert ("payments", "payment_made", "P6Y", "erase") in rules
    assert ("invoices", "financial_year_closed", "P10Y", "erase") in rules
    assert ("signature", "document_invalid", "P6M", "erase") in rules
    assert ("kyc", "document_invalid", "P6M", "erase") in rules
    assert ("mailing", "message_sent", "P0D", "erase") in rules
    grounds = {key: activity.basis.ground.value for key, activity in found.activities.items()}
    assert grounds["accounts"] == grounds["crm"] == grounds["mailing"] == "legitimate_interest"
    assert grounds["payments"] == grounds["consent"] == "legal_obligation"
    assert grounds["signature"] == grounds["kyc"] == "consent"
    places = {key: activity.locations for key, activity in found.activities.items()}
    assert places["payments"] == ("stripe",)
    assert places["kyc"] == ("complycube",)
    assert found.countries_of(found.activities["accounts"]) == ("DE", "FR")
    assert not found.activities["kyc"].active
    assert "consent" in found.activities
    assert "security_logs" in {one.id for one in found.active}
    assert found.cookie("__Host-session") == found.cookie("session") is not None
