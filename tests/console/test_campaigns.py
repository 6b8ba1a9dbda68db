"""Campaigns in the console: administrators write and send, the officer reads, everybody else stays out."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from seqlense.accounts import staff
from seqlense.audience.newsletter.models import Campaign, Reader
from seqlense.kit import clock
from seqlense.kit.identifiers import uuid7
from tests import cast
from tests.audience.newsletter.stage import PROOF, subscribed

WRITE = {
    "about": "product",
    "subject_fr": "Quoi de neuf",
    "text_fr": "# Bonjour\n\nDu **neuf**.",
    "subject_en": "What is new",
    "text_en": "# Hello\n\nSomething **new**.",
    "rate": "60",
    "seen": "0",
}


@pytest.fixture
def paul(db: None) -> Client:
    return cast.signed_in(cast.paul(), strong=True)


def written(paul: Client, **other: str) -> Campaign:
    answer = paul.post(reverse("console:campaign_write"), {**WRITE, "identifier": str(uuid7()), **other})
    assert answer.status_code == 302, answer.content.decode()
    return Campaign.objects.get()


def act(browser: Client, made: Campaign, what: str, **more: str) -> int:
    url = reverse("console:campaign_act", args=[made.pk])
    return browser.post(url, {"act": what, "seen": str(made.revision), **more}).status_code


def test_who_may_do_what(paul: Client) -> None:
    made = written(paul)
    pages = [
        reverse("console:campaigns"),
        reverse("console:campaign", args=[made.pk]),
        reverse("console:campaign_preview", args=[made.pk, "fr"]),
    ]
    odile = cast.signed_in(cast.odile(), strong=True)
    alice = cast.signed_in(cast.alice(), strong=True)
    for page in pages:
        assert (odile.get(page).status_code, alice.get(page).status_code) == (200, 403)
    forms = [reverse("console:campaign_write"), reverse("console:campaign_rewrite", args=[made.pk])]
    for page in forms:
        assert (paul.get(page).status_code, odile.get(page).status_code) == (200, 403)
        assert alice.post(page, WRITE).status_code == 403
    for what in ("start", "stop", "discard", "try", "approve"):
        assert act(odile, made, what) == act(alice, made, what) == 403
    assert Campaign.objects.get().state == "draft"
    assert act(paul, made, "nonsense") == 404
    assert paul.get(reverse("console:campaign_preview", args=[made.pk, "de"])).status_code == 404


def test_from_the_draft_to_the_end(paul: Client) -> None:
    subscribed("lea@lecture.example", now=clock.now() - timedelta(minutes=1))
    made = written(paul)
    page = paul.get(reverse("console:campaign", args=[made.pk])).content.decode()
    assert "lea@" not in page
    url = reverse("console:campaign_rewrite", args=[made.pk])
    assert paul.post(url, {**WRITE, "subject_fr": "B", "seen": "1", "identifier": made.pk}).status_code == 302
    other = paul.post(url, {**WRITE, "subject_fr": "C", "seen": "1", "identifier": made.pk})
    assert other.status_code == 422
    assert 'value="2"' in other.content.decode(), "sending it once more replaces it knowingly"
    made.refresh_from_db()
    assert (made.subject_fr, made.revision) == ("B", 2)
    tomorrow = timezone.localtime(clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    for at, state in (("", "draft"), ("2020-01-01T10:00", "draft"), (tomorrow, "scheduled")):
        act(paul, made, "schedule", at=at)
        made.refresh_from_db()
        assert made.state == state
    steps = [("unschedule", "draft"), ("start", "sending"), ("start", "sending"), ("stop", "stopped")]
    for what, state in [*steps, ("go-on", "sending"), ("stop", "stopped"), ("close", "sent")]:
        assert act(paul, made, what) == 302
        made.refresh_from_db()
        assert made.state == state
        assert paul.get(reverse("console:campaign", args=[made.pk])).status_code == 200


def test_bad_input_is_said_beside_its_field(paul: Client) -> None:
    url = reverse("console:campaign_write")
    for field, value in (
        ("text_fr", "<script>alert(1)</script>"),
        ("text_en", "[x](javascript:alert(1))"),
        ("text_fr", "a\x00b"),
        ("subject_en", "\u202eabc"),
        ("subject_fr", "x" * 200),
        ("text_en", "x" * 30_000),
        ("rate", "0"),
        ("rate", "99999"),
        ("about", "nonsense"),
    ):
        answer = paul.post(url, {**WRITE, "identifier": str(uuid7()), field: value})
        assert answer.status_code == 422
        assert f'href="#id_{field}"' in answer.content.decode()
    both = {"subject_fr": "x" * 200, "text_fr": "![x](https://t.example/p.gif)"}
    page = paul.post(url, {**WRITE, "identifier": str(uuid7()), **both}).content.decode()
    assert all(f'href="#id_{field}"' in page for field in both), "all that is wrong is said at once"
    assert not Campaign.objects.exists()


def test_what_is_shown_is_safe_and_the_second_look_is_somebody_elses(paul: Client) -> None:
    made = written(paul, text_fr="Un & deux < trois > quatre", second_look="on")
    page = paul.get(reverse("console:campaign_preview", args=[made.pk, "fr"])).content.decode()
    assert "Un &amp; deux &lt; trois" in page
    act(paul, made, "start")
    act(paul, made, "approve")
    assert Campaign.objects.get().approved_at is None
    other = cast.signed_in(cast._staff(cast.charlie(), staff.Role.PLATFORM_ADMINISTRATOR), strong=True)
    act(other, made, "approve")
    act(paul, made, "start")
    assert Campaign.objects.get().state == "sending"


def test_subscribers_come_from_another_tool_with_proof(paul: Client) -> None:
    url = reverse("console:campaign_import")
    said = {
        "addresses": "lea@lecture.example\n\nnonsense",
        "language": "fr",
        "tool": PROOF.tool,
        "question": PROOF.question,
        "evidence": PROOF.evidence,
        "agreed_from": "2025-01-31",
        "agreed_until": "2026-06-30",
        "confirmed": "on",
    }
    for field in ("confirmed", "evidence", "question", "tool", "agreed_from", "agreed_until"):
        answer = paul.post(url, {name: value for name, value in said.items() if name != field})
        assert answer.status_code == 422
        assert f'href="#id_{field}"' in answer.content.decode()
    for field, value in (("addresses", "x\n" * 501), ("evidence", "short"), ("agreed_until", "2024-01-01")):
        assert paul.post(url, {**said, field: value}).status_code == 422
    odile = cast.signed_in(cast.odile(), strong=True)
    assert odile.post(url, said).status_code == 403
    assert not Reader.objects.filter(account=None).exists()
    assert paul.post(url, said).status_code == 302
    assert Reader.objects.get(account=None).address == "lea@lecture.example"
    shown = odile.get(url).content.decode()
    assert PROOF.evidence in shown, "the officer sees what came, and with which proof"
    assert '<form method="post" class' not in shown
    assert "lea@" not in shown


def test_what_was_not_delivered_is_shown(paul: Client) -> None:
    made = written(paul)
    Campaign.objects.filter(pk=made.pk).update(started_at=clock.now(), posted=4, undelivered=3)
    page = paul.get(reverse("console:campaign", args=[made.pk])).content.decode()
    assert "<dd>3</dd>" in page
    assert reverse("console:health") in page
