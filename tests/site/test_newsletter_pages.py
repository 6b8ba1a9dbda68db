"""The newsletter's pages: subscribe, confirm, choose, and unsubscribe as mail programs do (RFC 8058)."""

import pytest
from django.test import Client
from django.urls import reverse

from seqlense.accounts.models import Account
from seqlense.audience.newsletter import links, objecting
from seqlense.audience.newsletter.models import Asked, PartnerReader, Reader
from seqlense.kit import clock
from seqlense.kit.identifiers import uuid7
from seqlense.mailing.models import Message
from seqlense.privacy import consent, switches
from seqlense.privacy.records import RightsRequest
from tests import cast
from tests.audience.newsletter.stage import link_in
from tests.postbox import Postbox

SUBSCRIBE = {"email": "lea@lecture.example", "topics": ["product", "offers"]}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def alice(db: None) -> Account:
    return cast.alice()


def unsubscribing(about: str, account: Account) -> str:
    return reverse("site:newsletter_unsubscribe", args=[links.token(about, account.subject_id)])


def choices(account: Account) -> str:
    return reverse("site:newsletter_preferences", args=[links.token(links.NEWS, account.subject_id)])


def test_a_prospect_subscribes_and_confirms(client: Client, postbox: Postbox) -> None:
    page = client.get(reverse("site:newsletter")).content.decode()
    assert 'name="partners"' in page
    assert "checked" not in page.split('name="partners"')[1].split(">")[0], "never ticked beforehand"
    assert client.post(reverse("site:newsletter"), {**SUBSCRIBE, "email": "nonsense"}).status_code == 422
    known = client.post(reverse("site:newsletter"), {**SUBSCRIBE, "email": cast.alice().email})
    unknown = client.post(reverse("site:newsletter"), SUBSCRIBE)
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    mail = next(one for one in postbox.deliver() if one["To"] == "lea@lecture.example")
    link = link_in(mail, "confirm")
    shown = client.get(link).content.decode()
    assert "l…@lecture.example" in shown
    assert "lea@" not in shown
    assert not Reader.objects.filter(account=None).exists()
    assert client.post(link).status_code == 200
    assert Reader.objects.get(account=None).topics == ["product", "offers"]
    assert client.post(link).status_code == 410
    assert client.get(link[:-3] + "AA/").status_code == 404


def test_one_click_works_once_and_again_and_looking_changes_nothing(alice: Account) -> None:
    client = Client(enforce_csrf_checks=True)
    url = unsubscribing(links.NEWS, alice)
    page = client.get(url)
    assert page.status_code == 200
    assert "set-cookie" not in {name.lower() for name in page.headers}
    assert Reader.objects.filter(subject_id=alice.subject_id).exists()
    for _ in range(2):
        assert client.post(url, ONE_CLICK).status_code == 200
    assert not Reader.objects.exists()
    assert switches.barred(alice.subject_id, "newsletter") is switches.Kind.OBJECTION
    assert RightsRequest.objects.filter(subject_id=alice.subject_id).count() == 1
    assert client.put(url).status_code == 405


def test_forged_and_foreign_links_are_refused(client: Client, alice: Account) -> None:
    bob = cast.bob()
    mine, theirs = links.token(links.NEWS, alice.subject_id), links.token(links.NEWS, bob.subject_id)
    crossed = theirs[:30] + mine[30:]
    waits = links.token(links.CONFIRM, alice.subject_id)
    for token in (crossed, waits, "x", mine[:-1], mine + "A"):
        url = reverse("site:newsletter_unsubscribe", args=[token])
        assert client.post(url, ONE_CLICK).status_code == 404
        assert client.get(url).status_code == 404
        assert client.get(reverse("site:newsletter_preferences", args=[token])).status_code == 404
    assert Reader.objects.count() == 2
    nobody = reverse("site:newsletter_unsubscribe", args=[links.token(links.NEWS, uuid7())])
    assert client.post(nobody, ONE_CLICK).status_code == 200, "nobody is written to there: it is as wished"


def test_the_preference_centre_without_signing_in(client: Client, alice: Account) -> None:
    url = choices(alice)
    page = client.get(url).content.decode()
    assert "a…@arnaud.example" in page
    assert alice.email not in page
    client.post(url, {"act": "choose", "topics": ["practice"], "language": "en"})
    reader = Reader.objects.get()
    assert (reader.topics, reader.language) == (["practice"], "en")
    client.post(url, {"act": "pause", "months": "6"})
    client.post(url, {"act": "pause", "months": "666"})
    reader.refresh_from_db()
    assert reader.paused_until is not None
    client.post(url, {"act": "partners"})
    assert not PartnerReader.objects.exists(), "without the tick there is no consent"
    client.post(url, {"act": "partners", "agree": "on"})
    assert consent.given(alice.subject_id, "partner_offers")
    client.post(url, {"act": "stop-all"})
    assert not Reader.objects.exists()
    assert not PartnerReader.objects.exists()
    client.post(url, {"act": "come-back"})
    assert not Reader.objects.exists(), "a link in an old message brings nobody back"
    assert client.get(url).status_code == 200


def test_the_settings_of_whoever_is_signed_in(alice: Account) -> None:
    browser, url = cast.signed_in(alice), reverse("site:newsletter_settings")
    assert Client().get(url).status_code == 302
    browser.post(url, {"act": "unsubscribe"})
    assert objecting.objected(alice.subject_id)
    assert browser.get(url).status_code == 200
    browser.post(url, {"act": "come-back"})
    assert Reader.objects.get().subject_id == alice.subject_id
    assert switches.barred(alice.subject_id, "newsletter") is None


def test_a_partners_link_ends_partners_offers_alone(client: Client, alice: Account) -> None:
    actor, now = cast.actor(alice), clock.now()
    consent.give(
        alice.subject_id, "partner_offers", how="form", shown="x", language="fr", actor=actor, now=now
    )
    assert PartnerReader.objects.get().address == alice.email
    for _ in range(2):
        assert client.post(unsubscribing(links.PARTNERS, alice), ONE_CLICK).status_code == 200
    assert not PartnerReader.objects.exists()
    assert Reader.objects.exists()


def test_whoever_opens_an_account_can_decline_at_once(client: Client, postbox: Postbox) -> None:
    client.post(reverse("site:sign_up"), {"email": "neu@lecture.example", "country": "FR"})
    [mail] = postbox.deliver()
    link = link_in(mail, "lien") if "/lien" in mail.as_string() else None
    body = mail.get_body(("plain",))
    assert body is not None
    path = link or next(word for word in body.get_content().split() if "://" in word and word.count("/") > 4)
    path = "/" + path.partition("://")[2].partition("/")[2] if "://" in path else path
    assert 'name="no_offers"' in client.get(path).content.decode()
    said = {"name": "Neu", "password": cast.PASSWORD, "no_offers": "on"}
    assert client.post(path, said).status_code == 302
    assert not Reader.objects.exists()


def test_spam_is_throttled(client: Client, db: None) -> None:
    answers = [
        client.post(reverse("site:newsletter"), {**SUBSCRIBE, "email": f"n{number}@lecture.example"})
        for number in range(12)
    ]
    assert [one.status_code for one in answers][-1] == 422
    assert Asked.objects.count() == Message.objects.count() == 10
