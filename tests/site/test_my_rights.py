"""My data: people limit a use, object, take it back; they are written to, and nobody else reads it."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from seqlense.accounts.models import Account
from seqlense.kit import clock
from seqlense.mailing.models import Message
from seqlense.organisations.tenancy import inside
from seqlense.privacy import running, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.models import Switch
from seqlense.privacy.records import RightsRequest
from seqlense.privacy.switches import Kind
from tests import cast
from tests.postbox import Postbox

WORDS = "Mon ancien employeur me cherche."


@pytest.fixture
def home(db: None) -> cast.Company:
    return cast.company()


@pytest.fixture
def bob(home: cast.Company) -> Account:
    return home.bob


def page(kind: str, activity: str = "accounts") -> str:
    return reverse(f"site:my_data_{kind}", args=[activity])


def test_a_use_is_limited_after_seeing_what_it_means(bob: Account, postbox: Postbox) -> None:
    browser = cast.signed_in(bob)
    shown = browser.get(page("limit")).content.decode()
    accounts = running.register().activities["accounts"]
    assert escape(accounts.purpose.in_("fr")) in shown
    assert shown.count('type="radio"') == 4, "the four grounds of art. 18(1)"
    refused = browser.post(page("limit"), {"words": WORDS})
    assert refused.status_code == 422
    assert escape(WORDS) in refused.content.decode()
    assert not Switch.objects.exists()

    sent = browser.post(page("limit"), {"ground": "accuracy", "words": WORDS}, follow=True)
    assert switches.barred(bob.subject_id, "accounts") is Kind.RESTRICTION
    history = sent.content.decode()
    assert escape(WORDS) in history
    assert "Limitation" in history
    (letter,) = postbox.deliver()
    assert letter["To"] == bob.email
    assert "limited" in letter["Subject"], "in Bob's language"
    assert "Limitation" in browser.get(reverse("site:my_requests")).content.decode()

    mine = browser.get(reverse("site:my_data")).content.decode()
    assert bob.email in mine, "one's own stays readable"
    switch = Switch.objects.get()
    assert reverse("site:my_data_free", args=[switch.pk]) in mine
    browser.post(reverse("site:my_data_free", args=[switch.pk]))
    assert switches.barred(bob.subject_id, "accounts") is None
    assert "used again" in postbox.deliver()[0]["Subject"]
    again = browser.post(reverse("site:my_data_free", args=[switch.pk]))
    assert again.status_code == 302, "twice is harmless"


def test_objecting_limits_until_somebody_decides(bob: Account, postbox: Postbox) -> None:
    browser = cast.signed_in(bob)
    browser.post(page("object"), {"words": WORDS})
    made = Switch.objects.get()
    assert made.waits
    request = RightsRequest.objects.get(subject_id=bob.subject_id)
    assert request.answered_at is None
    assert "received your objection" in postbox.deliver()[0]["Subject"]
    browser.post(page("limit"), {"ground": "objection"})
    assert Switch.objects.count() == 1, "the fourth ground is an objection"
    switches.decide(
        made.pk, accepted=False, override="security", reason="Un motif précis",
        actor=Actor.staff(cast.odile().subject_id), now=clock.now(),
    )  # fmt: skip
    (letter,) = postbox.deliver()
    body = letter.get_body(("plain",))
    assert body is not None
    said = body.get_content()
    assert "Un motif précis" in said
    assert running.register().controller.authority.name.in_("en") in said
    assert "Un motif précis" in browser.get(reverse("site:my_requests")).content.decode()


def test_a_use_that_stores_nothing_can_be_stopped_too(bob: Account) -> None:
    browser = cast.signed_in(bob)
    assert page("object", "mailing") in browser.get(reverse("site:my_data")).content.decode()
    browser.post(page("object", "mailing"), {"words": ""})
    mine = browser.get(reverse("site:my_data")).content.decode()
    assert reverse("site:my_data_free", args=[Switch.objects.get().pk]) in mine
    title = running.register().activities["mailing"].title.in_("fr")
    assert title in browser.get(reverse("site:my_requests")).content.decode()


def test_what_the_law_does_not_give_is_not_there(bob: Account) -> None:
    browser = cast.signed_in(bob)
    assert browser.get(page("withdraw")).status_code == 404
    assert browser.get(page("object", "rights_requests")).status_code == 404
    assert browser.get(page("limit", "unheard_of")).status_code == 404
    shown = browser.get(reverse("site:my_data")).content.decode()
    assert page("object") in shown
    assert page("withdraw") not in shown


def test_nobody_frees_another_persons_data(bob: Account, home: cast.Company) -> None:
    cast.signed_in(bob).post(page("limit"), {"ground": "claims"})
    switch = Switch.objects.get()
    free = reverse("site:my_data_free", args=[switch.pk])
    assert cast.signed_in(home.alice).post(free).status_code == 404
    assert switches.barred(bob.subject_id, "accounts") is Kind.RESTRICTION


def test_colleagues_no_longer_read_a_limited_name(bob: Account, home: cast.Company) -> None:
    members = reverse("site:organisation", args=[home.organisation.pk])
    alice, own = cast.signed_in(home.alice), cast.signed_in(bob)
    assert bob.name in alice.get(members).content.decode()
    own.post(page("limit"), {"ground": "unlawful"})
    shown = alice.get(members).content.decode()
    assert bob.name not in shown
    assert bob.email not in shown
    assert home.dana.name in shown
    assert bob.name in own.get(members).content.decode()


def test_mail_stops_save_what_is_owed_asked_for_or_a_warning(
    bob: Account, home: cast.Company, postbox: Postbox
) -> None:
    from seqlense.accounts import events, links
    from seqlense.accounts.models import MailLink
    from seqlense.organisations import members
    from seqlense.organisations.roles import Role

    now, browser = clock.now(), cast.signed_in(bob)
    browser.post(page("limit", "mailing"), {"ground": "accuracy"})
    assert len(postbox.deliver()) == 1, "the letter about the request itself is owed by law"
    with inside(home.organisation.pk):
        member = home.member(bob)
    members.change_role(
        home.organisation.pk,
        member.pk,
        role=Role.READER,
        seen=member.role,
        actor=cast.actor(home.alice),
        now=now,
    )
    assert Message.objects.filter(subject_id=bob.subject_id).exists()
    assert postbox.deliver() == []
    assert not Message.objects.exists(), "what is barred doesn't wait"
    links.send(bob, MailLink.Purpose.RESET, language="en", now=now)
    events.note(bob, "password_changed", actor=cast.actor(bob), now=now)
    assert len(postbox.deliver()) == 2
