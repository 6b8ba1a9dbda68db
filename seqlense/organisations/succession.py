"""When an owner is erased, the organisation stays with those who work in it, in the same transaction.

It passes to the longest-serving group administrator. Without one it closes, as if its owner had closed it;
where nobody else belongs to it, it goes at once.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from seqlense.organisations import closing, doors, letters
from seqlense.organisations.acting import locked
from seqlense.organisations.models import Membership
from seqlense.organisations.ownership import pass_on
from seqlense.organisations.roles import Role
from seqlense.organisations.tenancy import inside
from seqlense.privacy import acts
from seqlense.privacy.actor import Actor
from seqlense.privacy.signals import erasing


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What becomes of an organisation when its owner is erased: `outcome` is "passes", "closes" or "goes"."""

    organisation: UUID
    name: str
    outcome: str


def listen() -> None:
    """Have the kernel tell us, before it erases anything."""
    erasing.connect(hand_on, dispatch_uid="organisations.succession")


def fates(subject: UUID) -> list[Fate]:
    """What `hand_on` would do now, for the preview. Writes nothing."""
    return [_fate(organisation, subject) for organisation in doors.owned(subject)]


def _fate(organisation: UUID, subject: UUID) -> Fate:
    with inside(organisation):
        name = locked(organisation).name
        if _heir(organisation) is not None:
            return Fate(organisation=organisation, name=name, outcome="passes")
        others = Membership.objects.filter(organisation=organisation).exclude(subject_id=subject).exists()
        return Fate(organisation=organisation, name=name, outcome="closes" if others else "goes")


def hand_on(*, subject: UUID, actor: Actor, now: datetime, replayed: bool = False, **_: object) -> None:
    """Receiver of `privacy.signals.erasing`; whoever was told before a restore isn't told again."""
    for organisation in doors.owned(subject):
        with inside(organisation):
            _hand_on(organisation, subject, actor, now, tell=not replayed)


def _hand_on(organisation: UUID, subject: UUID, actor: Actor, now: datetime, *, tell: bool) -> None:
    found = locked(organisation)
    heir = _heir(organisation)
    own = Membership.objects.filter(organisation=organisation, subject_id=subject).first()
    others = list(Membership.objects.filter(organisation=organisation).exclude(subject_id=subject))
    if heir is not None:
        pass_on(own, heir)
        acts.record(
            "organisations.inherited",
            actor=actor,
            now=now,
            subject=heir.subject_id,
            organisation=organisation,
        )
        letters.to_members("organisations.inherited", [heir] if tell else [], now=now)
    elif others:
        if found.closed_at is None:
            closing.shut(found, now)
            acts.record("organisations.closed", actor=actor, now=now, organisation=organisation)
            letters.to_members("organisations.closed", others if tell else [], now=now)
    else:
        acts.record("organisations.deleted", actor=actor, now=now, organisation=organisation)
        found.delete()


def _heir(organisation: UUID) -> Membership | None:
    administrators = Membership.objects.filter(organisation=organisation, role=Role.ADMINISTRATOR)
    return administrators.order_by("joined_at", "pk").first()
