"""`seqlense notices`: list, diff, publish."""

from datetime import timedelta

import pytest

from seqlense.kit import clock
from seqlense.privacy.publishing.models import NoticeVersion
from tests import cast
from tests.cli.conftest import Command
from tests.privacy.publishing.editions import altered, published, without_zone

pytestmark = pytest.mark.django_db


def test_what_changed_is_said_published_and_listed(command: Command) -> None:
    cast.alice()
    published(altered(without_zone), now=clock.now() - timedelta(days=60))
    said = command("notices", "diff")
    assert said.code == 1
    assert "accounts.time_zone: item added (– → Time zone)" in said.out
    assert "People concerned, who are told: 1." in said.out
    assert command("notices", "list").code == 1

    words = ("--explain-fr", "Vos heures.", "--explain-en", "Your hours.")
    made = command("notices", "publish", *words, "--json")
    assert made.code == 0
    assert (made.document["number"], made.document["concerned"]) == (2, 1)
    assert NoticeVersion.objects.get(number=2).said("en") == "Your hours."

    listed = command("notices", "list", "--json")
    assert listed.code == 0
    assert [one["number"] for one in listed.document["versions"]] == [2, 1]
    assert command("notices", "diff", "--json").document == {"changes": [], "concerned": 0, "demands": []}
    [change] = command("notices", "diff", "1", "--json").document["changes"]
    assert (change["number"], change["where"]) == (2, "accounts.time_zone")


def test_what_cannot_be_published_is_refused_in_words(command: Command) -> None:
    assert command("notices", "publish").code == 0
    again = command("notices", "publish", "--json")
    assert (again.code, again.document["error"]["code"]) == (1, "notices.nothing-new")
    assert command("notices", "diff", "1", "7").code == 2


def test_nothing_is_published_by_halves(command: Command) -> None:
    published(altered(without_zone), now=clock.now() - timedelta(days=60))
    for wrong in (["--from", "2020-01-01"], ["--explain-fr", "Seul."], ["--from", "soon"]):
        assert command("notices", "publish", *wrong).code == 2
    long = "x" * 2001
    assert command("notices", "publish", "--explain-fr", long, "--explain-en", long).code == 2
    assert NoticeVersion.objects.count() == 1
