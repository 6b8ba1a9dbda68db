"""Every page there is, found from the addresses the product answers to: nobody stumbles over one, in either
language, theme or width. A new page needs a line here.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.axe import findings
from tests.browser.visitor import watch
from tests.running import Product

WIDTHS = (1280, 390)
NOBODY = ""


@dataclass(frozen=True)
class Visit:
    """Who looks at a page, the words that fill its address, and a question that may follow it."""

    who: str = NOBODY
    named: tuple[str, ...] = ()
    query: str = ""


@dataclass(frozen=True)
class Answers:
    """An address without a page of its own: what answers instead of a page."""

    with_what: str


POSTED = Answers("a form is sent here; the page is another's")
DOWNLOADED = Answers("a file to keep")
HOME = ("organisation",)

PAGES: dict[str, Visit | Answers | tuple[Visit, ...]] = {
    "site:front": Visit(),
    "site:contact": Visit(),
    "site:legal_notice": Visit(),
    "site:privacy_policy": Visit(),
    "site:cookie_policy": Visit(),
    "site:choices": Visit(),
    "site:consent_receipt": Visit(),
    "site:consent_receipt_file": DOWNLOADED,
    "site:consent_receipt_proof": DOWNLOADED,
    "site:consents": (Visit("alice"), Visit("charlie")),
    "site:consents_choose": POSTED,
    "site:consents_share": POSTED,
    "site:consents_withdraw": POSTED,
    "site:consents_file": DOWNLOADED,
    "site:consents_proof": DOWNLOADED,
    "console:consents": (Visit("paul"), Visit("odile")),
    "console:consent_receipts": Visit("odile"),
    "console:consent_export": DOWNLOADED,
    "console:consent_receipt": Visit("odile", ("receipt",)),
    "console:consent_receipt_file": DOWNLOADED,
    "console:consent_receipt_proof": DOWNLOADED,
    "console:consents_of": Visit("odile", ("alice",)),
    "console:consent_display": Visit("odile", ("display",)),
    "console:consent_picture": DOWNLOADED,
    "site:measurement": (Visit(), Visit("alice")),
    "site:change_measurement": POSTED,
    "site:notice_versions": Visit(),
    "site:notice_version": (Visit(named=("first_version", "privacy")), Visit(named=("version", "cookies"))),
    "site:notice_difference": (
        Visit(),
        Visit(query="?before=1&after=2&kind=legal"),
        Visit(query="?before=9"),
    ),
    "site:notice_news": (Visit("alice"), Visit("charlie")),
    "site:notice_read": POSTED,
    "site:notice_answer": POSTED,
    "site:sign_up": Visit(),
    "site:sign_up_sent": Visit(),
    "site:sign_in": Visit(),
    "site:sign_in_code": Answers("only after a password: the journeys look at it"),
    "site:sign_in_passkey": POSTED,
    "site:sign_out": POSTED,
    "site:signed_out": Visit(),
    "site:forgotten": Visit(),
    "site:forgotten_sent": Visit(),
    "site:mail_link": (Visit(named=("reset",)), Visit(named=("link_expired",))),
    "site:settings": Visit("bob"),
    "site:email": Visit("alice"),
    "site:email_call_off": POSTED,
    "site:settings_section": POSTED,
    "site:security": (Visit("alice"), Visit("dana")),
    "site:password": Visit("alice"),
    "site:password_remove": POSTED,
    "site:codes_on": Visit("alice"),
    "site:codes_off": POSTED,
    "site:recovery_renew": POSTED,
    "site:second_factor": Answers("only in a session without one: the journeys look at it"),
    "site:sessions_revoke": POSTED,
    "site:session_revoke": POSTED,
    "site:passkey_add": Visit("alice"),
    "site:passkey_rename": Visit("alice", ("passkey",)),
    "site:passkey_remove": POSTED,
    "site:close_account": (Visit("alice"), Visit("bob")),
    "site:account_closed": Visit(),
    "site:home": (Visit("alice"), Visit("charlie")),
    "site:my_data": (Visit("alice"), Visit("bob")),
    "site:my_data_download": DOWNLOADED,
    "site:my_requests": (Visit("bob"), Visit("dana")),
    "site:request_proof": Visit("bob", ("request",)),
    "site:request_proof_file": DOWNLOADED,
    "site:farewell_proof": POSTED,
    "site:proofs": Visit(),
    "site:proof_script": DOWNLOADED,
    "site:my_data_limit": Visit("alice", ("activity",)),
    "site:my_data_object": Visit("alice", ("activity",)),
    "site:my_data_withdraw": Answers("no activity that runs rests on consent"),
    "site:my_data_free": POSTED,
    "site:organisations": (Visit("alice"), Visit("charlie")),
    "site:organisation_new": Visit("alice"),
    "site:organisation": (Visit("alice", HOME), Visit("bob", HOME), Visit("alice", ("closed",))),
    "site:organisation_permissions": Visit("bob", HOME),
    "site:organisation_member": Visit("alice", ("organisation", "member")),
    "site:organisation_remove": Visit("alice", ("organisation", "member")),
    "site:organisation_leave": Visit("bob", HOME),
    "site:organisation_invitations": Visit("alice", HOME),
    "site:organisation_resend": POSTED,
    "site:organisation_withdraw": POSTED,
    "site:organisation_settings": Visit("alice", HOME),
    "site:organisation_second_factor": POSTED,
    "site:organisation_hand_over": Visit("alice", HOME),
    "site:organisation_take_back": POSTED,
    "site:organisation_take_over": Visit("dana", HOME),
    "site:organisation_close": Visit("alice", HOME),
    "site:organisation_reopen": POSTED,
    "site:invitation": (
        Visit(named=("invitation",)),
        Visit("charlie", ("invitation",)),
        Visit(named=("invitation_expired",)),
    ),
    "site:write": (Visit(), Visit("alice")),
    "site:write_sent": Visit(),
    "site:write_confirm": (Visit(named=("unconfirmed",)), Visit("bob", ("unconfirmed",))),
    "site:conversation": (Visit(named=("conversation",)), Visit(named=("conversation_ended",))),
    "site:conversation_close": POSTED,
    "site:conversation_link": POSTED,
    "site:conversation_file": DOWNLOADED,
    "site:help": (Visit("alice"), Visit("charlie")),
    "site:help_request": Visit("alice", ("asked",)),
    "site:help_close": POSTED,
    "site:help_file": DOWNLOADED,
    "console:inbox": Visit("paul"),
    "console:inbox_request": (Visit("odile", ("asked",)), Visit("paul", ("asked_closed",))),
    "console:search_requests": POSTED,
    "console:inbox_note": POSTED,
    "console:inbox_assign": POSTED,
    "console:inbox_close": POSTED,
    "console:inbox_reopen": POSTED,
    "console:inbox_customer": POSTED,
    "console:inbox_right": POSTED,
    "console:inbox_right_answered": POSTED,
    "console:inbox_file": DOWNLOADED,
    "site:newsletter": Visit(),
    "site:newsletter_sent": Visit(),
    "site:newsletter_confirm": (Visit(named=("newsletter_confirm",)), Visit(named=("newsletter_over",))),
    "site:newsletter_unsubscribe": (Visit(named=("newsletter",)), Visit(named=("newsletter_over",))),
    "site:newsletter_preferences": Visit(named=("newsletter",)),
    "site:newsletter_settings": (Visit("alice"), Visit("dana")),
    "console:campaigns": (Visit("paul"), Visit("odile")),
    "console:campaign_write": Visit("paul"),
    "console:campaign": (Visit("paul", ("campaign",)), Visit("odile", ("campaign",))),
    "console:campaign_rewrite": Visit("paul", ("campaign",)),
    "console:campaign_preview": Visit("paul", ("campaign", "french")),
    "console:campaign_act": POSTED,
    "console:campaign_import": (Visit("paul"), Visit("odile")),
    "console:visits": (Visit("paul"), Visit("odile", query="?first=2001-01-01&last=2000-01-01")),
    "console:visits_assessment": Visit("odile"),
    "console:visits_table": DOWNLOADED,
    "console:overview": Visit("paul"),
    "console:accounts": Visit("paul"),
    "console:search_accounts": POSTED,
    "console:account": Visit("paul", ("bob",)),
    "console:account_download": DOWNLOADED,
    "console:place_hold": Visit("odile", ("bob",)),
    "console:organisations": Visit("paul"),
    "console:organisation": Visit("paul", HOME),
    "console:delete_organisation": Visit("paul", HOME),
    "console:register": Visit("odile"),
    "console:difference": Visit("odile"),
    "console:export": DOWNLOADED,
    "console:activity": Visit("odile", ("activity",)),
    "console:retention": Visit("odile"),
    "console:dry_run": POSTED,
    "console:holds": Visit("odile"),
    "console:lift_hold": POSTED,
    "console:switches": (Visit("odile"), Visit("paul")),
    "console:decide_switch": Visit("odile", ("objection",)),
    "console:lift_switch": Visit("odile", ("limit",)),
    "console:set_switch": Visit("odile", ("bob",)),
    "console:health": Visit("paul"),
    "console:audit": Visit("odile", query="?who=all"),
    "console:keys": Visit("paul"),
    "console:run_drill": POSTED,
    "console:backups": Visit("odile"),
    "console:make_backup": POSTED,
    "console:verify_backups": POSTED,
    "console:restorations": Visit("odile"),
    "console:notices": (Visit("odile"), Visit("paul")),
    "console:publish_notices": POSTED,
    "console:preview_notice": (Visit("odile", ("privacy", "fr")), Visit("paul", ("cookies", "en"))),
    "console:log": Visit("paul"),
    "console:evidence": (Visit("odile"), Visit("paul")),
    "console:make_evidence": POSTED,
    "console:download_evidence": DOWNLOADED,
    "console:verify_log": POSTED,
    "site:networks": (Visit("alice"), Visit("charlie")),
    "site:network_link": Visit("alice", ("linkedin",)),
    "site:network_unlink": Visit("alice", ("x",)),
    "site:promotions": (Visit("alice"), Visit("charlie")),
    "site:promotions_personal": POSTED,
    "site:promotions_memory": POSTED,
    "site:promotion_why": (Visit("alice", ("promotion",)), Visit("charlie", ("promotion",))),
    "site:promotion_open": Answers("it leads on to where the promotion leads"),
    "site:promotion_put_away": POSTED,
    "site:my_groups": (Visit("alice"), Visit("charlie")),
    "site:my_groups_choice": POSTED,
    "console:promotions": (Visit("paul"), Visit("odile")),
    "console:promotion_new": Visit("paul"),
    "console:interests": (Visit("paul"), Visit("odile")),
    "console:interest_retire": POSTED,
    "console:promotion": (Visit("odile", ("promotion",)), Visit("paul", ("draft",))),
    "console:promotion_edit": Visit("paul", ("promotion",)),
    "console:promotion_start": POSTED,
    "console:promotion_stop": POSTED,
    "console:promotion_delete": POSTED,
    "console:segments": Visit("paul"),
    "console:segment_new": Visit("paul"),
    "console:grouping_new": Visit("paul"),
    "console:grouping": Visit("paul", ("grouping",)),
    "console:segment": Visit("odile", ("segment",)),
    "console:segment_edit": Visit("paul", ("segment",)),
    "console:segment_stop": POSTED,
    "console:segment_delete": POSTED,
}


def _names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _names(one, f"{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern) and one.name and space:
            yield space + one.name


def test_every_page_has_a_line() -> None:
    assert set(_names(get_resolver())) == set(PAGES)


@dataclass(kw_only=True)
class Planted:
    """What was put into the product, by name, and a browser for each person there."""

    product: Product
    browser: Browser
    told: dict[str, Any]
    complaints: list[str]
    contexts: dict[str, tuple[BrowserContext, Page]]

    def page(self, who: str) -> Page:
        """The tab of a person who is signed in; of nobody without a name."""
        if who not in self.contexts:
            context = self.browser.new_context(base_url=self.product.url, locale="fr-FR")
            if who:
                session = {"name": "session", "value": self.told["sessions"][who], "url": self.product.url}
                context.add_cookies([session])  # type: ignore[list-item]
            page = context.new_page()
            page.set_default_timeout(15_000)
            watch(page, self.product, self.complaints)
            self.contexts[who] = (context, page)
        return self.contexts[who][1]

    def word(self, name: str) -> str:
        """What stands in an address for a name."""
        return str(self.told["subjects"].get(name) or self.told.get(name))


@pytest.fixture(scope="module")
def planted(product: Product, browser: Browser) -> Iterator[Planted]:
    told = json.loads(product.beside("tests.browser.planting"))
    found = Planted(product=product, browser=browser, told=told, complaints=[], contexts={})
    yield found
    for context, _page in found.contexts.values():
        context.close()


def _visits() -> Iterator[tuple[str, Visit]]:
    for name, found in PAGES.items():
        for one in found if isinstance(found, tuple) else (found,):
            if isinstance(one, Visit):
                yield name, one


def _address(name: str, visit: Visit, word: Callable[[str], str]) -> str:
    with translation.override("fr"):
        return reverse(name, args=[word(one) for one in visit.named]) + visit.query


@pytest.mark.parametrize(
    ("name", "visit"),
    [pytest.param(*one, id="-".join([one[0], one[1].who, *one[1].named])) for one in _visits()],
)
def test_nobody_stumbles(planted: Planted, name: str, visit: Visit) -> None:
    """French by day, English by night, each wide and narrow: every complaint at once."""
    page, found = planted.page(visit.who), []
    address = _address(name, visit, planted.word)
    for language, theme in (("fr", "light"), ("en", "dark")):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.goto(address.replace("/fr/", f"/{language}/", 1))
        found += [f"{language} {theme}: {one}" for one in findings(page)]
        found += [f"{language}: {one}" for one in _shape(page, language)]
    found += planted.complaints
    planted.complaints.clear()
    assert found == []


def _shape(page: Page, language: str) -> Iterator[str]:
    if "/sign-in/?" in page.url:
        yield "asks to sign in"
    if page.locator("html").get_attribute("lang") != language:
        yield "is in another language"
    if (headings := page.locator("h1").count()) != 1:
        yield f"has {headings} h1"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if beyond > 0:
            yield f"sticks out by {beyond} px at {width} px"


def test_what_a_worker_does_shows_by_itself(planted: Planted) -> None:
    """Nobody reloads the page: it says that the work waits, goes on, and is done."""
    page = planted.page("odile")
    page.goto("/en/console/log/")
    page.get_by_role("button", name="Verify the whole log").click()
    work = page.locator("#work")
    expect(work.get_by_text("Done", exact=True)).to_be_visible(timeout=30_000)
    expect(work).to_contain_text("entries hold")
    expect(work.locator("[data-running]")).to_have_count(0)
    assert findings(page) == []
    assert planted.complaints == []
