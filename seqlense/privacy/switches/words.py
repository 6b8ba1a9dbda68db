"""What the codes of switches mean to people."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from seqlense.privacy.switches.models import Compelling, Ground, Kind, RequestText
from seqlense.privacy.switches.veil import Opening

type Words = Mapping[str, str | Promise]

KINDS: Final[Words] = {
    Kind.RESTRICTION: _("use limited"),
    Kind.OBJECTION: _("use objected to"),
    Kind.WITHDRAWAL: _("consent withdrawn"),
}
GROUNDS: Final[Words] = {
    Ground.ACCURACY: _("the data may be wrong and is to be checked"),
    Ground.UNLAWFUL: _("its use may be unlawful, yet it is to be kept"),
    Ground.CLAIMS: _("it is needed for a legal claim"),
    Ground.OBJECTION: _("an objection is to be decided"),
    Ground.SITUATION: _("for reasons of the person’s own situation"),
    Ground.MARKETING: _("direct marketing"),
}
OVERRIDES: Final[Words] = {
    Compelling.CLAIMS: _("it is needed for a legal claim"),
    Compelling.SECURITY: _("the safety of the service and of the people who use it"),
    Compelling.FRAUD: _("the fight against fraud"),
    Compelling.OTHERS: _("the rights of other people"),
}
OPENINGS: Final[Words] = {
    Opening.CONSENT: _("The person agrees, or asked for it"),
    Opening.CLAIMS: _("It is needed for a legal claim"),
    Opening.OTHERS: _("It protects the rights of another person"),
    Opening.AUTHORITY: _("An authority demands it, in an important public interest"),
}
WRITERS: Final[Words] = {
    RequestText.By.PERSON: _("written by the person"),
    RequestText.By.OFFICER: _("written by the data-protection officer"),
}
CODES: Final[Words] = {**KINDS, **GROUNDS, **OVERRIDES}
