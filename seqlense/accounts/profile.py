"""What people set about themselves. Each section is saved on its own, and never over what another tab saved
meanwhile.
"""

import zoneinfo
from datetime import datetime
from functools import cache
from typing import Final

from babel import Locale
from django.conf import settings
from django.db import transaction

from seqlense.accounts import digests
from seqlense.accounts.errors import ChangedMeanwhile, InvalidChoice
from seqlense.accounts.models import Account
from seqlense.kit.text import InvalidText, clean_name
from seqlense.privacy import acts, requests
from seqlense.privacy.actor import Actor

LONGEST_NAME: Final = 120
CURRENCIES: Final = (
    *(
        "EUR",
        "USD",
        "GBP",
        "CHF",
        "AUD",
        "BGN",
        "BRL",
        "CAD",
        "CNY",
        "CZK",
        "DKK",
        "HKD",
        "HUF",
        "IDR",
        "ILS",
        "INR",
    ),
    *(
        "ISK",
        "JPY",
        "KRW",
        "MXN",
        "MYR",
        "NOK",
        "NZD",
        "PHP",
        "PLN",
        "RON",
        "SEK",
        "SGD",
        "THB",
        "TRY",
        "ZAR",
    ),
)
"""Those for which the European Central Bank publishes reference rates, and Bulgaria's until it is gone."""

SECTIONS: Final = {
    "name": ("name",),
    "region": ("language", "country", "time_zone"),
    "currency": ("currency",),
}


@cache
def countries() -> frozenset[str]:
    """ISO 3166-1 codes in use."""
    territories = [str(code) for code in Locale("en").territories]
    return frozenset(code for code in territories if len(code) == 2 and code.isalpha()) - {
        *("EU", "EZ", "UN", "ZZ", "QO", "XA", "XB", "AC", "CP", "DG", "EA", "IC", "TA", "CQ"),
    }


@cache
def time_zones() -> frozenset[str]:
    """Names of the time-zone database that stand for a place, and UTC."""
    areas = (
        "Africa",
        "America",
        "Antarctica",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
    return frozenset(
        name
        for name in zoneinfo.available_timezones()
        if name == "UTC" or (name.split("/")[0] in areas and "/" in name)
    )


def name_of(text: str) -> str:
    """A name fit to keep, or "" for none. Raises InvalidChoice("accounts.choice.name")."""
    if not text.strip(" \t\n\u00a0"):
        return ""
    try:
        return clean_name(text, longest=LONGEST_NAME)
    except InvalidText:
        raise InvalidChoice("accounts.choice.name") from None


def check_language(code: str) -> None:
    """Raises InvalidChoice for a language we don't speak."""
    if code not in dict(settings.LANGUAGES):
        raise InvalidChoice("accounts.choice.language")


def check_country(code: str) -> None:
    """Raises InvalidChoice for no country."""
    if code not in countries():
        raise InvalidChoice("accounts.choice.country")


def seen(account: Account, section: str) -> str:
    """Fingerprint of a section's values: the form carries it, and `save` compares."""
    values = [str(getattr(account, field)) for field in SECTIONS[section]]
    return digests.mac(f"section.{section}", str(account.pk), *values).hex()[:32]


@transaction.atomic
def save(
    account: Account, section: str, values: dict[str, str], *, seen_as: str, actor: Actor, now: datetime
) -> Account:
    """Save one section. ChangedMeanwhile if it no longer holds what the form had shown (unless it already
    holds this).

    Raises InvalidChoice. Gives the account as it is saved.
    """
    wanted = _checked(section, values)
    current = Account.objects.select_for_update().get(pk=account.pk)
    if all(getattr(current, field) == value for field, value in wanted.items()):
        return current
    if seen(current, section) != seen_as:
        raise ChangedMeanwhile
    for field, value in wanted.items():
        setattr(current, field, value)
    current.save(update_fields=[*wanted])
    acts.record(f"accounts.{section}_changed", actor=actor, now=now, subject=current.subject_id)
    requests.rectified(current.subject_id, [f"accounts.{field}" for field in wanted], actor=actor, now=now)
    return current


def _checked(section: str, values: dict[str, str]) -> dict[str, str]:
    wanted = {field: values[field] for field in SECTIONS[section]}
    if "name" in wanted:
        wanted["name"] = name_of(wanted["name"])
    if "language" in wanted:
        check_language(wanted["language"])
    if "country" in wanted:
        check_country(wanted["country"])
    if wanted.get("time_zone", "UTC") not in time_zones():
        raise InvalidChoice("accounts.choice.time_zone")
    if wanted.get("currency", "EUR") not in CURRENCIES:
        raise InvalidChoice("accounts.choice.currency")
    return wanted
