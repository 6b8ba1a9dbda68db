"""Three published versions of the notices: two that ran before, and the one that runs."""

import copy
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from seqlense.privacy import running
from seqlense.privacy.actor import Actor
from seqlense.privacy.publishing import versions
from seqlense.register import Register
from seqlense.register.exports import as_json

SECOND: Final = {
    "fr": (
        "Nous gardons moins longtemps les événements de sécurité des comptes\u00a0: six mois au lieu d’un "
        "an. Rien d’autre ne change."
    ),
    "en": (
        "We keep security events of accounts for less time: six months instead of a year. Nothing else "
        "changes."
    ),
}
THIRD: Final = {
    "fr": (
        "Pour montrer les heures telles que vous les vivez, chaque compte a désormais un fuseau horaire. "
        "Vous le choisissez dans vos réglages."
    ),
    "en": (
        "To show hours as you live them, each account now has a time zone. You choose it in your settings."
    ),
}


def plant(*, officer: Actor, now: datetime) -> None:
    """The third concerns everybody with an account, and shows above their pages until they have read it."""
    earlier = _edited(_without_zone, _longer_logs)
    later = _edited(_without_zone)
    for register, explanation, ago in (
        (earlier, {}, 380),
        (later, SECOND, 140),
        (running.register(), THIRD, 6),
    ):
        moment = now - timedelta(days=ago)
        versions.publish_past(register, explanation=explanation, by_mail=False, actor=officer, now=moment)


def _edited(*edits: Any) -> Register:
    document = copy.deepcopy(running.register().document)
    for edit in edits:
        edit({one["id"]: one for one in document["activities"]})
    return as_json.from_document(document)


def _without_zone(activities: Mapping[str, Any]) -> None:
    accounts = activities["accounts"]
    accounts["items"] = [one for one in accounts["items"] if one["id"] != "time_zone"]


def _longer_logs(activities: Mapping[str, Any]) -> None:
    for rule in activities["security_logs"]["retention"]:
        if rule["event"] == "event_recorded":
            rule["after"] = "P1Y"
