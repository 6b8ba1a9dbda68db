"""`seqlense register`: the shipped one holds; a broken one is named to the line; changes say who is told."""

import json
from pathlib import Path

import pytest

from seqlense.kit import clock
from seqlense.privacy import running
from seqlense.privacy.models import RegisterVersion
from seqlense.project.environment import SOURCE
from tests.cli.conftest import Command

COMPANY = SOURCE / "seqlense" / "project" / "company"


def test_the_shipped_register_is_in_order(command: Command) -> None:
    said = command("register", "check", "--json")
    assert said.code == 0, said.out
    assert said.document["fine"]
    assert said.document["version"] == running.register().version
    assert "may run" in command("register", "check").out
    assert command("register", "check", "--strict").code == 1  # the shipped company lacks legal mentions


def test_a_broken_file_is_named_with_its_line(command: Command, tmp_path: Path) -> None:
    broken = tmp_path / "controller.yaml"
    broken.write_text((COMPANY / "controller.yaml").read_text().replace("country: FR", "country: France"))
    said = command("register", "check", str(tmp_path))
    assert said.code == 1
    assert f"{broken}:" in said.err
    assert "country" in said.err
    assert (
        command("register", "check", str(tmp_path), "--json").document["error"]["code"] == "register.invalid"
    )


def test_show_lists_one_activity_one_item_and_refuses_the_rest(command: Command) -> None:
    assert "accounts" in command("register", "show").out
    assert "accounts.email" in command("register", "show", "accounts").out
    assert "accounts.Account.email" in command("register", "show", "accounts.email").out
    assert command("register", "show", "mailing", "--json").document["id"] == "mailing"
    unknown = command("register", "show", "fax")
    assert (unknown.code, unknown.out) == (2, "")
    assert "fax" in unknown.err


def test_a_change_names_who_must_be_told(command: Command, tmp_path: Path) -> None:
    before = tmp_path / "before.json"
    assert command("register", "export", "-o", str(before)).code == 0
    same = command("register", "diff", str(before), "--json")
    assert (same.code, same.document["changes"]) == (0, [])

    assert command("register", "diff", str(tmp_path / "nowhere")).code == 2

    changed = tmp_path / "company"
    changed.mkdir()
    mailing = SOURCE / "seqlense" / "mailing" / "register" / "mailing.yaml"
    text = mailing.read_text().replace(
        "{event: message_queued, after: P30D,", "{event: message_queued, after: P60D,"
    )
    (changed / "activities").mkdir()
    (changed / "activities" / "mailing.yaml").write_text(text)
    said = command("register", "diff", str(before), str(changed))
    assert said.code == 1, said.out + said.err
    assert "mailing" in said.out
    told = command("register", "diff", str(before), str(changed), "--json").document["told"]
    assert "mailing" in told["user"][0]


@pytest.mark.django_db
def test_a_version_that_ran_can_be_named(command: Command) -> None:
    current = running.register()
    RegisterVersion.objects.create(
        version=current.version, running_since=clock.now(), content=current.document
    )
    said = command("register", "diff", current.version[:12], "--json")
    assert (said.code, said.document["before"]) == (0, current.version)
    assert command("register", "diff", "0" * 12).code == 2


@pytest.mark.parametrize(
    ("format_", "begins"), [("json", b"{"), ("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("dpv", b"{")]
)
def test_every_format_is_written(command: Command, tmp_path: Path, format_: str, begins: bytes) -> None:
    target = tmp_path / f"register.{format_}"
    said = command("register", "export", "--format", format_, "-o", str(target), "--json")
    assert said.code == 0
    assert said.document["bytes"] == target.stat().st_size
    assert target.read_bytes().startswith(begins)


def test_an_export_goes_to_the_terminal_too(command: Command) -> None:
    assert json.loads(command("register", "export").out)["version"] == running.register().version
