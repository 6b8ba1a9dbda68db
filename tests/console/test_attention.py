"""Alarms in the console: first on the overview, in words, and told to those in charge by codes alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse

from seqlense.accounts import staff
from seqlense.console import attention
from seqlense.console.models import ToldAlarm
from seqlense.kit import clock
from seqlense.mailing.models import Message
from seqlense.privacy.actor import Actor
from seqlense.privacy.alarms import Alarm, gathering
from tests import cast
from tests.postbox import Postbox, _catcher, postbox

__all__ = ["_catcher", "postbox"]

pytestmark = pytest.mark.django_db
NOW = clock.now()
HOUR = timedelta(hours=1)

type Raise = Callable[..., None]


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Raise:
    """`only(Alarm(...), ...)`: these alarms last from now on, and no others."""

    def these(*lasting: Alarm) -> None:
        monkeypatch.setattr(gathering, "parts", lambda: {"backups": lambda _now: lasting})

    these()
    return these


def told() -> int:
    return Message.objects.filter(template="console.alarms").count()


def test_a_new_alarm_is_told_at_once_and_a_lasting_one_once_a_day(only: Raise) -> None:
    cast.alice()
    cast.paul()
    cast.odile()
    late, stays = Alarm("backups.late", NOW, "data"), Alarm("backups.keystore-copy-stays", NOW, "copy")
    assert attention.tell(now=NOW) == 0
    only(late)
    assert attention.tell(now=NOW) == 2
    assert told() == 2, "Paul and Odile; nobody else"
    for minutes in (1, 2, 600, 1439):
        assert attention.tell(now=NOW + timedelta(minutes=minutes)) == 0
    only(late, stays)
    assert attention.tell(now=NOW + timedelta(minutes=1439)) == 2, "a new one, at once, with all that last"
    assert attention.tell(now=NOW + timedelta(minutes=1440)) == 0
    assert attention.tell(now=NOW + timedelta(minutes=1440 + 1439)) == 2, "a day after it was last told"
    only()
    for hours in (49, 51):
        assert attention.tell(now=NOW + hours * HOUR) == 0
    assert not ToldAlarm.objects.exists()
    only(late)
    assert attention.tell(now=NOW + 52 * HOUR) == 2, "it went, and came back"


def test_what_comes_and_goes_is_told_once(only: Raise) -> None:
    cast.paul()
    for minute in range(0, 60, 2):
        only(Alarm("log.late", NOW))
        attention.tell(now=NOW + timedelta(minutes=minute))
        only()
        attention.tell(now=NOW + timedelta(minutes=minute + 1))
    assert told() == 1


def test_the_mail_holds_codes_and_nothing_else(only: Raise, postbox: Postbox) -> None:
    paul = cast.paul()
    postbox.deliver()
    person = str(cast.alice().subject_id)
    only(Alarm("requests.overdue", NOW, person), Alarm("backups.late", NOW, "data"))
    attention.tell(now=NOW)
    [mail] = postbox.deliver()
    assert mail["To"] == paul.email
    assert "2 alertes" in mail["Subject"]
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    listed = [one.strip() for one in text.splitlines() if "." in one]
    assert listed[:2] == ["backups.late", "requests.overdue"]
    assert person not in text
    assert "/fr/console/" in text.replace("=\n", "")

    only(Alarm("log.late", NOW))
    attention.tell(now=NOW + 2 * HOUR)
    staff.withdraw(paul, staff.Role.PLATFORM_ADMINISTRATOR, actor=Actor.system("tests"), now=NOW)
    assert "console/" not in str([one.get_body(("plain",)) for one in postbox.deliver()]), (
        "no longer in charge"
    )


def test_the_overview_says_first_what_is_wrong_and_where_to_go(only: Raise) -> None:
    browser, alice = cast.signed_in(cast.paul(), strong=True), cast.alice()
    page = browser.get(reverse("console:overview")).content.decode()
    assert "Rien ne vous attend" in page
    only(
        Alarm("backups.late", NOW - HOUR, "data"),
        Alarm("requests.overdue", NOW - HOUR, str(alice.subject_id)),
        *(Alarm("backups.backup-altered", None, f"data-{number}") for number in range(7)),
    )
    page = browser.get(reverse("console:overview")).content.decode()
    assert "Rien ne vous attend" not in page
    assert page.index("Il n’y a pas de sauvegarde récente.") < page.index("Volumes")
    assert f'href="{reverse("console:backups")}"' in page
    assert f'href="{reverse("console:account", args=[alice.subject_id])}"' in page
    assert page.count("Une sauvegarde n’est pas ce qui avait été écrit.") <= 2, (
        "seven of a kind are one notice"
    )
    assert "data-4" in page
    assert "data-5" not in page
    assert "et 2 autres" in page
