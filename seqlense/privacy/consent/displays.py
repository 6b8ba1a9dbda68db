"""What visitors are shown before they choose: each version of the banner, kept with its texts and
pictures.
"""

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.signals import setting_changed
from django.db import transaction
from django.utils.module_loading import import_string

from seqlense.privacy import running
from seqlense.privacy.consent import choices
from seqlense.privacy.consent.models import Display, Picture

_known: Final[dict[str, str]] = {}
"""Hash → language of versions that this process knows to be kept."""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What makes a version. texts: everything that can be read, by name. files: the code that shows it."""

    texts: Mapping[str, str]
    files: tuple[Path, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version as the pages of this process show it."""

    hash: str
    language: str
    texts: Mapping[str, str]
    code: str


def current(language: str) -> Version:
    """What is shown in that language. `settings.SEQLENSE_CONSENT_DISPLAY` names a function (language) →
    Parts.
    """
    return _current(language, running.register().version)


@functools.lru_cache(maxsize=16)
def _current(language: str, _register: str) -> Version:
    parts: Parts = import_string(settings.SEQLENSE_CONSENT_DISPLAY)(language)
    files = hashlib.sha256()
    for file in parts.files:
        files.update(hashlib.sha256(file.read_bytes()).digest())
    code = files.hexdigest()
    whole = json.dumps([language, dict(parts.texts), code], ensure_ascii=False, sort_keys=True)
    return Version(
        hash=hashlib.sha256(whole.encode()).hexdigest(), language=language, texts=parts.texts, code=code
    )


def shown(language: str, *, now: datetime) -> str:
    """The hash of what is shown in that language, for the page that shows it; kept once a process."""
    version = current(language)
    if version.hash not in _known:
        Display.objects.bulk_create(
            [
                Display(
                    hash=version.hash,
                    language=language,
                    texts=dict(version.texts),
                    code=version.code,
                    register_version=running.enlist(now),
                    since=now,
                )
            ],
            ignore_conflicts=True,
        )
        transaction.on_commit(lambda: _known.update({version.hash: language}))
    return version.hash


def was_shown(identifier: str, language: str) -> bool:
    """Whether a version of that hash was ever shown in that language."""
    if identifier not in _known:
        found = Display.objects.filter(pk=identifier).values_list("language", flat=True).first()
        if found is None:
            return False
        _known[identifier] = found
    return _known[identifier] == language


def seen_since(*, now: datetime) -> datetime | None:
    """When the first visitor was shown what is shown now; None where nobody was, or nothing is asked."""
    if not choices.offered():
        return None
    current_ones = {current(code).hash for code, _name in settings.LANGUAGES}
    first = Display.objects.filter(pk__in=current_ones, since__lte=now).order_by("since").first()
    return first.since if first is not None else None


def without_picture() -> list[tuple[str, str]]:
    """Of what is shown now: languages and themes of which no picture is kept."""
    languages = [code for code, _name in settings.LANGUAGES]
    now = {current(language).hash: language for language in languages}
    kept = set(Picture.objects.filter(display__in=now).values_list("display_id", "theme"))
    return [
        (language, str(theme))
        for identifier, language in now.items()
        for theme in Picture.Theme
        if (identifier, theme) not in kept
    ]


def _forget(*, setting: str, **_: object) -> None:
    if setting in ("INSTALLED_APPS", "SEQLENSE_REGISTER", "SEQLENSE_CONSENT_DISPLAY"):
        _current.cache_clear()


def forget() -> None:
    """Know nothing of the database any more: another one may answer now."""
    _known.clear()


setting_changed.connect(_forget)
