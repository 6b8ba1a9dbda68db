"""The officer decides objections, lifts limits, notes letters; what is limited opens for a ground only."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from seqlense.accounts.models import Account
from seqlense.kit import clock
from seqlense.privacy import search, switches
from seqlense.privacy.models import RequestText, Switch
from seqlense.privacy.records import Act, RightsRequest, StaffAct
from seqlense.privacy.switches import Ground, Kind
from tests import cast

REASON = "Réponse à la demande de support du 3 mars"


@pytest.fixture
def bob(db: None) -> Account:
    return cast.bob()


@pytest.fixture
def odile(db: None) -> Client:
    return cast.signed_in(cast.odile(), strong=True)


def switch(person: Account, kind: Kind, activity: str = "accounts", **more: str) -> Switch:
    who = person.subject_id
    return switches.set(kind, who, activity, actor=cast.actor(person), now=clock.now(), **more)


def at(name: str, of: UUID) -> str:
    return reverse(f"console:{name}", args=[of])


def test_an_objection_is_decided_with_its_ground_and_reason(odile: Client, bob: Account) -> None:
    made = switch(bob, Kind.OBJECTION, words="Mon ancien employeur me cherche.")
    listed = odile.get(reverse("console:switches")).content.decode()
    assert str(bob.subject_id) in listed
    assert bob.email not in listed
    page = odile.get(at("decide_switch", made.pk)).content.decode()
    assert "ancien employeur" in page
    refused = odile.post(at("decide_switch", made.pk), {"decision": "reject", "reason": "x"})
    assert refused.status_code == 422
    said = {"decision": "reject", "override": "fraud", "reason": "Une enquête est ouverte."}
    assert odile.post(at("decide_switch", made.pk), said).status_code == 302
    made.refresh_from_db()
    assert (made.accepted, made.override) == (False, "fraud")
    assert made.lifts_at is not None
    assert made.until is None
    assert RequestText.objects.get(by="officer").text == "Une enquête est ouverte."
    assert odile.post(at("decide_switch", made.pk), said).status_code == 302, "twice is harmless"
    act = Act.objects.get(kind="privacy.objection_decided")
    assert (act.actor_kind, act.detail["override"]) == ("staff", "fraud")
    assert "enquête" not in str(act.detail)


def test_a_limit_is_lifted_after_notice_or_at_the_persons_word(odile: Client, bob: Account) -> None:
    first, second = switch(bob, Kind.RESTRICTION, ground="accuracy"), switch(bob, Kind.OBJECTION, "mailing")
    odile.post(at("lift_switch", first.pk), {"how": "notice", "reason": ""})
    assert switches.barred(bob.subject_id, "accounts") is Kind.RESTRICTION
    assert switches.lift_due(now=clock.now() + switches.NOTICE + timedelta(minutes=1)) == 1
    assert switches.barred(bob.subject_id, "accounts") is None
    odile.post(at("lift_switch", second.pk), {"how": "notice", "reason": ""})
    assert switches.barred(bob.subject_id, "mailing") is Kind.RESTRICTION, (
        "an objection is decided, not lifted"
    )
    odile.post(at("lift_switch", second.pk), {"how": "asked", "reason": ""})
    assert switches.barred(bob.subject_id, "mailing") is None


def test_a_letter_is_noted_and_obeyed(odile: Client, bob: Account) -> None:
    letter = {"activity": "mailing", "right": "objection", "channel": "post", "words": "Arrêtez."}
    assert odile.post(at("set_switch", bob.subject_id), letter).status_code == 302
    request = RightsRequest.objects.get(subject_id=bob.subject_id)
    assert (request.kind, request.channel, request.answered_at) == ("objection", "post", None)
    refused = odile.post(at("set_switch", bob.subject_id), {**letter, "right": "withdrawal"})
    assert refused.status_code == 422, "consent isn't its basis"


def test_staff_read_what_is_limited_for_a_ground_only(odile: Client, bob: Account) -> None:
    search.index("accounts.account").drop()
    found = odile.post(reverse("console:search_accounts"), {"wanted": "baue"}).content.decode()
    assert bob.email in found
    switch(bob, Kind.RESTRICTION, ground=Ground.ACCURACY)
    for wanted in ("baue", bob.email):
        found = odile.post(reverse("console:search_accounts"), {"wanted": wanted}).content.decode()
        assert bob.name not in found

    file = at("account", bob.subject_id)
    closed = odile.post(file, {"reason": REASON, "ground": ""}, follow=True).content.decode()
    assert bob.email not in closed
    assert bob.name not in closed
    assert f"{file}?again=1" in closed
    assert odile.post(at("account_download", bob.subject_id)).content.find(bob.email.encode()) == -1

    opened = odile.post(file, {"reason": REASON, "ground": "claims"}, follow=True).content.decode()
    assert bob.email in opened
    act = Act.objects.get(kind="privacy.limited_read")
    assert (act.subject, act.detail["ground"]) == (bob.subject_id, "claims")
    assert StaffAct.objects.filter(kind="privacy.limited_read").get().reason == REASON
    mine = cast.signed_in(bob).get(reverse("site:my_data")).content.decode()
    assert REASON in mine
