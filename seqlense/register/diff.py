"""What changed between two registers, and who must be told.

The duties: a new or further purpose, a new recipient, a longer period, are told before they take effect (GDPR
art. 13(3), 14(4)); a changed consent is asked for again (art. 7); the rest is published with the new version.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqlense.register import wording
from seqlense.register.diff_kinds import KINDS, Duty
from seqlense.register.text import Declared, Text
from seqlense.register.vocabulary import Ground, Protection, Subjects, Then

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from seqlense.register.register import Register
    from seqlense.register.schema import Activity, Cookie, DataItem, RetentionRule


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change. `kind` is stable ("item_added"); `tell` are the people owed a word, empty if nobody."""

    kind: str
    where: str
    before: Text | None
    after: Text | None
    duty: Duty
    article: str
    tell: frozenset[Subjects]

    def in_(self, language: str) -> str:
        sides = [side.in_(language) if side else "–" for side in (self.before, self.after)]
        return f"{self.where}: {KINDS[self.kind].said.in_(language)} ({sides[0]} → {sides[1]})"


@dataclass(frozen=True)
class Difference:
    """All changes, activities first; `before` and `after` are the versions."""

    before: str
    after: str
    changes: tuple[Change, ...]

    @property
    def told(self) -> Mapping[Subjects, tuple[Change, ...]]:
        """Who must be told or asked before the new version runs → about which changes."""
        owed = [one for one in self.changes if one.duty in (Duty.ASK_AGAIN, Duty.TELL_BEFORE)]
        return {
            who: tuple(one for one in owed if who in one.tell) for who in Subjects if _concerned(who, owed)
        }


def _concerned(who: Subjects, changes: Iterable[Change]) -> bool:
    return any(who in one.tell for one in changes)


def diff(before: Register, after: Register) -> Difference:
    """Compare two registers. Nothing changed: no changes."""
    changes: list[Change] = []
    for key in sorted({*before.activities, *after.activities}):
        changes += _activity(before, after, before.activities.get(key), after.activities.get(key))
    changes += _recipients(before, after)
    changes += _services(before, after)
    changes += _cookies(before, after)
    changes += _controller(before, after)
    return Difference(before.version, after.version, tuple(changes))


def _change(
    kind: str,
    where: str,
    before: Text | None,
    after: Text | None,
    *,
    tell: Iterable[Subjects],
    runs: bool = True,
) -> Change:
    found = KINDS[kind]
    duty = found.duty if runs else Duty.NOTHING
    owed = frozenset(tell) if duty in (Duty.ASK_AGAIN, Duty.TELL_BEFORE) else frozenset[Subjects]()
    return Change(
        kind=kind, where=where, before=before, after=after, duty=duty, article=found.article, tell=owed
    )


def _said(say: Callable[[str], str]) -> Text | None:
    fr, en = say("fr"), say("en")
    return Text(fr=fr, en=en) if fr and en else None


def _activity(
    old: Register, new: Register, before: Activity | None, after: Activity | None
) -> Iterator[Change]:
    ran, runs = bool(before and before.active), bool(after and after.active)
    shown = after or before
    if shown is None:
        return
    if ran != runs:
        kind = "activity_started" if runs else "activity_stopped"
        yield _change(kind, shown.id, _title(before), _title(after), tell=shown.subjects)
    elif before is None or after is None:
        kind = "activity_added" if before is None else "activity_removed"
        yield _change(kind, shown.id, _title(before), _title(after), tell=(), runs=False)
    if before is None or after is None or ran != runs:
        return
    yield from _inside(old, new, before, after)


def _title(one: Activity | None) -> Text | None:
    return one.title if one else None


def _inside(old: Register, new: Register, before: Activity, after: Activity) -> Iterator[Change]:
    runs, where, tell = after.active, after.id, after.subjects

    def compare(kind: str, was: Text | None, now: Text | None) -> Iterator[Change]:
        if was != now:
            yield _change(kind, where, was, now, tell=tell, runs=runs)

    consenting = Ground.CONSENT in (before.basis.ground, after.basis.ground)
    yield from compare("purpose", before.purpose, after.purpose)
    yield from compare("role", before.role.label, after.role.label)
    yield from compare("basis", _said(_basis(before)), _said(_basis(after)))
    if (consenting and before.purpose != after.purpose) or _consent(before) != _consent(after):
        yield _change("consent", where, before.purpose, after.purpose, tell=tell, runs=runs)
    added = [one for one in after.subjects if one not in before.subjects]
    removed = [one for one in before.subjects if one not in after.subjects]
    yield from (_change("subjects_added", where, None, one.label, tell=(one,), runs=runs) for one in added)
    yield from (_change("subjects_removed", where, one.label, None, tell=(), runs=runs) for one in removed)
    yield from _items(before, after)
    yield from compare("uses", _said(_uses(old, before)), _said(_uses(new, after)))
    yield from _receivers(old, new, before, after)
    yield from compare("transfers", _said(_transfers(old, before)), _said(_transfers(new, after)))
    yield from compare("locations", _said(_places(old, before)), _said(_places(new, after)))
    yield from _keeping(before, after)
    if before.automated_decisions != after.automated_decisions:
        was, now = before.automated_decisions.kind.label, after.automated_decisions.kind.label
        yield _change("automated", where, was, now, tell=tell, runs=runs)
    if before.direct_marketing != after.direct_marketing:
        yield _change("purpose", where, before.purpose, after.purpose, tell=tell, runs=runs)
    words = ("title", "notice", "refusal", "on_behalf_of")
    changed = any(getattr(before, name) != getattr(after, name) for name in words)
    if changed or (before.attention, before.security) != (after.attention, after.security):
        yield _change("wording", where, before.notice, after.notice, tell=(), runs=runs)


def _basis(one: Activity) -> Callable[[str], str]:
    return lambda language: wording.basis(one, language)


def _transfers(register: Register, one: Activity) -> Callable[[str], str]:
    return lambda language: "; ".join(wording.transfer(register, made, language) for made in one.transfers)


def _uses(register: Register, one: Activity) -> Callable[[str], str]:
    return lambda language: "; ".join(wording.uses(register, one, language))


def _places(register: Register, one: Activity) -> Callable[[str], str]:
    return lambda language: wording.places(register, one, language)


def _consent(one: Activity) -> tuple[object, ...]:
    return (one.basis.ground is Ground.CONSENT and one.basis.consent_purpose, one.basis.special)


_STRENGTH = {Protection.PLAIN: 0, Protection.SEALED: 1, Protection.HASHED: 1}


def _items(before: Activity, after: Activity) -> Iterator[Change]:
    was = {item.id: item for item in before.items}
    now = {item.id: item for item in after.items}
    tell, runs = after.subjects, after.active
    for key in sorted(now.keys() - was.keys()):
        yield _change("item_added", now[key].key, None, now[key].label, tell=tell, runs=runs)
    for key in sorted(was.keys() - now.keys()):
        yield _change("item_removed", was[key].key, was[key].label, None, tell=tell, runs=runs)
    for key in sorted(was.keys() & now.keys()):
        yield from _item(was[key], now[key], tell=tell, runs=runs)


def _item(was: DataItem, now: DataItem, *, tell: Iterable[Subjects], runs: bool) -> Iterator[Change]:
    if now.required and not was.required:
        yield _change("item_required", now.key, was.label, now.label, tell=tell, runs=runs)
    if (was.protection, was.storage) != (now.protection, now.storage):
        lower = _STRENGTH[now.protection] < _STRENGTH[was.protection] or was.storage != now.storage
        kind = "protection_lowered" if lower else "protection_raised"
        yield _change(kind, now.key, _protected(was), _protected(now), tell=tell, runs=runs)
    told = ("label", "category", "source", "plain_reason", "held_by", "secret")
    if any(getattr(was, name) != getattr(now, name) for name in told) or was.required > now.required:
        yield _change("wording", now.key, was.label, now.label, tell=(), runs=runs)


def _protected(one: DataItem) -> Text | None:
    return _said(lambda language: wording.protection(one, language))


def _receivers(old: Register, new: Register, before: Activity, after: Activity) -> Iterator[Change]:
    was = {one.id: one for one in old.recipients_of(before)}
    now = {one.id: one for one in new.recipients_of(after)}
    for key in sorted(now.keys() - was.keys()):
        yield _change(
            "recipient_added", after.id, None, now[key].name, tell=after.subjects, runs=after.active
        )
    for key in sorted(was.keys() - now.keys()):
        yield _change("recipient_removed", after.id, was[key].name, None, tell=(), runs=after.active)


def _keeping(before: Activity, after: Activity) -> Iterator[Change]:
    if before.retention == after.retention:
        return
    longer = _kept_longer(before, after)
    kind = "keeping_longer" if longer else "keeping_shorter"
    sides = [_said(_kept(one)) for one in (before, after)]
    yield _change(kind, after.id, sides[0], sides[1], tell=after.subjects, runs=after.active)


def _kept(one: Activity) -> Callable[[str], str]:
    return lambda language: "; ".join(wording.keeping(one, language))


def _kept_longer(before: Activity, after: Activity) -> bool:
    """Whether any item may stay longer: an end that vanished or moved away, or a new duty to keep."""
    for item in after.items:
        was = _ends(before.rules_for(item.id))
        now = _ends(after.rules_for(item.id))
        for event, rule in was.items():
            if event not in now or wording.longer(now[event].after, rule.after):
                return True
        if any(rule.law and not (event in was and was[event].law) for event, rule in now.items()):
            return True
    return False


def _ends(rules: Iterable[RetentionRule]) -> dict[str, RetentionRule]:
    return {rule.event: rule for rule in rules if rule.then is Then.ERASE}


def _recipients(before: Register, after: Register) -> Iterator[Change]:
    for key in sorted(before.recipients.keys() & after.recipients.keys()):
        was, now = before.recipients[key], after.recipients[key]
        if was == now:
            continue
        using = [one for one in after.active if now in after.recipients_of(one)]
        tell = {who for one in using for who in one.subjects}
        heavy = any(
            getattr(was, name) != getattr(now, name) for name in ("name", "kind", "seat", "countries")
        )
        kind = "recipient_changed" if heavy else "wording"
        if was.model_copy(update={"browser": None}) != now.model_copy(update={"browser": None}):
            yield _change(kind, f"recipients.{key}", was.name, now.name, tell=tell, runs=bool(using))


def _services(before: Register, after: Register) -> Iterator[Change]:
    """What visitors are asked about: the same service with other words isn't asked about again."""
    was, now = ({one.id: one for one in side.active_recipients if one.browser} for side in (before, after))
    visitors = (Subjects.VISITOR, Subjects.USER)
    for key in sorted({*was, *now}):
        old, new = was.get(key), now.get(key)
        sides = [one.browser.explanation if one and one.browser else None for one in (old, new)]
        where = f"recipients.{key}.browser"
        if new is None:
            yield _change("service_removed", where, sides[0], None, tell=())
        elif old is None or old.asked_as != new.asked_as:
            yield _change("service_asks", where, sides[0], sides[1], tell=visitors)
        elif old.browser != new.browser:
            yield _change("wording", where, sides[0], sides[1], tell=())


def _cookies(before: Register, after: Register) -> Iterator[Change]:
    was = {one.name: one for one in before.active_cookies}
    now = {one.name: one for one in after.active_cookies}
    for name in sorted({*was, *now}):
        old, new = was.get(name), now.get(name)
        if old != new:
            sides = (old.purpose if old else None, new.purpose if new else None)
            kind = _cookie_kind(old, new)
            yield _change(kind, f"cookies.{name}", *sides, tell=(Subjects.VISITOR, Subjects.USER))


def _cookie_kind(old: Cookie | None, new: Cookie | None) -> str:
    if new is None:
        return "cookie_removed"
    if new.consent_purpose and (old is None or old.consent_purpose != new.consent_purpose):
        return "cookie_asks"
    return "cookie_added" if old is None else "cookie_changed"


def _controller(before: Register, after: Register) -> Iterator[Change]:
    heavy = {"name", "legal_form", "registration", "address", "country", "contact", "data_protection_contact"}
    heavy |= {"data_protection_officer", "authority"}
    everyone = {who for one in after.active for who in one.subjects}
    for name in type(after.controller).model_fields:
        was, now = getattr(before.controller, name), getattr(after.controller, name)
        if was != now:
            kind = "controller" if name in heavy else "controller_detail"
            yield _change(kind, f"controller.{name}", _shown(was), _shown(now), tell=everyone)


def _shown(value: object) -> Text | None:
    if isinstance(value, Text) or value is None:
        return value
    if isinstance(value, tuple):
        value = ", ".join(
            str(one.model_dump(mode="json")) if isinstance(one, Declared) else str(one) for one in value
        )
    return Text(fr=str(value), en=str(value)) if value else None
