"""One's own account in a real browser: opened by a link, kept by a passkey, guarded by codes."""

from collections.abc import Callable, Iterator
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.browser import axe
from tests.running import Product

PASSWORD = "hackenberg brume tournesol"


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complained of, a breach of the content security policy above all: nothing."""
    found: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            found.append(message.text)

    page.on("console", said)
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    assert found == []


def device(page: Page) -> Callable[[str, dict[str, Any]], Any]:
    """A virtual authenticator that verifies its user, as a laptop or phone does."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session.send


def looked_at(page: Page) -> None:
    """Nobody stumbles over the page, and it fits a narrow screen."""
    assert axe.findings(page) == []
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0


def sign_up(page: Page, product: Product, address: str, language: str = "fr") -> None:
    page.goto(f"/{language}/sign-up/")
    looked_at(page)
    page.locator("[name=email]").fill(address)
    page.locator("main form button").click()
    page.wait_for_url("**/sign-up/sent/")
    page.goto(product.link(address))
    looked_at(page)


def narrow(browser: Browser, product: Product, **options: Any) -> BrowserContext:
    size: Any = {"width": 320, "height": 700}
    return browser.new_context(base_url=product.url, viewport=size, **options)


def test_a_passkey_from_the_first_minute(product: Product, page: Page, complaints: list[str]) -> None:
    device(page)
    sign_up(page, product, "clef@mail.example")
    page.locator("[name=name]").fill("Clé 🌻")
    page.locator("[name=without-password]").click()
    page.wait_for_url("**/security/passkeys/add/")
    looked_at(page)
    page.locator("[name=name]").fill("Ordinateur")
    page.locator("[data-passkey-start]").click()
    page.wait_for_url("**/security/")
    expect(page.locator("#passkeys")).to_contain_text("Ordinateur")
    looked_at(page)

    page.locator("header form button").click()
    page.wait_for_url("**/signed-out/")
    page.goto("/fr/security/")
    page.wait_for_url("**/sign-in/**")
    # The browser offers the passkey by itself (conditional mediation), and the virtual device accepts.
    page.wait_for_url(f"{product.url}/fr/security/")

    page.goto("/fr/close-account/")
    looked_at(page)
    page.locator("[name=close]").click()
    page.wait_for_url("**/account-closed/")
    looked_at(page)


def test_codes_after_the_password_on_a_narrow_screen(product: Product, browser: Browser) -> None:
    context = narrow(browser, product, locale="en-GB", color_scheme="dark")
    page = context.new_page()
    sign_up(page, product, "codes@mail.example", "en")
    page.locator("[name=password]").fill("too short")
    page.locator("main form button.btn-primary").click()
    expect(page.locator(".error-summary")).to_be_focused()
    looked_at(page)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/home/")
    page.goto("/en/security/codes/")
    looked_at(page)
    page.locator("summary").click()
    totp = pyotp.TOTP(page.locator("#secret").inner_text().replace(" ", ""))
    page.locator("[name=code]").fill(totp.now())
    page.locator("main form button.btn-primary").click()
    codes = page.locator("#recovery-codes li").all_inner_texts()
    assert len(codes) == 10
    looked_at(page)
    with page.expect_download() as saved:
        page.locator("[data-save]").click()
    assert saved.value.suggested_filename == "recovery-codes.txt"
    assert codes[0] in saved.value.path().read_text()
    for name in ("settings", "security", "security/password", "settings/email"):
        page.goto(f"/en/{name}/")
        looked_at(page)

    other = narrow(browser, product, locale="en-GB").new_page()
    other.goto("/en/sign-in/?next=/en/security/")
    looked_at(other)
    other.locator("[name=email]").fill("codes@mail.example")
    other.locator("[name=password]").fill(PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_url("**/sign-in/code/")
    looked_at(other)
    other.locator("[name=code]").fill(codes[0].lower())
    other.keyboard.press("Enter")
    other.wait_for_url(f"{product.url}/en/security/")
    expect(other.locator("#sessions tbody tr")).to_have_count(2)
    other.locator("#sessions [action$='end-others/'] button").click()
    expect(other.locator("#sessions tbody tr")).to_have_count(1)
    page.goto("/en/settings/")
    page.wait_for_url("**/en/sign-in/**")
    for one in (context, other.context):
        one.close()


def test_a_passkey_confirms_a_dangerous_act(
    product: Product, page: Page, complaints: list[str], browser: Browser
) -> None:
    send = device(page)
    sign_up(page, product, "acte@mail.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/home/")
    page.goto("/fr/security/passkeys/add/")
    page.locator("[data-passkey-start]").click()
    page.wait_for_url("**/security/")
    page.locator("#passkeys [action$='/remove/'] button").click()
    expect(page.locator("#passkeys tbody tr")).to_have_count(0)
    assert send("WebAuthn.disable", {}) == {}
    page.goto("/fr/security/passkeys/add/")
    looked_at(page)
