"""Public and error pages in a real browser: both themes, wide and narrow, both languages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.axe import findings
from tests.running import Product

PATHS = ["", "contact/", "legal/", "privacy/", "cookies/", "no-such-page/"]
NARROWEST = 320


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, browser: Browser, product: Product) -> Iterator[Page]:
    context = browser.new_context(base_url=product.url, color_scheme=request.param)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PATHS)
def test_nobody_stumbles(themed: Page, path: str) -> None:
    for language, width in (("fr", 1280), ("en", 390)):
        themed.set_viewport_size({"width": width, "height": 800})
        themed.goto(f"/{language}/{path}")
        assert findings(themed) == []


@pytest.mark.parametrize("path", PATHS)
def test_nothing_sticks_out_of_the_narrowest_screen(product: Product, page: Page, path: str) -> None:
    page.set_viewport_size({"width": NARROWEST, "height": 640})
    page.goto(f"/fr/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST


def test_every_word_is_in_the_products_own_face(product: Product, page: Page) -> None:
    page.goto("/fr/privacy/")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('17px \"Source Sans 3 Variable\"', 'Où œuvrer à 100 € ?')")


def test_the_keyboard_skips_to_the_content_and_the_notice_prints(product: Product, page: Page) -> None:
    page.goto("/en/privacy/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.emulate_media(media="print")
    assert not page.locator("nav.toc").is_visible()
    assert page.locator("h2#rights").is_visible()
