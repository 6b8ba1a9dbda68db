"""A picture of what visitors are shown, kept for each version: taken by a real browser at the running
site.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import which
from typing import Final

from django.conf import settings
from django.db import transaction

from seqlense.privacy import acts
from seqlense.privacy.actor import Actor
from seqlense.privacy.consent import displays
from seqlense.privacy.consent.errors import ConsentRefused
from seqlense.privacy.consent.models import Display, Picture

BROWSER: Final = "SEQLENSE_BROWSER"
"""Environment variable: which browser, if not the one found."""
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--window-size=1280,900",
    "--virtual-time-budget=5000",
)
SCHEMES: Final = {Picture.Theme.LIGHT: "1", Picture.Theme.DARK: "0"}
"""What the browser's own setting calls the colours that a system asks for."""
SECONDS: Final = 60
_PNG: Final = b"\x89PNG\r\n"
_MAKER: Final = Actor.system("consent")


class NoBrowser(ConsentRefused):
    """No browser is installed, or the one named doesn't run."""

    code = "no-browser"


class OtherVersion(ConsentRefused):
    """The site shows another version than the one to take a picture of, or doesn't answer."""

    code = "other-version"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A picture just kept. bytes: its size."""

    version: str
    language: str
    theme: str
    bytes: int


def are_due(*, now: datetime) -> bool:
    """Whether visitors are shown a version that has no picture, and this machine could take one."""
    return bool(displays.seen_since(now=now) and displays.without_picture() and _browser())


def take(site: str, *, now: datetime, again: bool = False) -> Iterator[Taken]:
    """Take and keep the missing pictures of what that site ("https://…") shows now; all of them if `again`.

    A fresh profile each time, so that the page is what a first visitor sees. Raises NoBrowser, OtherVersion.
    """
    browser = found()
    missing = displays.without_picture()
    for code, _name in settings.LANGUAGES:
        for theme in Picture.Theme:
            if again or (code, theme) in missing:
                yield _take(browser, f"{site.rstrip('/')}/{code}/", code, theme, now)


def found() -> str:
    """The browser's program. Raises NoBrowser."""
    program = _browser()
    if not program:
        raise NoBrowser(f"No browser was found: install Chromium, or name one in {BROWSER}.")
    return program


def _browser() -> str | None:
    return os.environ.get(BROWSER) or next(filter(None, map(which, BROWSERS)), None)


def _take(browser: str, page: str, language: str, theme: Picture.Theme, now: datetime) -> Taken:
    version = displays.shown(language, now=now)
    with tempfile.TemporaryDirectory(prefix="seqlense-picture-") as folder:
        file = Path(folder) / "picture.png"
        colours = f"--blink-settings=preferredColorScheme={SCHEMES[theme]}"
        shared = (browser, *FLAGS, f"--user-data-dir={folder}/profile", colours, f"--lang={language}")
        seen = _run(*shared, "--dump-dom", page)
        if version.encode() not in seen:
            raise OtherVersion(
                f"{page} doesn't show version {version[:12]}: start the site anew, so that it runs what is "
                "installed, and try again."
            )
        _run(*shared, f"--screenshot={file}", page)
        png = file.read_bytes() if file.is_file() else b""
    if not png.startswith(_PNG):
        raise NoBrowser(f"{browser} took no picture.")
    return _keep(version, language, theme, png, now)


def _run(*command: str) -> bytes:
    try:
        return subprocess.run(
            command, capture_output=True, timeout=SECONDS, check=True
        ).stdout  # the operator's own browser, at the company's own site
    except (OSError, subprocess.SubprocessError) as failed:
        raise NoBrowser(f"{command[0]} doesn't run here ({type(failed).__name__}).") from None


@transaction.atomic
def _keep(version: str, language: str, theme: Picture.Theme, png: bytes, now: datetime) -> Taken:
    Picture.objects.update_or_create(
        display=Display.objects.get(pk=version), theme=theme, defaults={"png": png, "taken_at": now}
    )
    acts.record(
        "consent.pictured", actor=_MAKER, now=now, version=version, language=language, theme=theme,
        bytes=len(png),
    )  # fmt: skip
    return Taken(version=version, language=language, theme=str(theme), bytes=len(png))
