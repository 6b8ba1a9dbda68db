"""Legal notice, privacy policy, cookie policy, and the general part of an answer to an access request.

All are drawn from a register and a language, so that they can't say anything else than what runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqlense.privacy import notice_policy as policy
from seqlense.privacy.consent.outside import Service, services
from seqlense.privacy.notice_document import Notice, Section, Table, Words, address, known
from seqlense.register import Activity, Cookie, Recipient, Register, wording

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

__all__ = [
    "Notice",
    "Section",
    "Table",
    "access_answer",
    "cookie_policy",
    "legal_notice",
    "privacy_policy",
]

PUBLISHER = (
    "name",
    "form",
    "registration",
    "address",
    "share_capital",
    "vat_number",
    "publication_director",
    "phone",
    "contact",
)
COOKIES_HEADER = ("name", "kind", "purpose", "ground", "set_by", "lifetime")
SERVICES_HEADER = ("service", "company", "use", "hosts", "leaves", "policy")
BROWSERS = ("firefox", "chrome", "safari", "edge", "opera", "brave")


def legal_notice(register: Register, language: str, *, since: date | None = None) -> Notice:
    """The mentions of art. 1-1 of the French law no. 2004-575 (LCEN); absent ones are said to be absent."""
    words = Words("legal", known(language))
    who = register.controller
    data = Section(
        anchor="data",
        title=words("data.title"),
        paragraphs=(words("data.text", contact=who.data_protection_contact), words("data.cookies")),
    )
    report = Section(
        anchor="report",
        title=words("report.title"),
        paragraphs=(words("report.text", contact=who.contact),),
    )
    law = Section(
        anchor="law",
        title=words("law.title"),
        paragraphs=(words("law.text", law=who.applicable_law.in_(words.language)),),
    )
    sections = (_publisher(register, words), _hosting(register, words), data, report, law)
    return _notice("legal", words, register, since, sections)


def privacy_policy(register: Register, language: str, *, since: date | None = None) -> Notice:
    """What GDPR art. 13 and 14 ask to tell, for every activity that runs; the others are said not to run."""
    words = Words("privacy", known(language))
    told = Section(
        anchor="activities",
        title=words("activities.title"),
        sections=tuple(policy.activity(register, one, words) for one in register.active),
    )
    sections = (
        policy.controller(register, words),
        policy.bases(register, words),
        told,
        policy.recipients(register, words, register.active_recipients),
        policy.transfers(register, words, register.active),
        policy.keeping(words),
        policy.security(register, words),
        policy.profiling(words, register.active),
        policy.others(words),
        policy.rights(register, words),
        *((policy.inactive(register, words),) if register.inactive else ()),
        policy.changes(register, words),
    )
    return _notice("privacy", words, register, since, sections)


def cookie_policy(register: Register, language: str, *, since: date | None = None) -> Notice:
    """Every tracer: those that are set, exempt or by consent, and those planned, said not to be set."""
    words = Words("cookies", known(language))
    exempt = tuple(one for one in register.active_cookies if one.exemption is not None)
    asked = tuple(one for one in register.active_cookies if one.exemption is None)
    planned = tuple(one for one in register.cookies if one not in register.active_cookies)
    what = Section(
        anchor="what",
        title=words("what.title"),
        paragraphs=(words("what.text", site=register.controller.site),),
    )
    browser = Section(
        anchor="browser",
        title=words("browser.title"),
        paragraphs=(words("browser.text"),),
        points=tuple(words(f"browser.{one}") for one in BROWSERS),
        sections=(Section(anchor="signal", title=words("signal.title"), paragraphs=(words("signal.text"),)),),
    )
    exempt_said = ("text",) if exempt else ("none",)
    sections = (
        what,
        _tracers(register, words, "exempt", exempt_said, exempt, more=(words("prefix"),)),
        _tracers(register, words, "consent", ("text", "lifetime") if asked else ("none",), asked),
        _services(register, words),
        *((_tracers(register, words, "inactive", ("text",), planned),) if planned else ()),
        browser,
    )
    return _notice("cookies", words, register, since, sections)


def access_answer(
    register: Register,
    language: str,
    *,
    activities: Collection[str] | None = None,
    since: date | None = None,
) -> Notice:
    """What GDPR art. 15(1) asks to tell beside the data itself, for those activities (all running, if None).

    Activities that hold something about the person count whether they run or not.
    """
    words = Words("access", known(language))
    general = Words("privacy", words.language)
    shown = _chosen(register, activities)
    received = {one.id: one for activity in shown for one in register.recipients_of(activity)}
    intro = Section(
        anchor="intro",
        title=words("intro.title"),
        paragraphs=(words("intro.text"),) if shown else (words("intro.text"), words("intro.none")),
    )
    sections = (
        intro,
        policy.controller(register, general),
        *(policy.activity(register, one, general) for one in shown),
        policy.recipients(register, general, tuple(received.values())),
        policy.transfers(register, general, shown),
        policy.profiling(general, shown),
        policy.rights(register, general),
    )
    return _notice("access", words, register, since, sections)


def _chosen(register: Register, activities: Collection[str] | None) -> tuple[Activity, ...]:
    if activities is None:
        return register.active
    return tuple(one for one in register.activities.values() if one.id in activities)


def _notice(
    kind: str, words: Words, register: Register, since: date | None, sections: tuple[Section, ...]
) -> Notice:
    return Notice(
        kind=kind,
        language=words.language,
        title=words("title"),
        version=register.version,
        since=since,
        sections=sections,
    )


def _publisher(register: Register, words: Words) -> Section:
    who = register.controller
    missing = words("publisher.missing")
    values = {
        "name": who.name,
        "form": who.legal_form,
        "registration": who.registration,
        "address": address(register),
        "share_capital": who.share_capital or missing,
        "vat_number": who.vat_number or missing,
        "publication_director": who.publication_director or missing,
        "phone": who.phone or missing,
        "contact": who.contact,
    }
    caption = words("publisher.caption")
    table = Table(
        caption=caption,
        header=(words("publisher.title"), who.name),
        rows=tuple((words(f"publisher.{name}"), values[name]) for name in PUBLISHER),
    )
    text = words("publisher.text", site=who.site, name=who.name, form=who.legal_form)
    return Section(anchor="publisher", title=words("publisher.title"), paragraphs=(text,), tables=(table,))


def _hosting(register: Register, words: Words) -> Section:
    rows = tuple(
        (
            host.name.in_(words.language),
            wording.country(server.country, words.language),
            ", ".join(host.address) or words("publisher.missing"),
            host.phone or words("publisher.missing"),
        )
        for server in register.controller.servers
        for host in (register.recipients[server.host],)
    )
    table = Table(
        caption=words("hosting.caption"),
        header=words.all("hosting", ("host", "country", "address", "phone")),
        rows=rows,
    )
    text = words("hosting.text", name=register.controller.name)
    return Section(anchor="hosting", title=words("hosting.title"), paragraphs=(text,), tables=(table,))


def _services(register: Register, words: Words) -> Section:
    """The very services that the panel of choices asks about."""
    found = services(register)
    rows = tuple(_service(one, words) for one in found)
    header = tuple(words(f"services.{name}") for name in SERVICES_HEADER)
    tables = (Table(caption=words("services.caption"), header=header, rows=rows),) if rows else ()
    said = ("text", "choice", "change") if rows else ("none",)
    return Section(
        anchor="services",
        title=words("services.title"),
        paragraphs=words.all("services", said),
        tables=tables,
    )


def _service(one: Service, words: Words) -> tuple[str, ...]:
    language = words.language
    hosts = dict.fromkeys(host for found in one.hosts.values() for host in found)
    lives = [
        wording.duration(tracer.lifetime, language) if tracer.lifetime else words("session")
        for tracer in one.tracers
    ]
    leaves = [f"{tracer.name} ({life})" for tracer, life in zip(one.tracers, lives, strict=True)]
    return (
        one.label.in_(language),
        one.company.in_(language),
        one.explanation.in_(language),
        ", ".join(hosts),
        ", ".join(leaves) or words("services.nothing"),
        one.privacy_page or words("services.untold"),
    )


def _tracers(
    register: Register,
    words: Words,
    branch: str,
    said: tuple[str, ...],
    shown: tuple[Cookie, ...],
    more: tuple[str, ...] = (),
) -> Section:
    rows = tuple(_tracer(register, words, one) for one in shown)
    header = tuple(words(name) for name in COOKIES_HEADER)
    tables = (Table(caption=words(f"{branch}.caption"), header=header, rows=rows),) if rows else ()
    return Section(
        anchor=branch,
        title=words(f"{branch}.title"),
        paragraphs=(*words.all(branch, said), *(more if rows else ())),
        tables=tables,
    )


def _tracer(register: Register, words: Words, one: Cookie) -> tuple[str, ...]:
    language = words.language
    setter: Recipient | None = register.recipients[one.set_by] if one.set_by else None
    ground = (
        one.exemption.label.in_(language)
        if one.exemption is not None
        else words("consent_ground", purpose=_asked(register, one, language))
    )
    return (
        one.name,
        one.kind.label.in_(language),
        one.purpose.in_(language),
        ground,
        setter.name.in_(language) if setter else words("own"),
        wording.duration(one.lifetime, language) if one.lifetime else words("session"),
    )


def _asked(register: Register, one: Cookie, language: str) -> str:
    """What the person is asked that the tracer rests on: titles of the activities with that consent."""
    asking = [
        each for each in register.activities.values() if each.basis.consent_purpose == one.consent_purpose
    ]
    return ", ".join(each.title.in_(language) for each in asking) or str(one.consent_purpose)
