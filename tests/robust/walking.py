"""Every page of the product, with somebody who may see it, and the forms found on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

from seqlense.accounts import email_change, links
from seqlense.accounts.models import Account, MailLink, Passkey, Session
from seqlense.accounts.signing_up import Wishes, ask
from seqlense.kit import clock
from seqlense.organisations import answers, ownership
from seqlense.privacy import consent, holds, requests, running, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.consent import Receipt, displays, giving
from seqlense.privacy.records import Hold
from tests import cast
from tests.browser import planting

TYPED = {"text", "email", "search", "password", "hidden", "number", "tel", "url", "date", "textarea"}


@dataclass
class Form:
    """A form as a browser would send it, untouched."""

    action: str = ""
    method: str = "get"
    values: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.inside: Form | None = None
        self.select = self.textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self.inside)
        elif self.inside is not None and (name := given.get("name")):
            if tag == "select":
                self.select = name
            elif tag in ("input", "textarea"):
                self._control(self.inside, name, given, tag)
        elif self.inside is not None and tag == "option" and ("selected" in given or self._is_first()):
            self.inside.values[self.select] = given.get("value", "")

    def _is_first(self) -> bool:
        return self.inside is not None and bool(self.select) and self.select not in self.inside.values

    def _control(self, form: Form, name: str, given: Mapping[str, str], tag: str) -> None:
        kind = "textarea" if tag == "textarea" else given.get("type", "text")
        if kind in TYPED and "readonly" not in given and "hidden" not in given:
            form.typed[name] = kind
        if kind not in ("radio", "checkbox") or "checked" in given or name not in form.values:
            form.values[name] = given.get("value", "")
        if tag == "textarea":
            self.textarea = name

    def handle_data(self, data: str) -> None:
        if self.textarea and self.inside is not None:
            self.inside.values[self.textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        elif tag in ("select", "textarea"):
            self.select = self.textarea = ""


def forms_of(page: str) -> list[Form]:
    reader = _Reader()
    reader.feed(page)
    return reader.forms


@dataclass(frozen=True)
class Place:
    """A page's name and address."""

    name: str
    address: str


@dataclass(frozen=True)
class Scene:
    """People with something on every page."""

    company: cast.Company
    browsers: Mapping[str, Client]
    given: Mapping[str, Mapping[str, object]]

    def places(self, language: str) -> Iterator[Place]:
        """Every named page, by the resolver."""
        for name, pattern in named(get_resolver()):
            wanted = pattern.pattern.regex.groupindex
            known = {**self.given[""], **self.given.get(name, {})}
            with translation.override(language):
                yield Place(name, reverse(name, kwargs={one: known[one] for one in wanted}))

    def shown(self, place: Place) -> tuple[Client, str] | None:
        """The first browser that the page opens for, and the page."""
        for browser in self.browsers.values():
            response = browser.get(place.address)
            if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
                return browser, response.text
        return None


def named(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from named(one, f"{space}{one.namespace}:" if one.namespace else space)
        elif one.name:
            yield f"{space}{one.name}", one


def scene() -> Scene:
    company, charlie, now = cast.company(), cast.charlie(), clock.now()
    people: dict[str, Account] = {
        "alice": company.alice,
        "bob": company.bob,
        "charlie": charlie,
        "paul": cast.paul(),
        "odile": cast.odile(),
    }
    browsers = {name: cast.signed_in(one, strong=True) for name, one in people.items()}
    organisation, alice = company.organisation, company.alice
    ownership.offer(organisation.pk, company.member(company.bob).pk, actor=cast.actor(alice), now=now)
    invitation = cast.invited(organisation, alice, charlie.email, now=now)
    passkey = Passkey.objects.create(
        subject_id=alice.subject_id,
        account=alice,
        name="Clé bleue",
        credential_id=b"1",
        public_key=b"2",
        sign_count=0,
        transports=[],
        synced=False,
        created_at=now,
    )
    email_change.ask(alice, "alice.nouvelle@arnaud.example", actor=cast.actor(alice), now=now)
    ask("vera@nouvelle.example", Wishes(language="fr", country="FR"), source="192.0.2.7", now=now)
    link = MailLink.objects.get(purpose=MailLink.Purpose.VERIFY)
    hold = holds.place(company.bob.subject_id, reason=Hold.Reason.CLAIM, actor=Actor.system("tests"), now=now)
    session = Session.objects.filter(account=alice).get()
    bob = company.bob.subject_id
    objection = switches.set(
        switches.Kind.OBJECTION, bob, "organisations", actor=Actor.person(bob), now=now, words="Zwetschge"
    )
    given: dict[str, dict[str, object]] = {
        "": {
            "interest": hold.pk,
            "file": hold.pk,
            "organisation": organisation.pk,
            "membership": company.member(company.bob).pk,
            "invitation": invitation.pk,
            "token": answers.token(organisation.pk, invitation.pk),
            "section": "name",
            "session": session.pk,
            "passkey": passkey.pk,
            "subject": company.bob.subject_id,
            "hold": hold.pk,
            "form": "json",
            "activity": "accounts",
            "switch": objection.pk,
            "errand": hold.pk,
            "identifier": requests.history(bob)[0].pk,
        },
        "site:mail_link": {"token": links.token(link)},
        "log_tile": {"name": "0/000"},
        "log_seen": {"name": "timestamps/authority.pem"},
    }
    for name, words in _of_visitors(company, charlie, people["paul"], now).items():
        given[name] = {**given.get(name, {}), **words}
    return Scene(company, {**browsers, "anonymous": Client()}, given)


def _of_visitors(
    company: cast.Company, charlie: Account, paul: Account, now: datetime
) -> Mapping[str, Mapping[str, object]]:
    """What the rooms around an account have to show, by page."""
    running._enlisted.clear()  # the database was emptied since
    running.enlist(now)
    alice, purpose = company.alice, min(giving.purposes())
    news = planting.newsletter(company.bob, company.dana, paul, now)
    asked = planting.asked(alice, paul, now)
    everywhere = {
        **planting.published(now),
        **planting.promoted(alice, charlie, now),
        "campaign": news["campaign"],
        "purpose": purpose,
        "receipt": _agreed(alice, purpose).pk,
        "network": "linkedin",
        "request_id": asked["asked"],
        "number": 2,
        "kind": "privacy",
        "language": "fr",
        "theme": "light",
        "version": displays.shown("fr", now=now),
    }
    talk = ("conversation", "conversation_close", "conversation_link", "conversation_file")
    return {
        "": everywhere,
        "site:newsletter_confirm": {"token": news["newsletter_confirm"]},
        "site:newsletter_unsubscribe": {"token": news["newsletter"]},
        "site:newsletter_preferences": {"token": news["newsletter"]},
        "site:write_confirm": {"token": asked["unconfirmed"]},
        **{f"site:{name}": {"token": asked["conversation"]} for name in talk},
        "console:visits_table": {"kind": "days"},
    }


def _agreed(account: Account, purpose: str) -> Receipt:
    return consent.give(
        account.subject_id,
        purpose,
        how="form",
        shown="short-text-1",
        language="fr",
        actor=cast.actor(account),
        now=clock.now(),
    )
