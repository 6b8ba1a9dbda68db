"""What the visitor's browser may ask of outside companies: law 78-17 art. 82, CNIL 2020-091."""

from collections import defaultdict
from urllib.parse import urlsplit

from seqlense.register.lint.rules import Case, Seen, Severity, rule
from seqlense.register.vocabulary import Ground, RecipientKind


@rule(
    "reach.without-purpose",
    Severity.ERROR,
    "Law 78-17 art. 82",
    fr="Le navigateur du visiteur irait chez ce destinataire sans son accord : donnez consent_purpose.",
    en="The visitor's browser would reach this recipient without consent: give consent_purpose.",
)
def without_purpose(case: Case) -> Seen:
    for one in case.register.recipients.values():
        if one.browser is not None and one.asked_purpose is None:
            yield f"recipients.{one.id}", ""


@rule(
    "reach.purpose-nobody-asks",
    Severity.ERROR,
    "GDPR art. 7",
    fr="Aucune activité fondée sur ce consentement ne nomme ce destinataire : reliez-les.",
    en="No activity based on that consent names this recipient: connect them.",
)
def purpose_nobody_asks(case: Case) -> Seen:
    for one in case.register.recipients.values():
        if one.browser is None or one.asked_purpose is None:
            continue
        asking = [
            activity
            for activity in case.activities
            if activity.basis.ground is Ground.CONSENT
            and activity.basis.consent_purpose == one.asked_purpose
            and one in case.register.recipients_of(activity)
        ]
        if not asking:
            yield f"recipients.{one.id}", one.asked_purpose


@rule(
    "reach.nowhere",
    Severity.WARNING,
    "GDPR art. 7",
    fr="On demanderait un accord pour rien : déclarez les hôtes que le navigateur peut joindre.",
    en="Consent would be asked for nothing: declare the hosts that the browser may reach.",
)
def nowhere(case: Case) -> Seen:
    for one in case.register.recipients.values():
        if one.browser is not None and not one.browser.hosts:
            yield f"recipients.{one.id}", ""


@rule(
    "reach.host-of-two",
    Severity.ERROR,
    "GDPR art. 7(2)",
    fr="Deux services déclarent le même hôte : accepter l’un ouvrirait l’autre.",
    en="Two services declare the same host: accepting one would open the other.",
)
def host_of_two(case: Case) -> Seen:
    holders: dict[str, set[str]] = defaultdict(set)
    for one in case.register.recipients.values():
        for hosts in one.browser.hosts.values() if one.browser else ():
            for host in hosts:
                holders[host].add(one.id)
    yield from ((f"recipients.{min(ids)}", host) for host, ids in holders.items() if len(ids) > 1)


@rule(
    "reach.address-elsewhere",
    Severity.ERROR,
    "GDPR art. 30(1)(d)",
    fr="Cette adresse est chez un hôte qui n’est pas déclaré pour cet usage : rien ne se chargerait.",
    en="This address is at a host that isn't declared for that use: nothing would load.",
)
def address_elsewhere(case: Case) -> Seen:
    for one in case.register.recipients.values():
        if one.browser is None:
            continue
        for address, hosts in (
            (one.browser.embed, one.browser.frame),
            (one.browser.load, one.browser.script),
        ):
            host = urlsplit(address).hostname if address else None
            if host and host not in hosts:
                yield f"recipients.{one.id}", host


@rule(
    "reach.consent-not-run",
    Severity.ERROR,
    "GDPR art. 7(1)",
    fr="Un service extérieur en usage demande un accord, et l’activité consent est à l’arrêt.",
    en="An outside service in use needs consent, and the activity consent isn't running.",
)
def consent_not_run(case: Case) -> Seen:
    collecting = case.register.activities.get("consent")
    if collecting is not None and collecting.active:
        return
    for one in case.register.active_recipients:
        if one.browser is not None:
            yield f"recipients.{one.id}", ""


@rule(
    "reach.tracer-of-nobody",
    Severity.ERROR,
    "Law 78-17 art. 82",
    fr="Ce traceur viendrait d’un destinataire que le navigateur ne peut pas joindre : déclarez browser.",
    en="This tracer would come from a recipient that the browser can't reach: declare browser.",
)
def tracer_of_nobody(case: Case) -> Seen:
    own = (RecipientKind.SOFTWARE, RecipientKind.STAFF)
    for cookie in case.register.cookies:
        setter = case.register.recipients[cookie.set_by] if cookie.set_by else None
        if cookie.consent_purpose and setter and setter.kind not in own and setter.browser is None:
            yield f"cookies.{cookie.name}", setter.id
