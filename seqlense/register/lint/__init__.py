"""What a data-protection officer would say of a register that loads.

Each rule is one small function in a module of this package; adding one edits no list.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from seqlense.register.lint.rules import RULES, Case, Finding, Rule, Running, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqlense.register.register import Register

__all__ = ["Finding", "Rule", "Running", "Severity", "check", "rules"]


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its id."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return dict(sorted(RULES.items()))


def check(register: Register, running: Running | None = None) -> tuple[Finding, ...]:
    """All findings, the gravest first. Rules about what runs are silent without `running`."""
    case = Case(register, running)
    found = [
        Finding(rule=rule, where=where, detail=detail)
        for rule in rules().values()
        for where, detail in rule.look(case)
    ]
    order = list(Severity)
    return tuple(sorted(found, key=lambda one: (order.index(one.rule.severity), one.rule.id, one.where)))
