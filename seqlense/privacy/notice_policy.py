"""The privacy policy (GDPR art. 13 and 14), section by section."""

from __future__ import annotations

from seqlense.privacy.notice_document import Section, Table, Words, address, sentence
from seqlense.register import Activity, Automated, Recipient, Register, Text, wording

RIGHTS = (
    "access",
    "rectification",
    "erasure",
    "restriction",
    "objection",
    "portability",
    "withdrawal",
    "automated",
    "directives",
)
BASES_HEADER = ("activity", "purpose", "basis", "place", "data", "kept")
RECIPIENTS_HEADER = ("name", "kind", "role", "country")
ITEMS_HEADER = ("item", "category", "source", "required", "protection", "until")


def controller(register: Register, words: Words) -> Section:
    """Who answers, and how to reach them (art. 13(1)(a), (b))."""
    who = register.controller
    paragraphs = [
        words(
            "controller.text",
            name=who.name,
            form=who.legal_form,
            registration=who.registration,
            address=address(register),
        ),
        words("controller.contact", data=who.data_protection_contact, contact=who.contact),
    ]
    if who.data_protection_officer is not None:
        paragraphs.append(words("controller.officer", officer=who.data_protection_officer))
    paragraphs.append(words("controller.generated"))
    return Section(anchor="controller", title=words("controller.title"), paragraphs=tuple(paragraphs))


def activity(register: Register, one: Activity, words: Words) -> Section:
    """All that one activity has to tell."""
    language = words.language
    lines = [one.notice.in_(language), *_grounds(one, words)]
    if one.on_behalf_of is not None:
        lines.append(words("activities.behalf", text=one.on_behalf_of.in_(language)))
    said = {
        "uses": wording.joined(wording.uses(register, one, language), language),
        "subjects": wording.joined((kind.label.in_(language) for kind in one.subjects), language),
        "places": wording.places(register, one, language),
        "recipients": wording.joined((r.name.in_(language) for r in register.recipients_of(one)), language),
    }
    lines += [words(f"activities.{key}", text=text) for key, text in said.items() if text]
    lines += [
        words("activities.transfer", text=wording.transfer(register, it, language)) for it in one.transfers
    ]
    lines += [words("activities.kept", text=text) for text in wording.general_keeping(one, language)]
    if one.refusal is not None:
        lines.append(words("activities.refusal", text=one.refusal.in_(language)))
    points = [words("activities.security", text=text.in_(language)) for text in one.security]
    points += [words("activities.attention", text=text.in_(language)) for text in one.attention]
    return Section(
        anchor=f"activity-{one.id}",
        title=one.title.in_(language),
        paragraphs=tuple(lines),
        points=tuple(points),
        tables=(_items(one, words),),
    )


def _grounds(one: Activity, words: Words) -> list[str]:
    language, basis = words.language, one.basis
    lines = [words("activities.purpose", text=one.purpose.in_(language))]
    lines.append(words("activities.basis", text=wording.ground(one, language)))
    if basis.interest is not None:
        lines.append(words("activities.interest", text=basis.interest.in_(language)))
    if basis.law is not None:
        lines.append(words("activities.law", text=basis.law.in_(language)))
    if basis.balance is not None:
        lines.append(words("activities.balance", text=basis.balance.in_(language)))
    if basis.withdrawal is not None:
        lines.append(words("activities.withdrawal", text=basis.withdrawal.in_(language)))
    if basis.special is not None:
        lines.append(words("activities.special", text=basis.special.label.in_(language)))
    return lines


def _items(one: Activity, words: Words) -> Table:
    language = words.language
    rows = tuple(
        (
            item.label.in_(language),
            item.category.label.in_(language),
            item.source.label.in_(language),
            words("activities.yes" if item.required else "activities.no"),
            wording.protection(item, language),
            wording.special_keeping(one, item, language) or words("activities.general"),
        )
        for item in one.items
    )
    caption = words("activities.items", text=one.title.in_(language))
    return Table(caption=caption, header=words.all("activities", ITEMS_HEADER), rows=rows)


def bases(register: Register, words: Words) -> Section:
    """The table of legal bases: F-2, as it runs."""
    language = words.language
    rows = tuple(
        (
            one.title.in_(language),
            one.purpose.in_(language),
            wording.ground(one, language),
            wording.places(register, one, language),
            ", ".join(item.label.in_(language) for item in one.items),
            words("bases.separator").join(wording.keeping(one, language)),
        )
        for one in register.active
    )
    table = Table(caption=words("bases.caption"), header=words.all("bases", BASES_HEADER), rows=rows)
    return Section(
        anchor="bases", title=words("bases.title"), paragraphs=(words("bases.text"),), tables=(table,)
    )


def recipients(register: Register, words: Words, shown: tuple[Recipient, ...]) -> Section:
    """Art. 13(1)(e)."""
    language = words.language
    rows = tuple(
        (
            one.name.in_(language),
            one.kind.label.in_(language),
            one.role.in_(language),
            wording.countries(one.countries, language),
        )
        for one in shown
    )
    header = words.all("recipients", RECIPIENTS_HEADER)
    return Section(
        anchor="recipients",
        title=words("recipients.title"),
        paragraphs=words.all("recipients", ("text", "authorities", "instruction")),
        points=tuple(
            words("recipients.attention", name=one.name.in_(language), text=text.in_(language))
            for one in shown
            for text in one.attention
        ),
        tables=(Table(caption=words("recipients.caption"), header=header, rows=rows),),
    )


def transfers(register: Register, words: Words, shown: tuple[Activity, ...]) -> Section:
    """Art. 13(1)(f)."""
    made = tuple(
        wording.transfer(register, transfer, words.language) for one in shown for transfer in one.transfers
    )
    if not made:
        paragraphs: tuple[str, ...] = (words("transfers.none"),)
    else:
        copy = words("transfers.copy", data=register.controller.data_protection_contact)
        paragraphs = (words("transfers.some"), copy)
    return Section(
        anchor="transfers",
        title=words("transfers.title"),
        paragraphs=paragraphs,
        points=tuple(dict.fromkeys(made)),
    )


def keeping(words: Words) -> Section:
    """Art. 13(2)(a), in general; each activity says its own."""
    return Section(
        anchor="keeping",
        title=words("keeping.title"),
        paragraphs=words.all("keeping", ("maxima", "archive")),
    )


def security(register: Register, words: Words) -> Section:
    """Art. 32, as far as it can be told."""
    return Section(
        anchor="security",
        title=words("security.title"),
        paragraphs=words.all("security", ("text", "public")),
        points=tuple(text.in_(words.language) for text in register.controller.security),
    )


def profiling(words: Words, shown: tuple[Activity, ...]) -> Section:
    """Art. 13(2)(f)."""
    found = tuple(
        words(
            "profiling.some",
            title=one.title.in_(words.language),
            kind=one.automated_decisions.kind.label.in_(words.language),
            logic=_said(one.automated_decisions.logic, words.language),
            effects=_said(one.automated_decisions.effects, words.language),
        )
        for one in shown
        if one.automated_decisions.kind is not Automated.NONE
    )
    paragraphs = () if found else (words("profiling.none"),)
    return Section(anchor="profiling", title=words("profiling.title"), paragraphs=paragraphs, points=found)


def _said(text: Text | None, language: str) -> str:
    return text.in_(language) if text else "–"


def others(words: Words) -> Section:
    """Data of third parties, and data from them (art. 14)."""
    return Section(
        anchor="others", title=words("others.title"), paragraphs=words.all("others", ("text", "received"))
    )


def rights(register: Register, words: Words) -> Section:
    """Art. 13(2)(b) to (d), the French directives for after death, and complaints."""
    who = register.controller
    language = words.language
    return Section(
        anchor="rights",
        title=words("rights.title"),
        points=tuple(words(f"rights.{name}") for name in RIGHTS),
        paragraphs=(
            words("rights.how", data=who.data_protection_contact, name=who.name, address=address(register)),
            words("rights.deadline"),
            words(
                "rights.complaint",
                authority=who.authority.name.in_(language),
                address=", ".join(who.authority.address),
                site=who.authority.site,
                complaints=who.authority.complaints,
            ),
        ),
    )


def inactive(register: Register, words: Words) -> Section:
    """What is registered and doesn't run, said as such; empty where everything runs."""
    language = words.language
    rows = tuple(
        (
            one.title.in_(language),
            one.purpose.in_(language),
            wording.ground(one, language),
            " ".join(sentence(text.in_(language)) for text in _warnings(register, one)),
        )
        for one in register.inactive
    )
    header = (*words.all("bases", ("activity", "purpose", "basis")), words("inactive.attention"))
    tables = (Table(caption=words("inactive.caption"), header=header, rows=rows),) if rows else ()
    return Section(
        anchor="inactive", title=words("inactive.title"), paragraphs=(words("inactive.text"),), tables=tables
    )


def _warnings(register: Register, one: Activity) -> tuple[Text, ...]:
    return (*one.attention, *(text for r in register.recipients_of(one) for text in r.attention))


def changes(register: Register, words: Words) -> Section:
    """F-8.4 and F-1.4."""
    law = register.controller.applicable_law.in_(words.language)
    return Section(
        anchor="changes",
        title=words("changes.title"),
        paragraphs=(words("changes.text"), words("changes.law", law=law)),
    )
