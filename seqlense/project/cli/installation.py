"""Django, set up only when a command needs the installation: help and usage errors answer without it."""

import os

import django
from django.apps import apps
from django.utils import translation

from seqlense.project.cli.speech import language


def enter() -> None:
    """Raises ImproperlyConfigured where the environment can't be right. Opens no connection."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seqlense.project.settings")
    if not apps.ready:
        django.setup()
    translation.activate(language())


def enter_to_act() -> None:
    """As `enter`, for what reads or changes people's data.

    Raises Unmapped while something is undeclared, and Locked while data that was restored isn't complete.
    """
    enter()
    from seqlense.privacy import checks, restoring

    checks.stand()
    restoring.refuse()
