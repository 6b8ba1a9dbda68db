"""The library: a project with Django's own user and plain columns, governed by fifty added lines at most."""

import difflib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from psycopg import sql

EXAMPLE = Path(__file__).parents[2] / "examples" / "library"
DATABASE = "library_example"

MIGRATE = """
from django.core.management import call_command
call_command("check", stdout=open("/dev/null", "w"))
call_command("migrate", verbosity=0)
"""
FILL = """
from datetime import UTC, datetime
from django.contrib.auth.models import Group, User
from lending.models import Book, Loan, Reader, Reminder
book = Book.objects.create(title="The Castle")
for name in ("ada", "bob"):
    user = User.objects.create_user(name, f"{name}@example.org", "secret")
    user.groups.add(Group.objects.get_or_create(name="members")[0])
    User.objects.filter(pk=user.pk).update(last_login=datetime(2026, 5, 1, tzinfo=UTC))
    Reader.objects.create(user=user, phone="+33 3 87 00 00 00")
    for returned in (datetime(2024, 1, 5, tzinfo=UTC), None):
        loan = Loan.objects.create(user=user, book=book, returned_at=returned)
        Reminder.objects.create(loan=loan)
"""

GOVERN = """
import json, sys
from datetime import UTC, datetime
from django.contrib.auth.models import User
from django.db import connection
from lending.models import Loan, Reader, Reminder
from seqlense.privacy import access, erasure, people, retention
from seqlense.privacy.actor import Actor
now, system = datetime(2026, 11, 23, tzinfo=UTC), Actor.system("library")
def counts():
    return {model.__name__: model.objects.count() for model in (User, Reader, Loan, Reminder)}
told = {"before": counts()}
swept = retention.run(now=now, actor=system)
told["swept"], told["after_sweep"] = swept.counts, counts()
ada = people.subject_of(User.objects.get(username="ada"), now=now)
assert ada == people.subject_of(User.objects.get(username="ada"), now=now)
held = access.everything(ada, now=now)
told["held"] = {one.item.key: [str(v.value) for v in one.values] for a in held.activities for one in a.items}
told["package"] = len(access.package(ada, actor=system, now=now))
decision = erasure.erase(ada, actor=system, now=now)
told["kept"], told["erased"] = len(decision.kept), sorted(one.item for one in decision.erased)
told["after_erasure"] = counts()
told["left"] = [one.item.key for a in access.everything(ada, now=now).activities for one in a.items]
retention.run(now=datetime(2029, 5, 1, tzinfo=UTC), actor=system)
told["in_the_end"] = counts()
json.dump(told, sys.stdout)
"""


@pytest.fixture
def environment(transactional_db: None) -> Iterator[dict[str, str]]:
    """A database of its own on the tests' server."""
    where = connections["default"].settings_dict
    login = {"host": where["HOST"], "user": where["USER"], "autocommit": True}
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE))
    with psycopg.connect(dbname="postgres", **login) as server:
        server.execute(drop)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    yield {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(EXAMPLE.parents[1]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LIBRARY_SECRET_KEY": "a key for the tests alone, of fifty letters or so",
        "LIBRARY_DATABASE": DATABASE,
        "LIBRARY_DATABASE_USER": where["USER"],
        "LIBRARY_DATABASE_HOST": where["HOST"],
    }
    with psycopg.connect(dbname="postgres", **login) as server:
        server.execute(drop)


def _shell(side: str, environment: dict[str, str], program: str) -> str:
    """What a program prints in a process of the project."""
    command = [sys.executable, "manage.py", "shell", "--no-imports", "--verbosity=0", "--command", program]
    done = subprocess.run(
        command, cwd=EXAMPLE / side, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _files(side: str) -> dict[str, list[str]]:
    folder = EXAMPLE / side
    return {
        str(file.relative_to(folder)): file.read_text().splitlines()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.suffix in (".py", ".yaml")
    }


def test_at_most_fifty_lines_are_added_and_none_is_changed() -> None:
    before, after = _files("before"), _files("after")
    changes = [
        line
        for name in sorted({*before, *after})
        for line in difflib.ndiff(before.get(name, []), after.get(name, []))
        if line.startswith(("+ ", "- "))
    ]
    assert [line for line in changes if line.startswith("- ")] == []
    assert 0 < len(changes) <= 50
    assert max(len(line) for line in changes) <= 116


def test_the_library_answers_erases_and_forgets(environment: dict[str, str]) -> None:
    _shell("before", environment, MIGRATE + FILL)
    answer = _shell("after", environment, MIGRATE + GOVERN)
    told: dict[str, Any] = json.loads(answer)
    assert told["before"] == {"User": 2, "Reader": 2, "Loan": 4, "Reminder": 4}
    assert told["swept"] == {"lending": {"deleted": 4}}, "two books returned long ago, with their reminders"
    assert told["after_sweep"] == {"User": 2, "Reader": 2, "Loan": 2, "Reminder": 2}
    assert "ada@example.org" in told["held"]["lending.account"]
    assert "+33 3 87 00 00 00" in told["held"]["lending.account"]
    assert told["package"] > 1000
    assert told["erased"] == ["lending.account", "lending.loans", "lending.password"]
    assert told["kept"] == 0
    assert told["after_erasure"] == {"User": 1, "Reader": 1, "Loan": 1, "Reminder": 1}
    assert {key.split(".")[0] for key in told["left"]} == {"rights_requests"}
    assert told["in_the_end"]["User"] == 0, "three years without a visit"


def test_one_undeclared_column_and_nothing_starts(environment: dict[str, str], tmp_path: Path) -> None:
    other = tmp_path / "library"
    subprocess.run(["cp", "-r", str(EXAMPLE / "after"), str(other)], check=True)
    models = other / "lending" / "models.py"
    models.write_text(
        models.read_text().replace("phone = ", "nickname = models.CharField(max_length=9)\n    phone = ")
    )
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=other, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "lending.Reader.nickname is unmapped" in done.stderr
    assert "privacy.E001" in done.stderr
