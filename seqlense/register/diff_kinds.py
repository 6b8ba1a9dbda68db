"""The kinds of change between two registers, and what each obliges to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from seqlense.register.text import Text


class Duty(StrEnum):
    """What the change obliges to, from the heaviest."""

    ASK_AGAIN = "ask_again"
    TELL_BEFORE = "tell_before"
    PUBLISH = "publish"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Kind:
    """What a change of that kind is called, and what it obliges to while the activity runs."""

    said: Text
    duty: Duty
    article: str


KINDS: dict[str, Kind] = {
    "activity_started": Kind(
        Text(fr="le traitement commence", en="the activity starts"),
        Duty.TELL_BEFORE,
        "GDPR art. 13(1), 13(3)",
    ),
    "activity_stopped": Kind(
        Text(fr="le traitement cesse", en="the activity stops"), Duty.PUBLISH, "GDPR art. 12"
    ),
    "activity_added": Kind(
        Text(fr="traitement inscrit, à l’arrêt", en="activity registered, not running"),
        Duty.NOTHING,
        "GDPR art. 30",
    ),
    "activity_removed": Kind(
        Text(fr="traitement retiré, à l’arrêt", en="activity removed, not running"),
        Duty.NOTHING,
        "GDPR art. 30",
    ),
    "purpose": Kind(Text(fr="finalité", en="purpose"), Duty.TELL_BEFORE, "GDPR art. 13(3)"),
    "basis": Kind(Text(fr="base légale", en="legal basis"), Duty.TELL_BEFORE, "GDPR art. 13(1)(c)"),
    "consent": Kind(
        Text(fr="objet du consentement", en="what is consented to"), Duty.ASK_AGAIN, "GDPR art. 7"
    ),
    "role": Kind(Text(fr="qualité", en="role"), Duty.TELL_BEFORE, "GDPR art. 13(1)(a)"),
    "subjects_added": Kind(
        Text(fr="personnes ajoutées", en="people added"), Duty.TELL_BEFORE, "GDPR art. 13(1)"
    ),
    "subjects_removed": Kind(
        Text(fr="personnes retirées", en="people removed"), Duty.PUBLISH, "GDPR art. 12"
    ),
    "item_added": Kind(
        Text(fr="donnée ajoutée", en="item added"), Duty.TELL_BEFORE, "GDPR art. 13, 14(1)(d)"
    ),
    "item_removed": Kind(Text(fr="donnée retirée", en="item removed"), Duty.PUBLISH, "GDPR art. 12"),
    "item_required": Kind(
        Text(fr="donnée rendue obligatoire", en="item made mandatory"), Duty.TELL_BEFORE, "GDPR art. 13(2)(e)"
    ),
    "uses": Kind(
        Text(fr="données d’autres traitements utilisées", en="use of other activities' data"),
        Duty.TELL_BEFORE,
        "GDPR art. 13(3)",
    ),
    "protection_lowered": Kind(
        Text(fr="protection abaissée", en="protection lowered"), Duty.TELL_BEFORE, "GDPR art. 32"
    ),
    "protection_raised": Kind(
        Text(fr="protection renforcée", en="protection raised"), Duty.PUBLISH, "GDPR art. 32"
    ),
    "recipient_added": Kind(
        Text(fr="destinataire ajouté", en="recipient added"), Duty.TELL_BEFORE, "GDPR art. 13(1)(e)"
    ),
    "recipient_removed": Kind(
        Text(fr="destinataire retiré", en="recipient removed"), Duty.PUBLISH, "GDPR art. 19"
    ),
    "recipient_changed": Kind(
        Text(fr="destinataire modifié", en="recipient changed"), Duty.TELL_BEFORE, "GDPR art. 13(1)(e)"
    ),
    "service_asks": Kind(
        Text(fr="service extérieur soumis au consentement", en="outside service that needs consent"),
        Duty.ASK_AGAIN,
        "Law 78-17 art. 82",
    ),
    "service_removed": Kind(
        Text(fr="service extérieur retiré", en="outside service removed"),
        Duty.PUBLISH,
        "Law 78-17 art. 82",
    ),
    "transfers": Kind(
        Text(fr="transferts hors de l’EEE", en="transfers out of the EEA"),
        Duty.TELL_BEFORE,
        "GDPR art. 13(1)(f)",
    ),
    "locations": Kind(Text(fr="lieu", en="place"), Duty.PUBLISH, "GDPR art. 12"),
    "keeping_longer": Kind(
        Text(fr="conservation allongée", en="kept longer"), Duty.TELL_BEFORE, "GDPR art. 13(2)(a)"
    ),
    "keeping_shorter": Kind(
        Text(fr="conservation réduite", en="kept for less"), Duty.PUBLISH, "GDPR art. 13(2)(a)"
    ),
    "automated": Kind(
        Text(fr="profilage et décisions", en="profiling and decisions"),
        Duty.TELL_BEFORE,
        "GDPR art. 13(2)(f)",
    ),
    "wording": Kind(Text(fr="formulation", en="wording"), Duty.PUBLISH, "GDPR art. 12(1)"),
    "controller": Kind(
        Text(fr="responsable ou contact", en="controller or contact"), Duty.TELL_BEFORE, "GDPR art. 13(1)(a)"
    ),
    "controller_detail": Kind(
        Text(fr="mention sur l’entreprise", en="statement about the company"), Duty.PUBLISH, "LCEN art. 1-1"
    ),
    "cookie_added": Kind(Text(fr="traceur ajouté", en="tracer added"), Duty.PUBLISH, "Law 78-17 art. 82"),
    "cookie_asks": Kind(
        Text(fr="traceur soumis au consentement", en="tracer that needs consent"),
        Duty.ASK_AGAIN,
        "Law 78-17 art. 82",
    ),
    "cookie_removed": Kind(Text(fr="traceur retiré", en="tracer removed"), Duty.PUBLISH, "Law 78-17 art. 82"),
    "cookie_changed": Kind(
        Text(fr="traceur modifié", en="tracer changed"), Duty.PUBLISH, "Law 78-17 art. 82"
    ),
}
