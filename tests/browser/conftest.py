"""Journeys: a real browser at the real product, as a person would use it."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, Playwright, sync_playwright

from tests import running
from tests.running import Product

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    told = os.environ.get("SEQLENSE_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)
    return {**browser_type_launch_args, "args": FLAGS, "executable_path": told}


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """One running product for all journeys of a worker; each journey brings people of its own.

    Two networks gave it access, so that their pages have something to show; nobody goes there.
    """
    given = {f"SEQLENSE_{one}_{half}": "given" for one in ("X", "LINKEDIN") for half in ("CLIENT", "SECRET")}
    with running.home() as folder, running.product(folder, "--without-demo", **given) as started:
        yield started


# Playwright's own fixtures last for the whole session, and so would its event loop, which turns every later
# test of the worker into asynchronous code. Here they last for a module.
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser_type(playwright: Playwright) -> BrowserType:
    return playwright.chromium


@pytest.fixture(scope="module")
def launch_browser(
    browser_type_launch_args: dict[str, Any], browser_type: BrowserType
) -> Callable[..., Browser]:
    def launch(**options: Any) -> Browser:
        return browser_type.launch(**{**browser_type_launch_args, **options})

    return launch


@pytest.fixture(scope="module")
def browser(launch_browser: Callable[..., Browser]) -> Iterator[Browser]:
    with launch_browser() as launched:
        yield launched


@pytest.fixture
def browser_context_args(product: Product) -> dict[str, Any]:
    return {"base_url": product.url, "locale": "fr-FR"}
