"""What a visitor chose is what their browser loads: outside companies count how often they are asked."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests import running
from tests.browser.axe import findings
from tests.browser.vendors import REGISTER, Vendors, vendors
from tests.running import Product

SETTLED = 700  # milliseconds: longer than the panel waits before it tells the server
A_MOMENT = 150
PAGES = ["", "cookies/", "sign-in/"]
WORDS = {
    "fr": {"accept": "Tout accepter", "refuse": "Tout refuser", "choose": "Choisir", "mine": "Mes choix"},
    "en": {"accept": "Accept all", "refuse": "Refuse all", "choose": "Choose", "mine": "My choices"},
}


@pytest.fixture(scope="module")
def outside() -> Iterator[Vendors]:
    with vendors() as found:
        yield found


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One whose register knows the outside companies of `vendors`."""
    with (
        running.home() as folder,
        running.product(folder, "--without-demo", SEQLENSE_REGISTER=str(REGISTER)) as started,
    ):
        yield started


@pytest.fixture(scope="module")
def browser(launch_browser: Callable[..., Browser], outside: Vendors, browser_type_launch_args: Any) -> Any:
    flags = [*browser_type_launch_args["args"], f"--host-resolver-rules={outside.rules}"]
    with launch_browser(args=flags) as launched:
        yield launched


@pytest.fixture
def visitor(browser: Browser, product: Product, outside: Vendors) -> Iterator[Callable[..., Page]]:
    """Opens the first page in a browser of its own."""
    contexts: list[BrowserContext] = []

    def come(language: str = "en", **options: Any) -> Page:
        context = browser.new_context(base_url=product.url, ignore_https_errors=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(f"/{language}/")
        return page

    outside.forget()
    yield come
    for context in contexts:
        context.close()


def banner(page: Page) -> Any:
    return page.locator("#tarteaucitronAlertBig")


def press(page: Page, what: str, language: str = "en") -> None:
    """A button of the banner."""
    banner(page).get_by_role("button", name=WORDS[language][what]).click()


def opens_panel(page: Page, language: str = "en") -> Any:
    page.get_by_role("link", name=WORDS[language]["mine"], exact=True).first.click()
    panel = page.locator("#tarteaucitron")
    expect(panel).to_be_visible()
    return panel


def settled(page: Page) -> None:
    page.wait_for_timeout(SETTLED)
    page.wait_for_load_state()


def accepts(page: Page, *names: str) -> None:
    """Those services, one by one, in the panel; closing it takes effect."""
    panel = opens_panel(page)
    for name in names:
        panel.get_by_role("button", name=f"Accept {name}").click()
    page.wait_for_timeout(SETTLED)
    with page.expect_navigation():
        page.keyboard.press("Escape")
    settled(page)


def browses(page: Page) -> None:
    for path in PAGES:
        page.goto(f"/en/{path}")
        page.mouse.wheel(0, 5000)
        page.wait_for_timeout(A_MOMENT)


def kept(page: Page) -> dict[str, float]:
    """Cookies by name, and when they end."""
    return {one["name"]: one["expires"] for one in page.context.cookies()}


def stored(page: Page) -> int:
    return int(page.evaluate("localStorage.length + sessionStorage.length"))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_is_asked_or_kept_before_a_choice(
    visitor: Callable[..., Page], outside: Vendors, language: str
) -> None:
    page = visitor(language)
    expect(banner(page)).to_be_visible()
    for _ in range(3):
        page.mouse.wheel(0, 3000)
    settled(page)
    assert (outside.asked, kept(page), stored(page)) == ([], {}, 0)
    accept, refuse = (
        banner(page).get_by_role("button", name=WORDS[language][one]) for one in ("accept", "refuse")
    )
    sizes = [
        one.evaluate(
            "e => [e.offsetWidth, e.offsetHeight, getComputedStyle(e).backgroundColor, "
            "getComputedStyle(e).color, getComputedStyle(e).fontWeight]"
        )
        for one in (accept, refuse)
    ]
    assert sizes[0] == sizes[1], "as easy to refuse as to accept"
    assert findings(page) == []


def test_the_panel_lists_what_the_cookie_policy_lists(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto("/en/cookies/")
    listed = set(page.locator("main table tbody th").all_inner_texts())
    panel = opens_panel(page)
    panel.locator("summary").click()
    assert findings(page) == []
    named = set(panel.locator("code").all_inner_texts())
    services = {one["name"] for one in json.loads(page.locator("#choices").text_content() or "")["services"]}
    assert named >= {"session", "consent-receipt", "stats-visitor", "stats-memory"}
    assert named | services == listed


def test_browsing_on_is_no_consent(visitor: Callable[..., Page], outside: Vendors) -> None:
    page = visitor()
    browses(page)
    expect(banner(page)).to_be_visible()
    assert outside.asked == []
    assert not {"tarteaucitron", "consent-receipt", "stats-visitor"} & kept(page).keys()


def test_a_refusal_lets_nothing_load_and_is_not_asked_again(
    visitor: Callable[..., Page], outside: Vendors
) -> None:
    page = visitor()
    press(page, "refuse")
    settled(page)
    expect(banner(page)).to_be_hidden()
    browses(page)
    expect(banner(page)).to_be_hidden()
    assert outside.asked == []
    assert "stats-visitor" not in kept(page)


def test_accepting_all_loads_all_after_one_reload(visitor: Callable[..., Page], outside: Vendors) -> None:
    page = visitor()
    with page.expect_navigation():
        press(page, "accept")
    page.locator("figure.video").scroll_into_view_if_needed()
    settled(page)
    assert set(outside.hits) == {"video.example", "share.example", "stats.example"}
    assert "stats-visitor" in kept(page)
    assert page.locator("figure.video iframe").get_attribute("title") == "A film"


def test_only_what_was_accepted_loads(visitor: Callable[..., Page], outside: Vendors) -> None:
    page = visitor()
    accepts(page, "Statistics")
    browses(page)
    assert set(outside.hits) == {"stats.example"}
    expect(banner(page)).to_be_visible()  # the two others were not answered


def test_a_withdrawal_stops_at_once_and_deletes_what_was_left(
    visitor: Callable[..., Page], outside: Vendors
) -> None:
    page = visitor()
    with page.expect_navigation():
        press(page, "accept")
    page.locator("figure.video").scroll_into_view_if_needed()
    settled(page)
    assert ("stats-visitor" in kept(page), stored(page)) == (True, 1)
    page.evaluate(
        """document.body.append(Object.assign(document.createElement("iframe"), {src: "https://video.example/by-script"}))"""
    )
    panel = opens_panel(page)
    panel.get_by_role("button", name="Refuse Videos").click()
    assert page.locator("iframe").count() == 0, "whoever put them there"
    assert page.locator("figure.video iframe").count() == 0, "at once, before anything is loaded anew"
    panel.get_by_role("button", name="Refuse Statistics").click()
    outside.forget()
    for address in ("https://stats.example/late", "https://share.example/late.svg"):
        page.evaluate(
            "url => { new Image().src = url; fetch(url, {mode: 'no-cors'}).catch(() => {}); }", address
        )
    page.wait_for_timeout(SETTLED)
    assert set(outside.hits) == {"share.example"}, "a script that still runs reaches nobody any more"
    assert ("stats-visitor" in kept(page), stored(page)) == (False, 0)
    with page.expect_navigation():
        page.keyboard.press("Escape")
    outside.forget()
    browses(page)
    assert set(outside.hits) == {"share.example"}


def test_what_an_ended_consent_left_is_deleted_by_the_next_page(
    visitor: Callable[..., Page], outside: Vendors
) -> None:
    """As after six months, when the choice has ended by itself."""
    page = visitor()
    with page.expect_navigation():
        press(page, "accept")
    settled(page)
    assert ("stats-visitor" in kept(page), stored(page)) == (True, 1)
    page.context.clear_cookies(name="consent-receipt")
    outside.forget()
    page.goto("/en/")
    expect(banner(page)).to_be_visible()
    settled(page)
    assert ("stats-visitor" in kept(page), stored(page), outside.asked) == (False, 0, [])


def test_cookies_written_by_hand_open_nothing(
    visitor: Callable[..., Page], outside: Vendors, product: Product
) -> None:
    page = visitor()
    press(page, "refuse")
    settled(page)
    signed = next(one for one in page.context.cookies() if one["name"] == "consent-receipt")
    yes = "".join(
        f"!{prefix}{one}=true" for prefix in ("k0", "K0", "") for one in ("video", "share", "stats")
    )
    for name, value in (
        ("tarteaucitron", yes),
        ("choices", yes),
        ("consent-receipt", signed["value"].replace("~~", "~", 1)),
        ("consent-receipt", "1~" + yes),
    ):
        page.context.add_cookies([{"name": name, "value": value, "url": product.url}])
        browses(page)
    assert outside.asked == []
    assert page.locator("iframe").count() == 0


@pytest.mark.parametrize("accepted", [(), ("Videos",)])
def test_a_mistake_in_a_template_loads_nothing(
    visitor: Callable[..., Page], outside: Vendors, accepted: tuple[str, ...]
) -> None:
    """Even with the page's own nonce on it, and for a visitor who accepted another service."""
    page = visitor()
    if accepted:
        accepts(page, *accepted)

    def spoilt(route: Route) -> None:
        answer = route.fetch()
        text = answer.text()
        nonce = re.search(r'nonce="([^"]+)"', text)
        mistakes = "".join(
            f'<script src="https://{host}/x.js"></script>'
            f'<script src="https://{host}/y.js" nonce="{nonce and nonce[1]}"></script>'
            f'<img src="https://{host}/x.svg" alt=""><iframe src="https://{host}/x"></iframe>'
            f'<link rel="stylesheet" href="https://{host}/x.css"><object data="https://{host}/x"></object>'
            f'<video src="https://{host}/x" autoplay></video><embed src="https://{host}/x">'
            f'<link rel="prefetch" href="https://{host}/x"><link rel="preload" as="image" href="https://{host}/x.svg">'
            f'<link rel="manifest" href="https://{host}/x"><svg><image href="https://{host}/x.svg"/></svg>'
            for host in ("share.example", "stats.example", "stranger.example")
        )
        route.fulfill(response=answer, body=text.replace("</main>", f"{mistakes}</main>"))

    page.route("**/en/contact/", spoilt)
    outside.forget()
    page.goto("/en/contact/")
    assert page.locator("main iframe").count() == 3
    settled(page)
    assert outside.asked == []


def test_later_visits_dont_prolong_a_choice(visitor: Callable[..., Page]) -> None:
    page = visitor()
    press(page, "refuse")
    settled(page)
    before = kept(page)
    page.wait_for_timeout(1100)
    browses(page)
    assert kept(page)["consent-receipt"] == before["consent-receipt"]
    half_a_year = page.evaluate("Date.now() / 1000") + 182 * 86_400
    assert before["consent-receipt"] <= half_a_year + 5


def test_a_new_service_is_asked_about_and_that_one_only(
    visitor: Callable[..., Page], product: Product
) -> None:
    page = visitor()
    told = json.loads(page.locator("#choices").text_content() or "")
    answers = {"services": {"video": False, "share": False}, "how": "panel", "language": "en"}
    sent = page.evaluate(
        """body => fetch("/consent/", {method: "POST", body, headers: {"Content-Type": "application/json"}})
        .then(answer => answer.status)""",
        json.dumps({**answers, "shown": told["shown"]}),
    )
    assert sent == 200
    page.goto("/en/")
    expect(banner(page)).to_contain_text("Statistics")
    assert "Videos" not in banner(page).inner_text()
    press(page, "refuse")
    settled(page)
    page.goto("/en/")
    expect(banner(page)).to_be_hidden()


def test_a_browser_that_refuses_by_itself_is_obeyed(visitor: Callable[..., Page], outside: Vendors) -> None:
    page = visitor(extra_http_headers={"Sec-GPC": "1"})
    expect(banner(page)).to_be_hidden()
    browses(page)
    assert outside.asked == []
    panel = opens_panel(page)
    expect(panel).to_contain_text("Global Privacy Control")
    assert findings(page) == []
    panel.get_by_role("button", name="Accept Videos").click()
    page.wait_for_timeout(SETTLED)
    with page.expect_navigation():
        page.keyboard.press("Escape")
    page.goto("/en/")
    page.locator("figure.video").scroll_into_view_if_needed()
    settled(page)
    assert set(outside.hits) == {"video.example"}, "a clear act of the person's own goes before the signal"


def test_a_video_waits_and_is_found_again(visitor: Callable[..., Page], outside: Vendors) -> None:
    page = visitor()
    place = page.locator("figure.video")
    place.scroll_into_view_if_needed()
    settled(page)
    assert outside.asked == []
    assert place.get_by_role("link").first.get_attribute("href") == "https://video.example/watch/film"
    with page.expect_navigation():
        place.get_by_role("button", name="Load this video").click()
    settled(page)
    assert set(outside.hits) == {"video.example"}
    assert page.evaluate("document.activeElement.id") == "video-video-film"
    assert findings(page) == []


def test_what_is_being_typed_stays(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto("/en/sign-up/")
    page.get_by_label("Professional e-mail address").fill("ada@example.com")
    press(page, "accept")
    said = page.locator(".choices-said")
    expect(said).to_contain_text("next page")
    assert page.get_by_label("Professional e-mail address").input_value() == "ada@example.com"


def test_the_keyboard_goes_in_and_out(visitor: Callable[..., Page]) -> None:
    page = visitor()
    press(page, "choose")
    panel = page.locator("#tarteaucitron")
    assert panel.get_by_role("button", name="Close").evaluate("e => e === document.activeElement")
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('#tarteaucitron') !== null")
    assert findings(page) == []
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert banner(page).get_by_role("button", name="Choose").evaluate("e => e === document.activeElement")
    page.locator("footer a").last.focus()
    top, bottom = page.evaluate(
        """[document.querySelector("#tarteaucitronAlertBig").getBoundingClientRect().top,
        document.activeElement.getBoundingClientRect().bottom]"""
    )
    assert bottom <= top, "the banner doesn't cover what has the focus"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_a_phone(visitor: Callable[..., Page], theme: str) -> None:
    page = visitor("fr", viewport={"width": 390, "height": 700}, color_scheme=theme)
    assert banner(page).bounding_box()["height"] < 260
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    press(page, "choose", "fr")
    assert findings(page) == []
    assert page.evaluate("document.querySelector('#tarteaucitron').scrollWidth") <= 390


def test_without_scripts_the_same_choices_are_a_page(visitor: Callable[..., Page], outside: Vendors) -> None:
    page = visitor(java_script_enabled=False)
    page.get_by_role("link", name="My choices", exact=True).click()
    page.get_by_role("group", name="Videos").get_by_label("Accept").check()
    page.get_by_role("button", name="Keep my choices").click()
    page.goto("/en/")
    page.wait_for_timeout(SETTLED)
    assert page.locator("figure.video iframe").count() == 1
    page.get_by_role("link", name="My choices", exact=True).click()
    page.get_by_role("button", name="Refuse all").click()
    page.goto("/en/")
    assert page.locator("figure.video iframe").count() == 0
    assert set(outside.hits) <= {"video.example"}


def test_a_choice_that_cant_be_kept_loads_nothing_and_is_sent_again(
    visitor: Callable[..., Page], outside: Vendors
) -> None:
    page = visitor()
    page.route("**/consent/", lambda route: route.fulfill(status=503, body="{}"))
    press(page, "accept")
    said = page.locator(".choices-said")
    expect(said).to_contain_text("could not be kept")
    assert outside.asked == []
    page.unroute("**/consent/")
    with page.expect_navigation():
        said.get_by_role("button", name="Try again").click()
    settled(page)
    assert {"share.example", "stats.example"} <= set(outside.hits)


def test_other_tabs_follow(visitor: Callable[..., Page], outside: Vendors) -> None:
    page = visitor()
    with page.expect_navigation():
        press(page, "accept")
    other = page.context.new_page()
    other.goto("/en/")
    other.locator("figure.video").scroll_into_view_if_needed()
    expect(other.locator("figure.video iframe")).to_have_count(1)
    page.bring_to_front()
    opens_panel(page).get_by_role("button", name="Refuse all").click()
    expect(other.locator("figure.video iframe")).to_have_count(0)


def test_a_signal_that_only_scripts_see_is_a_refusal_too(
    visitor: Callable[..., Page], outside: Vendors
) -> None:
    page = visitor()
    page.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})")
    page.goto("/en/")
    expect(banner(page)).to_be_hidden()
    expect(opens_panel(page)).to_contain_text("Global Privacy Control")
    browses(page)
    assert outside.asked == []
