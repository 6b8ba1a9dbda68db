"""Whether an invitation stands: it is worth what its sender may do today, and no more.

Nobody has to remember to end invitations when a member leaves, is removed, gets a smaller role or is erased:
each time one is shown, sent or answered, its sender's seat is looked at anew.
"""

from typing import Final

from django.db.models import Exists, OuterRef, Q

from seqlense.organisations.models import Invitation, Membership
from seqlense.organisations.roles import Role, assignable

GIVING: Final = sorted(f"{giver}>{given}" for giver in Role for given in assignable(giver))
"""Which role may invite to which ("owner>reader"); for SQL written by hand."""


def standing() -> Q:
    """Invitations whose sender still belongs to the organisation, in a role that may give what they offer."""
    found = Q()
    for given in Role:
        givers = [giver.value for giver in Role if given in assignable(giver)]
        sender = Membership.objects.filter(
            organisation=OuterRef("organisation"), subject=OuterRef("invited_by"), role__in=givers
        )
        found |= Q(role=given.value) & Q(Exists(sender))
    return found


def stands(invitation: Invitation) -> bool:
    """Whether this one does. Ask it inside its organisation."""
    return Invitation.objects.filter(standing(), pk=invitation.pk).exists()
