"""The first page, in both languages: nothing refused by the policy, nothing asked of another host."""

from playwright.sync_api import ConsoleMessage, Page, Request

from tests.running import Product


def test_the_first_page_asks_no_other_host(product: Product, page: Page) -> None:
    complaints: list[str] = []
    asked: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def requested(request: Request) -> None:
        asked.append(request.url)

    page.on("console", said)
    page.on("request", requested)
    page.goto("/")
    assert page.url == f"{product.url}/fr/"
    assert page.locator("html").get_attribute("lang") == "fr"
    page.goto("/en/")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("h1").count() == 1
    assert complaints == []
    assert {url.split("/")[2] for url in asked} == {product.url.split("/")[2]}
