"""`bin/screenshots`: the README's pictures, taken of a fresh product with demo data.

    bin/screenshots [FOLDER]        # default: docs/images

Development only: needs Playwright and a browser (SEQLENSE_BROWSER names it).
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyotp

from seqlense.project.demo.signs import CAST, CODE_SECRET, PASSWORD
from seqlense.project.environment import SOURCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SIZE: Final = {"width": 1280, "height": 800}
LARGEST: Final = 150_000
"""Bytes a picture may have: whoever reads the README over a phone waits for all of them."""


@dataclass(frozen=True)
class Picture:
    """name: of its file; path: of the page; who: key of whom it is shown to; follow: a link clicked first;
    to: what stands at the top; asking: with the panel of choices, answered afterwards.
    """

    name: str
    path: str
    who: str = ""
    follow: str = ""
    to: str = ""
    asking: bool = False


PICTURES: Final = (
    Picture("choices", "", asking=True),
    Picture("front", ""),
    Picture("sign-in", "sign-in/"),
    Picture("home", "home/", "alice"),
    Picture("my-data", "my-data/", "alice", to="#accounts"),
    Picture("erasure", "close-account/", "alice"),
    Picture("proof", "my-data/requests/", "alice", "Proof of this request"),
    Picture("organisation", "organisations/", "alice", "Arnaud & Cie"),
    Picture("console", "console/", "odile"),
    Picture("activity", "console/register/accounts/", "odile", to="dl.facts"),
    Picture("retention", "console/retention/", "odile"),
    Picture("log", "console/log/", "odile"),
    Picture("visits", "console/visits/?days=90", "odile"),
)


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else SOURCE / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    with _product() as url, _browser() as browser:
        for who in dict.fromkeys(picture.who for picture in PICTURES):
            page = _entered(browser, url, who)
            for picture in PICTURES:
                if picture.who == who:
                    _take(page, picture, folder / f"{picture.name}.png")
    large = [path.name for path in folder.glob("*.png") if path.stat().st_size > LARGEST]
    if large:
        sys.stderr.write(f"bin/screenshots: larger than {LARGEST} bytes: {', '.join(large)}\n")
    return 1 if large else 0


@contextmanager
def _product() -> Iterator[str]:
    """A product with demo data for as long as the block lasts; its address."""
    with tempfile.TemporaryDirectory(prefix="seqlense-pictures-", ignore_cleanup_errors=True) as home:
        Path(home).chmod(0o711)  # PostgreSQL's own account passes through
        start = [sys.executable, "-m", "seqlense.project.devserver"]
        command = [*start, "--port", "0", "--json", "--home", home]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            try:
                yield str(json.loads(process.stdout.readline())["url"])
            finally:
                process.send_signal(signal.SIGINT)


@contextmanager
def _browser() -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = os.environ.get("SEQLENSE_BROWSER")
        yield playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])


def _entered(browser: "Browser", url: str, who: str) -> "Page":
    """A page of a browser in which that person has signed in; staff with a code as well."""
    size: Any = SIZE
    page = browser.new_page(base_url=url, viewport=size, color_scheme="light", locale="en-GB")
    if not who:
        return page
    sign = next(one for one in CAST if one.key == who)
    page.goto("/en/sign-in/")
    page.locator("[name=email]").fill(sign.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main .btn-primary").click()
    if sign.staff:
        page.locator("[name=code]").fill(pyotp.TOTP(CODE_SECRET).now())
        page.locator("main .btn-primary").click()
    page.wait_for_url("**/home/")
    _refuse(page)
    if not sign.staff:
        _take_data_away(page)
    return page


def _refuse(page: "Page") -> None:
    """Answer the banner, so that it stands before no other picture. Alice's choice came along with her."""
    page.goto("/en/")
    page.wait_for_load_state("networkidle")
    refusal = page.locator("#tarteaucitronAlertBig").get_by_role("button", name="Refuse all")
    if refusal.is_visible():
        refusal.click()
        page.locator(".choices-said").wait_for()


def _take_data_away(page: "Page") -> None:
    """A request for the person's history: of that, a law keeps the proof when all else is erased."""
    page.goto("/en/my-data/")
    with page.expect_download():
        page.locator("main .btn-primary").click()


def _take(page: "Page", picture: Picture, path: Path) -> None:
    page.goto(f"/en/{picture.path}")
    if picture.asking:
        page.get_by_role("button", name=re.compile("^Choose")).click()
    if picture.follow:
        page.locator("main").get_by_role("link", name=re.compile(re.escape(picture.follow))).first.click()
        page.wait_for_load_state()
    if picture.to:
        page.evaluate("to => scrollTo(0, document.querySelector(to).offsetTop - 24)", picture.to)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=path, animations="disabled")
    if picture.asking:
        _refuse(page)
    sys.stdout.write(f"{path.name} {path.stat().st_size // 1000} kB\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
