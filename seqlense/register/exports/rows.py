"""The register as rows of words: what CSV and XLSX share.

Fields follow GDPR art. 30(1) for a controller and art. 30(2) for a processor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqlense.register import wording
from seqlense.register.text import Text
from seqlense.register.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seqlense.register.register import Register
    from seqlense.register.schema import Activity, DataItem, Recipient

NAMES: dict[str, Text] = {
    "reference": Text(fr="Référence", en="Reference"),
    "title": Text(fr="Traitement", en="Activity"),
    "status": Text(fr="État", en="Status"),
    "role": Text(fr="Qualité", en="Role"),
    "controller": Text(fr="Responsable et contacts", en="Controller and contacts"),
    "processor": Text(fr="Sous-traitant et contacts", en="Processor and contacts"),
    "on_behalf_of": Text(fr="Pour le compte de", en="On behalf of"),
    "purpose": Text(fr="Finalités", en="Purposes"),
    "processing": Text(fr="Catégories de traitements effectués", en="Categories of processing carried out"),
    "basis": Text(fr="Base légale", en="Legal basis"),
    "subjects": Text(fr="Personnes concernées", en="Data subjects"),
    "categories": Text(fr="Catégories de données", en="Categories of personal data"),
    "recipients": Text(fr="Destinataires", en="Recipients"),
    "transfers": Text(fr="Transferts hors de l’EEE", en="Transfers out of the EEA"),
    "keeping": Text(fr="Délais d’effacement", en="Time limits for erasure"),
    "security": Text(fr="Mesures de sécurité", en="Security measures"),
    "places": Text(fr="Lieux", en="Places"),
    "automated": Text(fr="Décisions automatisées", en="Automated decisions"),
    "attention": Text(fr="Points d’attention", en="Points of attention"),
}
BY_BROWSER = Text(fr="après accord, le navigateur joint", en="after consent the browser reaches")
CONTROLLER_FIELDS = [
    "reference",
    "title",
    "status",
    "role",
    "controller",
    "purpose",
    "basis",
    "subjects",
    "categories",
    "recipients",
    "transfers",
    "keeping",
    "security",
    "places",
    "automated",
    "attention",
]
PROCESSOR_FIELDS = [
    "reference",
    "title",
    "status",
    "role",
    "processor",
    "on_behalf_of",
    "processing",
    "subjects",
    "categories",
    "recipients",
    "transfers",
    "keeping",
    "security",
    "places",
    "attention",
]
EVERY_FIELD = tuple(dict.fromkeys([*CONTROLLER_FIELDS, *PROCESSOR_FIELDS]))

ITEM_NAMES: dict[str, Text] = {
    "key": Text(fr="Clé", en="Key"),
    "label": Text(fr="Donnée", en="Item"),
    "category": Text(fr="Catégorie", en="Category"),
    "source": Text(fr="Origine", en="Source"),
    "required": Text(fr="Obligatoire", en="Required"),
    "protection": Text(fr="Protection", en="Protection"),
    "keeping": Text(fr="Fin", en="End"),
}
YES, NO = Text(fr="oui", en="yes"), Text(fr="non", en="no")


@dataclass(frozen=True)
class Sheet:
    """One activity: pairs of name and value, then a table of its items."""

    activity: Activity
    fields: tuple[tuple[str, str], ...]
    item_header: tuple[str, ...]
    items: tuple[tuple[str, ...], ...]


def values(register: Register, one: Activity, language: str) -> dict[str, str]:
    """Field → words, for every field that art. 30 asks of that activity."""
    who = register.controller
    contacts = f"{who.name}, {', '.join(who.address)}; {who.contact}; {who.data_protection_contact}"
    if who.data_protection_officer is not None:
        contacts += f"; {who.data_protection_officer}"
    security = [*who.security, *one.security]
    found = {
        "reference": one.id,
        "title": one.title.in_(language),
        "status": one.status.label.in_(language),
        "role": one.role.label.in_(language),
        "controller": contacts,
        "processor": contacts,
        "on_behalf_of": one.on_behalf_of.in_(language) if one.on_behalf_of else "",
        "purpose": one.purpose.in_(language),
        "processing": one.purpose.in_(language),
        "basis": wording.basis(one, language),
        "subjects": _lines(kind.label.in_(language) for kind in one.subjects),
        "categories": _lines(
            dict.fromkeys(item.category.label.in_(language) for item in _read(register, one))
        ),
        "recipients": _lines(_receiver(receiver, language) for receiver in register.recipients_of(one)),
        "transfers": _lines(wording.transfer(register, made, language) for made in one.transfers),
        "keeping": _lines(wording.keeping(one, language)),
        "security": _lines(text.in_(language) for text in security),
        "places": wording.places(register, one, language),
        "automated": one.automated_decisions.kind.label.in_(language),
        "attention": _lines(text.in_(language) for text in one.attention),
    }
    wanted = CONTROLLER_FIELDS if one.role is Role.CONTROLLER else PROCESSOR_FIELDS
    return {name: found[name] for name in wanted}


def _read(register: Register, one: Activity) -> list[DataItem]:
    """Its own items and those of other activities that it reads: art. 30 asks what is processed."""
    return [*one.items, *(register.item(key) for key in one.uses)]


def sheets(register: Register, language: str) -> tuple[Sheet, ...]:
    """One sheet an activity, those that run first."""
    return tuple(_sheet(register, one, language) for one in (*register.active, *register.inactive))


def _sheet(register: Register, one: Activity, language: str) -> Sheet:
    items = tuple(
        (
            item.key,
            item.label.in_(language),
            item.category.label.in_(language),
            item.source.label.in_(language),
            (YES if item.required else NO).in_(language),
            wording.protection(item, language),
            wording.item_keeping(one, item, language),
        )
        for item in one.items
    )
    fields = values(register, one, language)
    return Sheet(
        activity=one,
        fields=tuple((NAMES[name].in_(language), value) for name, value in fields.items()),
        item_header=tuple(name.in_(language) for name in ITEM_NAMES.values()),
        items=items,
    )


def _receiver(one: Recipient, language: str) -> str:
    """Name and kind, and the hosts that a visitor's browser asks once the visitor agreed."""
    said = f"{one.name.in_(language)} ({one.kind.label.in_(language)})"
    if one.browser is None:
        return said
    hosts = dict.fromkeys(host for found in one.browser.hosts.values() for host in found)
    return f"{said}; {BY_BROWSER.in_(language)} {', '.join(hosts)}"


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(parts)
