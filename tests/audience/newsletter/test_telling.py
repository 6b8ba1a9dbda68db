"""Readers without an account are told of changes too, once, and answer by the message's link."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from seqlense.audience.newsletter import asking, objecting, partners
from seqlense.audience.newsletter.models import PartnerReader
from seqlense.kit import clock
from seqlense.mailing.models import Message
from seqlense.privacy import consent
from seqlense.privacy.actor import Actor
from seqlense.privacy.publishing import telling
from seqlense.privacy.publishing.models import Acknowledgement, NoticeVersion, Told
from tests import cast
from tests.audience.newsletter.stage import link_in, recipients_of, subscribed
from tests.postbox import Postbox
from tests.privacy.publishing.editions import Document, activity, altered, publish_running, published

pytestmark = pytest.mark.django_db
NOW = clock.now()
AGO = NOW - timedelta(days=60)
BEFORE = NOW - timedelta(days=90)
LEA = "lea@lecture.example"


def narrower(document: Document) -> None:
    """The newsletter had another purpose."""
    activity(document, "newsletter")["purpose"] = {"fr": "Annoncer.", "en": "Announce."}


def fewer(document: Document) -> None:
    """Partners' offers went to fewer recipients."""
    activity(document, "partner_offers")["recipients"] = ["staff"]


def told() -> NoticeVersion:
    Message.objects.all().delete()
    made = publish_running(now=NOW, explanation={"fr": "Vos sujets.", "en": "Your topics."})
    telling.go_on(now=NOW)
    return made


def reader(*, offers: bool = False, language: str = "en") -> UUID:
    wish = asking.Wish(topics=["product"], language=language, partners=offers)
    return subscribed(LEA, wish, now=BEFORE)


def test_a_reader_without_an_account_is_told_once_in_their_language(postbox: Postbox) -> None:
    reader(offers=True)
    alice = cast.alice()
    published(altered(narrower, fewer), now=AGO)
    told()
    letters = {str(one["To"]): one for one in postbox.deliver()}
    assert set(letters) == {LEA, alice.email}  # a customer reads it, too, and is told through her account
    body = letters[LEA].get_body(("plain",)).get_content()  # type: ignore[union-attr]  # a message has one
    assert "Your topics." in body
    assert "/en/newsletter/choices/" in body
    assert Told.objects.count() == 2
    telling.go_on(now=NOW)
    assert not Message.objects.exists()


def test_who_unsubscribed_meanwhile_gets_nothing(postbox: Postbox) -> None:
    lea = reader()
    published(altered(narrower), now=AGO)
    told()
    objecting.unsubscribe(lea, actor=Actor.person(lea), now=NOW)
    Message.objects.exclude(template="newsletter.notices").delete()
    assert recipients_of(postbox.deliver()) == []


def test_the_link_leads_to_what_changed_and_reading_it_is_noted(postbox: Postbox, client: Client) -> None:
    reader(language="fr")
    published(altered(narrower), now=AGO)
    told()
    page = link_in(postbox.deliver()[0], "newsletter/choices/")
    shown = client.get(page).content.decode()
    assert "Ce qui change dans l’usage de vos données" in shown
    assert "Vos sujets." in shown
    for number in ("", "x", "9" * 9):
        client.post(page, {"act": "change-read", "number": number})
    assert not Acknowledgement.objects.exists()
    for _click in range(2):
        client.post(page, {"act": "change-read", "number": "2"})
    assert Acknowledgement.objects.get().kind == "read"
    assert "Ce qui change dans" not in client.get(page).content.decode()


@pytest.mark.parametrize("accepted", [True, False])
def test_a_changed_consent_is_asked_again_by_the_link(
    postbox: Postbox, client: Client, accepted: bool
) -> None:
    lea = reader(offers=True)
    published(altered(fewer), now=AGO)
    made = told()
    page = link_in(postbox.deliver()[0], "newsletter/choices/")
    assert 'value="change-yes"' in client.get(page).content.decode()
    answer = {"number": "2", "activity": "partner_offers"}
    client.post(page, {"act": "change-read", **answer})
    client.post(page, {"act": "change-no", "number": "2", "activity": "newsletter"})
    assert not Acknowledgement.objects.exists()
    client.post(page, {"act": "change-yes" if accepted else "change-no", **answer})
    assert consent.given(lea, partners.PURPOSE) is accepted
    assert PartnerReader.objects.filter(subject_id=lea).exists() is accepted
    noted = Acknowledgement.objects.get(activity="partner_offers")
    assert (noted.version_id, noted.kind) == (made.pk, "accepted" if accepted else "refused")


def test_somebody_with_an_account_answers_signed_in_only(client: Client) -> None:
    from seqlense.audience.newsletter import links

    alice = cast.alice()
    published(altered(narrower), now=AGO)
    told()
    page = f"/fr/newsletter/choices/{links.token(links.NEWS, alice.subject_id)}/"
    assert "change-read" not in client.get(page).content.decode()
    client.post(page, {"act": "change-read", "number": "2"})
    assert not Acknowledgement.objects.exists()
