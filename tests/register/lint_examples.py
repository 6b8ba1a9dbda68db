"""For each lint rule: a change of the faultless sample that it finds, and a close one that it lets pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqlense.register.lint import Running
from tests.register.samples import Change, both, drop, path, text

if TYPE_CHECKING:
    from seqlense.register import Register

ORDERS: tuple[str | int, ...] = ("activities", 0)
TIPS: tuple[str | int, ...] = ("activities", 1)
HOST: tuple[str | int, ...] = ("recipients", 0)
BANK: tuple[str | int, ...] = ("recipients", 1)


def orders(*steps: str | int, to: object) -> Change:
    return path(*ORDERS, *steps, to=to)


def tips(*steps: str | int, to: object) -> Change:
    return path(*TIPS, *steps, to=to)


def nothing(document: dict[str, Any]) -> None:
    """No change: the sample itself passes."""


def transfer(**changed: object) -> Change:
    return both(*(orders("transfers", 0, name, to=value) for name, value in changed.items()))


def on_law(law: object) -> Change:
    return orders("basis", to={"ground": "legal_obligation", **({"law": law} if law else {})})


def category(value: str) -> Change:
    return orders("items", 0, "category", to=value)


def cookie(index: int, **changed: object) -> Change:
    return both(*(path("cookies", index, name, to=value) for name, value in changed.items()))


LAW = text("the law of lists")
LOGS = both(
    orders(
        "items",
        to=[
            {"id": "name", "activity": "orders", "category": "connection", "label": text("Visit")},
        ],
    ),
    orders("transfers", to=[]),
    orders("locations", to=["own_servers"]),
    orders("recipients", to=["host"]),
)
EXAMPLES: dict[str, tuple[Change, Change]] = {
    "basis.consent-without-purpose": (drop(*TIPS, "basis", "consent_purpose"), nothing),
    "basis.consent-without-withdrawal": (drop(*TIPS, "basis", "withdrawal"), nothing),
    "basis.consent-outlives-withdrawal": (
        tips("retention", 0, "event", to="last_seen"),
        tips("retention", to=[{"event": "last_seen", "after": "P1Y", "law": LAW}]),
    ),
    "basis.obligation-without-law": (on_law(None), on_law(LAW)),
    "basis.interest-not-named": (drop(*ORDERS, "basis", "interest"), nothing),
    "basis.interest-not-balanced": (drop(*ORDERS, "basis", "balance"), nothing),
    "basis.consent-words-elsewhere": (orders("basis", "consent_purpose", to="tips"), nothing),
    "basis.special-without-condition": (
        category("health"),
        both(category("health"), orders("basis", "special", to="legal_claims")),
    ),
    "basis.offences-without-law": (category("offences"), both(category("offences"), on_law(LAW))),
    "basis.national-number-without-law": (
        category("national_number"),
        both(category("national_number"), on_law(LAW)),
    ),
    "basis.interest-against-children": (
        orders("subjects", to=["child"]),
        both(orders("subjects", to=["child"]), on_law(LAW)),
    ),
    "keeping.no-end": (drop(*ORDERS, "retention", 1), nothing),
    "keeping.archive-after-erasure": (orders("retention", 0, "after", to="P6Y"), nothing),
    "keeping.long-without-law": (drop(*ORDERS, "retention", 1, "law"), nothing),
    "keeping.law-without-period": (
        both(orders("retention", 1, "after", to="P0D"), drop(*ORDERS, "retention", 0)),
        nothing,
    ),
    "keeping.beyond-ten-years": (
        orders("retention", 1, "after", to="P30Y"),
        orders("retention", 1, "after", to="P10Y"),
    ),
    "keeping.logs-too-long": (
        both(LOGS, orders("retention", to=[{"event": "event_recorded", "after": "P2Y"}])),
        both(LOGS, orders("retention", to=[{"event": "event_recorded", "after": "P1Y"}])),
    ),
    "sharing.outside-without-tool": (drop(*ORDERS, "transfers", 0, "tool"), nothing),
    "sharing.servers-outside": (path("controller", "servers", 0, "country", to="US"), nothing),
    "sharing.transfer-without-reference": (drop(*ORDERS, "transfers", 0, "reference"), nothing),
    "sharing.derogation-as-routine": (transfer(tool="derogation"), nothing),
    "sharing.adequacy-unknown": (
        both(transfer(tool="adequacy_decision", country="CN"), path(*BANK, "countries", to=["CN"])),
        transfer(tool="adequacy_decision"),
    ),
    "sharing.transfer-inside": (transfer(country="IE"), nothing),
    "sharing.transfer-to-nobody": (
        both(tips("transfers", to=[{"recipient": "bank", "country": "US"}])),
        both(tips("recipients", to=["bank"]), tips("transfers", to=[{"recipient": "bank", "country": "US"}])),
    ),
    "sharing.processor-without-contract": (drop(*HOST, "contract"), nothing),
    "sharing.joint-without-arrangement": (
        path(*BANK, "kind", to="joint_controller"),
        both(path(*BANK, "kind", to="joint_controller"), path(*BANK, "contract", to=text("arrangement"))),
    ),
    "sharing.unused-recipient": (
        lambda document: document["recipients"].append(
            {"id": "idle", "kind": "controller", "name": text("Idle"), "role": text("waits")}
        ),
        nothing,
    ),
    "sharing.host-of-two": (path(*HOST, "hosts", to=["api.bank.example"]), nothing),
    "sharing.holder-unreachable": (path(*BANK, "hosts", to=[]), nothing),
    "tracers.too-long": (cookie(1, lifetime="P14M"), nothing),
    "tracers.measurement-too-long": (cookie(2, lifetime="P2Y"), nothing),
    "tracers.choice-too-long": (cookie(3, lifetime="P13M"), cookie(3, lifetime="P182D")),
    "tracers.outsider-exempt": (cookie(0, set_by="bank"), cookie(0, set_by="host")),
    "tracers.purpose-nobody-asks": (cookie(1, consent_purpose="other"), nothing),
    "tracers.consent-not-run": (tips("status", to="active"), nothing),
    "tracers.exempt-too-long": (cookie(0, lifetime="P14M"), cookie(0, lifetime="P13M")),
    "tracers.readable-authentication": (cookie(0, readable=True), cookie(1, readable=True)),
    "tracers.unprefixed": (cookie(0, path="/orders/"), cookie(1, prefixed=False)),
    "honesty.untranslated": (
        orders("notice", to={"fr": "the very same five words", "en": "the very same five words"}),
        orders("title", to={"fr": "Option", "en": "Option"}),
    ),
    "honesty.unfinished": (
        orders("purpose", to={"fr": "TODO écrire la finalité", "en": "Deliver what was ordered"}),
        nothing,
    ),
    "honesty.notice-too-long": (orders("notice", to=text("word " * 200)), nothing),
    "honesty.vague-purpose": (orders("purpose", to={"fr": "Ventes", "en": "Sales"}), nothing),
    "honesty.refusal-untold": (drop(*ORDERS, "refusal"), nothing),
    "honesty.logic-untold": (drop(*TIPS, "automated_decisions", "logic"), nothing),
    "honesty.decision-without-ground": (
        orders(
            "automated_decisions",
            to={"kind": "decision", "logic": text("a score"), "effects": text("refusal")},
        ),
        tips("automated_decisions", "kind", to="decision"),
    ),
    "honesty.profiling-untold": (drop(*TIPS, "automated_decisions"), nothing),
    "honesty.readable": (
        both(
            orders("items", 0, "protection", to="plain"), orders("items", 0, "plain_reason", to=text("none"))
        ),
        nothing,
    ),
    "honesty.legal-notice-gaps": (drop("controller", "publication_director"), nothing),
    "honesty.host-unreachable": (drop(*HOST, "phone"), nothing),
    "honesty.no-representative": (path("controller", "country", to="CH"), nothing),
    "reality.inactive-with-columns": (nothing, both(drop(*TIPS), drop("cookies", 1))),
    "reality.item-without-column": (
        lambda document: document["activities"][0]["items"].append(
            {"id": "size", "activity": "orders", "category": "contract", "label": text("Size")}
        ),
        nothing,
    ),
    "reality.event-never-emitted": (
        lambda document: document["activities"][0]["retention"].append(
            {"event": "account_closed", "after": "P0D"}
        ),
        nothing,
    ),
    "reality.column-of-nothing": (drop(*ORDERS, "items", 1), nothing),
}


def running(register: Register) -> Running:
    """A shop that stores the orders of the sample, and a taste that it shouldn't have."""
    columns = {"orders.name": ("shop.Order.name",), "orders.date": ("shop.Order.date",)}
    if "tips" in register.activities:
        columns["tips.taste"] = ("shop.Person.taste",)
    return Running(columns=columns, events=frozenset({("orders", "contract_ended")}))
