"""XLSX: a sheet that lists the activities, then one sheet an activity with the fields of GDPR art. 30."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from seqlense.register.exports.as_csv import inert
from seqlense.register.exports.rows import NAMES, Sheet, sheets
from seqlense.register.text import Text

if TYPE_CHECKING:
    from seqlense.register.register import Register

SUMMARY = Text(fr="Registre", en="Register")
VERSION = Text(fr="Version du registre", en="Version of the register")
LISTED = ("reference", "title", "status", "role")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def write(register: Register, language: str) -> bytes:
    """The workbook; the same register gives the same cells."""
    book = Workbook()
    first = book.active
    if not isinstance(first, Worksheet):
        raise TypeError("A new workbook has one worksheet.")
    first.title = SUMMARY.in_(language)
    _row(first, [register.controller.name], bold=True)
    _row(first, [VERSION.in_(language), register.version])
    _row(first, [])
    _row(first, [NAMES[name].in_(language) for name in LISTED], bold=True)
    _widths(first, (28, 50, 18, 24))
    for sheet in sheets(register, language):
        one = sheet.activity
        _row(first, [one.id, *(text.in_(language) for text in (one.title, one.status.label, one.role.label))])
        _activity(book.create_sheet(_FORBIDDEN.sub(" ", one.id)[:31]), sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _activity(page: Worksheet, sheet: Sheet) -> None:
    for name, value in sheet.fields:
        _row(page, [name, value])
        page.cell(row=page.max_row, column=1).font = Font(bold=True)
    page.append([])
    _row(page, list(sheet.item_header), bold=True)
    for item in sheet.items:
        _row(page, list(item))
    _widths(page, (34, 60, 26, 26, 14, 34, 60))


def _row(page: Worksheet, values: list[str], *, bold: bool = False) -> None:
    page.append([inert(value) for value in values])
    for cell in page[page.max_row] if values else ():
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if bold:
            cell.font = Font(bold=True)


def _widths(page: Worksheet, widths: tuple[int, ...]) -> None:
    for letter, width in zip("ABCDEFG", widths, strict=False):
        page.column_dimensions[letter].width = width
