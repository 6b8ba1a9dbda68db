"""The conditions in words: what is asked, who asks it, and what the system shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from babel.dates import format_date
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from seqlense.audience.measurement.conditions import Condition
from seqlense.kit.periods import Period


@dataclass(frozen=True, kw_only=True)
class Told:
    """One condition for the page."""

    title: str
    asked: str
    shown: str
    source: str
    kept: bool


CNIL: Final = "CNIL 2020-091, art. 5"
LAW: Final = "Loi n° 78-17, art. 82"


def _list(values: list[str]) -> str:
    return ", ".join(values) or _("none")


def _purpose(facts: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return (
        _("Only the publisher’s own measure"),
        _("The totals serve nothing but to measure the audience of this site, for its publisher alone."),
        _("Other tables of the product that hold these totals: %(others)s.")
        % {"others": _list(facts["others"])},
        LAW,
    )


def _anonymous(facts: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return (
        _("Anonymous statistics only"),
        _("Nothing kept leads back to a person: no IP address, no browser, no identifier."),
        _("Columns of the table, as the database names them: %(columns)s. Beyond what is expected: %(more)s.")
        % {"columns": _list(facts["columns"]), "more": _list(facts["more"])},
        CNIL,
    )


def _apart(facts: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return (
        _("No matching with other data"),
        _("Totals are joined with no other data, and not with one another."),
        _("Columns that lead to another table: %(links)s. Totals count by one of: %(kinds)s.")
        % {"links": _list(facts["links"]), "kinds": _list(facts["kinds"])},
        CNIL,
    )


def _identifier(facts: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return (
        _("No identifier beyond thirteen months"),
        _("A tracer that tells visitors apart lives thirteen months at most, and is not renewed."),
        _("Cookies that measure: %(measuring)s. Cookies of this activity in all: %(tracers)s.")
        % {"measuring": _list(facts["measuring"]), "tracers": _list(facts["tracers"])},
        CNIL,
    )


def _one_site(facts: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return (
        _("On this site alone"),
        _("Nobody is followed from site to site, and no other company takes part."),
        _("Recipients that the register names: %(recipients)s. Outside companies among them: %(outside)s.")
        % {"recipients": _list(facts["recipients"]), "outside": _list(facts["outside"])},
        CNIL,
    )


def _place(facts: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return (
        _("In Europe, and no finer than a country"),
        _("Nothing leaves the European Economic Area; no place is worked out from the IP address."),
        _(
            "Where it rests: %(locations)s. Transfers declared: %(transfers)s. The country is that "
            "of the language asked for."
        )
        % {"locations": _list(facts["locations"]), "transfers": facts["transfers"]},
        CNIL,
    )


def _kept(facts: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return (
        _("Twenty-five months at most"),
        _("Totals older than twenty-five months are deleted."),
        _("The register keeps them %(period)s. Oldest day: %(oldest)s. Last sweep: %(swept)s.")
        % {
            "period": _months(facts["period"]),
            "oldest": _day(facts["oldest"]),
            "swept": _day(facts["swept"]),
        },
        CNIL,
    )


def _informed(facts: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return (
        _("People are told"),
        _("The privacy policy and the page of the choice say what is counted, and why."),
        _("The policy says: “%(notice)s”") % {"notice": facts["notice"].get(get_language() or "fr", "")},
        CNIL,
    )


def _objection(facts: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return (
        _("Anybody may object"),
        _("One click, without an account and without a reason, and it works at once."),
        _("The cookie that holds an objection: %(cookie)s.") % {"cookie": facts["cookie"] or _("none")},
        "RGPD / GDPR, art. 21(1)",
    )


WORDS: Final[Mapping[str, Callable[[Mapping[str, Any]], tuple[str, str, str, str]]]] = {
    "purpose": _purpose,
    "anonymous": _anonymous,
    "apart": _apart,
    "identifier": _identifier,
    "one_site": _one_site,
    "place": _place,
    "kept": _kept,
    "informed": _informed,
    "objection": _objection,
}


def told(condition: Condition) -> Told:
    """A condition as people read it, in the language being spoken."""
    title, asked, shown, source = WORDS[condition.code](condition.facts)
    return Told(title=title, asked=asked, shown=shown, source=source, kept=condition.kept)


def _day(moment: datetime | None) -> str:
    if moment is None:
        return _("none yet")
    return format_date(timezone.localtime(moment), "d MMMM y", locale=get_language() or "fr")


def _months(period: str) -> str:
    if not period:
        return _("for ever")
    months = Period.parse(period).months
    return ngettext("%(number)d month", "%(number)d months", months) % {"number": months}
