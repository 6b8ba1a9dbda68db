"""Every verb begins here: who acts, in which organisation, with which role; and nobody else acts there
meanwhile.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from seqlense.organisations.errors import Closed, NotAllowed, NotFound
from seqlense.organisations.models import Membership, Organisation
from seqlense.organisations.roles import Permission
from seqlense.organisations.tenancy import enter, inside
from seqlense.privacy.actor import Actor


@dataclass(frozen=True)
class Acting:
    """An organisation and the membership of the person who acts in it.

    From `acting` it is locked until the end.
    """

    organisation: Organisation
    membership: Membership

    def member(self, membership: UUID) -> Membership:
        """Another membership of the same organisation. Raises NotFound."""
        found = Membership.objects.filter(pk=membership, organisation=self.organisation).first()
        if found is None:
            raise NotFound
        return found


@contextmanager
def acting(
    organisation: UUID, actor: Actor, permission: Permission, *, closed: bool = False
) -> Iterator[Acting]:
    """Inside that organisation, as a member who may do it. Row security is open for it within the block.

    closed: whether a closed organisation will do. Raises NotFound (for a stranger too), Closed, NotAllowed.
    """
    with inside(organisation):
        found = locked(organisation)
        membership = _membership(found, actor.subject)
        if membership is None:
            raise NotFound
        if found.closed_at is not None and not closed:
            raise Closed
        if not membership.may(permission):
            raise NotAllowed
        yield Acting(found, membership)


def look(organisation: UUID, subject: UUID) -> Acting:
    """The organisation for one of its members to look at, with the wall open until the transaction ends.

    Raises NotFound.
    """
    with inside(organisation):
        found = Organisation.objects.filter(pk=organisation).first()
        membership = _membership(found, subject) if found else None
    if found is None or membership is None:
        raise NotFound
    enter(organisation)
    return Acting(found, membership)


def _membership(organisation: Organisation, subject: UUID | None) -> Membership | None:
    if subject is None:
        return None
    return Membership.objects.filter(organisation=organisation, subject_id=subject).first()


def locked(organisation: UUID) -> Organisation:
    """The organisation, for one transaction at a time. Call it inside. Raises NotFound."""
    found = Organisation.objects.select_for_update().filter(pk=organisation).first()
    if found is None:
        raise NotFound
    return found
