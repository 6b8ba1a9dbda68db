"""Pages of organisations under awkward hands: two tabs, double clicks, odd names, links that lead nowhere."""

from datetime import timedelta

import pytest
from django.test import Client

from seqlense.accounts.models import CodeGenerator, account_at
from seqlense.kit import clock
from seqlense.kit.identifiers import uuid7
from seqlense.organisations import answers, doors, founding, members
from seqlense.organisations.errors import (
    AddressesRefused,
    AddressRefused,
    ChangedMeanwhile,
    HandoverRefused,
    InvalidName,
    InvitationRefused,
    OwnerStays,
    SecondFactorMissing,
    TooMany,
)
from seqlense.organisations.roles import Role
from seqlense.site.organisations import words
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> cast.Company:
    return cast.company()


def here(company: cast.Company, rest: str = "", language: str = "en") -> str:
    return f"/{language}/organisations/{company.organisation.pk}/{rest}"


def test_creating_twice_with_one_form_creates_once() -> None:
    alice = cast.alice()
    browser, identifier = cast.signed_in(alice), str(uuid7())
    for _ in range(2):
        answer = browser.post("/fr/organisations/new/", {"name": "Une fois", "identifier": identifier})
        assert answer.headers["Location"] == f"/fr/organisations/{identifier}/"
    assert len(doors.mine(alice.subject_id)) == 1


@pytest.mark.parametrize("name", ["", "   ", "a\x00b", "\u202eevil", "x" * 121, "x" * 100_000])
def test_a_bad_name_is_answered_in_words_and_kept(name: str) -> None:
    alice = cast.alice()
    answer = cast.signed_in(alice).post("/en/organisations/new/", {"name": name, "identifier": str(uuid7())})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert doors.mine(alice.subject_id) == []


@pytest.mark.parametrize("name", ["🌻 Tournesol", "شركة المثال", "<script>alert(1)</script>", "x" * 120])
def test_an_unusual_name_is_shown_as_it_was_typed(name: str) -> None:
    alice = cast.alice()
    browser = cast.signed_in(alice)
    browser.post("/en/organisations/new/", {"name": name, "identifier": str(uuid7())})
    page = browser.get("/en/organisations/").content.decode()
    assert name.replace("<", "&lt;").replace(">", "&gt;") in page
    assert "<script>alert" not in page


def test_the_second_tab_is_told_and_keeps_what_it_typed(company: cast.Company) -> None:
    browser = cast.signed_in(company.alice)
    first = browser.post(here(company, "settings/"), {"name": "First", "seen": 1})
    assert first.status_code == 302
    second = browser.post(here(company, "settings/"), {"name": "Second tab's", "seen": 1})
    page = second.content.decode()
    assert second.status_code == 409
    assert 'value="First"' in page
    assert "Second tab&#x27;s" in page
    assert doors.mine(company.alice.subject_id)[0].name == "First"


def test_addresses_are_not_shown_to_the_inviter_again(company: cast.Company) -> None:
    browser = cast.signed_in(company.dana)
    form = {"addresses": "zelda@ailleurs.example\nzora@ailleurs.example", "role": "member", "language": "en"}
    sent = browser.post(here(company, "invitations/"), form, follow=True)
    page = sent.content.decode()
    assert "2 invitations are on their way" in page
    assert "zelda" not in page
    assert "zora" not in page
    refused = browser.post(here(company, "invitations/"), {**form, "addresses": "zelda@ailleurs.example\nno"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Line 1 was invited a few minutes ago" in page
    assert "Line 2 is not an e-mail address" in page


def test_somebody_without_an_account_opens_one_and_is_in(company: cast.Company) -> None:
    invitation = cast.invited(company.organisation, company.alice, "eve@ailleurs.example", now=clock.now())
    path = f"/en/invitation/{answers.token(company.organisation.pk, invitation.pk)}/"
    browser = Client()
    assert "Arnaud &amp; Cie" in browser.get(path).content.decode()
    weak = browser.post(path, {"name": "Eve", "country": "FR", "password": "short"})
    assert weak.status_code == 422
    assert 'value="Eve"' in weak.content.decode()
    joined = browser.post(path, {"name": "Eve", "country": "FR", "password": cast.PASSWORD}, follow=True)
    assert joined.status_code == 200
    assert "Arnaud &amp; Cie" in joined.content.decode()
    eve = account_at("eve@ailleurs.example")
    assert eve is not None
    assert company.member(eve).role == Role.MEMBER
    assert browser.get(path).headers["Location"].endswith(f"/organisations/{company.organisation.pk}/")
    assert Client().get(path).status_code == 410


def test_an_address_that_has_an_account_signs_in_instead(company: cast.Company) -> None:
    charlie = cast.charlie()
    invitation = cast.invited(company.organisation, company.alice, charlie.email, now=clock.now())
    path = f"/en/invitation/{answers.token(company.organisation.pk, invitation.pk)}/"
    answer = Client().post(path, {"name": "", "country": "FR", "password": cast.PASSWORD})
    assert answer.status_code == 422
    assert "already has an account" in answer.content.decode()
    assert "Charlie Çelik" not in company.roles()


def test_links_that_lead_nowhere_have_their_own_pages(company: cast.Company) -> None:
    charlie, pk = cast.charlie(), company.organisation.pk
    old = cast.invited(
        company.organisation, company.dana, "y@ailleurs.example", now=clock.now() - timedelta(days=8)
    )
    fresh = cast.invited(company.organisation, company.alice, "x@ailleurs.example", now=clock.now())
    browser = cast.signed_in(charlie)
    for token, status, words_shown in [
        ("forged.link", 404, "This link leads nowhere"),
        (answers.token(pk, uuid7()), 404, "This invitation no longer exists"),
        (answers.token(uuid7(), fresh.pk), 404, "This invitation no longer exists"),
        (answers.token(pk, fresh.pk), 403, "This invitation is for another address"),
        (answers.token(pk, old.pk), 410, "This invitation has expired"),
    ]:
        answer = browser.get(f"/en/invitation/{token}/")
        page = answer.content.decode()
        assert (answer.status_code, words_shown in page) == (status, True)
        assert "Arnaud" not in page, "a stranger doesn't learn who invited whom"


def test_a_void_invitation_says_so_and_names_nobody(company: cast.Company) -> None:
    pk, now, charlie = company.organisation.pk, clock.now(), cast.charlie()
    invitation = cast.invited(company.organisation, company.dana, charlie.email, now=now)
    members.remove(pk, company.member(company.dana).pk, actor=cast.actor(company.alice), now=now)
    for browser in (Client(), cast.signed_in(charlie)):
        answer = browser.get(f"/en/invitation/{answers.token(pk, invitation.pk)}/")
        assert answer.status_code == 410
        assert "This invitation is no longer valid" in answer.text
        for unsaid in ("Dana", "Dubois", "Arnaud", "removed"):
            assert unsaid not in answer.text
    listed = cast.signed_in(company.alice).get(here(company, "invitations/")).text
    assert "no longer invite to this role" in listed
    assert "Dana" not in listed


def test_a_demanded_second_factor_comes_before_entering(company: cast.Company) -> None:
    alice = company.alice
    generator = CodeGenerator(
        subject_id=alice.subject_id, account=alice, created_at=cast.OPENED, confirmed_at=cast.OPENED
    )
    generator.secret = "JBSWY3DPEHPK3PXP"
    generator.save(force_insert=True)
    cast.signed_in(alice, strong=True).post(here(company, "second-factor/"), {"demand": "yes", "seen": 1})
    assert doors.demands_second_factor(company.bob.subject_id)
    for path in (here(company), here(company, "leave/"), here(company, "invitations/")):
        led = cast.signed_in(company.bob).get(path)
        assert led.status_code == 302
        assert led.headers["Location"].startswith("/en/security/second-factor/?next=")
    assert cast.signed_in(company.bob, strong=True).get(here(company)).status_code == 200
    assert cast.signed_in(cast.charlie()).get(here(company)).status_code == 404


def test_dangerous_acts_ask_for_the_password_again(company: cast.Company) -> None:
    browser = cast.signed_in(company.alice, confirmed=False)
    for rest, form in [
        ("close/", {"seen": 1}),
        ("hand-over/", {}),
        ("second-factor/", {"demand": "no", "seen": 1}),
    ]:
        answer = browser.post(here(company, rest), form)
        assert "confirm-password" in answer.content.decode(), rest
    assert doors.mine(company.alice.subject_id)[0].closed_at is None


def test_many_members_are_paged_and_read_in_few_statements(
    company: cast.Company, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    browser = cast.signed_in(company.alice)
    browser.get(here(company))
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        page = browser.get(here(company)).content.decode()
    assert page.count("@arnaud.example") == 3


def test_closing_ones_account_says_what_becomes_of_ones_organisations(company: cast.Company) -> None:
    cast.founded(company.alice, "Alone")
    page = cast.signed_in(company.alice).get("/en/close-account/").content.decode()
    assert "passes to its longest-serving group administrator" in page
    assert "is deleted, as you are its only member" in page
    others = cast.signed_in(company.bob).get("/en/close-account/").content.decode()
    assert "Organisations you own" not in others


def test_every_refusal_has_its_words() -> None:
    names = ("text-empty", "text-too-long", "text-control-character", "text-direction-override")
    lines = [AddressRefused(f"organisations.address.{code}", 3) for code in words_of_addresses()]
    for refused in [
        *(InvalidName(f"organisations.name.{code}") for code in names),
        *(
            InvitationRefused(f"organisations.invitation.{code}")
            for code in ("role", "recent", "often", "expired")
        ),
        *(
            HandoverRefused(f"organisations.handover.{code}")
            for code in ("self", "none", "expired", "pending")
        ),
        *(TooMany(f"organisations.too-many.{code}") for code in ("founded", "invitations", "addresses")),
        ChangedMeanwhile(),
        OwnerStays(),
        SecondFactorMissing(),
        AddressesRefused(lines),
    ]:
        assert words.of(refused)
    assert all("3" in line for line in words.lines(AddressesRefused(lines)))


def words_of_addresses() -> list[str]:
    return ["self", "member", "malformed", "recent", "often"]


def test_too_many_are_refused_in_words(company: cast.Company) -> None:
    browser = cast.signed_in(company.alice)
    many = "\n".join(f"p{n}@ailleurs.example" for n in range(21))
    answer = browser.post(
        here(company, "invitations/"), {"addresses": many, "role": "member", "language": "en"}
    )
    assert "at most twenty" in answer.content.decode()
    for _ in range(founding.FOUNDED.burst):
        browser.post("/en/organisations/new/", {"name": "One more", "identifier": str(uuid7())})
    answer = browser.post("/en/organisations/new/", {"name": "Too many", "identifier": str(uuid7())})
    assert answer.status_code == 422
    assert "in a few hours" in answer.content.decode()
