"""What the register says, in plain words, for notices, exports and screens."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from babel import Locale

from seqlense.register.schema import OWN_SERVERS, Activity, DataItem, RetentionRule, Transfer
from seqlense.register.text import Text
from seqlense.register.vocabulary import Ground, Storage, Then

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seqlense.kit.periods import Period
    from seqlense.register.register import Register

_EPOCH = datetime(2001, 7, 1, tzinfo=UTC)
OWN = Text(fr="nos propres serveurs", en="our own servers")
_UNITS: tuple[tuple[str, Text, Text], ...] = (
    ("years", Text(fr="an", en="year"), Text(fr="ans", en="years")),
    ("months", Text(fr="mois", en="month"), Text(fr="mois", en="months")),
    ("days", Text(fr="jour", en="day"), Text(fr="jours", en="days")),
    ("hours", Text(fr="heure", en="hour"), Text(fr="heures", en="hours")),
    ("minutes", Text(fr="minute", en="minute"), Text(fr="minutes", en="minutes")),
    ("seconds", Text(fr="seconde", en="second"), Text(fr="secondes", en="seconds")),
)


def joined(parts: Iterable[str], language: str) -> str:
    """ "a, b et c"."""
    listed = list(parts)
    if len(listed) < 2:
        return "".join(listed)
    last = " et " if language == "fr" else " and "
    return ", ".join(listed[:-1]) + last + listed[-1]


def longer(one: Period, other: Period) -> bool:
    """Whether one period ends after the other, counted from a day from which six months are 184 days."""
    return one.add_to(_EPOCH) > other.add_to(_EPOCH)


def duration(period: Period, language: str) -> str:
    """ "2 ans et 6 mois"; empty for no time at all."""
    years, months = divmod(period.months, 12)
    hours, seconds = divmod(period.rest.seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    amounts = {
        "years": years,
        "months": months,
        "days": period.rest.days,
        "hours": hours,
        "minutes": minutes,
        "seconds": seconds,
    }
    parts = [
        f"{amounts[name]} {(many if amounts[name] > 1 else one).in_(language)}"
        for name, one, many in _UNITS
        if amounts[name]
    ]
    return joined(parts, language)


def either(parts: Iterable[str], language: str) -> str:
    """ "a, b ou c"."""
    listed = list(parts)
    if len(listed) < 2:
        return "".join(listed)
    last = " ou " if language == "fr" else " or "
    return ", ".join(listed[:-1]) + last + listed[-1]


def rules(kept: Sequence[RetentionRule], language: str) -> tuple[str, ...]:
    """ "effacement 3 mois après la fermeture de l'espace ou la suppression de l'organisation".

    Rules that differ by their event only are told together.
    """
    alike: dict[tuple[object, ...], list[RetentionRule]] = {}
    for one in kept:
        alike.setdefault((one.after, one.then, one.law), []).append(one)
    return tuple(_told(group, language) for group in alike.values())


def _told(alike: Sequence[RetentionRule], language: str) -> str:
    first = alike[0]
    events = either((one.event_label.in_(language) for one in alike), language)
    length = duration(first.after, language)
    if language == "fr":
        verb = "effacement" if first.then is Then.ERASE else "archivage"
        said = f"{verb} {length} après {events}" if length else f"{verb} dès {events}"
    else:
        verb = "erased" if first.then is Then.ERASE else "archived"
        said = f"{verb} {length} after {events}" if length else f"{verb} as soon as {events}"
    if first.law is not None:
        because = "la loi impose de garder : " if language == "fr" else "the law makes us keep it: "
        said += f" ({because}{first.law.in_(language)})"
    return said


def keeping(activity: Activity, language: str) -> tuple[str, ...]:
    """How long each thing of that activity is kept, one sentence for what goes together."""
    lines = []
    if all(item.storage is Storage.TRANSIENT for item in activity.items):
        lines.append("rien n'est gardé" if language == "fr" else "nothing is kept")
    together: dict[tuple[str, ...], list[RetentionRule]] = {}
    for one in activity.retention:
        together.setdefault(one.items, []).append(one)
    for items, kept in together.items():
        labels = joined((activity.item(one).label.in_(language) for one in items), language)
        separator = " : " if language == "fr" else ": "
        lines += [f"{labels}{separator}{line}" if items else line for line in rules(kept, language)]
    return tuple(lines)


def general_keeping(activity: Activity, language: str) -> tuple[str, ...]:
    """The rules that hold for all items of that activity."""
    return rules([one for one in activity.retention if not one.items], language)


def item_keeping(activity: Activity, item: DataItem, language: str) -> str:
    """When that one item goes, by all rules that touch it."""
    if item.storage is Storage.TRANSIENT:
        return Storage.TRANSIENT.label.in_(language)
    return _listed(rules(activity.rules_for(item.id), language), language)


def special_keeping(activity: Activity, item: DataItem, language: str) -> str:
    """What holds for that item beside the general rules; empty if nothing does."""
    if item.storage is Storage.TRANSIENT:
        return Storage.TRANSIENT.label.in_(language)
    return _listed(rules([one for one in activity.retention if item.id in one.items], language), language)


def _listed(parts: Iterable[str], language: str) -> str:
    return (" ; " if language == "fr" else "; ").join(parts)


def ground(activity: Activity, language: str) -> str:
    """ "intérêt légitime (art. 6(1)(f))"."""
    return f"{activity.basis.ground.label.in_(language)} (art. {activity.basis.article})"


def protection(item: DataItem, language: str) -> str:
    """How it is protected where the company itself stores it; otherwise where it rests."""
    stored = item.storage in (Storage.DATABASE, Storage.FILES)
    return (item.protection.label if stored else item.storage.label).in_(language)


def basis(activity: Activity, language: str) -> str:
    """ "intérêt légitime (art. 6(1)(f)) : ..." with the ground that goes with it."""
    said = ground(activity, language)
    reason = {
        Ground.LEGITIMATE_INTEREST: activity.basis.interest,
        Ground.CONSENT: activity.basis.withdrawal,
    }.get(activity.basis.ground, activity.basis.law)
    if reason is None:
        return said
    return said + (" : " if language == "fr" else ": ") + reason.in_(language)


def country(code: str, language: str) -> str:
    """The country's name; the code itself where none is known."""
    name = Locale.parse(language).territories.get(code)
    return str(name) if name else code


def countries(codes: Iterable[str], language: str) -> str:
    return ", ".join(country(code, language) for code in codes)


def uses(register: Register, activity: Activity, language: str) -> list[str]:
    """Items of other activities that it reads: "Langue (Comptes et authentification)"."""
    read = [(register.item(key), register.activities[key.split(".")[0]]) for key in activity.uses]
    return [f"{item.label.in_(language)} ({owner.title.in_(language)})" for item, owner in read]


def places(register: Register, activity: Activity, language: str) -> str:
    """Where the data rests: "nos propres serveurs (Allemagne, France), Stripe (Irlande)"."""
    said = []
    for place in activity.locations:
        if place == OWN_SERVERS:
            codes = dict.fromkeys(server.country for server in register.controller.servers)
            said.append(f"{OWN.in_(language)} ({countries(codes, language)})")
        else:
            recipient = register.recipients[place]
            name = recipient.name.in_(language)
            where = countries(recipient.countries, language)
            said.append(f"{name} ({where})" if where else name)
    return ", ".join(said)


def transfer(register: Register, made: Transfer, language: str) -> str:
    """ "Stripe, États-Unis : décision d'adéquation (art. 45), ..."."""
    said = f"{register.recipients[made.recipient].name.in_(language)}, {country(made.country, language)}"
    framed = [text.in_(language) for text in (made.tool.label if made.tool else None, made.reference) if text]
    if framed:
        said += (" : " if language == "fr" else ": ") + ", ".join(framed)
    return said
