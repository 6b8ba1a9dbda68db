"""What an examination found."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """fine; note: not looked at, or worth knowing; warning; fault; away: can't be reached."""

    FINE = "fine"
    NOTE = "note"
    WARNING = "warning"
    FAULT = "fault"
    AWAY = "away"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One sentence about one organ, and for anything but `fine` what to do."""

    state: State
    code: str
    """Stable, "database.role"."""
    message: str
    hint: str = ""


def fine(code: str, message: str) -> Finding:
    return Finding(state=State.FINE, code=code, message=message)


def note(code: str, message: str, hint: str = "") -> Finding:
    return Finding(state=State.NOTE, code=code, message=message, hint=hint)


def warning(code: str, message: str, hint: str) -> Finding:
    return Finding(state=State.WARNING, code=code, message=message, hint=hint)


def fault(code: str, message: str, hint: str) -> Finding:
    return Finding(state=State.FAULT, code=code, message=message, hint=hint)


def away(code: str, message: str, hint: str = "") -> Finding:
    return Finding(state=State.AWAY, code=code, message=message, hint=hint)
