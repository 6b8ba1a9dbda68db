"""The register loads, holds, and covers all that is installed."""

from collections.abc import Iterator
from datetime import datetime

from seqlense.privacy import checks, egress, running
from seqlense.project.cli.doctor.finding import Finding, fault, fine, warning
from seqlense.project.cli.speech import gettext as _


def examine(now: datetime) -> Iterator[Finding]:
    register = running.register()
    unmapped = sum(1 for _finding in checks.findings())
    if unmapped:
        message = _("{n} things run undeclared, or are declared and don't run.").format(n=unmapped)
        yield fault("register.unmapped", message, _("Run: seqlense register check"))
    else:
        message = _("Version {version} of the register covers all that is installed.")
        yield fine("register.mapped", message.format(version=register.version[:12]))
    if not egress.installed():
        hint = _("It is installed at start, except in tests.")
        yield warning("register.egress", _("Outgoing connections aren't guarded in this process."), hint)
