"""The mails of this room.

Who they go to and what they say is looked up when they are sent, and kept nowhere.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from seqlense.accounts.models import account_of
from seqlense.mailing import MailTemplate
from seqlense.organisations import answers, doors
from seqlense.organisations.models import Invitation, Membership, Organisation
from seqlense.organisations.roles import Role
from seqlense.organisations.standing import stands
from seqlense.organisations.tenancy import inside
from seqlense.privacy.records import Act

type Context = Mapping[str, Any] | None


def _invitation(about: UUID) -> Invitation | None:
    """The invitation while it waits for an answer and its sender may give what it offers."""
    organisation = doors.organisation_of_invitation(about)
    if organisation is None:
        return None
    with inside(organisation):
        found = Invitation.objects.select_related("organisation").filter(pk=about).first()
        return found if found is not None and not found.settled_as and stands(found) else None


def _invitation_address(about: UUID) -> str | None:
    found = _invitation(about)
    return found.address if found else None


def _invitation_context(about: UUID) -> Context:
    found = _invitation(about)
    if found is None:
        return None
    inviter = account_of(found.invited_by_id) if found.invited_by_id else None
    return {
        "organisation": found.organisation.name,
        "inviter": inviter.called if inviter else "",
        "role": Role(found.role).label,
        "reference": found.reference,
        "expires_at": found.expires_at,
        "link": _link("site:invitation", answers.token(found.organisation_id, found.pk)),
    }


def _membership(about: UUID) -> Membership | None:
    organisation = doors.organisation_of_membership(about)
    if organisation is None:
        return None
    with inside(organisation):
        return Membership.objects.select_related("organisation").filter(pk=about).first()


def _member_address(about: UUID) -> str | None:
    found = _membership(about)
    account = account_of(found.subject_id) if found else None
    return account.email if account else None


def _member_context(about: UUID) -> Context:
    found = _membership(about)
    if found is None:
        return None
    return {
        "organisation": found.organisation.name,
        "role": Role(found.role).label,
        "erases_at": found.organisation.erases_at,
        "link": _link("site:organisation", found.organisation_id),
    }


def _former_member_address(about: UUID) -> str | None:
    act = Act.objects.filter(pk=about).first()
    account = account_of(act.subject) if act else None
    return account.email if account else None


def _former_member_context(about: UUID) -> Context:
    act = Act.objects.filter(pk=about).first()
    organisation = UUID(str(act.detail["organisation"])) if act else None
    if organisation is None:
        return None
    with inside(organisation):
        found = Organisation.objects.filter(pk=organisation).first()
    return {"organisation": found.name, "link": _link("site:organisations")} if found else None


def _link(name: str, *args: object) -> str:
    return settings.SEQLENSE_PUBLIC_URL + reverse(name, args=args)


_MEMBER_SAMPLE: Final = {
    "organisation": "Orme & Vallon",
    "role": "Member",
    "erases_at": None,
    "link": "https://example.org/",
}


def _to_member(name: str) -> MailTemplate:
    return MailTemplate(
        id=f"organisations.{name}",
        activity="mailing",
        item="accounts.email",
        address=_member_address,
        context=_member_context,
        sample=_MEMBER_SAMPLE,
    )


TEMPLATES: Final = [
    MailTemplate(
        id="organisations.invitation",
        activity="mailing",
        item="organisations.invitation_email",
        address=_invitation_address,
        context=_invitation_context,
        sample={**_MEMBER_SAMPLE, "inviter": "Alice", "reference": "7F3A", "expires_at": None},
    ),
    _to_member("role"),
    _to_member("handover"),
    _to_member("handed_over"),
    _to_member("inherited"),
    _to_member("closed"),
    _to_member("reopened"),
    MailTemplate(
        id="organisations.removed",
        activity="mailing",
        item="accounts.email",
        address=_former_member_address,
        context=_former_member_context,
        sample=_MEMBER_SAMPLE,
    ),
]
