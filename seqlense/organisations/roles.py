"""Who may do what in an organisation: one table, shown to people in the same words."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member is in an organisation, from the one who answers for it to the one who only looks."""

    OWNER = "owner", _("Owner")
    ADMINISTRATOR = "administrator", _("Group administrator")
    MEMBER = "member", _("Member")
    READER = "reader", _("Reader")


class Permission(models.TextChoices):
    """What can be done in an organisation, as people would say it."""

    SEE = "see", _("See the organisation, its members and their roles")
    WORK = "work", _("Use the services and change the organisation's content")
    INVITE = "invite", _("Invite people, send an invitation again, withdraw it")
    MANAGE = "manage", _("Change the role of members and readers, and remove them")
    SETTINGS = "settings", _("Change the organisation's name and demand a second factor")
    APPOINT = "appoint", _("Appoint and remove group administrators")
    HAND_OVER = "hand_over", _("Hand the organisation over to another member")
    CLOSE = "close", _("Close the organisation, and open it again")


_READER: Final = frozenset({Permission.SEE})
_MEMBER: Final = _READER | {Permission.WORK}
_ADMINISTRATOR: Final = _MEMBER | {Permission.INVITE, Permission.MANAGE, Permission.SETTINGS}
_OWNER: Final = _ADMINISTRATOR | {Permission.APPOINT, Permission.HAND_OVER, Permission.CLOSE}

TABLE: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.OWNER: _OWNER,
    Role.ADMINISTRATOR: _ADMINISTRATOR,
    Role.MEMBER: _MEMBER,
    Role.READER: _READER,
}


def may(role: str, permission: Permission) -> bool:
    """Whether that role permits it."""
    return permission in TABLE[Role(role)]


def assignable(role: str) -> tuple[Role, ...]:
    """Roles that someone in `role` may give to others, by invitation or change.

    Ownership is handed over, not given.
    """
    if may(role, Permission.APPOINT):
        return (Role.ADMINISTRATOR, Role.MEMBER, Role.READER)
    if may(role, Permission.MANAGE):
        return (Role.MEMBER, Role.READER)
    return ()


def governs(role: str, other: str) -> bool:
    """Whether someone in `role` may change or end the membership of someone in `other`."""
    return Role(other) in assignable(role)
