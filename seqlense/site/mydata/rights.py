"""What a person may switch in an activity, what they did switch, and what it means, out of the register."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from seqlense.privacy import running, switches
from seqlense.privacy.records import RightsRequest
from seqlense.privacy.switches import Ground, Kind, Offer, Switch
from seqlense.privacy.switches.words import GROUNDS, OVERRIDES
from seqlense.register import Activity, Recipient, wording
from seqlense.register.vocabulary import RecipientKind

STATES: Final = {
    Kind.RESTRICTION: _("Use limited"),
    Kind.OBJECTION: _("No longer used"),
    Kind.WITHDRAWAL: _("Consent withdrawn"),
}
OUTCOMES: Final = {
    "stopped": _("Done at once."),
    "accepted": _("Your objection was accepted."),
    "rejected": _("Your objection was not accepted."),
    "taken_back": _("You took it back."),
    "moot": _("The data was erased before we answered."),
}


@dataclass(frozen=True, kw_only=True)
class State:
    """One switch in force. free: whether the person may free the use with a button."""

    switch: Switch
    name: str | Promise
    because: str | Promise
    waits_until: date | None
    free: bool


@dataclass(frozen=True, kw_only=True)
class Rights:
    """What a card of My data shows below the data: what is switched, and what may be."""

    states: tuple[State, ...]
    limit: bool
    object_to: bool
    withdraw: bool


def of(activity: str, in_force: Iterable[Switch]) -> Rights:
    """The rights over one activity, given the person's switches in force."""
    mine = [one for one in in_force if one.activity == activity]
    offered = switches.offer(activity)
    if offered is None:
        return Rights(states=tuple(map(state, mine)), limit=False, object_to=False, withdraw=False)
    free = {kind: offered.allows(kind) and kind not in {one.kind for one in mine} for kind in Kind}
    return Rights(
        states=tuple(map(state, mine)),
        limit=free[Kind.RESTRICTION],
        object_to=free[Kind.OBJECTION],
        withdraw=free[Kind.WITHDRAWAL],
    )


@dataclass(frozen=True, kw_only=True)
class Use:
    """A use for which nothing is stored about the person, and what they may switch there, or did."""

    activity: Activity
    rights: Rights


def others(held: Collection[str], in_force: Collection[Switch]) -> list[Use]:
    """Uses beside those of the cards, as far as the person may stop them: messages, for example."""
    uses = [Use(activity=one, rights=of(one.id, in_force)) for one in running.register().active]
    return [
        one
        for one in uses
        if one.activity.id not in held and (one.rights.states or one.rights.object_to or one.rights.withdraw)
    ]


def state(one: Switch) -> State:
    """A switch in force, in words."""
    waits = one.request.due_on if one.waits and one.request is not None else None
    return State(
        switch=one,
        name=STATES[one.bars_as],
        because=_("because you objected") if one.waits else GROUNDS.get(one.ground, ""),
        waits_until=waits,
        free=one.kind != Kind.WITHDRAWAL,
    )


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a switch would do: what stops, what goes on all the same."""

    stops: tuple[str, ...]
    stays: tuple[str, ...]


def effect(offered: Offer, kind: Kind, due: date) -> Effect:
    """Told before it is done, out of the register. due: when an objection would be answered at the latest."""
    return Effect(stops=tuple(_stops(offered)), stays=tuple(_stays(offered, kind, due)))


def _stops(offered: Offer) -> Iterator[str]:
    activity, language = offered.activity, get_language() or "fr"
    yield gettext("The use for this purpose: %(purpose)s") % {"purpose": activity.purpose.in_(language)}
    outside = [one.name.in_(language) for one in _outside(activity)]
    if outside:
        yield gettext("Passing it on to: %(recipients)s.") % {"recipients": wording.joined(outside, language)}
    yield gettext("Other people seeing it, our staff included, unless the law gives them a ground.")
    if not offered.owed:
        yield gettext(
            "Messages about it, save those that you ask for and warnings about your account’s safety."
        )


def _outside(activity: Activity) -> Iterator[Recipient]:
    """Whom it goes to, beside the staff and those on whose machines it is stored."""
    register = running.register()
    stored = {server.host for server in register.controller.servers}
    for one in register.recipients_of(activity):
        if one.id not in stored and one.kind not in (RecipientKind.STAFF, RecipientKind.SOFTWARE):
            yield one


def _stays(offered: Offer, kind: Kind, due: date) -> Iterator[str]:
    activity, language = offered.activity, get_language() or "fr"
    yield gettext("The data itself stays stored, and goes on the dates that My data shows.")
    yield gettext(
        "What you ask for yourself still works: signing in, seeing, correcting, copying, erasing this data."
    )
    if kind is Kind.WITHDRAWAL:
        yield gettext("What was done with your consent before stays lawful.")
    if kind is Kind.OBJECTION and not offered.at_once:
        yield gettext("We answer by %(day)s at the latest. Until then we only store the data.") % {
            "day": date_format(due, "j F Y")
        }
    if offered.owed:
        yield gettext("What we owe you by contract, or the law asks of us, is still done: %(basis)s.") % {
            "basis": wording.ground(activity, language)
        }
    if kind is not Kind.RESTRICTION and activity.refusal is not None:
        yield activity.refusal.in_(language)


def choices(offered: Offer) -> list[tuple[str, str | Promise]]:
    """The four grounds of GDPR art. 18(1), as the person would say them; the fourth is to object."""
    own: list[tuple[str, str | Promise]] = [
        (Ground.ACCURACY, _("It is wrong, and you should check it first")),
        (Ground.UNLAWFUL, _("You should not be using it, but keep it: I don’t want it erased")),
        (Ground.CLAIMS, _("You need it no longer, but I need it for a legal claim: keep it")),
    ]
    if offered.object_to:
        own.append((Ground.OBJECTION, _("I object to its use: limit it until you have decided")))
    return own


@dataclass(frozen=True, kw_only=True)
class Said:
    """One outcome of a request about a use: which activity, what came of it, on what ground."""

    activity: Activity | None
    outcome: str | Promise
    ground: str | Promise


def said(request: RightsRequest, switched: Switch | None) -> tuple[Said, ...]:
    """What came of a request about a use, or that it waits; nothing for other requests."""
    if request.answered_at is None and switched is not None:
        activity = running.register().activities.get(switched.activity)
        return (
            Said(activity=activity, outcome=_("Until we have decided, this data is only stored."), ground=""),
        )
    return tuple(
        Said(
            activity=running.register().activities.get(entry.get("activity", "")),
            outcome=OUTCOMES[entry["outcome"]],
            ground=_ground(entry.get("ground", "")) if entry["outcome"] in ("stopped", "rejected") else "",
        )
        for entry in request.outcome
        if entry.get("outcome") in OUTCOMES
    )


def _ground(code: str) -> str | Promise:
    return OVERRIDES.get(code) or GROUNDS.get(code, "")
