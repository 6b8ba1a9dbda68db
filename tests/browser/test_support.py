"""Somebody without an account asks for help, in a real browser, with a real file and a real mail."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.visitor import visit
from tests.running import Product

SAID = "Zwetschgenkern 4711"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_help_is_asked_for_confirmed_continued_and_closed(
    product: Product, browser: Browser, language: str, tmp_path: Path
) -> None:
    honest, lying = tmp_path / "note.txt", tmp_path / "plan.pdf"
    honest.write_text(f"{SAID}\n" * 8000, encoding="utf-8")
    lying.write_bytes(b"\x89PNG\r\n\x1a\n")
    with visit(browser, product, language=language, email=f"nele.{language}@journey.example") as nele:
        nele.go("contact/write/")
        nele.fill("E-mail address", nele.email)
        nele.fill("Subject", f"{SAID}?")
        nele.fill("Your message", f"Rien ne va plus. {SAID}")
        files = nele.page.locator("input[type=file]")
        files.set_input_files([lying, honest])
        nele.page.wait_for_timeout(3100)
        nele.go_on()
        assert "plan.pdf" in nele.page.locator(".error-summary").inner_text()
        assert SAID in nele.page.locator("textarea").input_value()
        files.set_input_files([honest])
        nele.go_on()
        nele.at("contact/sent/")
        mail = product.message(nele.email)
        assert SAID not in str(mail)
        nele.page.goto(product.link(nele.email))
        nele.go_on()
        assert SAID in nele.page.locator(".talk").inner_text()
        with nele.page.expect_download() as download:
            nele.page.locator(".talk-files a").click()
        assert Path(download.value.path()).read_bytes() == honest.read_bytes()
        nele.page.locator("textarea").fill("Merci")
        nele.page.wait_for_timeout(3100)
        nele.go_on()
        assert nele.page.locator(".talk > li").count() == 2
        nele.page.locator("form[action$='/close/'] button").click()
        nele.page.wait_for_load_state()
        assert nele.page.locator("form[action$='/close/']").count() == 0
    found = list((product.home / "documents").rglob("*.sealed"))
    assert found
    assert not any(SAID.encode() in one.read_bytes() for one in found)
