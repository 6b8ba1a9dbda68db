"""Pages seen become totals of the day, and nothing else; who objects is in none of them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from seqlense.audience.measurement import counting, hits, objecting
from seqlense.audience.measurement.hits import Hit
from seqlense.audience.measurement.models import Kind, Total
from seqlense.privacy import retention, switches
from seqlense.privacy.actor import Actor
from tests import cast

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def _nobody_waits() -> None:
    counting.waiting.take()


def send(client: Client, said: Any, **headers: str) -> int:
    """What a page of ours says of itself; the answer's status."""
    told = {
        "Origin": "http://testserver",
        "User-Agent": BROWSER,
        "Accept-Language": "fr-CA,fr;q=0.9",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    body = said if isinstance(said, str) else json.dumps(said)
    return client.post("/measure", body, content_type="text/plain;charset=UTF-8", headers=told).status_code


def totals(kind: Kind) -> dict[str, tuple[int, int]]:
    """Name → pages seen, visits begun."""
    rows = Total.objects.filter(kind=kind).values_list("name", "views", "visits")
    return {name: (views, visits) for name, views, visits in rows}


def test_a_page_seen_is_one_in_each_total_and_nothing_more() -> None:
    browser = Client()
    seen = {"page": "/fr/", "before": "", "source": "www.Example.org", "screen": "wide"}
    assert send(browser, seen) == 204
    assert send(browser, {"page": "/fr/contact/", "before": "/fr/", "screen": "wide"}) == 204
    assert Total.objects.count() == 0
    assert counting.write() == 2
    assert totals(Kind.ALL) == {"": (2, 1)}
    assert totals(Kind.PAGE) == {"/": (1, 1), "/contact/": (1, 0)}
    assert totals(Kind.STEP) == {"/\n/contact/": (1, 0)}
    assert totals(Kind.SOURCE) == {"example.org": (1, 1)}
    assert totals(Kind.LANGUAGE) == {"fr": (2, 1)}
    assert totals(Kind.COUNTRY) == {"CA": (2, 1)}
    assert totals(Kind.SCREEN) == {"wide": (2, 1)}
    assert totals(Kind.SIGNED_IN) == {"no": (2, 1)}
    assert not browser.cookies


def test_totals_add_up_by_the_same_few_statements_however_many() -> None:
    def written(times: int) -> int:
        for number in range(times):
            source = f"site{number % 50}.example"
            hit = Hit(page="/", before=None, source=source, language="fr", country="", screen="small")
            counting.waiting.add(hit, now=NOW)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            counting.write()
        return len(seen)

    assert written(1) == written(2_000)
    assert totals(Kind.ALL) == {"": (2_001, 2_001)}
    assert Total.objects.get(kind=Kind.ALL).on == NOW.replace(hour=0, minute=0)


@pytest.mark.parametrize(
    ("path", "route"),
    [
        pytest.param("/fr/", "/", id="front"),
        pytest.param("/en/contact/", "/contact/", id="contact"),
        ("/en/organisations/018f0000-0000-7000-8000-000000000000/", "/organisations/…/"),
        ("/en/nowhere/", None),
        ("/en/console/", None),
        ("/measure", None),
        pytest.param("/en/" + "x" * 2_100, None, id="huge"),
    ],
)
def test_a_page_is_counted_without_what_it_was_asked_for(path: str, route: str | None) -> None:
    assert hits.route(path) == route


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_GPC": "1"},
        {"DNT": "1"},
        {"User_Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User_Agent": ""},
    ],
)
def test_who_asks_not_to_be_counted_and_who_is_no_person_is_not(headers: dict[str, str]) -> None:
    assert send(Client(), {"page": "/fr/"}, **headers) == 204
    assert counting.write() == 0
    assert send(Client(), {"page": "/fr/"}) == 204
    assert counting.write() == 1


@pytest.mark.parametrize(
    ("said", "headers", "status"),
    [
        ({"page": "/fr/"}, {"Origin": "https://evil.example"}, 403),
        ({"page": "/fr/"}, {"Sec_Fetch_Site": "cross-site"}, 403),
        ("x" * 9_000, {}, 413),
        ("not json", {}, 422),
        ("[" * 4_000, {}, 422),
        ([], {}, 422),
        ({}, {}, 422),
        ({"page": 7}, {}, 422),
        ({"page": "/fr/nowhere/"}, {}, 422),
        ({"page": "https://evil.example/fr/"}, {}, 422),
        ({"page": "/fr/", "before": "/fr/made-up/"}, {}, 422),
    ],
)
def test_what_is_no_page_of_ours_counts_for_nothing(said: Any, headers: dict[str, str], status: int) -> None:
    assert send(Client(), said, **headers) == status
    assert counting.write() == 0


def test_only_pages_say_so_and_by_post() -> None:
    answer = Client().get("/measure")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"


@pytest.mark.parametrize("source", ["=cmd()", "a b", "localhost", "192.0.2.1", "evil.example/path?q=1"])
def test_a_source_is_a_domain_or_nothing(source: str) -> None:
    assert hits.domain(source) == hits.DIRECT


def test_odd_languages_and_screens_are_others() -> None:
    assert hits.tongue("zz-QQ") == (hits.OTHER, "")
    assert hits.tongue("de-Latn-AT, en") == ("de", "AT")
    assert hits.tongue("*") == (hits.OTHER, "")
    send(Client(), {"page": "/fr/", "screen": "1920x1080"})
    counting.write()
    assert totals(Kind.SCREEN) == {hits.OTHER: (1, 1)}


def test_a_flood_of_invented_sites_and_hits_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "SOURCES_A_DAY", 3)
    monkeypatch.setattr(counting, "MOST_WAITING", 6)
    fresh = counting.Waiting()

    def invented(number: int, screen: str = "small") -> Hit:
        return Hit(
            page="/", before=None, source=f"s{number}.example", language="fr", country="", screen=screen
        )

    assert all(fresh.add(invented(number), now=NOW) for number in range(200))
    assert len(fresh.take()) == 4
    taken = [fresh.add(invented(0, f"screen {number}"), now=NOW) for number in range(9)]
    assert taken == [True] * 6 + [False] * 3


def test_an_objection_without_an_account_lasts_in_the_browser_and_can_be_taken_back() -> None:
    browser = Client()
    assert browser.post("/fr/measurement/change/", {"counted": "no"}).status_code == 302
    cookie = browser.cookies["not-counted"]
    assert cookie["httponly"]
    assert cookie["max-age"] >= 390 * 86_400
    assert "pas compté dans ce navigateur" in browser.get("/fr/measurement/").content.decode()
    send(browser, {"page": "/fr/"})
    assert counting.write() == 0
    browser.post("/fr/measurement/change/", {"counted": "yes"})
    send(browser, {"page": "/fr/"})
    assert counting.write() == 1


def test_an_objection_with_an_account_holds_on_every_device_at_once_and_for_nobody_else() -> None:
    alice, bob = cast.alice(), cast.bob()
    here, elsewhere, bobs = cast.signed_in(alice), cast.signed_in(alice), cast.signed_in(bob)
    here.post("/fr/measurement/change/", {"counted": "no"})
    [switch] = switches.in_force(alice.subject_id)
    assert switch.accepted
    for browser in (here, elsewhere, bobs):
        send(browser, {"page": "/fr/contact/"})
    counting.write()
    assert totals(Kind.SIGNED_IN)["yes"][0] == totals(Kind.PAGE)["/contact/"][0]
    assert totals(Kind.PAGE)["/contact/"] == (1, 1)
    here.post("/fr/measurement/change/", {"counted": "yes"})
    assert not objecting.objects(alice.subject_id)
    send(elsewhere, {"page": "/fr/contact/"})
    counting.write()
    assert totals(Kind.PAGE)["/contact/"] == (2, 2)


def test_an_objection_made_in_my_data_is_accepted_without_anybody_deciding() -> None:
    alice = cast.alice()
    moment = cast.OPENED + timedelta(days=1)
    switches.set(
        switches.Kind.OBJECTION, alice.subject_id, "audience_measurement", actor=cast.actor(alice), now=moment
    )
    assert objecting.objects(alice.subject_id)
    assert not switches.waiting().exists()


def test_totals_go_after_twenty_five_months_by_the_kernels_sweep() -> None:
    for months, on in enumerate((datetime(2024, 10, 23, tzinfo=UTC), datetime(2024, 10, 24, tzinfo=UTC))):
        Total.objects.create(on=on, kind=Kind.ALL, name="", views=months + 1, visits=1)
    done = retention.run(now=datetime(2026, 11, 23, 12, tzinfo=UTC), actor=Actor.system("tests"))
    assert done.counts["audience_measurement"] == {"deleted": 1}
    assert [one.views for one in Total.objects.all()] == [2]


def test_a_database_that_is_away_loses_no_hit(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import DatabaseError

    def away(*_: object) -> None:
        raise DatabaseError

    send(Client(), {"page": "/fr/"})
    with monkeypatch.context() as broken:
        broken.setattr(counting, "add_up", away)
        with pytest.raises(DatabaseError):
            counting.write()
    assert counting.write() == 1
