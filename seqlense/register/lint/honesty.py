"""What people are told: GDPR art. 5(1)(a), 12, 13, 22, and the mentions of a French legal notice."""

import re
from collections.abc import Iterator

from seqlense.register.lint.rules import Case, Seen, Severity, rule
from seqlense.register.lint.sharing import EEA
from seqlense.register.schema import Activity
from seqlense.register.text import Text
from seqlense.register.vocabulary import Automated, Category, Ground, Protection, Storage

UNFINISHED = re.compile(
    r"\b(todo|tbd|fixme|xxx|lorem|à compléter|à remplir|to be completed|n/a)\b", re.IGNORECASE
)
LONGEST_NOTICE = 600
SHORTEST_PURPOSE = 20


def _texts(activity: Activity) -> Iterator[tuple[str, Text]]:
    yield "title", activity.title
    yield "purpose", activity.purpose
    yield "notice", activity.notice
    for name in ("law", "interest", "balance", "withdrawal"):
        text = getattr(activity.basis, name)
        if text is not None:
            yield f"basis.{name}", text
    yield from ((f"items.{item.id}", item.label) for item in activity.items)
    yield from ((f"attention[{index}]", text) for index, text in enumerate(activity.attention))


@rule(
    "honesty.untranslated",
    Severity.WARNING,
    "GDPR art. 12(1)",
    fr="Le même texte dans les deux langues : traduisez-le.",
    en="The same text in both languages: translate it.",
)
def untranslated(case: Case) -> Seen:
    for one in case.activities:
        for where, text in _texts(one):
            if text.fr == text.en and len(text.fr.split()) > 3:
                yield f"{one.id}.{where}", ""


@rule(
    "honesty.unfinished",
    Severity.ERROR,
    "GDPR art. 12(1)",
    fr="Texte inachevé : écrivez-le.",
    en="Unfinished text: write it.",
)
def unfinished(case: Case) -> Seen:
    for one in case.activities:
        for where, text in _texts(one):
            if UNFINISHED.search(text.fr) or UNFINISHED.search(text.en):
                yield f"{one.id}.{where}", ""


@rule(
    "honesty.notice-too-long",
    Severity.NOTE,
    "GDPR art. 12(1)",
    fr=f"Plus de {LONGEST_NOTICE} caractères : une notice courte se lit.",
    en=f"More than {LONGEST_NOTICE} characters: a short notice gets read.",
)
def notice_too_long(case: Case) -> Seen:
    for one in case.activities:
        if max(len(one.notice.fr), len(one.notice.en)) > LONGEST_NOTICE:
            yield one.id, ""


@rule(
    "honesty.vague-purpose",
    Severity.WARNING,
    "GDPR art. 5(1)(b)",
    fr="Une finalité aussi courte n’est ni déterminée ni explicite : précisez-la.",
    en="A purpose that short is neither specified nor explicit: say more.",
)
def vague_purpose(case: Case) -> Seen:
    for one in case.activities:
        if min(len(one.purpose.fr), len(one.purpose.en)) < SHORTEST_PURPOSE:
            yield one.id, ""


@rule(
    "honesty.refusal-untold",
    Severity.WARNING,
    "GDPR art. 13(2)(e)",
    fr="Des données sont obligatoires et rien ne dit ce qu’un refus empêche : écrivez refusal.",
    en="Some data is required and nothing says what refusing prevents: write refusal.",
)
def refusal_untold(case: Case) -> Seen:
    for one in case.activities:
        if one.refusal is None and any(item.required for item in one.items):
            yield one.id, ""


@rule(
    "honesty.logic-untold",
    Severity.ERROR,
    "GDPR art. 13(2)(f)",
    fr="Profilage ou décision automatisée dont la logique et les effets ne sont pas dits : remplissez-les.",
    en="Profiling or automated decision without its logic and effects: fill in logic and effects.",
)
def logic_untold(case: Case) -> Seen:
    for one in case.activities:
        decided = one.automated_decisions
        if decided.kind is not Automated.NONE and (decided.logic is None or decided.effects is None):
            yield one.id, decided.kind.value


@rule(
    "honesty.decision-without-ground",
    Severity.ERROR,
    "GDPR art. 22(2)",
    fr="Une décision entièrement automatisée exige un contrat, une loi ou un consentement explicite.",
    en="A solely automated decision needs a contract, a law or explicit consent.",
)
def decision_without_ground(case: Case) -> Seen:
    allowed = (Ground.CONSENT, Ground.CONTRACT, Ground.LEGAL_OBLIGATION)
    for one in case.activities:
        if one.automated_decisions.kind is Automated.DECISION and one.basis.ground not in allowed:
            yield one.id, one.basis.ground.value


@rule(
    "honesty.profiling-untold",
    Severity.ERROR,
    "GDPR art. 4(4)",
    fr="Un profil déduit est conservé sans que le profilage soit déclaré : renseignez automated_decisions.",
    en="An inferred profile is kept and profiling isn't declared: fill in automated_decisions.",
)
def profiling_untold(case: Case) -> Seen:
    for one in case.activities:
        if one.automated_decisions.kind is Automated.NONE:
            yield from ((item.key, "") for item in one.items if item.category is Category.PROFILE)


NAMING = {
    Category.IDENTIFICATION,
    Category.CIVIL_STATUS,
    Category.CONTACT,
    Category.FINANCIAL,
    Category.IDENTITY_DOCUMENT,
    Category.IMAGE,
    Category.NATIONAL_NUMBER,
    Category.OFFENCES,
    Category.CORRESPONDENCE,
}


@rule(
    "honesty.readable",
    Severity.ERROR,
    "GDPR art. 32",
    fr="Une donnée qui nomme quelqu’un, ou une donnée sensible, reste lisible en base : scellez-la.",
    en="An item that names someone, or is sensitive, stays readable in the database: seal it.",
)
def readable(case: Case) -> Seen:
    for one in case.activities:
        for item in one.items:
            stored = item.storage in (Storage.DATABASE, Storage.FILES) and item.protection is Protection.PLAIN
            given = item.source.value != "system"
            if stored and given and (item.category in NAMING or item.category.special):
                yield item.key, item.category.value


@rule(
    "honesty.legal-notice-gaps",
    Severity.WARNING,
    "LCEN art. 1-1",
    fr="Mention obligatoire absente du controller.yaml : les mentions légales la disent manquante.",
    en="A mandatory mention is absent from controller.yaml: the legal notice says that it is missing.",
)
def legal_notice_gaps(case: Case) -> Seen:
    for name in ("publication_director", "phone", "share_capital"):
        if getattr(case.register.controller, name) is None:
            yield f"controller.{name}", ""


@rule(
    "honesty.host-unreachable",
    Severity.WARNING,
    "LCEN art. 1-1",
    fr="L’hébergeur se nomme avec son adresse et son téléphone.",
    en="The host is named with its address and its telephone number.",
)
def host_unreachable(case: Case) -> Seen:
    for server in case.register.controller.servers:
        host = case.register.recipients[server.host]
        if not host.address or host.phone is None:
            yield f"recipients.{host.id}", ""


@rule(
    "honesty.no-representative",
    Severity.ERROR,
    "GDPR art. 27",
    fr="Un responsable établi hors de l’EEE désigne un représentant dans l’Union.",
    en="A controller established outside the EEA appoints a representative in the Union.",
)
def no_representative(case: Case) -> Seen:
    if case.register.controller.country not in EEA:
        yield "controller.country", case.register.controller.country
