"""Checks: background tasks and outside hosts are declared like columns are."""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string

from seqlense.privacy import egress
from seqlense.privacy.governance import Declared
from seqlense.register import Register


def outside(declared: Declared, register: Register) -> Iterator[CheckMessage]:
    """All findings about tasks and hosts."""
    yield from _tasks(declared, register)
    yield from _hosts(register)


def _tasks(declared: Declared, register: Register) -> Iterator[CheckMessage]:
    """SEQLENSE_TASK_NAMES: dotted path of a function that returns the name of every background task."""
    if apps.is_installed("procrastinate.contrib.django") and not getattr(settings, "SEQLENSE_TASK_NAMES", ""):
        hint = "Set SEQLENSE_TASK_NAMES to the dotted path of a function that returns the names of all tasks."
        yield Error("procrastinate is installed, and nothing lists its tasks.", hint=hint, id="privacy.E024")
    for name in sorted(_task_names()):
        if name not in declared.tasks:
            hint = "Add it to tasks= in its app's governance.py: its activity, or '' if it touches no person."
            yield Error(f"The task {name!r} is not declared.", hint=hint, id="privacy.E021")
    for name, activity in declared.tasks.items():
        if activity and (activity not in register.activities or not register.activities[activity].active):
            hint = f"Running activities: {', '.join(one.id for one in register.active)}."
            yield Error(
                f"The task {name!r} works for {activity!r}, which isn't running.",
                hint=hint,
                id="privacy.E023",
            )


def _task_names() -> Iterable[str]:
    path = getattr(settings, "SEQLENSE_TASK_NAMES", "")
    return tuple(import_string(path)()) if path else ()


def _hosts(register: Register) -> Iterator[CheckMessage]:
    allowed = egress.allowed(register)
    for setting, host in egress.configured():
        if not allowed.permits(host):
            hint = (
                "Add it to hosts of a running activity's recipient, or to SEQLENSE_OWN_HOSTS if it is yours."
            )
            yield Error(
                f"{setting} names {host!r}, which no recipient declares.", hint=hint, id="privacy.E022"
            )
