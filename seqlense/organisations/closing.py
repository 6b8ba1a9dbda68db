"""The end of an organisation: closed by its owner at once, gone thirty days later; or deleted by platform
staff.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from seqlense.accounts.models import StaffRole
from seqlense.kit.periods import Period
from seqlense.organisations import departures, doors, letters
from seqlense.organisations.acting import Acting, acting, locked
from seqlense.organisations.errors import ChangedMeanwhile, NotAllowed
from seqlense.organisations.models import Handover, Invitation, Membership, Organisation
from seqlense.organisations.roles import Permission
from seqlense.organisations.tenancy import inside
from seqlense.privacy import acts
from seqlense.privacy.actor import Actor

REGRET: Final = Period.parse("P30D")
"""How long a closed organisation can be opened again before it goes with all that it holds."""


def close(organisation: UUID, *, seen: int, actor: Actor, now: datetime) -> Organisation:
    """Close it at once: nobody works in it any more, invitations and offers end, and it goes after `REGRET`.

    seen: the revision of the page that showed the consequences. Closing twice is harmless. Raises
    ChangedMeanwhile.
    """
    with acting(organisation, actor, Permission.CLOSE, closed=True) as here:
        if here.organisation.closed_at is not None:
            return here.organisation
        if here.organisation.revision != seen:
            raise ChangedMeanwhile
        shut(here.organisation, now)
        acts.record(
            "organisations.closed",
            actor=actor,
            now=now,
            organisation=organisation,
            erases_at=here.organisation.erases_at,
        )
        letters.to_members("organisations.closed", _others(here), now=now)
        return here.organisation


def reopen(organisation: UUID, *, actor: Actor, now: datetime) -> Organisation:
    """Open it again, as it was; what was pending is not brought back. Harmless on an open one."""
    with acting(organisation, actor, Permission.CLOSE, closed=True) as here:
        if here.organisation.closed_at is None:
            return here.organisation
        here.organisation.closed_at = here.organisation.erases_at = None
        here.organisation.revision += 1
        here.organisation.save(update_fields=["closed_at", "erases_at", "revision"])
        Membership.objects.filter(organisation=organisation).update(ends_at=None)
        acts.record("organisations.reopened", actor=actor, now=now, organisation=organisation)
        letters.to_members("organisations.reopened", _others(here), now=now)
        return here.organisation


def delete(organisation: UUID, *, actor: Actor, now: datetime) -> None:
    """Delete it now, with its memberships, invitations and all that rooms above hold for it.

    Accounts stay, but for those opened by joining it whose holders belong nowhere else (F-2 accounts).

    For platform administrators: raises NotAllowed for anybody else, NotFound where there is none.
    """
    if not _is_platform_administrator(actor):
        raise NotAllowed
    with inside(organisation):
        found = locked(organisation)
        _delete(found, actor, now)


def delete_due(*, now: datetime) -> int:
    """Delete the organisations whose date has come, each in its own transaction; how many went."""
    actor = Actor.system("organisations")
    gone = 0
    for organisation in doors.due_for_deletion(now):
        with inside(organisation):
            found = (
                Organisation.objects.select_for_update(skip_locked=True).filter(erases_at__lte=now).first()
            )
            if found is None:
                continue
            _delete(found, actor, now)
            gone += 1
    return gone


def _delete(organisation: Organisation, actor: Actor, now: datetime) -> None:
    """The row goes, and by the keys in the database all that hangs on it; then the accounts that were only
    for it.
    """
    members = list(Membership.objects.filter(organisation=organisation))
    acts.record(
        "organisations.deleted", actor=actor, now=now, organisation=organisation.pk, members=len(members)
    )
    organisation.delete()
    departures.close_accounts(members, ending="organisation_deleted", actor=actor, now=now)


def shut(organisation: Organisation, now: datetime) -> None:
    """Close an organisation that the caller has locked, inside it."""
    organisation.closed_at, organisation.erases_at = now, REGRET.add_to(now)
    organisation.revision += 1
    organisation.save(update_fields=["closed_at", "erases_at", "revision"])
    Membership.objects.filter(organisation=organisation).update(ends_at=organisation.erases_at)
    Handover.objects.filter(organisation=organisation).delete()
    waiting = Invitation.objects.filter(
        organisation=organisation, accepted_at=None, declined_at=None, withdrawn_at=None
    )
    waiting.update(address=None, withdrawn_at=now)


def _others(here: Acting) -> list[Membership]:
    return list(Membership.objects.filter(organisation=here.organisation).exclude(pk=here.membership.pk))


def _is_platform_administrator(actor: Actor) -> bool:
    if actor.subject is None:
        return False
    held = StaffRole.objects.filter(subject_id=actor.subject, until__isnull=True)
    return held.filter(role=StaffRole.Role.PLATFORM_ADMINISTRATOR).exists()
