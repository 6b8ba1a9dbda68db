"""A small, faultless register, and ways to change it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from seqlense.register import Register, load
from seqlense.register.exports.as_json import from_document

ROOT = Path(__file__).parents[2] / "seqlense"
SHIPPED = (*sorted(ROOT.glob("**/register")), ROOT / "project" / "company")
SHIPPED_FOLDERS = tuple(folder for folder in SHIPPED if list(folder.glob("*.yaml")))

type Change = Callable[[dict[str, Any]], None]


def shipped() -> Register:
    """The register that Seqlense runs."""
    return load(SHIPPED_FOLDERS)


def text(words: str) -> dict[str, str]:
    return {"fr": f"{words} en français", "en": f"{words} in English"}


CONTROLLER: dict[str, Any] = {
    "name": "Atelier Dupré",
    "legal_form": "SARL",
    "registration": "RCS Lyon 123 456 789",
    "address": ["1 rue Neuve", "69001 Lyon"],
    "country": "FR",
    "site": "https://atelier.example",
    "contact": "bonjour@atelier.example",
    "data_protection_contact": "donnees@atelier.example",
    "phone": "+33 4 00 00 00 00",
    "share_capital": "10 000 EUR",
    "publication_director": "Ada Dupré",
    "servers": [{"host": "host", "country": "FR"}],
    "applicable_law": text("law"),
    "authority": {
        "name": text("authority"),
        "address": ["3 place Haute"],
        "site": "https://authority.example",
        "complaints": "https://authority.example/complaints",
    },
    "security": [text("locks")],
}
RECIPIENTS: list[dict[str, Any]] = [
    {
        "id": "host",
        "kind": "processor",
        "name": text("Host"),
        "role": text("rents servers"),
        "seat": "FR",
        "countries": ["FR"],
        "address": ["2 quai Bas"],
        "phone": "+33 4 11 11 11 11",
        "contract": text("agreement"),
    },
    {
        "id": "bank",
        "kind": "controller",
        "name": text("Bank"),
        "role": text("carries out payments"),
        "seat": "US",
        "countries": ["US"],
        "hosts": ["api.bank.example"],
    },
]
COOKIES: list[dict[str, Any]] = [
    {"name": "session", "activity": "orders", "purpose": text("signs you in"), "exemption": "authentication"},
    {
        "name": "taste",
        "activity": "tips",
        "purpose": text("remembers tastes"),
        "consent_purpose": "tips",
        "lifetime": "P13M",
    },
    {
        "name": "visits",
        "activity": "orders",
        "purpose": text("counts visits"),
        "exemption": "measurement",
        "lifetime": "P13M",
    },
    {
        "name": "choice",
        "activity": "orders",
        "purpose": text("keeps the choice"),
        "exemption": "consent_choice",
        "lifetime": "P6M",
    },
]
ORDERS: dict[str, Any] = {
    "id": "orders",
    "status": "active",
    "title": text("Orders"),
    "purpose": text("Take orders and deliver what was ordered"),
    "notice": text("We keep what it takes to deliver"),
    "basis": {
        "ground": "legitimate_interest",
        "interest": text("deliver"),
        "balance": text("little data"),
    },
    "subjects": ["client"],
    "items": [
        {"id": "name", "category": "identification", "label": text("Name"), "required": True},
        {
            "id": "date",
            "category": "contract",
            "label": text("Date"),
            "source": "system",
            "protection": "plain",
            "plain_reason": text("compared in the database"),
        },
        {
            "id": "iban",
            "category": "financial",
            "label": text("IBAN"),
            "storage": "recipient",
            "held_by": ["bank"],
        },
    ],
    "refusal": text("no delivery"),
    "locations": ["own_servers", "bank"],
    "recipients": ["host", "bank"],
    "transfers": [
        {
            "recipient": "bank",
            "country": "US",
            "tool": "standard_contractual_clauses",
            "reference": text("decision 2021/914"),
        }
    ],
    "retention": [
        {"event": "contract_ended", "after": "P0D", "then": "archive"},
        {"event": "contract_ended", "after": "P6Y", "law": text("tax code")},
    ],
}
TIPS: dict[str, Any] = {
    "id": "tips",
    "status": "inactive",
    "title": text("Tips"),
    "purpose": text("Guess what may please and propose it"),
    "notice": text("You may refuse"),
    "basis": {"ground": "consent", "consent_purpose": "tips", "withdrawal": text("one click")},
    "subjects": ["visitor"],
    "items": [
        {"id": "taste", "category": "profile", "label": text("Taste"), "source": "system"},
    ],
    "locations": ["own_servers"],
    "retention": [{"event": "consent_withdrawn", "after": "P0D"}],
    "automated_decisions": {"kind": "profiling", "logic": text("likes"), "effects": text("none grave")},
}


def sample() -> dict[str, Any]:
    """The document of a register in which a DPO finds nothing to say; yours to change."""
    document = {
        "controller": CONTROLLER,
        "recipients": RECIPIENTS,
        "cookies": COOKIES,
        "activities": [_owned(ORDERS), _owned(TIPS)],
    }
    return copy.deepcopy(document)


def _owned(activity: dict[str, Any]) -> dict[str, Any]:
    return {**activity, "items": [{**item, "activity": activity["id"]} for item in activity["items"]]}


def register(change: Change = lambda document: None) -> Register:
    """The sample register, changed."""
    document = sample()
    change(document)
    return from_document(document)


def write(folder: Path, change: Change = lambda document: None) -> Path:
    """The sample register as files."""
    document = sample()
    change(document)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("controller", "recipients", "cookies"):
        _dump(folder / f"{name}.yaml", document[name])
    (folder / "activities").mkdir(exist_ok=True)
    for activity in document["activities"]:
        _dump(folder / "activities" / f"{activity['id']}.yaml", activity)
    return folder


def _dump(file: Path, data: object) -> None:
    file.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")


def path(*steps: str | int, to: object) -> Change:
    """A change that sets one key: path("activities", 0, "title", to=...)."""

    def change(document: dict[str, Any]) -> None:
        target: Any = document
        for step in steps[:-1]:
            target = target[step]
        target[steps[-1]] = to

    return change


def drop(*steps: str | int) -> Change:
    """A change that removes one key."""

    def change(document: dict[str, Any]) -> None:
        target: Any = document
        for step in steps[:-1]:
            target = target[step]
        del target[steps[-1]]

    return change


def both(*changes: Change) -> Change:
    """Several changes, one after the other."""

    def change(document: dict[str, Any]) -> None:
        for one in changes:
            one(document)

    return change
