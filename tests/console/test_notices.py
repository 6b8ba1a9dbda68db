"""The officer sees what changed and whom it concerns, and publishes; nobody else does, nothing is lost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from seqlense.kit import clock
from seqlense.privacy.publishing import answering, telling, versions
from seqlense.privacy.publishing.models import NoticeVersion
from tests import cast
from tests.privacy.publishing.editions import altered, on, published, without_zone

pytestmark = pytest.mark.django_db
AGO = clock.now() - timedelta(days=60)
WORDS = {"french": "Pour vos heures.", "english": "For your hours."}


@pytest.fixture
def odile() -> Client:
    return cast.signed_in(cast.odile(), strong=True)


def page(browser: Client) -> str:
    response = browser.get(reverse("console:notices"))
    assert response.status_code == 200
    return response.content.decode()


def wishes(**more: str) -> dict[str, str]:
    waiting = versions.pending()
    assert waiting is not None
    today = timezone.localdate(clock.now()).isoformat()
    return {"seen": waiting.seen, "effective_from": today, "means": "mail", **WORDS, **more}


def publish(browser: Client, said: dict[str, str]) -> tuple[int, str]:
    response = browser.post(reverse("console:publish_notices"), said)
    return response.status_code, response.content.decode()


def test_the_officer_sees_the_difference_and_publishes_it(odile: Client) -> None:
    cast.alice()
    published(altered(without_zone), now=AGO)
    shown = page(odile)
    assert "Fuseau horaire" in shown
    assert "RGPD" in shown
    assert "2 personnes ont des données" in shown  # Odile has an account, too
    assert "De personne." in shown
    preview = odile.get(reverse("console:preview_notice", args=["privacy", "en"])).content.decode()
    assert "<ins>Time zone</ins>" in preview
    assert publish(odile, wishes())[0] == 302
    made = NoticeVersion.objects.get(number=2)
    assert made.published_by is not None
    assert made.said("fr") == WORDS["french"]
    assert "0 sur 2" in page(odile)
    telling.go_on(now=clock.now())
    assert "2 confiés à l’envoi" in page(odile)


def test_the_page_explains_whose_answer_is_needed(odile: Client) -> None:
    published(altered(on("contract")), now=AGO)
    published(altered(on("consent")), now=AGO)
    shown = page(odile)
    assert "De personne." in shown  # what runs rests on a legitimate interest
    assert "base légale" in shown.casefold()


def test_two_tabs_publish_once(odile: Client) -> None:
    published(altered(without_zone), now=AGO)
    said = wishes()
    assert [publish(odile, said)[0] for _tab in range(2)] == [302, 302]
    assert NoticeVersion.objects.count() == 2


def test_what_was_typed_is_kept_when_it_is_refused(odile: Client) -> None:
    published(altered(without_zone), now=AGO)
    for wrong in (
        {"effective_from": "2020-01-01"},
        {"effective_from": "soon"},
        {"english": ""},
        {"french": "x" * 2001},
        {"seen": "1-elsewhere"},
        {"means": "pigeon"},
    ):
        status, shown = publish(odile, wishes(**wrong))
        assert status == 422, wrong
        assert WORDS["english" if "french" in wrong else "french"] in shown
    assert NoticeVersion.objects.count() == 1


@pytest.mark.parametrize("who", [cast.paul, cast.alice])
def test_others_publish_nothing(who: object) -> None:
    published(altered(without_zone), now=AGO)
    said = wishes()
    browser = cast.signed_in(who(), strong=True)  # type: ignore[operator]
    assert publish(browser, said)[0] == 403
    assert NoticeVersion.objects.count() == 1


def test_the_overview_warns_and_leads_there(odile: Client) -> None:
    published(altered(without_zone), now=AGO)
    shown = odile.get(reverse("console:overview")).content.decode()
    assert "notices.unpublished" in shown
    assert reverse("console:notices") in shown


def test_answers_are_counted_and_name_nobody(odile: Client) -> None:
    alice, bob = cast.alice(), cast.bob()
    published(altered(), now=AGO)
    published(altered(on("contract")), now=clock.now())
    for who, accepted in ((alice, True), (bob, False)):
        answering.answer(
            who.subject_id,
            2,
            "accounts",
            accepted=accepted,
            language="fr",
            actor=cast.actor(who),
            now=clock.now(),
        )
    shown = page(odile)
    assert "acceptée : 1, refusée : 1, lue : 2" in " ".join(shown.split())
    assert str(bob.subject_id) not in shown


def test_there_is_nothing_to_publish_where_all_is(odile: Client) -> None:
    versions.publish_first(now=clock.now())
    assert "Ce qui fonctionne est ce qui est publié" in page(odile)
    assert publish(odile, {"seen": "0-0"})[0] == 302
    assert NoticeVersion.objects.count() == 1
