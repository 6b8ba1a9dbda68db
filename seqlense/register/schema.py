"""What one entry of the register holds. Every class is frozen and refuses unknown keys."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, PlainSerializer, PlainValidator, StringConstraints

from seqlense.kit.periods import Period
from seqlense.register.text import Declared, Text
from seqlense.register.vocabulary import (
    EVENTS,
    Automated,
    Category,
    Exemption,
    Ground,
    Protection,
    RecipientKind,
    Role,
    SameSite,
    Source,
    SpecialCondition,
    Status,
    Storage,
    Subjects,
    Then,
    Tool,
    TracerKind,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

OWN_SERVERS = "own_servers"
"""The location that means the company's own servers, listed by the controller's `servers`."""


def _period(value: Any) -> Period:
    if isinstance(value, Period):
        return value
    if not isinstance(value, str):
        raise ValueError("a period is written as text")
    return Period.parse(value)


Span = Annotated[Period, PlainValidator(_period), PlainSerializer(str, return_type=str)]
"""A calendar period written as ISO 8601 says: P0D, P7D, P6M, P10Y."""
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
ItemKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}\.[a-z][a-z0-9_]{0,63}$")]
"""An item by its full name: accounts.email."""
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Host = Annotated[str, StringConstraints(pattern=r"^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$")]
SharePage = Annotated[str, StringConstraints(pattern=r"^https://[^\s\"'<>]*\{url\}[^\s\"'<>]*$")]
Web = Annotated[str, StringConstraints(pattern=r"^https://[^\s\"'<>]+$")]
CookiePath = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9/_.-]*$")]
Words = Annotated[str, StringConstraints(min_length=1)]
Address = Annotated[str, StringConstraints(pattern=r"^https://([a-z0-9-]+\.)+[a-z]{2,}/[^\s\"'<>]*$")]
REACH_KINDS = ("script", "frame", "img", "connect", "style", "font", "media")
"""What a browser may ask of a recipient, as a content security policy names it (`script` is `script-src`)."""


class Basis(Declared):
    """Legal basis (GDPR art. 6) with its ground: the law, the interest balanced, or the consent purpose.

    `special` names the condition of art. 9(2) where special categories of data are involved.
    `balance` says how the interest was weighed against the person's; `withdrawal` how consent is taken back.
    """

    ground: Ground
    law: Text | None = None
    interest: Text | None = None
    balance: Text | None = None
    consent_purpose: Identifier | None = None
    withdrawal: Text | None = None
    special: SpecialCondition | None = None

    @property
    def article(self) -> str:
        """ "6(1)(f)" and its like."""
        return self.ground.article


class DataItem(Declared):
    """One kind of personal datum. `key` ("accounts.email") is its name everywhere else in the product.

    `required`: refusing to give it blocks the service. `protection` tells how it rests in the company's own
    database or files; it means nothing for items at a recipient (`held_by`) or never kept (`storage:
    transient`). `secret`: whoever has it can pass for the person, so a copy of the data tells of it and
    leaves its value out (GDPR art. 15(4), 32).
    """

    id: Identifier
    activity: Identifier
    category: Category
    label: Text
    source: Source = Source.PERSON
    required: bool = False
    storage: Storage = Storage.DATABASE
    held_by: tuple[Identifier, ...] = ()
    protection: Protection = Protection.SEALED
    plain_reason: Text | None = None
    secret: bool = False

    @property
    def key(self) -> str:
        return f"{self.activity}.{self.id}"

    @property
    def withheld(self) -> bool:
        """Whether its value is handed to nobody: a secret, or the hash of one."""
        return self.secret or self.protection is Protection.HASHED


class RetentionRule(Declared):
    """`after` that `event`, the items are erased or archived. No `items` means all of the activity.

    `law` is a duty to keep: it wins over an erasure request until its date. Without it the period is a
    maximum only, and an earlier erasure request wins. `when` names an event that the vocabulary doesn't know.
    """

    event: Identifier
    after: Span
    then: Then = Then.ERASE
    items: tuple[Identifier, ...] = ()
    law: Text | None = None
    when: Text | None = None

    @property
    def event_label(self) -> Text:
        return self.when or EVENTS[self.event]


class Transfer(Declared):
    """Data that leaves, or may be seen from outside, the EEA, and the tool that frames it."""

    recipient: Identifier
    country: Country
    tool: Tool | None = None
    reference: Text | None = None


class AutomatedDecisions(Declared):
    """Profiling and automated decisions; `logic` and `effects` are the words of art. 13(2)(f)."""

    kind: Automated = Automated.NONE
    logic: Text | None = None
    effects: Text | None = None


class Activity(Declared):
    """One processing activity: what GDPR art. 30 asks to record, and what runs.

    `uses`: items of other activities that this one reads as well ("accounts.language"), for its own purpose.
    `direct_marketing`: an objection to it is obeyed at once, without reasons (art. 21(2), (3)).
    """

    id: Identifier
    status: Status
    role: Role = Role.CONTROLLER
    on_behalf_of: Text | None = None
    title: Text
    purpose: Text
    notice: Text
    basis: Basis
    subjects: tuple[Subjects, ...] = Field(min_length=1)
    items: tuple[DataItem, ...] = Field(min_length=1)
    uses: tuple[ItemKey, ...] = ()
    refusal: Text | None = None
    locations: tuple[Identifier, ...] = Field(min_length=1)
    recipients: tuple[Identifier, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    retention: tuple[RetentionRule, ...] = ()
    security: tuple[Text, ...] = ()
    automated_decisions: AutomatedDecisions = AutomatedDecisions()
    direct_marketing: bool = False
    attention: tuple[Text, ...] = ()

    @property
    def active(self) -> bool:
        return self.status is Status.ACTIVE

    def reads(self, key: str) -> bool:
        """Whether it may read that item ("accounts.language"): one of its own, or declared under `uses`."""
        return key in self.uses or any(item.key == key for item in self.items)

    def item(self, item_id: str) -> DataItem:
        """Raises KeyError when this activity has no such item."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(f"{self.id}.{item_id}")

    def rules_for(self, item_id: str) -> tuple[RetentionRule, ...]:
        """The retention rules that touch that item. Whichever event comes first decides."""
        return tuple(rule for rule in self.retention if not rule.items or item_id in rule.items)


class Video(Declared):
    """A video for the first page of the site: its id at the recipient, and what it shows."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    title: Text


class Reach(Declared):
    """What a visitor's browser may ask of a recipient, once that visitor has accepted it; nothing before.

    label, explanation: the service as the visitor is asked about it. The kinds are those of a content
    security policy. load: a script that each page loads for whoever accepted. embed, page: where a video is
    played in the page and where it is watched at the provider's, with `{id}` in the place of its id; video:
    the one of the first page. consent_purpose: where it isn't the recipient's own.
    """

    label: Text
    explanation: Text
    script: tuple[Host, ...] = ()
    frame: tuple[Host, ...] = ()
    img: tuple[Host, ...] = ()
    connect: tuple[Host, ...] = ()
    style: tuple[Host, ...] = ()
    font: tuple[Host, ...] = ()
    media: tuple[Host, ...] = ()
    load: Address | None = None
    embed: Address | None = None
    page: Address | None = None
    video: Video | None = None
    consent_purpose: Identifier | None = None

    @property
    def hosts(self) -> Mapping[str, tuple[Host, ...]]:
        """Kind to hosts, for each kind that has any."""
        found = {kind: getattr(self, kind) for kind in REACH_KINDS}
        return {kind: hosts for kind, hosts in found.items() if hosts}


class Recipient(Declared):
    """Who receives data. `hosts` are the outside names that its software may be reached at (egress).

    `seat` is where the company sits, `countries` where it handles the data. `contract` describes the
    agreement of GDPR art. 28; `consent_purpose` the consent without which nothing is sent there. `browser`
    is what the visitor's own browser may ask there (never the software).
    `share_page`: where a person shares a page of ours, with `{url}` (and `{title}`) for it; `own_page`: the
    company's own page there. Plain links both: nothing is asked of the recipient before a click.
    """

    id: Identifier
    kind: RecipientKind
    name: Text
    role: Text
    seat: Country | None = None
    countries: tuple[Country, ...] = ()
    hosts: tuple[Host, ...] = ()
    address: tuple[Words, ...] = ()
    phone: Words | None = None
    privacy_page: Words | None = None
    share_page: SharePage | None = None
    own_page: Web | None = None
    contract: Text | None = None
    consent_purpose: Identifier | None = None
    browser: Reach | None = None
    attention: tuple[Text, ...] = ()

    @property
    def asked_purpose(self) -> str | None:
        """What a visitor consents to who lets their browser reach it; None where that was forgotten."""
        return (self.browser.consent_purpose if self.browser else None) or self.consent_purpose

    @property
    def asked_as(self) -> str:
        """Digest of what a visitor agrees to: who, what for, which hosts. Another is asked about again."""
        hosts = {kind: sorted(found) for kind, found in self.browser.hosts.items()} if self.browser else {}
        asked = [self.id, self.name.model_dump(), self.asked_purpose, hosts]
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:12]


class Cookie(Declared):
    """A tracer: cookie or entry in the browser's storage.

    It lives with its activity: one of an inactive activity isn't in use. Exactly one of `exemption` and
    `consent_purpose` is given. No `lifetime` means: until the browser is closed.

    The rest is about cookies alone, and what they are set with: `readable` by a page's scripts; `same_site`;
    `path`; `prefixed`: over an encrypted connection its name begins with `__Host-` (`__Secure-` under another
    path than "/"), so that nobody but this site writes it; false where other software fixes the name.
    """

    name: Words
    kind: TracerKind = TracerKind.COOKIE
    activity: Identifier
    purpose: Text
    set_by: Identifier | None = None
    exemption: Exemption | None = None
    consent_purpose: Identifier | None = None
    lifetime: Span | None = None
    readable: bool = False
    same_site: SameSite = SameSite.LAX
    path: CookiePath = "/"
    prefixed: bool = True


class Server(Declared):
    """A place of the company's own servers: the host (a recipient) and the country."""

    host: Identifier
    country: Country


class Authority(Declared):
    """Supervisory authority to which a person may complain."""

    name: Text
    address: tuple[Words, ...]
    site: Words
    complaints: Words


class Controller(Declared):
    """The company that answers for the processing, and what its legal notice must say of it."""

    name: Words
    legal_form: Words
    registration: Words
    address: tuple[Words, ...] = Field(min_length=1)
    country: Country
    site: Words
    contact: Words
    data_protection_contact: Words
    data_protection_officer: Words | None = None
    phone: Words | None = None
    share_capital: Words | None = None
    vat_number: Words | None = None
    publication_director: Words | None = None
    servers: tuple[Server, ...] = Field(min_length=1)
    applicable_law: Text
    authority: Authority
    security: tuple[Text, ...] = ()


__all__ = [
    "OWN_SERVERS",
    "Activity",
    "Authority",
    "AutomatedDecisions",
    "Basis",
    "Controller",
    "Cookie",
    "DataItem",
    "Reach",
    "Recipient",
    "RetentionRule",
    "Server",
    "Transfer",
    "Video",
]
