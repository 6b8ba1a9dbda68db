"""A person at a browser: reads pages in one language, finds things by their words, opens their mail."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pyotp
from django.utils import translation
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request

from tests.running import Product

PASSWORD = "sept lampions sous la pluie"
ADDRESSES = count(1)
"""Visitors come through a proxy on this machine, which tells their addresses: attempts count by visitor."""
SAME = {"Code"}  # in both languages
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": False,
}


@dataclass(kw_only=True)
class Visitor:
    """Words are given in English and looked for in the language of the visit."""

    page: Page
    product: Product
    language: str
    email: str
    complaints: list[str] = field(default_factory=list)
    mails: int = 0
    codes: pyotp.TOTP | None = None
    coded_at: float = 0

    def say(self, text: str, **values: object) -> str:
        """An English text of the product, in this visit's language."""
        with translation.override(self.language):
            said = translation.gettext(text)
        assert self.language == "en" or said != text or text in SAME, f"not translated: {text}"
        return said % values if values else said

    def go(self, path: str) -> None:
        """Type an address under this visit's language."""
        self.page.goto(f"/{self.language}/{path}")

    def follow(self, text: str, **values: object) -> None:
        """Click the link with these words, in the page's own part before its menus."""
        name = self.say(text, **values)
        inside = self.page.get_by_role("main").get_by_role("link", name=name)
        (inside if inside.count() else self.page.get_by_role("link", name=name)).first.click()

    def press(self, text: str, **values: object) -> None:
        """Press the button with these words."""
        self.page.get_by_role("button", name=self.say(text, **values)).first.click()

    def go_on(self) -> None:
        """Press the one button that the page puts first."""
        self.page.locator("main button.btn-primary:visible").click()

    def fill(self, label: str, value: str, **values: object) -> None:
        """Type into the field with this label."""
        self.field(label, **values).fill(value)

    def field(self, label: str, **values: object) -> Locator:
        """The field with this label."""
        words = re.escape(self.say(label, **values))
        found = self.page.get_by_label(re.compile(rf"^\s*{words}(\s*\(.*\))?\s*$"))
        return found.and_(self.page.locator("input, textarea, select")).first

    def reads(self, text: str, **values: object) -> bool:
        """Whether the page's own part says this."""
        return self.shows(self.say(text, **values))

    def shows(self, text: str) -> bool:
        """Whether the page's own part shows this very text."""
        return text in " ".join(self.page.get_by_role("main").inner_text().split())

    def at(self, path: str) -> None:
        """Wait until the address ends so."""
        self.page.wait_for_url(f"**/{self.language}/{path}")

    def open_mail(self) -> str:
        """The link of the next message."""
        self.mails += 1
        link = self.product.link(self.email, number=self.mails)
        assert f"/{self.language}/" in link
        return link

    def subject(self) -> str:
        """The subject of the message opened last."""
        return str(self.product.message(self.email, number=self.mails)["subject"])

    def opens_account(self, name: str) -> str:
        """From the first page to the signed-in home; the link of the mail, used up."""
        self.go("")
        self.follow("Create an account")
        self.fill("Professional e-mail address", self.email)
        self.go_on()
        self.at("sign-up/sent/")
        link = self.open_mail()
        self.page.goto(link)
        self.fill("Name", name)
        self.fill("Password", PASSWORD)
        self.go_on()
        self.at("home/")
        return link

    def types_password(self) -> None:
        """Sign in, as far as the password goes."""
        self.fill("E-mail address", self.email)
        self.fill("Password", PASSWORD)
        self.go_on()

    def code(self) -> str:
        """What the application shows: never the same twice."""
        assert self.codes is not None
        self.coded_at = max(time.time(), self.coded_at + self.codes.interval)
        return self.codes.at(int(self.coded_at))

    def wrong_code(self) -> str:
        """Six digits that are not the right ones."""
        assert self.codes is not None
        return f"{(int(self.codes.now()) + 123_456) % 1_000_000:06}"

    def sets_up_codes(self) -> None:
        """An application for codes, first given a wrong code."""
        self.follow("Set up codes")
        self.page.locator("summary").click()
        secret = self._secret()
        self.codes = pyotp.TOTP(secret)
        self.fill("Code", self.wrong_code())
        self.go_on()
        assert self.page.locator(".error-summary").is_visible()
        assert self._secret() == secret, "the same key"
        self.fill("Code", self.code())
        self.go_on()
        assert self.page.locator("#recovery-codes li").count() == 10
        self.follow("I have kept them; continue")

    def _secret(self) -> str:
        return "".join((self.page.locator("#secret").text_content() or "").split())

    def has_a_device(self) -> None:
        """From now on this browser can make and use passkeys, and its user is there."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("WebAuthn.enable")
        options: dict[str, Any] = {**DEVICE, "automaticPresenceSimulation": True}
        session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def watch(page: Page, product: Product, complaints: list[str]) -> None:
    """Note what the browser complains of, and every request that leaves the product."""

    def said(message: ConsoleMessage) -> None:
        refused = "the server responded with a status of 4" in message.text  # a form sent back is no fault
        if message.type in ("error", "warning") and not refused:
            complaints.append(message.text)

    def asked(request: Request) -> None:
        if not request.url.startswith((f"{product.url}/", "data:", "blob:")):
            complaints.append(f"asked {request.url}")

    page.on("console", said)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", asked)


@contextmanager
def visit(browser: Browser, product: Product, *, language: str, email: str) -> Iterator[Visitor]:
    """A browser of their own, at an address of their own, for as long as the block lasts; in the end it has
    complained of nothing.
    """
    with browser.new_context(
        base_url=product.url,
        locale={"fr": "fr-FR", "en": "en-GB"}[language],
        extra_http_headers={"X-Forwarded-For": f"198.51.100.{next(ADDRESSES)}"},
    ) as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        visitor = Visitor(page=page, product=product, language=language, email=email)
        watch(page, product, visitor.complaints)
        yield visitor
        assert visitor.complaints == []
