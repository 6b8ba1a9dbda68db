"""CSV: one row an activity (RFC 4180, UTF-8 with a byte-order mark so that spreadsheets read the accents)."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from seqlense.register.exports.rows import EVERY_FIELD, NAMES, values

if TYPE_CHECKING:
    from seqlense.register.register import Register

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(register: Register, language: str) -> bytes:
    """Cells that a spreadsheet would take for a formula begin with an apostrophe."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([NAMES[name].in_(language) for name in EVERY_FIELD])
    for one in (*register.active, *register.inactive):
        found = values(register, one, language)
        writer.writerow([inert(found.get(name, "")) for name in EVERY_FIELD])
    return target.getvalue().encode("utf-8-sig")


def inert(value: str) -> str:
    """Text that no spreadsheet runs."""
    return f"'{value}" if value.startswith(FORMULA) else value
