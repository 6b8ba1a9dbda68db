"""What a rule is, what it looks at, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from seqlense.register.text import Text

if TYPE_CHECKING:
    from seqlense.register.register import Register
    from seqlense.register.schema import Activity


class Severity(StrEnum):
    """error: unlawful or untrue as it stands. warning: an authority would ask. note: could be better."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True)
class Running:
    """What the installed product does, for rules that compare it with the register.

    columns: item key ("accounts.email") → where it is stored.
    events: (activity, retention event) pairs that some date column emits.
    """

    columns: Mapping[str, tuple[str, ...]]
    events: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Case:
    """What a rule looks at."""

    register: Register
    running: Running | None

    @property
    def activities(self) -> tuple[Activity, ...]:
        return tuple(self.register.activities.values())


Seen = Iterator[tuple[str, str]]
"""Pairs of where ("accounts.email", "cookies.sessionid") and a detail that needs no translation, or ""."""
Look = Callable[[Case], Seen]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`article` is what a DPO would cite; `message` says what is wrong and what to do."""

    id: str
    severity: Severity
    article: str
    message: Text
    look: Look


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing a rule found, at one place of the register."""

    rule: Rule
    where: str
    detail: str

    def in_(self, language: str) -> str:
        detail = f" ({self.detail})" if self.detail else ""
        return (
            f"{self.where}{detail}: {self.rule.message.in_(language)} [{self.rule.id}, {self.rule.article}]"
        )


RULES: dict[str, Rule] = {}


def rule(rule_id: str, severity: Severity, article: str, *, fr: str, en: str) -> Callable[[Look], Look]:
    """Declare the function as a rule. Ids are stable: they stand in people's notes."""

    def declare(look: Look) -> Look:
        if rule_id in RULES and RULES[rule_id].look.__qualname__ != look.__qualname__:
            raise ValueError(f"Two rules are called {rule_id}.")
        RULES[rule_id] = Rule(
            id=rule_id, severity=severity, article=article, message=Text(fr=fr, en=en), look=look
        )
        return look

    return declare
