"""Periods of keeping: GDPR art. 5(1)(e)."""

from seqlense.kit.periods import Period
from seqlense.register.lint.rules import Case, Seen, Severity, rule
from seqlense.register.vocabulary import Storage, Then
from seqlense.register.wording import longer

TEN_YEARS = Period.parse("P10Y")
FIVE_YEARS = Period.parse("P5Y")


@rule(
    "keeping.no-end",
    Severity.ERROR,
    "GDPR art. 5(1)(e)",
    fr="Rien ne dit quand cette donnée part : ajoutez une règle d’effacement.",
    en="Nothing says when this item goes: add a rule that erases it.",
)
def no_end(case: Case) -> Seen:
    for one in case.activities:
        for item in one.items:
            if item.storage is Storage.TRANSIENT:
                continue
            if not any(kept.then is Then.ERASE for kept in one.rules_for(item.id)):
                yield item.key, ""


@rule(
    "keeping.archive-after-erasure",
    Severity.ERROR,
    "GDPR art. 5(1)(e)",
    fr="L’archivage viendrait après l’effacement : raccourcissez-le.",
    en="Archiving would come after erasure: make it shorter.",
)
def archive_after_erasure(case: Case) -> Seen:
    for one in case.activities:
        ends = {(kept.event, kept.items): kept.after for kept in one.retention if kept.then is Then.ERASE}
        for archived in (kept for kept in one.retention if kept.then is Then.ARCHIVE):
            end = ends.get((archived.event, archived.items))
            if end is not None and not longer(end, archived.after):
                yield one.id, f"{archived.event} {archived.after} >= {end}"


@rule(
    "keeping.long-without-law",
    Severity.WARNING,
    "GDPR art. 5(1)(e)",
    fr="Plus de cinq ans sans qu’une loi l’exige : réduisez la durée ou citez le texte sous law.",
    en="More than five years although no law asks for it: shorten the period or cite the text under law.",
)
def long_without_law(case: Case) -> Seen:
    for one in case.activities:
        for kept in one.retention:
            if kept.law is None and longer(kept.after, FIVE_YEARS):
                yield one.id, f"{kept.event} {kept.after}"


@rule(
    "keeping.law-without-period",
    Severity.WARNING,
    "GDPR art. 17(3)(b)",
    fr="Une loi de conservation est citée pour une durée nulle : corrigez la durée ou retirez la loi.",
    en="A law that makes us keep is cited for no time at all: correct the period or remove the law.",
)
def law_without_period(case: Case) -> Seen:
    for one in case.activities:
        for kept in one.retention:
            if kept.law is not None and kept.after == Period():
                yield one.id, kept.event


@rule(
    "keeping.beyond-ten-years",
    Severity.WARNING,
    "GDPR art. 5(1)(e)",
    fr="Plus de dix ans : peu de lois vont si loin, faites confirmer celle qui est citée.",
    en="More than ten years: few laws go that far, have the one cited confirmed.",
)
def beyond_ten_years(case: Case) -> Seen:
    for one in case.activities:
        for kept in one.retention:
            if kept.law is not None and longer(kept.after, TEN_YEARS):
                yield one.id, f"{kept.event} {kept.after}"


@rule(
    "keeping.logs-too-long",
    Severity.WARNING,
    "CNIL 2021-122",
    fr="Un journal de connexion se garde de six mois à un an : raccourcissez, ou citez la loi.",
    en="A connection log is kept for six months to one year: shorten it, or cite the law.",
)
def logs_too_long(case: Case) -> Seen:
    for one in case.activities:
        if not all(item.category in ("connection", "electronic") for item in one.items):
            continue
        for kept in one.retention:
            if kept.event == "event_recorded" and kept.law is None and longer(kept.after, Period(months=12)):
                yield one.id, str(kept.after)
