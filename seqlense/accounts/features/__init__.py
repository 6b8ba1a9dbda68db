"""What of an account may serve to group people, in classes, where the register says so."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from seqlense.accounts.models import Account, CodeGenerator, Passkey
from seqlense.kit.periods import Period
from seqlense.privacy import running
from seqlense.privacy.features import Feature, Values
from seqlense.register.lint.sharing import EEA

LANGUAGES: Final[Mapping[str, str | Promise]] = {
    "fr": pgettext_lazy("spoken", "French"),
    "en": pgettext_lazy("spoken", "English"),
}
COUNTRIES: Final[Mapping[str, str | Promise]] = {
    "own": _("the country of our company"),
    "eea": _("another country of the European Economic Area"),
    "other": _("a country elsewhere"),
}
AGES: Final[Mapping[str, str | Promise]] = {
    "new": _("under a month"),
    "recent": _("one to six months"),
    "settled": _("six months to two years"),
    "old": _("over two years"),
}
UNTIL: Final = (("new", Period(months=1)), ("recent", Period(months=6)), ("settled", Period(months=24)))
SECOND_FACTOR: Final[Mapping[str, str | Promise]] = {"on": _("yes"), "off": _("no")}


def _accounts(people: Collection[UUID] | None) -> QuerySet[Account]:
    everybody: QuerySet[Account] = Account.objects.order_by()
    return everybody if people is None else everybody.filter(subject_id__in=list(people))


def _sorted(rows: Any) -> Values:
    return {subject: frozenset([code]) for subject, code in rows}


def _languages(people: Collection[UUID] | None, now: datetime) -> Values:
    return _sorted(_accounts(people).values_list("subject_id", "language"))


def _countries(people: Collection[UUID] | None, now: datetime) -> Values:
    own = running.register().controller.country
    rows = _accounts(people).values_list("subject_id", "country")
    return _sorted(
        (one, "own" if country == own else "eea" if country in EEA else "other") for one, country in rows
    )


def _ages(people: Collection[UUID] | None, now: datetime) -> Values:
    rows = _accounts(people).values_list("subject_id", "created_at")
    since = [(code, period.latest_start(now)) for code, period in UNTIL]
    return _sorted((one, next((code for code, day in since if made > day), "old")) for one, made in rows)


def _second_factors(people: Collection[UUID] | None, now: datetime) -> Values:
    code = CodeGenerator.objects.filter(account=OuterRef("pk"), confirmed_at__isnull=False)
    passkey = Passkey.objects.filter(account=OuterRef("pk"))
    rows = _accounts(people).filter(Exists(code) | Exists(passkey)).values_list("subject_id", flat=True)
    return dict.fromkeys(rows, frozenset(["on"]))


FEATURES: Final = [
    Feature(
        id="accounts.language",
        item="accounts.language",
        label=_("Language"),
        values=lambda: LANGUAGES,
        of=_languages,
    ),
    Feature(
        id="accounts.country",
        item="accounts.country",
        label=_("Country"),
        values=lambda: COUNTRIES,
        of=_countries,
    ),
    Feature(
        id="accounts.age",
        item="accounts.account_dates",
        label=_("Age of the account"),
        values=lambda: AGES,
        of=_ages,
    ),
    Feature(
        id="accounts.second_factor",
        item="accounts.factor_dates",
        label=_("Second factor in use"),
        values=lambda: SECOND_FACTOR,
        of=_second_factors,
        otherwise="off",
    ),
]
