"""What a difference between two registers obliges to: who is told, and whose yes or no is needed.

Told, not asked: whoever's data serve a changed purpose, go to somebody new, stay longer (GDPR art. 13(3),
14(4)). Asked: where consent is the basis and what was consented to is no longer the same (art. 4(11), 7), and
where a contract is the basis and its terms change (French Code civil, art. 1193).
"""

import functools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from seqlense.privacy import running
from seqlense.privacy.models import RegisterVersion
from seqlense.register import Activity, Register, RegisterError
from seqlense.register.diff import Change, Difference, diff
from seqlense.register.diff_kinds import KINDS, Duty
from seqlense.register.exports import as_json
from seqlense.register.text import Text
from seqlense.register.vocabulary import Ground

type Asked = Literal["consent", "contract"]

OWED: Final = (Duty.ASK_AGAIN, Duty.TELL_BEFORE)
CONSENTED: Final = frozenset(
    {
        *("consent", "purpose", "basis", "role", "item_added", "item_required"),
        *("recipient_added", "recipient_changed", "transfers", "automated"),
    }
)
"""Changes that a consent given before doesn't cover: purpose, data, who receives them (EDPB 05/2020)."""
AGREED: Final = frozenset({"purpose", "basis", "item_required"})
"""Changes of what a contract obliges to."""
ARTICLES: Final[Mapping[Asked, Text]] = {
    "consent": Text(fr="RGPD, art. 4(11) et 7", en="GDPR, art. 4(11) and 7"),
    "contract": Text(
        fr="Code civil, art. 1193 ; RGPD, art. 6(1)(b)", en="Code civil, art. 1193; GDPR, art. 6(1)(b)"
    ),
}


@dataclass(frozen=True, kw_only=True)
class Demand:
    """Whose yes or no a change needs: that of the people of `activity`.

    asked: what their yes is: a consent (of `purpose`) or the agreement to a contract's new terms.
    """

    activity: str
    asked: Asked
    purpose: str = ""

    @property
    def article(self) -> Text:
        """The law that asks for it."""
        return ARTICLES[self.asked]


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """A difference, weighed.

    difference: None where an older register can't be read any more: everybody counts as concerned then.
    by_activity: activity → the changes that its people are owed a word about. demands: where they are asked.
    started: activities that begin, whose people are told when their data are collected (art. 13(1)).
    """

    difference: Difference | None
    by_activity: Mapping[str, tuple[Change, ...]]
    demands: tuple[Demand, ...]
    started: frozenset[str]

    @property
    def activities(self) -> frozenset[str]:
        """Those whose people are concerned."""
        return frozenset(self.by_activity)


@functools.lru_cache(maxsize=8)
def weigh(before: Register, after: Register) -> Weighed:
    """Compare two registers and say what it obliges to."""
    difference = diff(before, after)
    owed: dict[str, list[Change]] = {}
    for change in difference.changes:
        if change.duty in OWED:
            for activity in touched(change, after):
                owed.setdefault(activity, []).append(change)
    demands = {
        activity: demand
        for activity, changes in owed.items()
        for change in changes
        if (demand := _demand(before.activities.get(activity), after.activities[activity], change))
    }
    return Weighed(
        difference=difference,
        by_activity={activity: tuple(changes) for activity, changes in sorted(owed.items())},
        demands=tuple(demand for _, demand in sorted(demands.items())),
        started=frozenset(one.where for one in difference.changes if one.kind == "activity_started"),
    )


def unreadable(after: Register) -> Weighed:
    """Where the register before can't be read any more: everybody is told, nobody is asked."""
    return Weighed(
        difference=None,
        by_activity={one.id: () for one in after.active},
        demands=(),
        started=frozenset(),
    )


def touched(change: Change, register: Register) -> Iterator[str]:
    """Running activities that a change is about. Tracers are asked about in the browser, not here."""
    branch, _, rest = change.where.partition(".")
    if branch == "controller":
        yield from (one.id for one in register.active)
    elif branch == "recipients":
        for one in register.active:
            if any(recipient.id == rest for recipient in register.recipients_of(one)):
                yield one.id
    elif branch in register.activities and register.activities[branch].active:
        yield branch


def _demand(before: Activity | None, after: Activity, change: Change) -> Demand | None:
    if before is None or not before.active:
        return None  # asked when it begins for them
    ground = after.basis.ground
    if ground is Ground.CONSENT and change.kind in CONSENTED:
        return Demand(activity=after.id, asked="consent", purpose=str(after.basis.consent_purpose or ""))
    if ground is Ground.CONTRACT and change.kind in AGREED:
        return Demand(activity=after.id, asked="contract")
    return None


def against_running(version: str) -> Weighed:
    """What changed since that version of the register ran."""
    after = running.register()
    before = register_of(version) if version != after.version else after
    return unreadable(after) if before is None else weigh(before, after)


def register_of(version: str) -> Register | None:
    """A register that ran, or None where this program can't read it (any more)."""
    content = RegisterVersion.objects.filter(pk=version).values_list("content", flat=True).first()
    if not content:
        return None
    try:
        return as_json.from_document(content)
    except RegisterError:
        return None


# --- Kept with the version, readable whatever becomes of the program ---------------------------------------
def stored(weighed: Weighed, register: Register, *, started: Collection[str] = ()) -> dict[str, Any]:
    """A weighed difference as plain data. started: activities that begin with data already held."""
    changes = weighed.difference.changes if weighed.difference else ()
    return {
        "comparable": weighed.difference is not None,
        "changes": [_plain(one, register) for one in changes],
        "titles": {one.id: {"fr": one.title.fr, "en": one.title.en} for one in register.active},
        "demands": [
            {"activity": one.activity, "asked": one.asked, "purpose": one.purpose} for one in weighed.demands
        ],
        "further": sorted(started),
    }


def _plain(one: Change, register: Register) -> dict[str, Any]:
    said = KINDS[one.kind].said
    return {
        "kind": one.kind,
        "where": one.where,
        "said": {"fr": said.fr, "en": said.en},
        "before": {"fr": one.before.fr, "en": one.before.en} if one.before else None,
        "after": {"fr": one.after.fr, "en": one.after.en} if one.after else None,
        "duty": one.duty.value,
        "article": one.article,
        "tell": sorted(who.value for who in one.tell),
        "activities": list(touched(one, register)),
    }


def said(change: Change) -> Text:
    """What kind of change it is, in words."""
    return KINDS[change.kind].said


def cited(article: str, language: str) -> str:
    """An article of law as that language cites it; the register writes them in English."""
    if language != "fr":
        return article
    return article.replace("GDPR art.", "RGPD, art.").replace("Law 78-17 art.", "loi n°\u00a078-17, art.")


def demands_in(stored: Mapping[str, Any]) -> tuple[Demand, ...]:
    """The demands of a stored difference."""
    return tuple(Demand(**one) for one in stored.get("demands", ()))
