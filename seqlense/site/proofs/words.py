"""Acts of a proof, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: Final[Mapping[str, str | Promise]] = {
    "accounts.closed": _("The account was closed"),
    "accounts.removed": _("The account was removed by a group administrator"),
    "accounts.organisation_deleted": _("The account ended with its organisation"),
    "notices.read": _("A change in the notices was read"),
    "notices.accepted": _("A change in the notices was accepted"),
    "notices.refused": _("A change in the notices was refused"),
    "privacy.request_received": _("The request arrived"),
    "privacy.request_answered": _("The request was answered"),
    "privacy.request_extended": _("The answer was put off, once"),
    "privacy.packaged": _("A copy of all data was made and handed over"),
    "privacy.erased": _("The data was erased, item by item"),
    "privacy.restricted": _("The use of data was limited"),
    "privacy.restriction_lifted": _("A limit ended"),
    "privacy.lift_announced": _("The end of a limit was announced"),
    "privacy.objected": _("An objection was noted"),
    "privacy.objection_decided": _("An objection was decided"),
    "privacy.objection_taken_back": _("An objection was taken back"),
    "privacy.consent_withdrawn": _("A consent was withdrawn"),
    "privacy.consent_renewed": _("A consent was given again"),
}
"""What happened, by the act's kind. A kind that isn't here is shown as it is."""
