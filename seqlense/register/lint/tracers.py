"""Cookies and other tracers: art. 82 of the French law on data and liberties, CNIL 2020-091 and 2020-092."""

from seqlense.kit.periods import Period
from seqlense.register.lint.rules import Case, Seen, Severity, rule
from seqlense.register.vocabulary import Exemption, Ground, RecipientKind, TracerKind
from seqlense.register.wording import longer

THIRTEEN_MONTHS = Period(months=13)
SIX_MONTHS = Period(months=6)
GUARDING = (Exemption.AUTHENTICATION, Exemption.SECURITY)


@rule(
    "tracers.too-long",
    Severity.ERROR,
    "CNIL 2020-092",
    fr="Un traceur soumis au consentement vit treize mois au plus.",
    en="A tracer that needs consent lives thirteen months at most.",
)
def too_long(case: Case) -> Seen:
    for cookie in case.register.cookies:
        if cookie.consent_purpose and cookie.lifetime and longer(cookie.lifetime, THIRTEEN_MONTHS):
            yield f"cookies.{cookie.name}", str(cookie.lifetime)


@rule(
    "tracers.measurement-too-long",
    Severity.ERROR,
    "CNIL 2020-091",
    fr="Un traceur de mesure exempté vit treize mois au plus.",
    en="An exempt measurement tracer lives thirteen months at most.",
)
def measurement_too_long(case: Case) -> Seen:
    for cookie in case.register.cookies:
        measuring = cookie.exemption is Exemption.MEASUREMENT
        if measuring and cookie.lifetime and longer(cookie.lifetime, THIRTEEN_MONTHS):
            yield f"cookies.{cookie.name}", str(cookie.lifetime)


@rule(
    "tracers.choice-too-long",
    Severity.WARNING,
    "CNIL 2020-092",
    fr="Le choix se redemande au bout de six mois : raccourcissez la durée.",
    en="The choice is asked for again after six months: shorten the lifetime.",
)
def choice_too_long(case: Case) -> Seen:
    for cookie in case.register.cookies:
        choosing = cookie.exemption is Exemption.CONSENT_CHOICE
        if choosing and cookie.lifetime and longer(cookie.lifetime, SIX_MONTHS):
            yield f"cookies.{cookie.name}", str(cookie.lifetime)


@rule(
    "tracers.outsider-exempt",
    Severity.ERROR,
    "Law 78-17 art. 82",
    fr="Un traceur posé par un tiers n’est pas exempté : demandez le consentement.",
    en="A tracer set by an outside company isn't exempt: ask for consent.",
)
def outsider_exempt(case: Case) -> Seen:
    own = (RecipientKind.SOFTWARE, RecipientKind.PROCESSOR, RecipientKind.STAFF)
    for cookie in case.register.cookies:
        if cookie.exemption and cookie.set_by and case.register.recipients[cookie.set_by].kind not in own:
            yield f"cookies.{cookie.name}", cookie.set_by


@rule(
    "tracers.purpose-nobody-asks",
    Severity.ERROR,
    "GDPR art. 7",
    fr="Aucune activité ne demande ce consentement : créez-la ou corrigez la finalité.",
    en="No activity asks for that consent: add it or correct the purpose.",
)
def purpose_nobody_asks(case: Case) -> Seen:
    asked = {one.basis.consent_purpose for one in case.activities if one.basis.ground is Ground.CONSENT}
    for cookie in case.register.cookies:
        if cookie.consent_purpose and cookie.consent_purpose not in asked:
            yield f"cookies.{cookie.name}", cookie.consent_purpose


@rule(
    "tracers.consent-not-run",
    Severity.ERROR,
    "GDPR art. 7(1)",
    fr="Un traceur en service demande un consentement, et l’activité consent est à l’arrêt.",
    en="A tracer in use needs consent, and the activity consent isn't running.",
)
def consent_not_run(case: Case) -> Seen:
    collecting = case.register.activities.get("consent")
    if collecting is not None and collecting.active:
        return
    for cookie in case.register.active_cookies:
        if cookie.consent_purpose:
            yield f"cookies.{cookie.name}", cookie.consent_purpose


@rule(
    "tracers.exempt-too-long",
    Severity.WARNING,
    "GDPR art. 5(1)(e)",
    fr="Même exempté, un traceur qui vit plus de treize mois doit se justifier : raccourcissez la durée.",
    en="Even an exempt tracer lives thirteen months at most, unless justified: shorten the lifetime.",
)
def exempt_too_long(case: Case) -> Seen:
    told_elsewhere = (Exemption.MEASUREMENT, Exemption.CONSENT_CHOICE)
    for cookie in case.register.cookies:
        exempt = cookie.exemption is not None and cookie.exemption not in told_elsewhere
        if exempt and cookie.lifetime and longer(cookie.lifetime, THIRTEEN_MONTHS):
            yield f"cookies.{cookie.name}", str(cookie.lifetime)


@rule(
    "tracers.readable-authentication",
    Severity.ERROR,
    "GDPR art. 32",
    fr="Un traceur d’authentification est hors de portée des scripts : retirez readable.",
    en="A tracer that authenticates is out of reach of scripts: remove readable.",
)
def readable_authentication(case: Case) -> Seen:
    for cookie in case.register.cookies:
        stored_for_scripts = cookie.kind is not TracerKind.COOKIE
        if cookie.exemption is Exemption.AUTHENTICATION and (cookie.readable or stored_for_scripts):
            yield f"cookies.{cookie.name}", "" if cookie.readable else cookie.kind


@rule(
    "tracers.unprefixed",
    Severity.WARNING,
    "GDPR art. 32",
    fr="Un voisin du même domaine pourrait écraser ce cookie de sécurité : gardez prefixed et le chemin /.",
    en="A neighbour on the same domain could overwrite this cookie: keep prefixed and the path /.",
)
def unprefixed(case: Case) -> Seen:
    for cookie in case.register.cookies:
        guarding = cookie.exemption in GUARDING and cookie.kind is TracerKind.COOKIE
        if guarding and not (cookie.prefixed and cookie.path == "/"):
            yield f"cookies.{cookie.name}", cookie.path if cookie.prefixed else ""
