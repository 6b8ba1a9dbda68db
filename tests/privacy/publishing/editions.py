"""Registers that might have run before the running one."""

import copy
from collections.abc import Callable
from datetime import datetime
from typing import Any

from seqlense.privacy import running
from seqlense.privacy.actor import Actor
from seqlense.privacy.publishing import versions
from seqlense.privacy.publishing.models import NoticeVersion
from seqlense.register import Register
from seqlense.register.exports import as_json

SYSTEM = Actor.system("tests")

type Document = dict[str, Any]
type Change = Callable[[Document], None]


def altered(*changes: Change, of: Register | None = None) -> Register:
    """The running register (or another) with changes made to its plain data."""
    document = copy.deepcopy((of or running.register()).document)
    for change in changes:
        change(document)
    return as_json.from_document(document)


def activity(document: Document, name: str) -> Document:
    found: Document = next(one for one in document["activities"] if one["id"] == name)
    return found


def without_zone(document: Document) -> None:
    """Accounts knew no time zone: an item is added since."""
    accounts = activity(document, "accounts")
    accounts["items"] = [one for one in accounts["items"] if one["id"] != "time_zone"]


def elsewhere(document: Document) -> None:
    """The company had another director of publication: a statement about the company changed since."""
    document["controller"]["publication_director"] = "Ancienne direction"


def tersely(document: Document) -> None:
    """The notice of accounts was worded otherwise: nobody is owed a word of that."""
    activity(document, "accounts")["notice"] = {"fr": "Votre compte.", "en": "Your account."}


def on(ground: str) -> Change:
    """Accounts rested on consent, or on a contract."""

    def change(document: Document) -> None:
        basis = activity(document, "accounts")["basis"]
        basis.update(ground=ground, interest=None, balance=None, law=None)
        if ground == "consent":
            basis["consent_purpose"] = "news"
            basis["withdrawal"] = {"fr": "Dans Mes données.", "en": "In My data."}

    return change


def published(register: Register, *, now: datetime, by_mail: bool = False) -> NoticeVersion:
    """A version of that register."""
    return versions.publish_past(register, explanation={}, by_mail=by_mail, actor=SYSTEM, now=now)


def publish_running(*, now: datetime, by_mail: bool = True, **more: Any) -> NoticeVersion:
    """What runs, as somebody who looks and publishes would."""
    waiting = versions.pending()
    assert waiting is not None
    wishes: dict[str, Any] = {"effective_from": now.date(), "actor": SYSTEM, **more}
    return versions.publish(seen=waiting.seen, by_mail=by_mail, now=now, **wishes)
