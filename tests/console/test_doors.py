"""Who may open which screen of the console: a line for every address, or the test fails."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from seqlense.accounts import staff
from seqlense.accounts.models import Account
from seqlense.kit import clock
from seqlense.organisations.models import Membership
from seqlense.organisations.tenancy import inside
from seqlense.privacy import holds, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.records import Hold
from tests import cast
from tests.support import asked

PLATFORM, OFFICER = "platform", "officer"
BOTH = frozenset({PLATFORM, OFFICER})

# name of the address → method, who may, and what the one who may gets
TABLE: dict[str, tuple[str, frozenset[str], int]] = {
    "overview": ("get", BOTH, 200),
    "accounts": ("get", BOTH, 200),
    "search_accounts": ("post", BOTH, 422),
    "account": ("get", BOTH, 200),
    "account_download": ("post", frozenset({OFFICER}), 302),
    "place_hold": ("get", frozenset({OFFICER}), 200),
    "organisations": ("get", BOTH, 200),
    "organisation": ("get", BOTH, 200),
    "delete_organisation": ("get", frozenset({PLATFORM}), 200),
    "register": ("get", BOTH, 200),
    "difference": ("get", BOTH, 404),
    "export": ("get", BOTH, 200),
    "activity": ("get", BOTH, 200),
    "retention": ("get", BOTH, 200),
    "dry_run": ("post", BOTH, 302),
    "holds": ("get", BOTH, 200),
    "lift_hold": ("post", frozenset({OFFICER}), 302),
    "switches": ("get", BOTH, 200),
    "decide_switch": ("get", frozenset({OFFICER}), 200),
    "lift_switch": ("get", frozenset({OFFICER}), 200),
    "set_switch": ("get", frozenset({OFFICER}), 200),
    "health": ("get", BOTH, 200),
    "audit": ("get", BOTH, 200),
    "keys": ("get", BOTH, 200),
    "run_drill": ("post", BOTH, 302),
    "backups": ("get", BOTH, 200),
    "make_backup": ("post", BOTH, 302),
    "verify_backups": ("post", BOTH, 302),
    "restorations": ("get", BOTH, 200),
    "evidence": ("get", BOTH, 200),
    "make_evidence": ("post", frozenset({OFFICER}), 422),
    "download_evidence": ("post", frozenset({OFFICER}), 404),
    "notices": ("get", BOTH, 200),
    "publish_notices": ("post", frozenset({OFFICER}), 422),
    "preview_notice": ("get", BOTH, 200),
    "log": ("get", BOTH, 200),
    "verify_log": ("post", BOTH, 302),
    "visits": ("get", BOTH, 200),
    "visits_assessment": ("get", BOTH, 200),
    "visits_table": ("get", BOTH, 200),
    "inbox": ("get", BOTH, 200),
    "search_requests": ("post", BOTH, 422),
    "inbox_request": ("get", BOTH, 200),
    "inbox_note": ("post", BOTH, 422),
    "inbox_assign": ("post", BOTH, 302),
    "inbox_close": ("post", BOTH, 302),
    "inbox_reopen": ("post", BOTH, 302),
    "inbox_customer": ("post", BOTH, 302),
    "inbox_right": ("post", BOTH, 302),
    "inbox_right_answered": ("post", BOTH, 302),
    "inbox_file": ("get", BOTH, 404),
    "promotions": ("get", BOTH, 200),
    "promotion_new": ("get", frozenset({PLATFORM}), 200),
    "interests": ("get", BOTH, 200),
    "interest_retire": ("post", frozenset({PLATFORM}), 404),
    "promotion": ("get", BOTH, 404),
    "promotion_edit": ("get", frozenset({PLATFORM}), 404),
    "promotion_start": ("post", frozenset({PLATFORM}), 404),
    "promotion_stop": ("post", BOTH, 404),
    "promotion_delete": ("post", frozenset({PLATFORM}), 404),
    "segments": ("get", BOTH, 200),
    "segment_new": ("get", frozenset({PLATFORM}), 200),
    "grouping_new": ("get", frozenset({PLATFORM}), 200),
    "grouping": ("get", BOTH, 404),
    "segment": ("get", BOTH, 404),
    "segment_edit": ("get", frozenset({PLATFORM}), 404),
    "segment_stop": ("post", BOTH, 404),
    "segment_delete": ("post", frozenset({PLATFORM}), 404),
    "consents": ("get", BOTH, 200),
    "consent_receipts": ("get", frozenset({OFFICER}), 200),
    "consent_export": ("post", frozenset({OFFICER}), 200),
    "consent_receipt": ("get", frozenset({OFFICER}), 404),
    "consent_receipt_file": ("get", frozenset({OFFICER}), 404),
    "consent_receipt_proof": ("get", frozenset({OFFICER}), 404),
    "consents_of": ("get", frozenset({OFFICER}), 200),
    "consent_display": ("get", BOTH, 404),
    "consent_picture": ("get", BOTH, 404),
    "campaigns": ("get", BOTH, 200),
    "campaign_write": ("get", frozenset({PLATFORM}), 200),
    "campaign_import": ("get", BOTH, 200),
    "campaign": ("get", BOTH, 404),
    "campaign_rewrite": ("get", frozenset({PLATFORM}), 404),
    "campaign_preview": ("get", BOTH, 404),
    "campaign_act": ("post", frozenset({PLATFORM}), 404),
}


@dataclass(frozen=True)
class Scene:
    """An organisation, somebody in it, a hold on them, and an objection of theirs."""

    company: cast.Company
    hold: UUID
    switch: UUID
    asked: UUID

    def address(self, name: str) -> str:
        arguments: dict[str, dict[str, object]] = {
            "account": {"subject": self.company.bob.subject_id},
            "account_download": {"subject": self.company.bob.subject_id},
            "place_hold": {"subject": self.company.bob.subject_id},
            "organisation": {"organisation": self.company.organisation.pk},
            "delete_organisation": {"organisation": self.company.organisation.pk},
            "export": {"form": "json"},
            "activity": {"activity": "accounts"},
            "lift_hold": {"hold": self.hold},
            "download_evidence": {"errand": self.hold},
            "decide_switch": {"switch": self.switch},
            "lift_switch": {"switch": self.switch},
            "visits_table": {"kind": "days"},
            "preview_notice": {"kind": "privacy", "language": "fr"},
            "set_switch": {"subject": self.company.bob.subject_id},
            "inbox_file": {"request_id": self.asked, "file": self.hold},
            "interest_retire": {"interest": self.hold},
            "consent_export": {"form": "csv"},
            "consents_of": {"subject": self.company.bob.subject_id},
            "consent_display": {"version": "0"},
            "consent_picture": {"version": "0", "theme": "light"},
            **{f"consent_receipt{what}": {"receipt": self.hold} for what in ("", "_file", "_proof")},
            "grouping": {"grouping": self.hold},
            "campaign": {"campaign": self.hold},
            "campaign_rewrite": {"campaign": self.hold},
            "campaign_preview": {"campaign": self.hold, "language": "fr"},
            "campaign_act": {"campaign": self.hold},
            **{
                name: {name.partition("_")[0]: self.hold}
                for name in TABLE
                if name.startswith(("promotion", "segment")) and not name.endswith(("s", "_new"))
            },
        }
        if name.startswith("inbox_") and name not in arguments:
            return reverse(f"console:{name}", args=[self.asked])
        return reverse(f"console:{name}", kwargs=arguments.get(name))


@pytest.fixture
def scene(db: None) -> Scene:
    company = cast.company()
    hold = holds.place(
        company.bob.subject_id, reason=Hold.Reason.CLAIM, actor=Actor.system("tests"), now=clock.now()
    )
    who = company.bob.subject_id
    switch = switches.set(switches.Kind.OBJECTION, who, "accounts", actor=Actor.person(who), now=clock.now())
    return Scene(company, hold.pk, switch.pk, asked.by(company.bob).pk)


def names() -> Iterator[str]:
    yield from (pattern.name or "" for pattern in import_module("seqlense.console.urls").urlpatterns)


def test_every_address_of_the_console_has_its_line() -> None:
    assert sorted(names()) == sorted(TABLE)


def ask(browser: Client, scene: Scene, name: str) -> int:
    method, _who, _answer = TABLE[name]
    return int(getattr(browser, method)(scene.address(name)).status_code)


def answers(browser: Client, scene: Scene) -> dict[str, int]:
    return {name: ask(browser, scene, name) for name in TABLE}


@pytest.mark.parametrize("name", ["alice", "bob", "charlie", "dana"])
def test_nobody_but_staff_gets_in(scene: Scene, name: str) -> None:
    people = {
        "alice": scene.company.alice,
        "bob": scene.company.bob,
        "dana": scene.company.dana,
    }
    browser = cast.signed_in(people.get(name) or cast.charlie(), strong=True)
    assert set(answers(browser, scene).values()) == {403}


def test_strangers_are_asked_to_sign_in(scene: Scene, client: Client) -> None:
    assert set(answers(client, scene).values()) == {302}
    assert Membership.objects.count() == 0  # the wall stands: nothing was opened on the way


@pytest.mark.parametrize(("role", "account"), [(PLATFORM, cast.paul), (OFFICER, cast.odile)])
def test_staff_get_what_their_role_opens(scene: Scene, role: str, account: object) -> None:
    browser = cast.signed_in(account(), strong=True)  # type: ignore[operator]
    expected = {name: answer if role in who else 403 for name, (_method, who, answer) in TABLE.items()}
    assert answers(browser, scene) == expected
    with inside(scene.company.organisation.pk):
        assert Membership.objects.count() == 3


def test_staff_without_a_second_factor_are_led_to_one(scene: Scene) -> None:
    browser = cast.signed_in(cast.paul(), strong=False)
    response = browser.get(scene.address("overview"))
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("site:second_factor"))


CONFIRMED = {
    "make_evidence",
    "download_evidence",
    "account_download",
    "place_hold",
    "lift_hold",
    "delete_organisation",
}
"""What staff do to somebody's data, and can't take back by a click."""


@pytest.mark.parametrize("name", sorted(CONFIRMED))
def test_dangerous_acts_ask_who_is_there(scene: Scene, name: str) -> None:
    both = cast.odile()
    staff.grant(both, staff.Role.PLATFORM_ADMINISTRATOR, actor=Actor.system("tests"), now=clock.now())
    stale = cast.signed_in(Account.objects.get(pk=both.pk), strong=True, confirmed=False)
    asked = stale.post(scene.address(name))
    assert asked.status_code == 200
    assert 'name="confirm-password"' in asked.text
    answered = stale.post(scene.address(name), {"confirm-password": cast.PASSWORD})
    assert 'name="confirm-password"' not in answered.text
    assert Hold.objects.active(clock.now()).exists() is (name != "lift_hold")
