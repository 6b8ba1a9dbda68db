"""The demo data: plants quickly, is the same each time, and gives the forecast something each week."""

import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import check_password
from django.urls import reverse

from seqlense.accounts.models import Account, account_at
from seqlense.kit import clock
from seqlense.mailing.models import Message
from seqlense.organisations import doors
from seqlense.organisations.directory import sizes
from seqlense.privacy import retention
from seqlense.privacy.records import Hold, RetentionRun, RightsRequest
from seqlense.project.demo import upkeep
from seqlense.project.demo.planting import plant
from seqlense.project.demo.signs import SIGN_INS
from tests import cast

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_the_demo_data_is_believable_and_quick() -> None:
    now, began = clock.now(), time.monotonic()
    plant(now=now)
    took = time.monotonic() - began
    assert took < 20

    assert Account.objects.count() > 300
    assert sizes()["open"] >= 30
    assert sizes()["closed"] >= 3
    assert Hold.objects.active(now).count() == 3
    assert RightsRequest.objects.filter(answered_at=None).count() == 4
    assert RetentionRun.objects.count() >= 3

    weeks = Counter(
        (coming.day - now.date()).days // 7 for coming in retention.forecast(now=now, days=28) if coming.rows
    )
    assert all(weeks[week] for week in range(4)), weeks


def test_the_cast_can_sign_in() -> None:
    now = clock.now()
    plant(now=now)
    people = [(email, password) for _who, email, password in SIGN_INS if "@" in email]
    assert len(people) == 6
    for email, password in people:
        account = account_at(email)
        assert account is not None
        assert account.is_active
        assert check_password(password, account.password)
        assert len(password) >= 15
    charlie = account_at("charlie@celik.example")
    assert charlie is not None
    assert [offer.name for offer in cast.offers(charlie, now=now + timedelta(minutes=1))] == ["Arnaud & Cie"]
    roles = {who: _role_of(f"{who}@arnaud.example") for who in ("alice", "dana", "bob")}
    assert roles == {"alice": "owner", "dana": "administrator", "bob": "member"}
    assert [message.template for message in Message.objects.all()] == ["organisations.invitation"]


def _role_of(email: str) -> str:
    account = account_at(email)
    assert account is not None
    [mine] = doors.mine(account.subject_id)
    return mine.role


@pytest.mark.django_db(transaction=True, databases=["default", "keys"])
def test_what_keeps_the_promise_has_something_to_show(settings: LazySettings, tmp_path: Path) -> None:
    settings.SEQLENSE_BACKUPS, settings.SEQLENSE_KEYSTORE_BACKUPS = tmp_path / "data", tmp_path / "keystore"
    settings.SEQLENSE_LOG, settings.SEQLENSE_LOG_KEY = tmp_path / "log", tmp_path / "key" / "log.key"
    browser = cast.signed_in(cast.odile(), strong=True)
    upkeep.keep(now=clock.now())
    for name, shown in {
        "keys": "Réussi",
        "backups": "data-2",
        "restorations": "Terminée",
        "log": "Entrées",
    }.items():
        page = browser.get(reverse(f"console:{name}")).content.decode()
        assert shown in page, name
        assert "notice-danger" not in page, name
