"""What happens to members: their role changes, they are removed, they leave."""

from datetime import datetime
from uuid import UUID

from seqlense.organisations import departures, letters
from seqlense.organisations.acting import acting
from seqlense.organisations.errors import ChangedMeanwhile, NotAllowed, OwnerStays
from seqlense.organisations.models import Handover, Membership
from seqlense.organisations.roles import Permission, Role, assignable, governs
from seqlense.privacy import acts
from seqlense.privacy.actor import Actor


def change_role(
    organisation: UUID, membership: UUID, *, role: Role, seen: str, actor: Actor, now: datetime
) -> Membership:
    """Give a member another role. seen: the role that the form showed.

    Raises NotAllowed (the owner's role, one's own, or a role that one may not give), ChangedMeanwhile.
    """
    with acting(organisation, actor, Permission.MANAGE) as here:
        member = here.member(membership)
        if member.role == role:
            return member
        if member.pk == here.membership.pk or not governs(here.membership.role, member.role):
            raise NotAllowed
        if role not in assignable(here.membership.role):
            raise NotAllowed
        if member.role != seen:
            raise ChangedMeanwhile
        before, member.role = member.role, role
        member.save(update_fields=["role"])
        acts.record(
            "organisations.role-changed",
            actor=actor,
            now=now,
            subject=member.subject_id,
            organisation=organisation,
            before=before,
            after=role,
        )
        letters.to_members("organisations.role", [member], now=now)
        return member


def remove(organisation: UUID, membership: UUID, *, actor: Actor, now: datetime) -> None:
    """End somebody else's membership, with all that the organisation held about them (F-2 accounts).

    Their account is their own and stays, unless it was opened by joining here and they belong nowhere else.
    Raises NotAllowed, OwnerStays.
    """
    with acting(organisation, actor, Permission.MANAGE) as here:
        member = here.member(membership)
        if member.role == Role.OWNER:
            raise OwnerStays
        if member.pk == here.membership.pk or not governs(here.membership.role, member.role):
            raise NotAllowed
        _end(member)
        act = acts.record(
            "organisations.removed",
            actor=actor,
            now=now,
            subject=member.subject_id,
            organisation=organisation,
        )
        letters.of_act("organisations.removed", act, now=now)
        departures.close_accounts([member], ending="account_removed", actor=actor, now=now)


def leave(organisation: UUID, *, actor: Actor, now: datetime) -> None:
    """End one's own membership, also of a closed organisation. Raises OwnerStays."""
    with acting(organisation, actor, Permission.SEE, closed=True) as here:
        if here.membership.role == Role.OWNER:
            raise OwnerStays
        _end(here.membership)
        acts.record(
            "organisations.left", actor=actor, now=now, subject=actor.subject, organisation=organisation
        )


def _end(membership: Membership) -> None:
    """The row goes, and by its keys in the database whatever hung on it there."""
    Handover.objects.filter(organisation=membership.organisation_id, subject=membership.subject_id).delete()
    membership.delete()
