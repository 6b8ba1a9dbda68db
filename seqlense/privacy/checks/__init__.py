"""Zero unmapped: the process does not start while anything personal, or anything at all, is undeclared.

Django runs these as system checks; `stand()` is for entry points that run none (a web server, a worker).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from seqlense.privacy import running
from seqlense.privacy.checks.columns import columns
from seqlense.privacy.checks.features import features
from seqlense.privacy.checks.outside import outside
from seqlense.privacy.checks.rules import rules
from seqlense.privacy.checks.tracers import tracers
from seqlense.privacy.governance import declared
from seqlense.register import RegisterError


class Unmapped(Exception):
    """Something runs that the register doesn't declare, or the reverse; the text lists every finding."""

    code = "unmapped"

    def __init__(self, findings: Sequence[CheckMessage]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = tuple(findings)


def findings() -> Iterator[CheckMessage]:
    """Everything found wrong, by all checks; a register that doesn't load is the only finding."""
    try:
        register = running.register()
    except RegisterError as error:
        yield Error(str(error), hint="Run `seqlense register check` for the whole list.", id="privacy.E000")
        return
    declarations = declared()
    yield from columns(declarations, register)
    yield from rules(declarations, register)
    yield from outside(declarations, register)
    yield from tracers(register)
    yield from features(declarations, register)


@register("privacy")
def zero_unmapped(app_configs: Iterable[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """The system check; it looks at all apps, so that a run limited to some leaves it out."""
    return [] if app_configs is not None else list(findings())


def stand() -> None:
    """Raise Unmapped unless all is mapped. Call it before serving or working."""
    found = list(findings())
    if found:
        raise Unmapped(found)
