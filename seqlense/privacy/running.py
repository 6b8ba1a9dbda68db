"""The register that runs in this process."""

import functools
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.signals import setting_changed
from django.db import transaction

from seqlense.register import Register, load

_enlisted: set[str] = set()


def folders() -> tuple[Path, ...]:
    """Where the running register is read from: each installed app's `register/`, then SEQLENSE_REGISTER.

    SEQLENSE_REGISTER is a folder or several; what a later folder declares replaces the same id before it.
    """
    of_apps = [Path(config.path) / "register" for config in apps.get_app_configs()]
    named = getattr(settings, "SEQLENSE_REGISTER", ())
    several: Iterable[str | Path] = [named] if isinstance(named, str | Path) else named
    return (
        *(folder for folder in of_apps if folder.is_dir()),
        *(Path(folder) for folder in several if folder),
    )


@functools.cache
def register() -> Register:
    """The running register, loaded once per process. Raises RegisterError, naming file, line and key."""
    return load(folders())


def enlist(now: datetime) -> str:
    """Keep the running version and since when it runs, once per process; its hash."""
    from seqlense.privacy.records import RegisterVersion

    running = register()
    if running.version not in _enlisted:
        RegisterVersion.objects.bulk_create(
            [RegisterVersion(version=running.version, running_since=now, content=running.document)],
            ignore_conflicts=True,
        )
        transaction.on_commit(functools.partial(_enlisted.add, running.version))
    return running.version


def _forget(*, setting: str, **_: object) -> None:
    if setting in ("INSTALLED_APPS", "SEQLENSE_REGISTER"):
        register.cache_clear()


setting_changed.connect(_forget)
