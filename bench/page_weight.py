"""What a first visit to the first page weighs, whom it asks, and how soon the banner stands there.

    python -m bench.page_weight [--visits 20]

Everything that the browser fetches counts: page, style sheet, scripts, fonts, icons, compressed with gzip
where that makes them smaller. The visitor is asked about an outside service, as in the demonstration;
nothing is asked of it.
The promises: at most 60 KB in all, no request to another host.
"""

import argparse
import gzip
import os
import shutil
import statistics
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bench.report import Result, at_most, holds, report, told
from seqlense.project.environment import SOURCE
from tests import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Response

FULL = ("--visits 20",)
QUICK = ("--visits 1",)
MOST = 60.0  # KB of 1,000 bytes
REGISTER = SOURCE / "seqlense" / "project" / "demo" / "company"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
WATCH = """
const look = () => {
  const banner = document.getElementById("tarteaucitronAlertBig");
  if (banner && banner.offsetHeight) window.bannerAt = performance.now();
  else requestAnimationFrame(look);
};
look();
"""


@dataclass(kw_only=True)
class Visit:
    """sizes: address to bytes, compressed. banner: milliseconds from the start of the navigation."""

    sizes: dict[str, int] = field(default_factory=dict)
    banner: float = 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=20)
    visits = parser.parse_args().visits
    from playwright.sync_api import sync_playwright

    found = os.environ.get("SEQLENSE_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)
    with (
        running.home() as folder,
        running.product(folder, "--without-demo", SEQLENSE_REGISTER=str(REGISTER)) as product,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=found, args=FLAGS) as browser,
    ):
        _visit(browser, product.url)  # the first one of all finds a process that has read nothing yet
        seen = [_visit(browser, product.url) for _ in range(visits)]
    return report(_results(seen, urlsplit(product.url).netloc))


def _visit(browser: "Browser", url: str) -> Visit:
    visit = Visit()
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(WATCH)
        answers: list[Response] = []

        def answered(answer: "Response") -> None:
            answers.append(answer)

        page.on("response", answered)
        page.goto(f"{url}/fr/")
        page.wait_for_function("window.bannerAt")
        page.wait_for_load_state("networkidle")
        visit.banner = page.evaluate("window.bannerAt")
        for answer in answers:
            body = answer.body()
            visit.sizes[answer.url] = min(len(body), len(gzip.compress(body, 9)))
    return visit


def _results(seen: list[Visit], own: str) -> list[Result]:
    sizes = seen[0].sizes
    kinds = {"page": "/fr/", "style sheet": ".css", "scripts": ".js", "fonts": ".woff2"}
    parts = {
        kind: sum(size for url, size in sizes.items() if url.endswith(end)) for kind, end in kinds.items()
    }
    whole = sum(sizes.values())
    parts["icon"] = whole - sum(parts.values())
    outside = [url for visit in seen for url in visit.sizes if urlsplit(url).netloc != own]
    return [
        at_most("in all, gzipped", whole / 1000, MOST, "KB"),
        *(told(f"of it, {kind}", size / 1000, "KB") for kind, size in parts.items() if size),
        told("requests", f"{len(sizes)}"),
        holds("requests to another host", not outside, f"{len(outside)}", "0"),
        told("banner after, median", statistics.median(visit.banner for visit in seen), "ms", places=0),
        told("banner after, slowest", max(visit.banner for visit in seen), "ms", places=0),
    ]


if __name__ == "__main__":
    sys.exit(main())
