"""A receipt as ISO/IEC TS 27560:2023 writes it: a consent record in JSON, built from what varies and from the
register.

A receipt keeps codes, hashes and ids. What they meant stands in the version of the register that it cites,
which is kept whole; so a receipt says in full what was in force when it was given.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from seqlense.kit.periods import Period
from seqlense.privacy.consent.choices import LIFE
from seqlense.privacy.consent.models import Display, Kind, Receipt
from seqlense.privacy.models import RegisterVersion

SCHEMA: Final = "ISO/IEC TS 27560:2023"
MEDIA_TYPE: Final = "application/json"


def record(receipt: Receipt) -> dict[str, Any]:
    """All of it, ready for JSON. Raises RegisterVersion.DoesNotExist for one from another installation."""
    return records([receipt])[0]


def records(receipts: Sequence[Receipt]) -> list[dict[str, Any]]:
    """The same for several: what they cite is read once."""
    versions = {one.register_version for one in receipts}
    contents = {one.version: one.content for one in RegisterVersion.objects.filter(pk__in=versions)}
    if versions - contents.keys():
        raise RegisterVersion.DoesNotExist
    displays = {one.hash: one for one in Display.objects.filter(pk__in={one.shown for one in receipts})}
    return [_record(one, contents[one.register_version], displays.get(one.shown)) for one in receipts]


def _record(receipt: Receipt, content: Mapping[str, Any], shown: Display | None) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA,
        "record_id": str(receipt.pk),
        "pii_principal_id": str(receipt.subject_id) if receipt.subject_id else None,
        "pii_processing": {
            "privacy_notice": {
                "address": f"{content['controller']['site']}/{receipt.language}/privacy/",
                "version": receipt.shown or None,
                "register_version": receipt.register_version,
                "texts": shown.texts if shown is not None else None,
                "code": shown.code if shown is not None else None,
                "shown_since": shown.since.isoformat() if shown is not None else None,
            },
            "language": receipt.language,
            "purposes": list(_purposes(receipt, content)),
            "withdrawal_method": _said(_WITHDRAWAL, receipt.language),
            "privacy_rights": _said(_RIGHTS, receipt.language),
        },
        "party_identification": list(_parties(receipt, content)),
        "event": list(_events(receipt)),
    }


def _purposes(receipt: Receipt, content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    recipients = {one["id"]: one for one in content["recipients"]}
    if receipt.kind == Kind.CHOICE:
        asked: dict[str, dict[str, bool]] = {}
        for service, yes in sorted(receipt.answers.items()):
            asked.setdefault(_asked_for(recipients.get(service, {})) or service, {})[service] = yes
    else:
        asked = {receipt.purpose: {}}
    for purpose, answers in asked.items():
        yield _purpose(receipt, content, purpose, answers)


def _asked_for(recipient: Mapping[str, Any]) -> str | None:
    """As `Recipient.asked_purpose` has it, of a register that ran once."""
    reach = recipient.get("browser") or {}
    return reach.get("consent_purpose") or recipient.get("consent_purpose")


def _purpose(
    receipt: Receipt, content: Mapping[str, Any], purpose: str, answers: Mapping[str, bool]
) -> dict[str, Any]:
    recipients = {one["id"]: one for one in content["recipients"]}
    activities = [
        one
        for one in content["activities"]
        if one["status"] == "active" and one["basis"]["consent_purpose"] == purpose
    ]
    named = sorted({*answers, *(name for one in activities for name in one["recipients"])})
    return {
        "purpose": purpose,
        "activities": [
            {"id": one["id"], "title": one["title"], "description": one["purpose"]} for one in activities
        ],
        "lawful_basis": "consent",
        "legal_grounds": ["GDPR art. 6(1)(a)", *(["Directive 2002/58/EC art. 5(3)"] if answers else [])],
        "pii_information": [
            {
                "pii_attribute_id": f"{one['id']}.{item['id']}",
                "pii_type": item["category"],
                "label": item["label"],
                "pii_optional": not item["required"],
            }
            for one in activities
            for item in one["items"]
        ],
        "pii_controllers": [content["controller"]["name"]],
        "collection_method": receipt.how,
        "storage_locations": sorted({where for one in activities for where in one["locations"]}),
        "geographic_restrictions": sorted(
            {country for name in named for country in recipients.get(name, {}).get("countries", ())}
        ),
        "retention_period": [
            {"after": rule["after"], "event": rule["event"], "then": rule["then"]}
            for one in activities
            for rule in one["retention"]
        ],
        "services": [
            {"id": name, "name": recipients.get(name, {}).get("name"), "accepted": yes}
            for name, yes in answers.items()
        ],
        "recipient_third_parties": [
            {"id": name, "name": recipients[name]["name"], "kind": recipients[name]["kind"]}
            for name in named
            if name in recipients
        ],
        "jurisdiction": content["controller"]["country"],
    }


def _parties(receipt: Receipt, content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    controller = content["controller"]
    yield {
        "party_role": "pii_controller",
        "party_name": f"{controller['name']} ({controller['legal_form']})",
        "party_id": controller["registration"],
        "party_address": ", ".join(controller["address"]),
        "party_url": controller["site"],
        "party_contact": controller["data_protection_contact"],
    }
    yield {
        "party_role": "authority",
        "party_name": controller["authority"]["name"],
        "party_address": ", ".join(controller["authority"]["address"]),
        "party_url": controller["authority"]["site"],
    }
    for one in content["recipients"]:
        if one["id"] in receipt.answers:
            yield {
                "party_role": "third_party",
                "party_id": one["id"],
                "party_name": one["name"],
                "party_address": ", ".join(one["address"]),
                "party_url": one["privacy_page"],
            }


def _events(receipt: Receipt) -> Iterator[dict[str, Any]]:
    choice = receipt.kind == Kind.CHOICE
    expires = receipt.at + LIFE if choice else None
    states = {Kind.GIVEN: "given", Kind.WITHDRAWN: "withdrawn"}
    yield {
        "event_time": receipt.at.isoformat(),
        "event_type": "explicit",
        "event_state": states.get(Kind(receipt.kind)) or ("given" if receipt.accepted else "refused"),
        "validity_duration": str(Period.parse(f"P{LIFE.days}D")) if choice else None,
        "expires": expires.isoformat() if expires else None,
        "entity": "pii_principal",
        "follows": str(receipt.previous) if receipt.previous else None,
    }
    ended_early = receipt.ended_at is not None and receipt.ended_at != expires
    if ended_early and receipt.kind != Kind.WITHDRAWN:
        yield {"event_time": receipt.ended_at.isoformat(), "event_state": "ended"}  # type: ignore[union-attr]  # just asked


def _said(words: Mapping[str, str], language: str) -> str:
    return words.get(language, words["en"])


_WITHDRAWAL: Final = {
    "fr": "À tout moment, par « Mes choix », au bas de chaque page, ou dans votre espace.",
    "en": "At any time, by “My choices” at the foot of every page, or by “Consents” in your account.",
}
_RIGHTS: Final = {
    "fr": "Accès, rectification, effacement, limitation, opposition, portabilité, réclamation.",
    "en": "Access, rectification, erasure, restriction, objection, portability, complaint.",
}
