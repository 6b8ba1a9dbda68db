"""W3C Data Privacy Vocabulary 2, as JSON-LD: the register as a record of processing that machines read.

Only terms that DPV defines; what it has no term for is said by its nearest wider one and by labels.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from seqlense.register.vocabulary import (
    Automated,
    Category,
    Ground,
    Protection,
    RecipientKind,
    Source,
    SpecialCondition,
    Storage,
    Subjects,
    Then,
    Tool,
)

if TYPE_CHECKING:
    from seqlense.register.register import Register
    from seqlense.register.schema import Activity, Controller, DataItem, Recipient, RetentionRule, Transfer
    from seqlense.register.text import Text

CONTEXT: dict[str, Any] = {
    "@version": 1.1,
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "loc": "https://w3id.org/dpv/loc#",
    "dct": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
GROUNDS = {
    Ground.CONSENT: "eu-gdpr:A6-1-a",
    Ground.CONTRACT: "eu-gdpr:A6-1-b",
    Ground.LEGAL_OBLIGATION: "eu-gdpr:A6-1-c",
    Ground.VITAL_INTERESTS: "eu-gdpr:A6-1-d",
    Ground.PUBLIC_TASK: "eu-gdpr:A6-1-e",
    Ground.LEGITIMATE_INTEREST: "eu-gdpr:A6-1-f",
}
CONDITIONS = {
    condition: f"eu-gdpr:A9-2-{letter}"
    for condition, letter in zip(SpecialCondition, "abcdefghij", strict=True)
}
CATEGORIES = {
    Category.IDENTIFICATION: "pd:Identifying",
    Category.CIVIL_STATUS: "pd:Name",
    Category.CONTACT: "pd:Contact",
    Category.CREDENTIALS: "pd:Authenticating",
    Category.ELECTRONIC: "pd:DeviceBased",
    Category.CONNECTION: "pd:AuthenticationHistory",
    Category.PROFESSIONAL: "pd:Professional",
    Category.CONTRACT: "pd:Transactional",
    Category.FINANCIAL: "pd:Financial",
    Category.PREFERENCES: "pd:Preference",
    Category.HABITS: "pd:BrowsingBehaviour",
    Category.CORRESPONDENCE: "pd:Communication",
    Category.DOCUMENT: "pd:PersonalDocuments",
    Category.CHOICE: "pd:PrivacyPreference",
    Category.REQUEST: "pd:Communication",
    Category.PROFILE: "pd:IndividualProfile",
    Category.LOCATION: "pd:Location",
    Category.IDENTITY_DOCUMENT: "pd:OfficialID",
    Category.IMAGE: "pd:Picture",
    Category.NATIONAL_NUMBER: "pd:OfficialID",
    Category.OFFENCES: "pd:Criminal",
    Category.BIOMETRIC: "pd:Biometric",
    Category.HEALTH: "pd:Health",
    Category.GENETIC: "pd:Genetic",
    Category.ORIGIN: "pd:EthnicOrigin",
    Category.OPINIONS: "pd:PoliticalOpinion",
    Category.BELIEFS: "pd:PhilosophicalBelief",
    Category.UNION: "pd:TradeUnionMembership",
    Category.SEXUAL_LIFE: "pd:Sexual",
}
PEOPLE = {
    Subjects.VISITOR: "dpv:Visitor",
    Subjects.USER: "dpv:User",
    Subjects.GROUP_ADMINISTRATOR: "dpv:User",
    Subjects.PLATFORM_ADMINISTRATOR: "dpv:Employee",
    Subjects.PROSPECT: "dpv:Customer",
    Subjects.CLIENT: "dpv:Client",
    Subjects.PAYER: "dpv:Customer",
    Subjects.SIGNER: "dpv:ServiceConsumer",
    Subjects.SUBSCRIBER: "dpv:Subscriber",
    Subjects.APPLICANT: "dpv:JobApplicant",
    Subjects.EMPLOYEE: "dpv:Employee",
    Subjects.MEMBER: "dpv:Member",
    Subjects.STUDENT: "dpv:Student",
    Subjects.PATIENT: "dpv:Patient",
    Subjects.CHILD: "dpv:Child",
}
SOURCES = {
    Source.PERSON: "dpv:DataSubjectDataSource",
    Source.USE: "dpv:DataSubjectDataSource",
    Source.SYSTEM: "dpv:DataControllerDataSource",
    Source.ORGANISATION: "dpv:ThirdPartyDataSource",
    Source.THIRD_PARTY: "dpv:ThirdPartyDataSource",
    Source.PUBLIC_RECORD: "dpv:PublicDataSource",
}
RECEIVERS = {
    RecipientKind.STAFF: "dpv:OrganisationalUnit",
    RecipientKind.PROCESSOR: "dpv:DataProcessor",
    RecipientKind.CONTROLLER: "dpv:ThirdParty",
    RecipientKind.JOINT_CONTROLLER: "dpv:JointDataControllers",
    RecipientKind.AUTHORITY: "dpv:Authority",
    RecipientKind.ORGANISATION: "dpv:Organisation",
    RecipientKind.SOFTWARE: "dpv:OrganisationalUnit",
}
TOOLS = {
    Tool.ADEQUACY: "eu-gdpr:A45-3",
    Tool.CLAUSES: "eu-gdpr:A46-2-c",
    Tool.CORPORATE_RULES: "eu-gdpr:A46-2-b",
    Tool.DEROGATION: "eu-gdpr:A49-1-a",
}
PROTECTIONS = {
    Protection.SEALED: "dpv:EncryptionAtRest",
    Protection.HASHED: "dpv:HashFunctions",
    Protection.PLAIN: "dpv:AccessControlMethod",
}


def write(register: Register, language: str) -> bytes:
    """The register as one JSON-LD document, texts in both languages."""
    return (json.dumps(document(register), ensure_ascii=False, indent=2) + "\n").encode()


def document(register: Register) -> dict[str, Any]:
    """Identifiers hang below the controller's site, so that two companies' records don't meet."""
    base = f"{register.controller.site.rstrip('/')}/register/{register.version}#"
    graph: list[dict[str, Any]] = [
        {
            "@id": base + "record",
            "@type": "dpv:RecordsOfActivities",
            "dct:identifier": register.version,
            "dpv:hasDataController": {"@id": base + "controller"},
            "dpv:hasProcess": [{"@id": base + key} for key in register.activities],
        },
        _controller(register.controller, base),
        *(_recipient(one, base) for one in register.recipients.values()),
        *(_activity(register, one, base) for one in register.activities.values()),
    ]
    return {"@context": {**CONTEXT}, "@graph": graph}


def _both(text: Text) -> list[dict[str, str]]:
    return [{"@value": text.fr, "@language": "fr"}, {"@value": text.en, "@language": "en"}]


def _term(name: str) -> dict[str, str]:
    return {"@id": name}


def _countries(codes: tuple[str, ...]) -> list[dict[str, str]]:
    return [_term(f"loc:{code}") for code in codes]


def _controller(who: Controller, base: str) -> dict[str, Any]:
    return {
        "@id": base + "controller",
        "@type": "dpv:DataController",
        "dpv:hasName": who.name,
        "dpv:hasIdentifier": who.registration,
        "dpv:hasAddress": ", ".join(who.address),
        "dpv:hasContact": [who.contact, who.data_protection_contact],
        "dpv:hasCountry": _term(f"loc:{who.country}"),
        "dpv:hasTechnicalOrganisationalMeasure": [
            {"@type": "dpv:TechnicalOrganisationalMeasure", "skos:prefLabel": _both(text)}
            for text in who.security
        ],
    }


def _recipient(one: Recipient, base: str) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@id": f"{base}recipient-{one.id}",
        "@type": ["dpv:Recipient", RECEIVERS[one.kind]],
        "dpv:hasName": _both(one.name),
        "dct:description": _both(one.role),
    }
    if one.seat is not None:
        node["dpv:hasCountry"] = _term(f"loc:{one.seat}")
    if one.countries:
        node["dpv:hasLocation"] = _countries(one.countries)
    if one.browser is not None:
        reached = ", ".join(host for hosts in one.browser.hosts.values() for host in hosts)
        node["dpv:hasService"] = {
            "@type": "dpv:Service",
            "skos:prefLabel": _both(one.browser.label),
            "dct:description": [*_both(one.browser.explanation), reached],
        }
    return node


def _activity(register: Register, one: Activity, base: str) -> dict[str, Any]:
    here = base + one.id
    node: dict[str, Any] = {
        "@id": here,
        "@type": "dpv:PersonalDataHandling",
        "dct:title": _both(one.title),
        "dpv:hasActivityStatus": _term("dpv:ActivityOngoing" if one.active else "dpv:ActivityPlanned"),
        "dpv:hasPurpose": {
            "@id": here + "-purpose",
            "@type": "dpv:Purpose",
            "skos:prefLabel": _both(one.purpose),
        },
        "dpv:hasNotice": {"@type": "dpv:PrivacyNotice", "dct:description": _both(one.notice)},
        "dpv:hasLegalBasis": _basis(one, here),
        "dpv:hasDataSubject": [
            {"@type": PEOPLE.get(kind, "dpv:DataSubject"), "skos:prefLabel": _both(kind.label)}
            for kind in one.subjects
        ],
        "dpv:hasPersonalData": [_item(item, here) for item in one.items],
        "dpv:hasRecipient": [{"@id": f"{base}recipient-{r.id}"} for r in register.recipients_of(one)],
        "dpv:hasLocation": _countries(register.countries_of(one)),
        "dpv:hasStorageCondition": [_rule(kept, here) for kept in one.retention],
        "dpv:hasTechnicalOrganisationalMeasure": [
            {"@type": "dpv:TechnicalOrganisationalMeasure", "skos:prefLabel": _both(text)}
            for text in one.security
        ],
    }
    role = "dpv:hasDataController" if one.role == "controller" else "dpv:hasDataProcessor"
    node[role] = {"@id": base + "controller"}
    if one.transfers:
        node["dpv:hasProcessing"] = [_transfer(made, base) for made in one.transfers]
    if one.automated_decisions.kind is not Automated.NONE:
        automated = one.automated_decisions
        deciding = automated.kind is Automated.DECISION
        node["dpv:hasContext"] = _term("dpv:AutomatedDecisionMaking" if deciding else "dpv:Profiling")
        if automated.logic is not None:
            logic = {"@type": "dpv:AlgorithmicLogic", "skos:prefLabel": _both(automated.logic)}
            node["dpv:hasAlgorithmicLogic"] = logic
    return node


def _basis(one: Activity, here: str) -> list[dict[str, Any]]:
    basis = one.basis
    node: dict[str, Any] = {"@id": here + "-basis", "@type": GROUNDS[basis.ground]}
    reasons = [text for text in (basis.law, basis.interest, basis.withdrawal) if text is not None]
    if reasons:
        node["dct:description"] = [value for text in reasons for value in _both(text)]
    found = [node]
    if basis.special is not None:
        found.append({"@id": here + "-condition", "@type": CONDITIONS[basis.special]})
    return found


def _item(item: DataItem, here: str) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@id": f"{here}-{item.id}",
        "@type": [
            CATEGORIES[item.category],
            *(["dpv:SpecialCategoryPersonalData"] if item.category.special else []),
        ],
        "dct:identifier": item.key,
        "skos:prefLabel": _both(item.label),
        "dpv:hasDataSource": _term(SOURCES[item.source]),
        "dpv:hasNecessity": _term("dpv:Required" if item.required else "dpv:Optional"),
    }
    if item.storage in (Storage.DATABASE, Storage.FILES):
        node["dpv:hasTechnicalMeasure"] = _term(PROTECTIONS[item.protection])
    return node


def _rule(kept: RetentionRule, here: str) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@type": "dpv:StorageDeletion" if kept.then is Then.ERASE else "dpv:StorageCondition",
        "dct:description": _both(kept.event_label),
        "dpv:hasDuration": {
            "@type": "dpv:TemporalDuration",
            "dpv:isAfter": kept.event,
            "dct:extent": {"@value": str(kept.after), "@type": "xsd:duration"},
        },
    }
    if kept.items:
        node["dpv:hasPersonalData"] = [{"@id": f"{here}-{item}"} for item in kept.items]
    if kept.law is not None:
        law = {"@type": "dpv:LegalObligation", "dct:description": _both(kept.law)}
        node["dpv:hasObligation"] = law
    return node


def _transfer(made: Transfer, base: str) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@type": "dpv:Transfer",
        "dpv:hasDataImporter": {"@id": f"{base}recipient-{made.recipient}"},
        "dpv:hasThirdCountry": _term(f"loc:{made.country}"),
    }
    if made.tool is not None:
        basis: dict[str, Any] = {"@type": TOOLS[made.tool]}
        if made.reference is not None:
            basis["dct:description"] = _both(made.reference)
        node["dpv:hasLegalBasis"] = basis
    return node
