"""The register in formats that others read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqlense.register.exports import as_csv, as_dpv, as_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from seqlense.register.register import Register


def _xlsx(register: Register, language: str) -> bytes:
    from seqlense.register.exports import as_xlsx  # openpyxl, and numpy where it is installed: 30 MB

    return as_xlsx.write(register, language)


FORMATS: Mapping[str, Callable[[Register, str], bytes]] = {
    "csv": as_csv.write,
    "dpv": as_dpv.write,
    "json": lambda register, language: as_json.write(register),
    "xlsx": _xlsx,
}
MEDIA_TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "dpv": "application/ld+json",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SUFFIXES: Mapping[str, str] = {"csv": "csv", "dpv": "jsonld", "json": "json", "xlsx": "xlsx"}

from_json = as_json.read


def export(register: Register, format_: str, *, language: str = "fr") -> bytes:
    """KeyError for a format that isn't in FORMATS. JSON and DPV hold both languages."""
    return FORMATS[format_](register, language)
