"""The language of the terminal: French where LANG says so, else English."""

import gettext as standard
import os
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "locale"


def language() -> str:
    """ "fr" or "en", by LC_ALL, LC_MESSAGES or LANG, the first that says anything."""
    told = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "fr" if told.lower().startswith("fr") else "en"


def gettext(text: str) -> str:
    """The text in the terminal's language."""
    return standard.translation("django", FOLDER, [language()], fallback=True).gettext(text)


def ngettext(singular: str, plural: str, number: int) -> str:
    """One or several, in the terminal's language."""
    catalog = standard.translation("django", FOLDER, [language()], fallback=True)
    return catalog.ngettext(singular, plural, number)
