"""Recipients and transfers: GDPR art. 28 and chapter V."""

from collections import Counter
from collections.abc import Iterator

from seqlense.register.lint.rules import Case, Seen, Severity, rule
from seqlense.register.schema import Activity, Recipient
from seqlense.register.vocabulary import RecipientKind, Tool

EEA = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
ADEQUATE = frozenset(
    ["AD", "AR", "BR", "CA", "CH", "FO", "GB", "GG", "IL", "IM", "JE", "JP", "KR", "NZ", "US", "UY"]
)
"""Countries with an adequacy decision, some for part of their companies only (Canada, United States)."""


def _outside(activity: Activity, case: Case) -> Iterator[tuple[Recipient, str]]:
    for recipient in case.register.recipients_of(activity):
        countries = dict.fromkeys((*recipient.countries, *([recipient.seat] if recipient.seat else [])))
        yield from ((recipient, country) for country in countries if country not in EEA)


@rule(
    "sharing.outside-without-tool",
    Severity.ERROR,
    "GDPR art. 44",
    fr="Destinataire hors de l’EEE sans outil de transfert : déclarez les deux sous transfers.",
    en="A recipient outside the EEA without a transfer tool: declare both under transfers.",
)
def outside_without_tool(case: Case) -> Seen:
    for one in case.activities:
        framed = {(transfer.recipient, transfer.country) for transfer in one.transfers if transfer.tool}
        for recipient, country in _outside(one, case):
            if (recipient.id, country) not in framed:
                yield one.id, f"{recipient.id}, {country}"


@rule(
    "sharing.servers-outside",
    Severity.ERROR,
    "GDPR art. 44",
    fr="Des serveurs de l’entreprise sont hors de l’EEE : chaque activité y devient un transfert.",
    en="Servers of the company are outside the EEA: every activity on them becomes a transfer.",
)
def servers_outside(case: Case) -> Seen:
    for server in case.register.controller.servers:
        if server.country not in EEA:
            yield "controller.servers", f"{server.host}, {server.country}"


@rule(
    "sharing.transfer-without-reference",
    Severity.WARNING,
    "GDPR art. 13(1)(f)",
    fr="L’outil de transfert ne cite ni décision ni clauses : complétez reference.",
    en="The transfer tool cites no decision and no clauses: fill in reference.",
)
def transfer_without_reference(case: Case) -> Seen:
    for one in case.activities:
        for transfer in one.transfers:
            if transfer.tool is not None and transfer.reference is None:
                yield one.id, transfer.recipient


@rule(
    "sharing.derogation-as-routine",
    Severity.WARNING,
    "GDPR art. 49",
    fr="Une dérogation ne couvre que l’occasionnel : cherchez une garantie de l’art. 46.",
    en="A derogation covers the occasional only: look for a safeguard of art. 46.",
)
def derogation_as_routine(case: Case) -> Seen:
    for one in case.activities:
        for transfer in one.transfers:
            if transfer.tool is Tool.DEROGATION:
                yield one.id, transfer.recipient


@rule(
    "sharing.adequacy-unknown",
    Severity.ERROR,
    "GDPR art. 45",
    fr="Aucune décision d’adéquation ne couvre ce pays : choisissez un autre outil.",
    en="No adequacy decision covers that country: choose another tool.",
)
def adequacy_unknown(case: Case) -> Seen:
    for one in case.activities:
        for transfer in one.transfers:
            if transfer.tool is Tool.ADEQUACY and transfer.country not in ADEQUATE:
                yield one.id, f"{transfer.recipient}, {transfer.country}"


@rule(
    "sharing.transfer-inside",
    Severity.WARNING,
    "GDPR art. 44",
    fr="Ce pays est dans l’EEE : ce n’est pas un transfert.",
    en="That country is in the EEA: this isn't a transfer.",
)
def transfer_inside(case: Case) -> Seen:
    for one in case.activities:
        for transfer in one.transfers:
            if transfer.country in EEA:
                yield one.id, f"{transfer.recipient}, {transfer.country}"


@rule(
    "sharing.transfer-to-nobody",
    Severity.ERROR,
    "GDPR art. 30(1)(e)",
    fr="Le transfert va vers quelqu’un qui n’est pas destinataire de l’activité.",
    en="The transfer goes to someone who isn't a recipient of the activity.",
)
def transfer_to_nobody(case: Case) -> Seen:
    for one in case.activities:
        known = {recipient.id for recipient in case.register.recipients_of(one)}
        yield from ((one.id, made.recipient) for made in one.transfers if made.recipient not in known)


@rule(
    "sharing.processor-without-contract",
    Severity.ERROR,
    "GDPR art. 28(3)",
    fr="Sous-traitant sans contrat : décrivez-le sous contract.",
    en="A processor without a contract: describe it under contract.",
)
def processor_without_contract(case: Case) -> Seen:
    for recipient in case.register.active_recipients:
        if recipient.kind is RecipientKind.PROCESSOR and recipient.contract is None:
            yield f"recipients.{recipient.id}", ""


@rule(
    "sharing.joint-without-arrangement",
    Severity.ERROR,
    "GDPR art. 26",
    fr="Responsable conjoint sans accord de répartition : décrivez-le sous contract.",
    en="A joint controller without an arrangement: describe it under contract.",
)
def joint_without_arrangement(case: Case) -> Seen:
    for recipient in case.register.active_recipients:
        if recipient.kind is RecipientKind.JOINT_CONTROLLER and recipient.contract is None:
            yield f"recipients.{recipient.id}", ""


@rule(
    "sharing.unused-recipient",
    Severity.NOTE,
    "GDPR art. 30(1)(d)",
    fr="Aucune activité n’envoie rien à ce destinataire : retirez-le ou reliez-le.",
    en="No activity sends anything to this recipient: remove it or connect it.",
)
def unused_recipient(case: Case) -> Seen:
    used = {one.id for activity in case.activities for one in case.register.recipients_of(activity)}
    yield from ((f"recipients.{unused}", "") for unused in case.register.recipients if unused not in used)


@rule(
    "sharing.host-of-two",
    Severity.WARNING,
    "GDPR art. 32",
    fr="Deux destinataires déclarent le même hôte : on ne sait plus à qui vont les données.",
    en="Two recipients declare the same host: it's unclear to whom data goes.",
)
def host_of_two(case: Case) -> Seen:
    hosts = Counter(host for recipient in case.register.recipients.values() for host in set(recipient.hosts))
    yield from (("recipients", host) for host, count in hosts.items() if count > 1)


@rule(
    "sharing.holder-unreachable",
    Severity.WARNING,
    "GDPR art. 30(1)(d)",
    fr="Aucun hôte n’est déclaré pour qui détient la donnée : elle ne pourra ni partir ni être effacée.",
    en="No host is declared for the holder of an item: it can neither get there nor be erased.",
)
def holder_unreachable(case: Case) -> Seen:
    for one in case.register.active:
        for item in one.items:
            for holder in item.held_by:
                recipient = case.register.recipients[holder]
                if not recipient.hosts and recipient.browser is None:
                    yield item.key, holder
