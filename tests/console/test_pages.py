"""What staff do in the console, and what is written down about it."""

import io
import json
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from seqlense.accounts.models import Account
from seqlense.kit import clock
from seqlense.organisations.models import Organisation
from seqlense.organisations.tenancy import inside
from seqlense.privacy import erasure, reach, running
from seqlense.privacy.actor import Actor
from seqlense.privacy.records import Act, Hold, RegisterVersion, RetentionRun, RightsRequest, StaffAct
from tests import cast

REASON = "Réponse à la demande de support du 3 mars"


@pytest.fixture
def paul(db: None) -> Client:
    return cast.signed_in(cast.paul(), strong=True)


@pytest.fixture
def odile(db: None) -> Client:
    return cast.signed_in(cast.odile(), strong=True)


def file_of(person: Account) -> str:
    return reverse("console:account", args=[person.subject_id])


def opened(browser: Client, person: Account) -> str:
    response = browser.post(file_of(person), {"reason": REASON}, follow=True)
    return str(response.content.decode())


def test_a_file_opens_for_a_reason_and_the_reading_is_written_down(paul: Client) -> None:
    bob, charlie = cast.bob(), cast.charlie()
    closed = paul.get(file_of(bob)).content.decode()
    assert bob.email not in closed
    assert paul.post(file_of(bob), {"reason": "because"}).status_code == 422
    assert not StaffAct.objects.exists()

    page = opened(paul, bob)
    assert bob.email in page
    [reading] = StaffAct.objects.all()
    assert (reading.subject_id, reading.reason) == (bob.subject_id, REASON)
    act = Act.objects.get(kind="console.file_read")
    assert act.subject == bob.subject_id
    assert REASON not in json.dumps(act.detail)

    assert bob.email in paul.get(file_of(bob)).content.decode()
    assert charlie.email not in paul.get(file_of(charlie)).content.decode(), "a reason opens one file"


def test_a_file_speaks_in_words(paul: Client) -> None:
    company = cast.company()
    page = opened(paul, company.bob)
    for said in (
        "Allemagne",
        "English",
        "Membre",
        "Arnaud &amp; Cie",
        "compte ouvert avant de rejoindre l’organisation",
    ):
        assert said in page
    for code in (">DE<", ">en<", ">member<", str(company.organisation.pk) + "<"):
        assert code not in page


def test_a_reason_lapses(paul: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    bob = cast.bob()
    opened(paul, bob)
    session = paul.session
    session["console-reading"] = {"subject": str(bob.subject_id), "at": int(clock.now().timestamp()) - 1801}
    session.save()
    assert bob.email not in paul.get(file_of(bob)).content.decode()


def test_the_person_sees_who_read_and_why(paul: Client) -> None:
    bob = cast.bob()
    opened(paul, bob)
    mine = cast.signed_in(bob).get(reverse("site:my_data")).content.decode()
    assert REASON in mine


def test_the_search_finds_by_part_of_a_name_and_writes_no_name_down(paul: Client) -> None:
    bob = cast.bob()
    cast.charlie()
    page = paul.post(reverse("console:search_accounts"), {"wanted": "baue"}).content.decode()
    assert bob.email in page
    assert "charlie@" not in page
    assert (
        "Bob Bauer" in paul.post(reverse("console:search_accounts"), {"wanted": bob.email}).content.decode()
    )
    details = json.dumps(list(Act.objects.filter(kind="console.searched").values_list("detail", flat=True)))
    assert "baue" not in details
    assert paul.get(reverse("console:search_accounts")).status_code == 405, "no name in an address"


def test_the_officer_downloads_a_copy_which_counts_as_an_answer(odile: Client) -> None:
    bob = cast.bob()
    opened(odile, bob)
    response = odile.post(reverse("console:account_download", args=[bob.subject_id]))
    with zipfile.ZipFile(io.BytesIO(response.content)) as packed:
        assert bob.email in packed.read("activities/accounts.json").decode()
    request = RightsRequest.objects.get(subject_id=bob.subject_id)
    assert (request.channel, request.answered_at is not None) == ("email", True)


def test_a_hold_is_placed_and_lifted(odile: Client) -> None:
    bob = cast.bob()
    place = reverse("console:place_hold", args=[bob.subject_id])
    refused = odile.post(place, {"reason": "claim", "activity": "", "ends_on": "2020-01-01"})
    assert b"2020-01-01" in refused.content, "what was typed is still there"
    assert not Hold.objects.exists()
    odile.post(place, {"reason": "claim", "activity": "accounts", "ends_on": "2099-01-01"})
    [hold] = Hold.objects.all()
    assert (hold.reason, hold.activity) == ("claim", "accounts")
    assert hold.ends_at is not None
    for _ in range(2):  # lifting twice is harmless
        assert odile.post(reverse("console:lift_hold", args=[hold.pk])).status_code == 302
    assert not Hold.objects.active(clock.now()).exists()


def test_paul_deletes_an_organisation_after_seeing_what_goes(paul: Client) -> None:
    company = cast.company()
    address = reverse("console:delete_organisation", args=[company.organisation.pk])
    assert "3" in paul.get(address).content.decode()
    assert paul.post(address).status_code == 302
    with reach.maintenance():
        assert not Organisation.objects.exists()
    assert Act.objects.get(kind="organisations.deleted").actor_kind == "staff"
    assert Account.objects.filter(pk=company.alice.pk).exists(), "her account was there before"


def test_organisations_are_listed_without_a_query_each(
    paul: Client, django_assert_max_num_queries: object
) -> None:
    owner = cast.alice()
    for number in range(3):
        cast.founded(owner, f"Maison {number}")
    with django_assert_max_num_queries(30) as few:  # type: ignore[operator]
        assert b"Maison 2" in paul.get(reverse("console:organisations")).content
    for number in range(3, 9):
        cast.founded(owner, f"Maison {number}")
    with django_assert_max_num_queries(len(few.captured_queries)):  # type: ignore[operator]
        assert b"Maison 8" in paul.get(reverse("console:organisations")).content
    only = paul.get(reverse("console:organisations"), {"name": "Maison 8"}).content
    assert b"Maison 8" in only
    assert b"Maison 7" not in only


def test_every_activity_shows_its_columns(odile: Client) -> None:
    for activity in running.register().activities.values():
        page = odile.get(reverse("console:activity", args=[activity.id])).content.decode()
        assert all(item.key in page for item in activity.items)
    accounts = odile.get(reverse("console:activity", args=["accounts"])).content
    assert b"accounts_account.<wbr>email" in accounts
    assert odile.get(reverse("console:activity", args=["unheard_of"])).status_code == 404


@pytest.mark.parametrize("form", ["json", "csv", "xlsx", "dpv"])
def test_the_register_is_taken_away(odile: Client, form: str) -> None:
    response = odile.get(reverse("console:export", args=[form]))
    assert response.status_code == 200
    assert len(response.content) > 1000
    assert odile.get(reverse("console:export", args=["exe"])).status_code == 404


def test_two_versions_are_compared(odile: Client) -> None:
    now = running.register()
    earlier = json.loads(json.dumps(now.document))
    earlier["activities"][0]["purpose"]["fr"] = "Autre chose."
    RegisterVersion.objects.create(version="0" * 64, running_since=cast.OPENED, content=earlier)
    RegisterVersion.objects.update_or_create(
        version=now.version, defaults={"running_since": clock.now(), "content": now.document}
    )
    pair = {"before": "0" * 64, "after": now.version}
    page = odile.get(reverse("console:difference"), pair).content.decode()
    assert "Autre chose." in page
    assert odile.get(reverse("console:difference"), {"before": "\0", "after": now.version}).status_code == 404
    same = odile.get(reverse("console:difference"), {"before": now.version, "after": now.version})
    assert same.status_code == 200


def test_a_dry_run_counts_and_deletes_nothing(odile: Client) -> None:
    cast.bob()
    odile.post(reverse("console:dry_run"))
    [run] = RetentionRun.objects.all()
    assert run.dry_run
    assert Account.objects.count() == 2


def test_the_trail_is_filtered_by_who_acted(paul: Client) -> None:
    opened(paul, cast.bob())
    trail = reverse("console:audit")
    assert b"console.file_read" in paul.get(trail).content
    assert b"console.file_read" not in paul.get(trail, {"who": "person"}).content
    assert b"console.file_read" in paul.get(trail, {"who": "all", "kind": "console."}).content
    assert paul.get(trail, {"subject": "nonsense"}).status_code == 200


def test_the_trail_shows_an_erasure_item_by_item(odile: Client) -> None:
    bob = cast.bob().subject_id
    erasure.erase(bob, actor=Actor.person(bob), now=clock.now())
    shown = odile.get(reverse("console:audit"), {"who": "all"})
    assert b"privacy.erased" in shown.content
    assert b"accounts.email" in shown.content


def test_the_wall_between_tenants_stands_in_the_console_too(paul: Client) -> None:
    company = cast.company()
    paul.get(reverse("console:organisation", args=[company.organisation.pk]))
    assert not Organisation.objects.exists()
    with inside(company.organisation.pk):
        assert Organisation.objects.exists()
