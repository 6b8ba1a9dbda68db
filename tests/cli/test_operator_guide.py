"""The operator's guide says what the program does: its variables, codes and commands, no more, no less."""

import re

import click
import pytest

from seqlense.mailing import errors
from seqlense.project.cli import main
from seqlense.project.cli.doctor import database
from seqlense.project.environment import SOURCE

GUIDE = (SOURCE / "docs" / "operator.md").read_text(encoding="utf-8")


def test_every_variable_is_in_the_table_and_no_other() -> None:
    source = (SOURCE / "seqlense" / "project" / "environment.py").read_text(encoding="utf-8")
    read = set(re.findall(r'"(SEQLENSE_[A-Z0-9_]+|DATABASE_URL)"', source))
    told = re.findall(r"^\| `(SEQLENSE_[A-Z0-9_]+|DATABASE_URL)` \|", GUIDE, re.MULTILINE)
    assert set(told) == read
    assert len(told) == len(set(told))


def test_every_mail_code_is_explained_and_no_other() -> None:
    pattern = r'"(mailing\.[a-z]+(?:\.[a-z]+)?)"'
    mailing = SOURCE / "seqlense" / "mailing"
    used = {
        code
        for module in ("sender.py", "delivery.py")
        for code in re.findall(pattern, (mailing / module).read_text(encoding="utf-8"))
    }
    used |= {errors.UnsafeSubject.code, errors.UnsafeAddress.code, errors.UnknownTemplate.code}
    told = set(re.findall(r"`(mailing\.[a-z.]+)`", GUIDE))
    assert told == used


@pytest.mark.parametrize("name", sorted(database.SILENT))
def test_the_server_s_log_is_silenced_as_the_doctor_wants_it(name: str) -> None:
    found = re.search(rf"^\s+{name} = (\S+)$", GUIDE, re.MULTILINE)
    assert found
    assert found[1] in database.SILENT[name]


def test_every_command_is_listed() -> None:
    assert isinstance(main, click.Group)
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        row = re.search(rf"^\| `seqlense {name}\b.*$", GUIDE, re.MULTILINE)
        assert row, name
        inner = list(command.commands) if isinstance(command, click.Group) else []
        assert [one for one in inner if f"{one}`" not in row[0]] == []
