"""Every endpoint of organisations, tried as each of the cast. A new endpoint without a line here fails.

"in": sent to sign in. "ok": shown. "done": carried out, and led on. A number: refused with that status.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.urls.resolvers import URLResolver

from seqlense.kit import clock
from seqlense.kit.identifiers import uuid7
from seqlense.organisations import answers, ownership
from seqlense.organisations.models import Invitation
from seqlense.organisations.tenancy import inside
from tests import cast

pytestmark = pytest.mark.django_db

CAST = ("anonymous", "alice", "dana", "bob", "charlie", "paul", "odile")
MEMBERS = "in ok ok ok 404 404 404"
MANAGERS = "in ok ok 403 404 404 404"
OWNER = "in ok 403 403 404 404 404"
NOBODY = "405 405 405 405 405 405 405"
UNREAD = "in 405 405 405 405 405 405"

# endpoint → method → answers, in the order of CAST
EXPECTED: Mapping[str, Mapping[str, str]] = {
    "organisations": {"GET": "in ok ok ok ok ok ok", "POST": UNREAD},
    "organisation_new": {"GET": "in ok ok ok ok ok ok", "POST": "in done done done done done done"},
    "organisation": {"GET": MEMBERS, "POST": UNREAD},
    "organisation_permissions": {"GET": MEMBERS, "POST": UNREAD},
    "organisation_member": {"GET": MANAGERS, "POST": "in done done 403 404 404 404"},
    "organisation_remove": {"GET": MANAGERS, "POST": "in done done 403 404 404 404"},
    "organisation_leave": {"GET": MEMBERS, "POST": "in 409 done done 404 404 404"},
    "organisation_invitations": {"GET": MANAGERS, "POST": "in done done 403 404 404 404"},
    "organisation_resend": {"GET": UNREAD, "POST": "in done done 403 404 404 404"},
    "organisation_withdraw": {"GET": UNREAD, "POST": "in done done 403 404 404 404"},
    "organisation_settings": {"GET": MANAGERS, "POST": "in done done 403 404 404 404"},
    "organisation_second_factor": {"GET": UNREAD, "POST": "in done done 403 404 404 404"},
    "organisation_hand_over": {"GET": OWNER, "POST": "in done 403 403 404 404 404"},
    "organisation_take_back": {"GET": UNREAD, "POST": "in done 403 403 404 404 404"},
    "organisation_take_over": {"GET": "in 404 404 ok 404 404 404", "POST": "in done done done 404 404 404"},
    "organisation_close": {"GET": OWNER, "POST": "in done 403 403 404 404 404"},
    "organisation_reopen": {"GET": UNREAD, "POST": "in done 403 403 404 404 404"},
    "invitation": {"GET": "ok 403 403 403 ok 403 403", "POST": "422 403 403 403 done 403 403"},
}


@dataclass(frozen=True)
class Scene:
    """Alice's organisation with an offer to Bob and an invitation to Charlie; a browser for each person."""

    company: cast.Company
    invitation: Invitation
    browsers: Mapping[str, Client]

    def path(self, name: str) -> str:
        company = self.company
        given: dict[str, object] = {
            "organisation": company.organisation.pk,
            "membership": company.member(company.bob).pk,
            "invitation": self.invitation.pk,
            "token": answers.token(company.organisation.pk, self.invitation.pk),
        }
        wanted = patterns()[name].pattern.regex.groupindex
        return reverse(f"site:{name}", kwargs={one: given[one] for one in wanted})

    def form(self, name: str) -> dict[str, object]:
        seen = self.company.organisation.revision
        forms: dict[str, dict[str, object]] = {
            "organisation_new": {"name": "Nouvelle", "identifier": str(uuid7())},
            "organisation_member": {"role": "reader", "seen": "member"},
            "organisation_invitations": {
                "addresses": "x@ailleurs.example",
                "role": "member",
                "language": "fr",
            },
            "organisation_settings": {"name": "Autrement", "seen": seen},
            "organisation_second_factor": {"demand": "no", "seen": seen},
            "organisation_hand_over": {"membership": str(self.company.member(self.company.bob).pk)},
            "organisation_take_over": {"answer": "accept"},
            "organisation_close": {"seen": seen},
            "invitation": {"answer": "accept"},
        }
        return forms.get(name, {})


@pytest.fixture
def scene() -> Scene:
    company, charlie = cast.company(), cast.charlie()
    now = clock.now()
    people = {
        "alice": company.alice,
        "dana": company.dana,
        "bob": company.bob,
        "charlie": charlie,
        "paul": cast.paul(),
        "odile": cast.odile(),
    }
    ownership.offer(
        company.organisation.pk, company.member(company.bob).pk, actor=cast.actor(company.alice), now=now
    )
    return Scene(
        company=company,
        invitation=cast.invited(company.organisation, company.alice, charlie.email, now=now),
        browsers={
            "anonymous": Client(),
            **{name: cast.signed_in(one, strong=True) for name, one in people.items()},
        },
    )


def patterns() -> dict[str, URLPattern]:
    """The endpoints of the section, as the resolver knows them."""

    def walk(resolver: URLResolver) -> Iterator[URLPattern]:
        for one in resolver.url_patterns:
            if isinstance(one, URLResolver):
                yield from walk(one)
            elif one.callback.__module__.startswith("seqlense.site.organisations"):
                yield one

    return {str(one.name): one for one in walk(get_resolver())}


def test_every_endpoint_has_its_line() -> None:
    assert patterns().keys() == EXPECTED.keys()


def outcome(response: HttpResponseBase) -> str:
    if response.status_code == 302:
        return "in" if "/sign-in/" in response.headers["Location"] else "done"
    return "ok" if response.status_code == 200 else str(response.status_code)


def undone(ask: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Ask, and take back what it changed."""
    with transaction.atomic():
        response = ask()
        transaction.set_rollback(True)
    return response


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", EXPECTED)
def test_each_of_the_cast_is_answered_as_they_should(scene: Scene, name: str, method: str) -> None:
    path, form = scene.path(name), scene.form(name)
    got = []
    for who in CAST:
        browser = scene.browsers[who]
        ask = partial(browser.get, path) if method == "GET" else partial(browser.post, path, form)
        got.append(outcome(undone(ask)))
    assert " ".join(got) == EXPECTED[name][method]


@pytest.mark.parametrize("name", [one for one in EXPECTED if one != "invitation"])
def test_nothing_of_an_organisation_is_shown_to_those_outside(scene: Scene, name: str) -> None:
    for who in ("anonymous", "charlie", "paul", "odile"):
        for ask in (scene.browsers[who].get, scene.browsers[who].post):
            response = undone(partial(ask, scene.path(name)))
            shown = getattr(response, "content", b"").decode()
            for secret in ("Arnaud &amp; Cie", "bob@arnaud.example", "Bauer"):
                assert secret not in shown or (name, who) == ("organisations", "charlie")


def test_getting_changes_nothing(scene: Scene) -> None:
    before = scene.company.roles()
    for name in EXPECTED:
        for who in CAST:
            scene.browsers[who].get(scene.path(name))
    assert scene.company.roles() == before
    with inside(scene.company.organisation.pk):
        assert not Invitation.objects.get(pk=scene.invitation.pk).settled_as


def test_a_closed_organisation_can_be_looked_at_left_and_reopened_only(scene: Scene) -> None:
    assert outcome(scene.browsers["alice"].post(scene.path("organisation_close"), {"seen": 1})) == "done"
    allowed = {"organisation", "organisation_permissions", "organisation_leave", "organisation_reopen"}
    under = [one for one in EXPECTED if one.startswith("organisation_") and one != "organisation_new"]
    for name in under:
        for who in ("alice", "dana"):
            ask = scene.browsers[who].post if EXPECTED[name]["GET"] == UNREAD else scene.browsers[who].get
            answer = outcome(undone(partial(ask, scene.path(name))))
            if name in allowed:
                assert answer in ("ok", "done", "403"), name
            else:
                assert answer == "403", name
    assert outcome(scene.browsers["charlie"].get(scene.path("invitation"))) == "410"
    assert outcome(scene.browsers["alice"].post(scene.path("organisation_reopen"))) == "done"
    assert outcome(scene.browsers["bob"].get(scene.path("organisation"))) == "ok"


CONFIRMED = {
    *("organisation_member", "organisation_remove", "organisation_leave", "organisation_second_factor"),
    *("organisation_hand_over", "organisation_take_back", "organisation_take_over"),
    *("organisation_close", "organisation_reopen"),
}
"""Acts that nobody undoes by a click: who sits down at somebody's open page does none of them."""


@pytest.mark.parametrize("name", sorted(CONFIRMED))
def test_dangerous_acts_ask_who_is_there(scene: Scene, name: str) -> None:
    who = (
        scene.company.bob if name in ("organisation_leave", "organisation_take_over") else scene.company.alice
    )
    stale = cast.signed_in(who, strong=True, confirmed=False)
    roles = scene.company.roles()
    asked = stale.post(scene.path(name), scene.form(name))
    assert asked.status_code == 200
    assert 'name="confirm-password"' in asked.text
    assert scene.company.roles() == roles
    answered = stale.post(scene.path(name), {**scene.form(name), "confirm-password": cast.PASSWORD})
    assert outcome(answered) == "done"
