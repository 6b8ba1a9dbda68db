"""Consents in the console: counts for the staff, receipts for the officer, a person's for a reason only."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from seqlense.kit import clock
from seqlense.kit.identifiers import uuid7
from seqlense.privacy import consent, log
from seqlense.privacy.actor import Actor
from seqlense.privacy.consent import Receipt, displays
from seqlense.privacy.consent.choosing import Wish, choose
from seqlense.privacy.consent.models import Picture
from seqlense.privacy.models import Act, StaffAct
from tests import cast
from tests.privacy.consent.club import NEWS, club

pytestmark = pytest.mark.django_db
PAGE = "/fr/console/consents/"
LIST = f"{PAGE}receipts/"
REASON = "Demande reçue par courrier."


@pytest.fixture(autouse=True)
def _club(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.SEQLENSE_LOG = tmp_path / "log"
    settings.SEQLENSE_LOG_KEY = tmp_path / "key" / "log.key"
    settings.SEQLENSE_LOG_ORIGIN = "log.example/log"
    displays.forget()
    with club():
        yield


@pytest.fixture
def odile() -> Client:
    return cast.signed_in(cast.odile(), strong=True)


@pytest.fixture
def paul() -> Client:
    return cast.signed_in(cast.paul(), strong=True)


def visitors() -> Receipt:
    """A visitor's receipt."""
    now = clock.now()
    wish = Wish(
        answers={"youtube": True, "x": False}, how="panel", shown=displays.shown("fr", now=now), language="fr"
    )
    made = choose(wish, before=None, now=now).receipt
    assert made is not None
    return Receipt.objects.get(pk=made)


def alices() -> Receipt:
    subject = cast.alice().subject_id
    actor = Actor.person(subject)
    return consent.give(
        subject, NEWS, how="form", shown="club-1", language="fr", actor=actor, now=clock.now()
    )


def text(response: Any) -> str:
    return str(response.content.decode())


def test_staff_read_counts_and_the_officer_receipts(odile: Client, paul: Client) -> None:
    visitor, person = visitors(), alices()
    for browser in (odile, paul):
        page = text(browser.get(PAGE))
        assert "YouTube" in page
        assert "Club (letters)" in page
        assert str(visitor.pk) not in page
    assert odile.get(LIST).status_code == 200
    found = text(odile.get(LIST))
    assert str(visitor.pk) in found
    assert str(person.pk) in found
    assert str(person.subject_id) not in found, "whose it is is said behind a reason"
    for path in (LIST, f"{LIST}{visitor.pk}/", f"{LIST}{visitor.pk}/file/", f"{LIST}{visitor.pk}/proof/"):
        assert paul.get(path).status_code == 403
        assert Client().get(path).status_code == 302


def test_receipts_are_found_by_number_period_and_what_was_asked(odile: Client) -> None:
    visitor, person = visitors(), alices()
    assert odile.get(LIST, {"receipt": str(visitor.pk)})["Location"] == f"{LIST}{visitor.pk}/"
    assert odile.get(f"{LIST}{uuid7()}/").status_code == 404
    by_service = text(odile.get(LIST, {"about": "youtube"}))
    assert str(visitor.pk) in by_service
    assert str(person.pk) not in by_service
    assert str(person.pk) in text(odile.get(LIST, {"about": NEWS, "shown": "club-1"}))
    assert "Aucun reçu" in text(odile.get(LIST, {"until": "2020-01-01"}))
    assert odile.get(LIST, {"since": "yesterday"}).status_code == 422
    assert odile.get(LIST, {"about": "'; drop table"}).status_code == 422
    for nonsense in ("0", "-1", "x", "9" * 30, "²"):
        assert odile.get(LIST, {"page": nonsense}).status_code == 200


def test_a_persons_receipts_open_for_a_reason(odile: Client) -> None:
    receipt = alices()
    theirs = f"{PAGE}people/{receipt.subject_id}/"
    for path in (f"{LIST}{receipt.pk}/", f"{LIST}{receipt.pk}/file/", f"{LIST}{receipt.pk}/proof/"):
        assert odile.get(path)["Location"] == theirs
    asked = odile.get(theirs)
    assert str(receipt.pk) not in text(asked)
    assert odile.post(theirs, {"reason": "court"}).status_code == 422
    assert odile.post(theirs, {"reason": REASON})["Location"] == theirs
    assert str(receipt.pk) in text(odile.get(theirs))
    assert [one.reason for one in StaffAct.objects.all()] == [REASON]
    assert odile.get(f"{LIST}{receipt.pk}/").status_code == 200
    file = json.loads(odile.get(f"{LIST}{receipt.pk}/file/").content)
    assert file["record_id"] == str(receipt.pk)
    assert odile.get(f"{PAGE}people/{uuid7()}/").status_code == 404


def test_a_receipt_is_proven_with_what_was_shown(odile: Client) -> None:
    receipt = visitors()
    assert odile.get(f"{LIST}{receipt.pk}/proof/").status_code == 503
    log.seal(now=clock.now())
    proof = json.loads(odile.get(f"{LIST}{receipt.pk}/proof/").content)
    assert str(receipt.pk) in json.dumps(proof)
    page = text(odile.get(f"{LIST}{receipt.pk}/"))
    assert f"{PAGE}shown/{receipt.shown}/" in page
    assert receipt.register_version in page
    version = f"{PAGE}shown/{receipt.shown}/"
    assert "Aucune image" in text(odile.get(version))
    Picture.objects.create(display_id=receipt.shown, theme="dark", png=b"\x89PNG", taken_at=clock.now())
    assert f"{version}dark.png" in text(odile.get(version))
    picture = odile.get(f"{version}dark.png")
    assert (picture["Content-Type"], picture.content) == ("image/png", b"\x89PNG")
    assert odile.get(f"{version}light.png").status_code == 404
    assert odile.get(f"{PAGE}shown/{'0' * 64}/").status_code == 404
    words = text(odile.get(version))
    assert "Lit des vidéos dans la page.<br>Entreprise : YouTube" in words
    assert "&lt;span&gt;" not in words


def test_what_the_filter_shows_is_exported_and_that_is_written_down(odile: Client, paul: Client) -> None:
    visitor, person = visitors(), alices()
    assert paul.post(f"{LIST}export/csv/").status_code == 403
    assert odile.get(f"{LIST}export/csv/").status_code == 405
    rows = list(csv.DictReader(io.StringIO(text(odile.post(f"{LIST}export/csv/")))))
    assert {row["receipt"]: row["subject"] for row in rows} == {
        str(visitor.pk): "", str(person.pk): str(person.subject_id),
    }  # fmt: skip
    found = json.loads(text(odile.post(f"{LIST}export/json/?about=youtube")))
    assert [one["record_id"] for one in found] == [str(visitor.pk)]
    assert odile.post(f"{LIST}export/xml/").status_code == 404
    assert [one.detail for one in Act.objects.filter(kind="console.consents_exported").order_by("id")] == [
        {"rows": 2}, {"rows": 1},
    ]  # fmt: skip


def test_statements_dont_grow_with_receipts(odile: Client, django_assert_max_num_queries: Any) -> None:
    visitors()
    counts = {}
    for path in (PAGE, LIST):
        odile.get(path)
        with django_assert_max_num_queries(80) as few:
            odile.get(path)
        counts[path] = len(few.captured_queries)
    for _ in range(8):
        visitors()
    for path, most in counts.items():
        with django_assert_max_num_queries(most):
            odile.get(path)
