"""The conditions under which measuring needs no consent, each with evidence from the running system.

French law no. 78-17, art. 82; CNIL guidelines 2020-091, art. 5, and recommendation 2020-092: since January
2026 the publisher assesses this itself and keeps the assessment. A condition that can't be shown is not kept.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Min

from seqlense.audience.measurement.counting import ACTIVITY
from seqlense.audience.measurement.models import Kind, Total
from seqlense.kit.periods import Period
from seqlense.privacy import governance, running
from seqlense.privacy.records import RetentionRun
from seqlense.register import Activity, Register
from seqlense.register.vocabulary import Exemption, RecipientKind

MOST_KEPT: Final = Period(months=25)
OBJECTION: Final = "not-counted"
"""The cookie of a browser whose visitor objects."""
COLUMNS: Final = {"id", "on", "kind", "name", "views", "visits"}
"""All that the table has: no address, no browser, no identifier, no person."""
OURS: Final = frozenset({RecipientKind.STAFF, RecipientKind.SOFTWARE})
GRACE: Final = Period.parse("P2D")
"""Sweeps run each night: what is older by more than this should have gone."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One condition: its code, whether it is kept, and the facts that say so (codes and values)."""

    code: str
    kept: bool
    facts: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the conditions look at, read once: `columns` from the database itself."""

    register: Register
    activity: Activity
    columns: frozenset[str]
    kinds: frozenset[str]
    oldest: datetime | None
    swept: datetime | None
    now: datetime


type Judge = Callable[[Seen], tuple[bool, dict[str, Any]]]
JUDGES: dict[str, Judge] = {}


def assess(*, now: datetime) -> list[Condition]:
    """Every condition, judged now, by a handful of statements."""
    seen = look(now=now)
    return [Condition(code=code, kept=kept, facts=facts) for code, (kept, facts) in _judged(seen)]


def _judged(seen: Seen) -> Iterator[tuple[str, tuple[bool, dict[str, Any]]]]:
    for code, judge in JUDGES.items():
        yield code, judge(seen)


def look(*, now: datetime) -> Seen:
    """Read the running register, the table as the database has it, and the last sweep."""
    register = running.register()
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, Total._meta.db_table)
    swept = RetentionRun.objects.filter(dry_run=False, status=RetentionRun.Status.DONE)
    return Seen(
        register=register,
        activity=register.activities[ACTIVITY],
        columns=frozenset(one.name for one in described),
        kinds=frozenset(Total.objects.values_list("kind", flat=True).distinct()),
        oldest=Total.objects.aggregate(oldest=Min("on"))["oldest"],
        swept=swept.order_by("-started_at").values_list("started_at", flat=True).first(),
        now=now,
    )


def _condition(code: str) -> Callable[[Judge], Judge]:
    def keep(judge: Judge) -> Judge:
        JUDGES[code] = judge
        return judge

    return keep


@_condition("purpose")
def _purpose(seen: Seen) -> tuple[bool, dict[str, Any]]:
    """Strictly for measuring the publisher's own audience: no other activity reads these totals."""
    others = sorted(
        entry.model
        for entry in governance.declared().governed
        if entry.activity != ACTIVITY and any(key.startswith(f"{ACTIVITY}.") for key in entry.items.values())
    )
    return seen.activity.active and not others, {"activity": seen.activity.id, "others": others}


@_condition("anonymous")
def _anonymous(seen: Seen) -> tuple[bool, dict[str, Any]]:
    """Anonymous statistics only: totals, and no column that could hold anything else."""
    more = sorted(seen.columns - COLUMNS)
    return not more and bool(seen.columns), {"columns": sorted(seen.columns), "more": more}


@_condition("apart")
def _apart(seen: Seen) -> tuple[bool, dict[str, Any]]:
    """No cross-matching: each total counts by one thing, and no column leads to another table."""
    links = [field.name for field in Total._meta.concrete_fields if field.related_model is not None]
    strange = sorted(seen.kinds - set(Kind.values))
    return not links and not strange, {"links": links, "kinds": sorted(seen.kinds)}


@_condition("identifier")
def _identifier(seen: Seen) -> tuple[bool, dict[str, Any]]:
    """An identifier lives 13 months at most and is never renewed; ours does not exist."""
    tracers = [one for one in seen.register.cookies if one.activity == ACTIVITY]
    measuring = [one.name for one in tracers if one.exemption is Exemption.MEASUREMENT]
    return not measuring, {"tracers": [one.name for one in tracers], "measuring": measuring}


@_condition("one_site")
def _one_site(seen: Seen) -> tuple[bool, dict[str, Any]]:
    """The visitor is followed to no other site: nobody outside receives anything."""
    outside = sorted(
        one for one in seen.activity.recipients if seen.register.recipients[one].kind not in OURS
    )
    return not outside, {"recipients": list(seen.activity.recipients), "outside": outside}


@_condition("place")
def _place(seen: Seen) -> tuple[bool, dict[str, Any]]:
    """On own servers in the EEA, no transfer; the country is that of the language asked for."""
    return not seen.activity.transfers and seen.activity.locations == ("own_servers",), {
        "locations": list(seen.activity.locations),
        "transfers": len(seen.activity.transfers),
    }


@_condition("kept")
def _kept(seen: Seen) -> tuple[bool, dict[str, Any]]:
    """Data live 25 months at most: the register says so, the sweep runs, nothing older is there."""
    periods = [rule.after for rule in seen.activity.rules_for("totals")]
    longest = MOST_KEPT.add_to(seen.oldest) if seen.oldest else None
    in_time = longest is None or seen.now < GRACE.add_to(longest)
    declared = bool(periods) and min(one.add_to(seen.now) for one in periods) <= MOST_KEPT.add_to(seen.now)
    sweeping = seen.swept is not None and seen.now < GRACE.add_to(seen.swept)
    return declared and in_time and (sweeping or seen.oldest is None), {
        "period": str(periods[0]) if periods else "",
        "oldest": seen.oldest,
        "swept": seen.swept,
    }


@_condition("informed")
def _informed(seen: Seen) -> tuple[bool, dict[str, Any]]:
    """People are told, in each language: purpose and notice stand in the policy."""
    said = {language: seen.activity.notice.in_(language) for language in ("fr", "en")}
    return seen.activity.active and all(said.values()), {"notice": said}


@_condition("objection")
def _objection(seen: Seen) -> tuple[bool, dict[str, Any]]:
    """Anybody may object, without an account: the cookie that says so is declared, and needs no consent."""
    known = [one for one in seen.register.cookies if one.name == OBJECTION and one.exemption is not None]
    return bool(known) and seen.activity.basis.article == "6(1)(f)", {"cookie": OBJECTION if known else ""}
