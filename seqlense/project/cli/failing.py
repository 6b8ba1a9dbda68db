"""From any exception to one clear line that quotes nobody's data, and to an exit code."""

import sqlite3
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError

from seqlense.privacy.checks import Unmapped
from seqlense.privacy.errors import Explained, InvalidHandle, PrivacyError
from seqlense.privacy.keystore.errors import KeystoreError
from seqlense.project.cli.speech import gettext as _
from seqlense.project.cli.speech import language
from seqlense.project.environment import RefusedEnvironment
from seqlense.register import RegisterError

FOUND, USAGE, AWAY = 1, 2, 3
DATABASE_AWAY: Final = "database.away"
UNDEFINED_TABLE: Final = "42P01"
GOING_AWAY: Final = ("57P01", "57P02", "57P03", "08000", "08001", "08003", "08004", "08006")
WRONG_ROLE: Final = ("42501", "22023", "42704")
PACKAGE: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class Failed:
    """What the command says when it can't do what it was asked."""

    code: str
    message: str
    exit_code: int


class Refused(Exception):
    """A command's own refusal: the message is for people, and names no person."""

    def __init__(self, code: str, message: str, *, exit_code: int = FOUND) -> None:
        super().__init__(message)
        self.failed = Failed(code=code, message=message, exit_code=exit_code)


def explain(error: Exception) -> Failed:
    """Known failures in words; of an unknown one its type and place alone, since its text may quote data."""
    match error:
        case Refused():
            return error.failed
        case RegisterError():
            return Failed(code=error.code, message=error.in_(language()), exit_code=FOUND)
        case SystemCheckError() | Unmapped():
            return Failed(code="undeclared", message=str(error).strip(), exit_code=FOUND)
        case ImproperlyConfigured() | RefusedEnvironment():
            return Failed(code="environment", message=str(error), exit_code=AWAY)
        case KeystoreError():
            return Failed(code=error.code, message=str(error), exit_code=AWAY)
        case Explained():
            return Failed(code=error.code, message=str(error), exit_code=FOUND)
        case InvalidHandle():
            return Failed(code=error.code, message=str(error), exit_code=USAGE)
        case DatabaseError() | InterfaceError():
            return _database(error)
        case OSError() if error.strerror:
            place = f"{error.filename}: " if error.filename else ""
            return Failed(code="system", message=f"{place}{error.strerror}", exit_code=AWAY)
    return _unknown(error)


def _database(error: DatabaseError | InterfaceError) -> Failed:
    state = getattr(error.__cause__, "sqlstate", None)
    if isinstance(error, OperationalError | InterfaceError) and (state is None or state in GOING_AWAY):
        message = _("The database doesn't answer. Start it, or correct DATABASE_URL and SEQLENSE_KEYS_URL.")
        return Failed(code=DATABASE_AWAY, message=message, exit_code=AWAY)
    if type(error.__cause__) is sqlite3.DatabaseError:
        message = _("The keystore's file is damaged. Put back its last copy; don't create a new one.")
        return Failed(code="keystore-damaged", message=message, exit_code=AWAY)
    if isinstance(error, ProgrammingError) and state == UNDEFINED_TABLE:
        message = _("The database lacks tables. Run: python -m seqlense.project.preparing")
        return Failed(code="database.unprepared", message=message, exit_code=AWAY)
    if state in WRONG_ROLE:
        message = _("The database refuses a role or a right. Run: python -m seqlense.project.preparing")
        return Failed(code="database.roles", message=message, exit_code=AWAY)
    message = _("The database refused (SQLSTATE {state}).").format(state=state or "?")
    return Failed(code="database.refused", message=message, exit_code=AWAY)


def _unknown(error: Exception) -> Failed:
    code = getattr(error, "code", None)
    name = f"{type(error).__name__} ({code})" if isinstance(code, str) else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(PACKAGE)]
    place = f"{Path(ours[-1].filename).relative_to(PACKAGE.parent)}:{ours[-1].lineno}" if ours else "?"
    message = _("Failed: {name} at {place}. Its own words are left out, as they could quote somebody's data.")
    known = isinstance(error, PrivacyError)
    return Failed(
        code=code if known and isinstance(code, str) else "unexpected",
        message=message.format(name=name, place=place),
        exit_code=AWAY,
    )
