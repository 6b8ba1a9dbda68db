"""What the register says against what the product does."""

from seqlense.register.lint.rules import Case, Seen, Severity, rule
from seqlense.register.vocabulary import Storage


@rule(
    "reality.inactive-with-columns",
    Severity.ERROR,
    "GDPR art. 5(1)(a)",
    fr="L’activité est dite à l’arrêt et des colonnes gardent ses données : activez-la ou retirez-les.",
    en="The activity is said not to run, yet columns hold its data: activate it or remove them.",
)
def inactive_with_columns(case: Case) -> Seen:
    if case.running is None:
        return
    for one in case.register.inactive:
        for item in one.items:
            for column in case.running.columns.get(item.key, ()):
                yield item.key, column


@rule(
    "reality.item-without-column",
    Severity.ERROR,
    "GDPR art. 5(1)(a)",
    fr="La donnée est déclarée et rien ne la garde : retirez-la ou corrigez storage.",
    en="The item is declared and nothing holds it: remove it or correct storage.",
)
def item_without_column(case: Case) -> Seen:
    if case.running is None:
        return
    for one in case.register.active:
        for item in one.items:
            if item.storage is Storage.DATABASE and not case.running.columns.get(item.key):
                yield item.key, ""


@rule(
    "reality.event-never-emitted",
    Severity.ERROR,
    "GDPR art. 5(1)(e)",
    fr="Aucune colonne de date n’émet l’événement de cette règle : la donnée ne partirait jamais par elle.",
    en="No date column emits this rule's event: the item would never go by it.",
)
def event_never_emitted(case: Case) -> Seen:
    if case.running is None:
        return
    for one in case.register.active:
        for kept in one.retention:
            reached = [item for item in one.items if not kept.items or item.id in kept.items]
            if not any(item.storage is Storage.DATABASE for item in reached):
                continue
            if (one.id, kept.event) not in case.running.events:
                yield one.id, kept.event


@rule(
    "reality.column-of-nothing",
    Severity.ERROR,
    "GDPR art. 30(1)",
    fr="Une colonne se réclame d’une donnée que personne ne déclare.",
    en="A column claims an item that nobody declares.",
)
def column_of_nothing(case: Case) -> Seen:
    if case.running is None:
        return
    for key, columns in case.running.columns.items():
        if key not in case.register.items:
            yield key, ", ".join(columns)
