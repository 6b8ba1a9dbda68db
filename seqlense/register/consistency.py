"""Contradictions between parts of a register that are each well formed: what would make it impossible to run.

What a register may say but shouldn't is the matter of `lint`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from seqlense.register.explaining import nearest
from seqlense.register.schema import OWN_SERVERS, Activity, Cookie, DataItem
from seqlense.register.text import Text
from seqlense.register.vocabulary import EVENTS, Protection, Role, Storage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqlense.register.register import Register
    from seqlense.register.yamlfile import Path_

Kind = Literal["controller", "recipients", "cookies", "activities"]


@dataclass(frozen=True)
class Fault:
    """`entry` is the id (or cookie's name) under `kind`; `path` leads to the key inside that entry."""

    kind: Kind
    entry: str
    path: Path_
    what: Text
    hint: Text


def faults(register: Register) -> Iterator[Fault]:
    """Every contradiction, in reading order."""
    known = sorted(register.recipients)
    for index, server in enumerate(register.controller.servers):
        if server.host not in register.recipients:
            yield _unknown_recipient("controller", "", ("servers", index, "host"), server.host, known)
    for cookie in register.cookies:
        yield from _cookie(cookie, register, known)
    for activity in register.activities.values():
        yield from _items(activity, known)
        yield from _uses(activity, register)
        yield from _retention(activity)
        yield from _places(activity, known)
        if activity.role is Role.PROCESSOR and activity.on_behalf_of is None:
            yield Fault(
                "activities",
                activity.id,
                ("role",),
                Text(fr="Un sous-traitant agit pour quelqu’un.", en="A processor acts for someone."),
                Text(fr="Dites pour qui sous on_behalf_of.", en="Say for whom under on_behalf_of."),
            )


def _unknown_recipient(kind: Kind, entry: str, path: Path_, given: str, known: list[str]) -> Fault:
    what = Text(fr=f"Destinataire inconnu « {given} ».", en=f'Unknown recipient "{given}".')
    return Fault(kind, entry, path, what, nearest(given, known))


def _cookie(cookie: Cookie, register: Register, known: list[str]) -> Iterator[Fault]:
    if cookie.activity not in register.activities:
        what = Text(
            fr=f"Activité inconnue « {cookie.activity} ».", en=f'Unknown activity "{cookie.activity}".'
        )
        yield Fault(
            "cookies", cookie.name, ("activity",), what, nearest(cookie.activity, sorted(register.activities))
        )
    if cookie.set_by is not None and cookie.set_by not in register.recipients:
        yield _unknown_recipient("cookies", cookie.name, ("set_by",), cookie.set_by, known)
    if (cookie.exemption is None) == (cookie.consent_purpose is None):
        yield Fault(
            "cookies",
            cookie.name,
            (),
            Text(
                fr="Un traceur est soit exempté, soit soumis au consentement.",
                en="A tracer is either exempt or asks for consent.",
            ),
            Text(
                fr="Donnez exemption ou consent_purpose.",
                en="Give exemption or consent_purpose, one of them.",
            ),
        )


def _items(activity: Activity, known: list[str]) -> Iterator[Fault]:
    counts = Counter(item.id for item in activity.items)
    for index, item in enumerate(activity.items):
        path: Path_ = ("items", index)
        if counts[item.id] > 1:
            what = Text(
                fr=f"Donnée « {item.id} » déclarée deux fois.", en=f'Item "{item.id}" is declared twice.'
            )
            hint = Text(fr="Renommez l’une des deux.", en="Rename one of them.")
            yield Fault("activities", activity.id, (*path, "id"), what, hint)
        if item.activity != activity.id:
            what = Text(fr="Cette donnée nomme une autre activité.", en="This item names another activity.")
            hint = Text(fr="Retirez la clé activity.", en='Remove the key "activity".')
            yield Fault("activities", activity.id, (*path, "activity"), what, hint)
        yield from _item_storage(activity, item, path, known)


def _item_storage(activity: Activity, item: DataItem, path: Path_, known: list[str]) -> Iterator[Fault]:
    for place, holder in enumerate(item.held_by):
        if holder not in known:
            yield _unknown_recipient("activities", activity.id, (*path, "held_by", place), holder, known)
    if item.storage is Storage.RECIPIENT and not item.held_by:
        what = Text(fr="On ne sait pas qui détient cette donnée.", en="It isn't said who holds this item.")
        hint = Text(fr="Nommez le destinataire sous held_by.", en="Name the recipient under held_by.")
        yield Fault("activities", activity.id, (*path, "storage"), what, hint)
    stored = item.storage in (Storage.DATABASE, Storage.FILES)
    if stored and item.protection is Protection.PLAIN and item.plain_reason is None:
        what = Text(
            fr="Donnée lisible en base sans raison.", en="The item is readable in the database for no reason."
        )
        hint = Text(fr="Donnez plain_reason, ou scellez-la.", en="Give a plain_reason, or seal it.")
        yield Fault("activities", activity.id, (*path, "protection"), what, hint)
    if item.protection is not Protection.PLAIN and item.plain_reason is not None:
        what = Text(
            fr="plain_reason sur une donnée protégée.", en="There is a plain_reason on a protected item."
        )
        hint = Text(
            fr="Écrivez protection: plain, ou retirez la raison.",
            en="Write protection: plain, or remove the reason.",
        )
        yield Fault("activities", activity.id, (*path, "plain_reason"), what, hint)


def _uses(activity: Activity, register: Register) -> Iterator[Fault]:
    known = sorted(item.key for one in register.activities.values() for item in one.items)
    for index, key in enumerate(activity.uses):
        if key not in known:
            what = Text(fr=f"Donnée inconnue « {key} ».", en=f'Unknown item "{key}".')
            yield Fault("activities", activity.id, ("uses", index), what, nearest(key, known))


def _retention(activity: Activity) -> Iterator[Fault]:
    ids = [item.id for item in activity.items]
    seen: set[tuple[object, ...]] = set()
    for index, rule in enumerate(activity.retention):
        for place, item in enumerate(rule.items):
            if item not in ids:
                what = Text(fr=f"Donnée inconnue « {item} ».", en=f'Unknown item "{item}".')
                yield Fault(
                    "activities", activity.id, ("retention", index, "items", place), what, nearest(item, ids)
                )
        if rule.event not in EVENTS and rule.when is None:
            what = Text(fr=f"Événement inconnu « {rule.event} ».", en=f'Unknown event "{rule.event}".')
            close = nearest(rule.event, sorted(EVENTS))
            hint = Text(
                fr=f"{close.fr} Un événement nouveau se décrit sous when.",
                en=f"{close.en} A new event is described under when.",
            )
            yield Fault("activities", activity.id, ("retention", index, "event"), what, hint)
        for item in rule.items or ids:
            same = (rule.event, rule.then, item)
            if same in seen:
                what = Text(
                    fr=f"Deux durées pour « {item} » après le même événement.",
                    en=f'Two periods for "{item}" after the same event.',
                )
                yield Fault(
                    "activities",
                    activity.id,
                    ("retention", index),
                    what,
                    Text(fr="Gardez-en une.", en="Keep one of them."),
                )
            seen.add(same)


def _places(activity: Activity, known: list[str]) -> Iterator[Fault]:
    for index, place in enumerate(activity.locations):
        if place != OWN_SERVERS and place not in known:
            yield _unknown_recipient(
                "activities", activity.id, ("locations", index), place, [OWN_SERVERS, *known]
            )
    for index, recipient in enumerate(activity.recipients):
        if recipient not in known:
            yield _unknown_recipient("activities", activity.id, ("recipients", index), recipient, known)
    for index, transfer in enumerate(activity.transfers):
        if transfer.recipient not in known:
            yield _unknown_recipient(
                "activities", activity.id, ("transfers", index, "recipient"), transfer.recipient, known
            )
