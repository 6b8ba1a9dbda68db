"""The pages of one's own account, as a browser asks for them."""

import re
from urllib.parse import urlsplit

import pyotp
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from seqlense.accounts import links, staff
from seqlense.accounts.models import (
    Account,
    CodeGenerator,
    MailLink,
    Passkey,
    SecurityEvent,
    Session,
    account_at,
)
from seqlense.kit import clock
from seqlense.mailing.models import Message
from tests import cast
from tests.accounts.authenticator import Authenticator
from tests.postbox import Postbox

pytestmark = pytest.mark.django_db
PUBLIC = ["sign_up", "sign_up_sent", "sign_in", "signed_out", "forgotten", "forgotten_sent", "account_closed"]
OWN = [
    "settings",
    "security",
    "password",
    "codes_on",
    "passkey_add",
    "email",
    "close_account",
    "second_factor",
]
ACTS = ["password_remove", "codes_off", "recovery_renew", "sessions_revoke", "email_call_off"]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seqlense.site.middleware.time.sleep", lambda seconds: None)


def page(name: str, *arguments: object, language: str = "fr") -> str:
    with translation.override(language):
        return reverse(f"site:{name}", args=arguments)


def options_of(text: str) -> str:
    found = re.search(r'data-options="([^"]+)"', text)
    assert found is not None
    return found[1].replace("&quot;", '"').replace("&amp;", "&")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_open_for_everybody(name: str, language: str) -> None:
    response = Client().get(page(name, language=language))
    assert response.status_code == 200
    assert "<h1>" in response.text


@pytest.mark.parametrize("name", [*OWN, *ACTS])
def test_own_pages_open_for_their_owner_alone(name: str) -> None:
    alice = cast.alice()
    assert cast.signed_in(alice).get(page(name)).status_code == (200 if name in OWN else 405)
    for method in ("get", "post"):
        refused = getattr(Client(), method)(page(name))
        assert refused.status_code == 302
        assert refused.headers["Location"].startswith(page("sign_in"))


def test_signing_out_after_the_session_ended_is_no_mistake() -> None:
    for method in ("get", "post"):
        late = getattr(Client(), method)(page("sign_out"))
        assert (late.status_code, late.headers["Location"]) == (302, page("signed_out"))
    browser = cast.signed_in(cast.alice())
    assert browser.get(page("sign_out")).headers["Location"] == page("home"), "a link ends no session"
    assert browser.get(page("settings")).status_code == 200
    assert browser.post(page("sign_out")).headers["Location"] == page("signed_out")
    assert browser.get(page("settings")).status_code == 302


def test_from_the_first_page_to_being_signed_in(postbox: Postbox) -> None:
    browser = Client()
    browser.post(page("sign_up"), {"email": "Nouvelle@Mail.example", "country": "BE"})
    (letter,) = postbox.deliver()
    assert letter["To"] == "nouvelle@mail.example"
    text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    address = urlsplit(re.search(r"http\S+/link/\S+", text)[0]).path  # type: ignore[index]

    before = MailLink.objects.values().get()
    assert browser.get(address).status_code == 200
    assert MailLink.objects.values().get() == before
    weak = browser.post(address, {"name": "Nina", "password": "trop court"})
    assert weak.status_code == 422
    assert "Nina" in weak.text
    assert "trop court" not in weak.text
    opened = browser.post(address, {"name": "Nina", "password": cast.PASSWORD}, follow=True)
    assert opened.redirect_chain[-1] == (page("home"), 302)
    account = account_at("nouvelle@mail.example")
    assert account is not None
    assert (account.name, account.country, account.language) == ("Nina", "BE", "fr")
    assert browser.get(page("settings")).status_code == 200
    assert browser.get(address).status_code == 410


def test_known_and_unknown_addresses_get_the_same_answer(postbox: Postbox) -> None:
    cast.alice()
    postbox.deliver()
    for name, fields in {"sign_up": {"country": "FR"}, "forgotten": {}}.items():
        answers = [
            Client().post(page(name), {"email": email, **fields})
            for email in ("alice@arnaud.example", "nobody@mail.example")
        ]
        assert len({(one.status_code, one.headers["Location"]) for one in answers}) == 1
        assert all(hasattr(one, "not_before") for one in answers)
    wrong = [
        Client().post(page("sign_in"), {"email": email, "password": "wrong wrong wrong wrong"}).text
        for email in ("alice@arnaud.example", "nobody@mail.example")
    ]
    varying = re.compile(r'(?:value|data-options|nonce)="[^"]*"')
    assert varying.sub("", wrong[0]) == varying.sub("", wrong[1])


def test_a_code_is_asked_after_the_password_and_recovery_codes_are_shown_once() -> None:
    alice = cast.alice()
    browser = cast.signed_in(alice)
    browser.get(page("codes_on"))
    totp = pyotp.TOTP(CodeGenerator.objects.get().secret)
    shown = browser.post(page("codes_on"), {"code": totp.at(clock.now())})
    recovery = re.findall(r"<li>((?:[A-Z2-9]{5}-){4}[A-Z2-9]{5})</li>", shown.text)
    assert len(recovery) == 10
    assert recovery[0] not in browser.get(page("security")).text

    other = Client()
    asked = other.post(
        page("sign_in"), {"email": alice.email, "password": cast.PASSWORD, "next": page("security")}
    )
    assert asked.headers["Location"] == page("sign_in_code")
    assert other.get(page("settings")).status_code == 302
    assert other.post(page("sign_in_code"), {"code": "000000"}).status_code == 422
    entered = other.post(page("sign_in_code"), {"code": recovery[0]})
    assert entered.headers["Location"] == page("security")
    assert other.get(page("security")).status_code == 200
    assert Client().get(page("sign_in_code")).headers["Location"] == page("sign_in")


def test_a_passkey_is_made_on_a_page_and_lets_in_from_another_browser() -> None:
    alice, device = cast.alice(), Authenticator()
    browser = cast.signed_in(alice)
    answer = device.create(options_of(browser.get(page("passkey_add")).text))
    browser.post(page("passkey_add"), {"name": "Téléphone", "passkey": answer})
    assert Passkey.objects.get().name == "Téléphone"
    other = Client()
    asked = other.get(page("sign_in"))
    assert 'autocomplete="username webauthn"' in asked.text
    entered = other.post(page("sign_in_passkey"), {"passkey": device.get(options_of(asked.text))})
    assert entered.headers["Location"] == page("home")
    assert "known-device" in entered.cookies
    assert other.post(page("sign_in_passkey"), {"passkey": "{}"}).status_code == 422


def test_a_dangerous_act_asks_again_and_goes_on_with_what_was_typed() -> None:
    alice = cast.alice()
    browser = cast.signed_in(alice, confirmed=False)
    key = browser.cookies["session"].value
    typed = {"email": "Neuve+x@mail.example"}
    asked = browser.post(page("email"), typed)
    assert 'value="Neuve+x@mail.example"' in asked.text
    assert not MailLink.objects.exists()
    wrong = browser.post(page("email"), {**typed, "confirm-asked": "POST", "confirm-password": "wrong"})
    assert wrong.status_code == 422
    assert 'value="Neuve+x@mail.example"' in wrong.text
    right = {**typed, "confirm-asked": "POST", "confirm-password": cast.PASSWORD}
    assert browser.post(page("email"), right).status_code == 302
    assert MailLink.objects.count() == 2
    assert browser.cookies["session"].value != key
    assert 'name="email"' in browser.get(page("email")).text

    later = cast.signed_in(alice, confirmed=False)
    assert 'name="confirm-password"' in later.get(page("close_account")).text
    answer = {"confirm-asked": "GET", "confirm-password": cast.PASSWORD, "close": "1"}
    assert later.post(page("close_account"), answer).headers["Location"] == page("close_account")
    assert Account.objects.filter(pk=alice.pk).exists()


def test_two_tabs_with_the_same_settings_lose_nothing() -> None:
    alice = cast.alice()
    browser = cast.signed_in(alice)
    seen = re.search(r'name="name-seen" value="(\w+)"', browser.get(page("settings")).text)
    assert seen is not None
    first = {"name-name": "Alice de Metz", "name-seen": seen[1]}
    assert browser.post(page("settings_section", "name"), first).status_code == 302
    assert browser.post(page("settings_section", "name"), first).status_code == 302
    clash = browser.post(page("settings_section", "name"), {"name-name": "A. A.", "name-seen": seen[1]})
    assert clash.status_code == 409
    assert "Alice de Metz" in clash.text
    assert 'value="A. A."' in clash.text
    fresh = re.search(r'name="name-seen" value="(\w+)"', clash.text)
    assert fresh is not None
    browser.post(page("settings_section", "name"), {"name-name": "A. A.", "name-seen": fresh[1]})
    assert Account.objects.get().name == "A. A."
    for bad in ("nul\x00", "x" * 600, "\u202eevil"):
        answer = browser.post(page("settings_section", "name"), {"name-name": bad, "name-seen": fresh[1]})
        assert answer.status_code == 422
    english = {"region-language": "en", "region-country": "DE", "region-time_zone": "Europe/Berlin"}
    seen = re.search(r'name="region-seen" value="(\w+)"', browser.get(page("settings")).text)
    assert seen is not None
    saved = browser.post(page("settings_section", "region"), {**english, "region-seen": seen[1]})
    assert saved.headers["Location"] == page("settings", language="en") + "#region"


@pytest.mark.parametrize(
    ("spoil", "status"), [("none", 200), ("used", 410), ("expired", 410), ("forged", 404), ("foreign", 403)]
)
def test_every_refused_link_has_its_page(spoil: str, status: int) -> None:
    alice, now = cast.alice(), clock.now()
    made = cast.OPENED if spoil == "expired" else now
    link = links.send(alice, links.Purpose.RESET, language="fr", now=made)
    token = links.token(link)
    if spoil == "used":
        links.use(token, links.Purpose.RESET, now=now)
    browser = cast.signed_in(cast.charlie()) if spoil == "foreign" else Client()
    answer = browser.get(page("mail_link", token[:-6] + "AAAAA=" if spoil == "forged" else token))
    assert answer.status_code == status
    assert "noindex" in answer.text


def test_a_reset_ends_with_signing_in_and_this_browser_known() -> None:
    alice = cast.alice()
    other = cast.signed_in(alice)
    link = links.send(alice, links.Purpose.RESET, language="fr", now=clock.now())
    browser = Client()
    address = page("mail_link", links.token(link))
    browser.get(address)
    assert other.get(page("settings")).status_code == 200
    done = browser.post(address, {"password": "une phrase toute nouvelle"})
    assert done.headers["Location"] == page("sign_in")
    assert "known-device" in done.cookies
    assert other.get(page("settings")).status_code == 302
    assert browser.get(page("settings")).status_code == 302


def test_staff_without_a_second_factor_are_led_to_one() -> None:
    paul = cast.without_codes(cast.paul())
    entered = Client().post(page("sign_in"), {"email": paul.email, "password": cast.PASSWORD})
    assert entered.headers["Location"].startswith(page("second_factor") + "?next=")
    browser, device = cast.signed_in(paul), Authenticator()
    answer = device.create(options_of(browser.get(page("passkey_add")).text))
    browser.post(page("passkey_add"), {"name": "Clé", "passkey": answer})
    assert browser.get(page("second_factor")).status_code == 302
    weak = cast.signed_in(paul)
    asked = weak.get(page("second_factor"))
    assert weak.post(page("second_factor"), {"passkey": ""}).status_code == 422
    assert (
        weak.post(page("second_factor"), {"passkey": device.get(options_of(asked.text))}).status_code == 302
    )
    assert weak.get(page("second_factor")).status_code == 302


def test_a_stolen_password_adds_no_passkey_where_two_factors_are_demanded() -> None:
    paul = cast.without_codes(cast.paul())
    answer = Authenticator().create(options_of(cast.signed_in(paul).get(page("passkey_add")).text))
    cast.signed_in(paul).post(page("passkey_add"), {"name": "Clé", "passkey": answer})
    assert Passkey.objects.count() == 1
    thief = cast.signed_in(paul)
    for name in ("passkey_add", "codes_on", "password", "email", "close_account"):
        for refused in (thief.get(page(name)), thief.post(page(name), {"password": cast.PASSWORD + " 2"})):
            assert refused.status_code == 302
            assert refused.headers["Location"].startswith(page("second_factor"))


def test_where_one_goes_next_is_always_here() -> None:
    alice = cast.alice()
    typed = {"email": alice.email, "password": cast.PASSWORD}
    for elsewhere in (
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "\\\\evil",
        "/" * 3000,
    ):
        entered = Client().post(page("sign_in"), {**typed, "next": elsewhere})
        assert entered.headers["Location"] == page("home")


def test_closing_shows_the_consequences_then_erases_and_signs_out() -> None:
    alice = cast.alice()
    browser = cast.signed_in(alice)
    shown = browser.get(page("close_account"))
    assert "Adresse e-mail professionnelle" in shown.text
    assert browser.post(page("close_account")).status_code == 200
    assert Account.objects.exists()
    done = browser.post(page("close_account"), {"close": "1"}, follow=True)
    assert done.redirect_chain[-1] == (page("account_closed"), 302)
    assert not Account.objects.exists()
    assert not Session.objects.exists()


def test_sessions_are_ended_from_the_list() -> None:
    alice, charlie = cast.alice(), cast.charlie()
    here, there = cast.signed_in(alice), cast.signed_in(alice)
    strangers = cast.signed_in(charlie)
    theirs = Session.objects.get(account=charlie)
    assert here.post(page("session_revoke", theirs.pk)).status_code == 404
    assert strangers.get(page("settings")).status_code == 200
    here.post(page("sessions_revoke"))
    assert there.get(page("settings")).status_code == 302
    assert here.get(page("settings")).status_code == 200
    here.post(page("sign_out"))
    assert here.get(page("settings")).status_code == 302
    assert not Session.objects.filter(account=alice).exists()
    assert Message.objects.filter(subject_id=charlie.subject_id).exists() is False


def test_every_event_names_the_browser_it_came_from() -> None:
    alice, paul = cast.with_codes(cast.alice()).account, cast.paul()
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
    browser = cast.signed_in(alice, strong=True)
    device = Authenticator()
    answer = device.create(options_of(browser.get(page("passkey_add")).text))
    for name, sent in {
        "passkey_add": {"name": "Clé", "passkey": answer},
        "codes_off": {},
        "sessions_revoke": {},
        "email": {"email": "alice.nouvelle@arnaud.example"},
        "email_call_off": {},
        "password": {"password": cast.PASSWORD + " deux"},
        "sign_out": {},
    }.items():
        assert browser.post(page(name), sent, headers={"user-agent": agent}).status_code == 302, name
    noted = SecurityEvent.objects.filter(account=alice).exclude(kind="signed_up")
    assert {(one.kind, one.device) for one in noted if one.device != "Firefox, Linux"} == set()
    assert noted.count() >= 6
    staff.withdraw(paul, staff.Role.PLATFORM_ADMINISTRATOR, actor=cast.actor(alice), now=clock.now())
    assert SecurityEvent.objects.get(account=paul, kind="staff_withdrawn").device is None, "somebody else's"
