"""The start of a process that serves pages: nothing is served under a register that does not hold."""

import django
from django.core import checks
from django.core.checks import ERROR
from django.core.management.base import SystemCheckError


def ready() -> None:
    """Raises SystemCheckError, which names each finding, what would be right, and its id."""
    django.setup()
    found = [finding for finding in checks.run_checks() if finding.is_serious(ERROR)]
    if found:
        raise SystemCheckError("\n".join(map(str, found)))
