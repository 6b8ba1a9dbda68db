"""Legal bases: what GDPR art. 6 to 11 ask of each."""

from seqlense.register.lint.rules import Case, Seen, Severity, rule
from seqlense.register.vocabulary import Category, Ground, Subjects

LEAVING = {"consent_withdrawn", "unsubscribed", "unlinked"}


@rule(
    "basis.consent-without-purpose",
    Severity.ERROR,
    "GDPR art. 6(1)(a)",
    fr="Un consentement porte sur une finalité précise : nommez-la sous basis.consent_purpose.",
    en="Consent is for one precise purpose: name it under basis.consent_purpose.",
)
def consent_without_purpose(case: Case) -> Seen:
    for one in case.activities:
        if one.basis.ground is Ground.CONSENT and one.basis.consent_purpose is None:
            yield one.id, ""


@rule(
    "basis.consent-without-withdrawal",
    Severity.ERROR,
    "GDPR art. 7(3)",
    fr="Retirer son consentement doit être aussi simple que le donner : dites comment sous basis.withdrawal.",
    en="Withdrawing consent must be as easy as giving it: say how under basis.withdrawal.",
)
def consent_without_withdrawal(case: Case) -> Seen:
    for one in case.activities:
        if one.basis.ground is Ground.CONSENT and one.basis.withdrawal is None:
            yield one.id, ""


@rule(
    "basis.consent-outlives-withdrawal",
    Severity.WARNING,
    "GDPR art. 17(1)(b)",
    fr="Rien ne s’efface au retrait du consentement : ajoutez une règle consent_withdrawn, ou une loi.",
    en="Nothing is erased when consent is withdrawn: add a consent_withdrawn rule, or a law.",
)
def consent_outlives_withdrawal(case: Case) -> Seen:
    for one in case.activities:
        if one.basis.ground is not Ground.CONSENT:
            continue
        lawful = any(kept.law is not None for kept in one.retention)
        if not lawful and not any(kept.event in LEAVING for kept in one.retention):
            yield one.id, ""


@rule(
    "basis.obligation-without-law",
    Severity.ERROR,
    "GDPR art. 6(3)",
    fr="Une obligation légale ou une mission publique repose sur un texte : citez-le sous basis.law.",
    en="A legal obligation or public task rests on a text: cite it under basis.law.",
)
def obligation_without_law(case: Case) -> Seen:
    for one in case.activities:
        if one.basis.ground in (Ground.LEGAL_OBLIGATION, Ground.PUBLIC_TASK) and one.basis.law is None:
            yield one.id, one.basis.article


@rule(
    "basis.interest-not-named",
    Severity.ERROR,
    "GDPR art. 13(1)(d)",
    fr="Un intérêt légitime se nomme : décrivez-le sous basis.interest.",
    en="A legitimate interest has a name: describe it under basis.interest.",
)
def interest_not_named(case: Case) -> Seen:
    for one in case.activities:
        if one.basis.ground is Ground.LEGITIMATE_INTEREST and one.basis.interest is None:
            yield one.id, ""


@rule(
    "basis.interest-not-balanced",
    Severity.WARNING,
    "GDPR art. 6(1)(f)",
    fr="L’intérêt n’est pas mis en balance avec ceux des personnes : écrivez le résultat sous basis.balance.",
    en="The interest isn't weighed against people's own: write the outcome under basis.balance.",
)
def interest_not_balanced(case: Case) -> Seen:
    for one in case.activities:
        if one.basis.ground is Ground.LEGITIMATE_INTEREST and one.basis.balance is None:
            yield one.id, ""


@rule(
    "basis.consent-words-elsewhere",
    Severity.WARNING,
    "GDPR art. 7",
    fr="Une finalité ou un retrait de consentement est décrit alors que la base n’est pas le consentement.",
    en="A consent purpose or withdrawal is described although the basis isn't consent.",
)
def consent_words_elsewhere(case: Case) -> Seen:
    for one in case.activities:
        if one.basis.ground is not Ground.CONSENT and (one.basis.consent_purpose or one.basis.withdrawal):
            yield one.id, one.basis.ground.value


@rule(
    "basis.special-without-condition",
    Severity.ERROR,
    "GDPR art. 9(2)",
    fr="Données particulières sans condition qui lève l’interdiction : nommez-la sous basis.special.",
    en="Special categories of data without a condition that lifts the ban: name it under basis.special.",
)
def special_without_condition(case: Case) -> Seen:
    for one in case.activities:
        if one.basis.special is None:
            yield from ((item.key, item.category.value) for item in one.items if item.category.special)


@rule(
    "basis.offences-without-law",
    Severity.ERROR,
    "GDPR art. 10",
    fr="Les condamnations ne se traitent que si la loi le permet : citez-la sous basis.law.",
    en="Convictions may be processed only where the law allows it: cite it under basis.law.",
)
def offences_without_law(case: Case) -> Seen:
    for one in case.activities:
        if one.basis.law is None:
            yield from ((item.key, "") for item in one.items if item.category is Category.OFFENCES)


@rule(
    "basis.national-number-without-law",
    Severity.ERROR,
    "GDPR art. 87",
    fr="Un numéro national ne se traite que dans les cas que la loi prévoit : citez-la sous basis.law.",
    en="A national number may be processed only where the law provides: cite it under basis.law.",
)
def national_number_without_law(case: Case) -> Seen:
    for one in case.activities:
        if one.basis.law is None:
            yield from ((item.key, "") for item in one.items if item.category is Category.NATIONAL_NUMBER)


@rule(
    "basis.interest-against-children",
    Severity.WARNING,
    "GDPR art. 6(1)(f), recital 38",
    fr="L’intérêt légitime pèse peu face à des mineurs : choisissez une autre base.",
    en="A legitimate interest weighs little against children: choose another basis.",
)
def interest_against_children(case: Case) -> Seen:
    for one in case.activities:
        if one.basis.ground is Ground.LEGITIMATE_INTEREST and Subjects.CHILD in one.subjects:
            yield one.id, ""
