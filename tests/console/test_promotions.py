"""Paul writes promotions and segments, Odile reads everything and stops them; two tabs, bad input."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from seqlense.audience.promotions.models import Interest, Promotion, State
from seqlense.audience.segments import grouping
from seqlense.audience.segments.models import Grouping, Segment
from seqlense.kit import clock
from seqlense.privacy.records import Act
from tests import cast
from tests.audience.promotions.writing import running
from tests.audience.segments.crowd import crowd, interest, rule, segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def paul() -> Client:
    return cast.signed_in(cast.paul(), strong=True)


@pytest.fixture
def odile() -> Client:
    return cast.signed_in(cast.odile(), strong=True)


def at(name: str, *args: object) -> str:
    return reverse(f"console:{name}", args=args)


def typed(**more: Any) -> dict[str, Any]:
    today = clock.now().date()
    return {
        "seen": "",
        "title_fr": "Signez en ligne",
        "title_en": "Sign online",
        "text_fr": "Une **preuve**.",
        "text_en": "A **proof**.",
        "button_fr": "Voir",
        "button_en": "See",
        "link": "/proofs/",
        "slot": "home",
        "begins_on": today.isoformat(),
        "ends_on": (today + timedelta(days=9)).isoformat(),
        "audience": "everyone",
        "segment": "",
        **more,
    }


def test_paul_writes_starts_and_odile_stops(paul: Client, odile: Client) -> None:
    assert paul.post(at("promotion_new"), typed()).status_code == 302
    row = Promotion.objects.get()
    page = odile.get(at("promotion", row.pk)).text
    assert "<strong>preuve</strong>" in page
    assert "<strong>proof</strong>" in page
    assert odile.post(at("promotion_start", row.pk), {"seen": "1"}).status_code == 403
    paul.post(at("promotion_start", row.pk), {"seen": "1"})
    row.refresh_from_db()
    assert row.state(clock.now()) is State.RUNNING
    assert odile.post(at("promotion_stop", row.pk)).status_code == 302
    row.refresh_from_db()
    assert row.state(clock.now()) is State.STOPPED
    assert Act.objects.get(kind="promotions.stopped").actor_kind == "staff"
    assert paul.post(at("promotion_delete", row.pk)).status_code == 302
    assert Promotion.objects.exists(), "what ran is not deleted"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("link", "https://ailleurs.example/", "aucun destinataire"),
        ("link", "/nulle-part/", "pas de telle page"),
        ("ends_on", "2020-01-01", "finirait avant"),
        ("ends_on", "9999-12-31", "trop lointain"),
        ("begins_on", "hier", ""),
        ("title_fr", "a\u202eb", "sens de lecture"),
        ("text_en", "x" * 700, ""),
        ("audience", "rule", "au moins une classe"),
        ("audience", "segment", "dix personnes"),
        ("audience", "personne", ""),
        ("segment", "00000000-0000-0000-0000-000000000000", ""),
        ("slot", "partout", ""),
        ("rule-0-accounts-language", "de", ""),
    ],
)
def test_what_is_refused_says_so_and_loses_nothing(paul: Client, field: str, value: str, says: str) -> None:
    answer = paul.post(at("promotion_new"), typed(**{field: value}))
    assert answer.status_code == 422
    assert says in answer.text
    assert "Une **preuve**." in answer.text
    assert not Promotion.objects.exists()


def test_two_tabs_overwrite_knowingly_only(paul: Client) -> None:
    paul.post(at("promotion_new"), typed())
    row = Promotion.objects.get()
    edit = at("promotion_edit", row.pk)
    first = {"audience": "rule", "rule-0-accounts-language": ["fr"], "seen": "1"}
    assert paul.post(edit, typed(**first)).status_code == 302
    stale = paul.post(edit, typed(title_fr="Second", seen="1"))
    assert stale.status_code == 409
    assert "Second" in stale.text
    assert 'name="seen" value="2"' in stale.text
    row.refresh_from_db()
    assert (row.title_fr, row.rule) == ("Signez en ligne", [{"accounts.language": ["fr"]}])
    assert "checked" in paul.get(edit).text
    assert paul.post(at("promotion_start", row.pk), {"seen": "1"}).status_code == 302
    row.refresh_from_db()
    assert row.started_at is None, "not what was looked at"
    assert paul.post(at("promotion_start", row.pk), {"seen": "²"}).status_code == 302


def test_interests_are_listed_and_retired(paul: Client, odile: Client) -> None:
    said = {"label_fr": "Facturation", "label_en": "Invoicing"}
    assert odile.post(at("interests"), said).status_code == 403
    assert paul.post(at("interests"), said).status_code == 302
    row = Interest.objects.get()
    assert row.code == "invoicing"
    assert "Facturation" in odile.get(at("interests")).text
    assert paul.post(at("interests"), {"label_fr": "", "label_en": "🎈"}).status_code == 422
    assert paul.post(at("interest_retire", row.pk)).status_code == 302
    assert paul.post(at("interests"), said).status_code == 302
    assert Interest.objects.get().retired_at is None, "back on the list, the same"


def test_segments_from_rule_to_end(paul: Client, odile: Client) -> None:
    crowd(34), crowd(14, language="en")
    said = {"name_fr": "Anglophones", "name_en": "English", "rule-0-accounts-language": ["en"]}
    looked = paul.post(at("segment_new"), {**said, "name_fr": "", "look": "1"})
    assert "10 personnes ou un peu plus" in looked.text
    assert not Segment.objects.exists()
    assert paul.post(at("segment_new"), said).status_code == 302
    row = Segment.objects.get()
    assert "anglais" in odile.get(at("segment", row.pk)).text
    assert paul.post(at("segment_new"), {"name_fr": "A", "name_en": "B"}).status_code == 422
    edited = {**said, "name_en": "English speakers", "seen": "1"}
    assert paul.post(at("segment_edit", row.pk), edited).status_code == 302
    stale = paul.post(at("segment_edit", row.pk), {**said, "rule-0-accounts-language": ["fr"], "seen": "1"})
    assert stale.status_code == 409
    assert odile.post(at("segment_delete", row.pk)).status_code == 403
    assert odile.post(at("segment_stop", row.pk)).status_code == 302
    assert paul.post(at("segment_delete", row.pk)).status_code == 302
    assert not Segment.objects.exists()


def test_a_segment_in_use_is_not_deleted(paul: Client) -> None:
    crowd(12)
    made = segment(rule(accounts_language="fr"))
    row = running("Segment", segment=made)
    page = paul.post(at("segment_delete", made.pk), follow=True).text
    assert "arrêtez-la d’abord" in page
    assert Segment.objects.filter(pk=made.pk).exists()
    assert "Francophones" in paul.get(at("promotion", row.pk)).text
    used = paul.get(at("segment", made.pk)).text
    assert "Utilisations consignées" in used
    assert "Segment (en)" not in used, "said in the reader's language"


def test_a_grouping_is_asked_for_explained_and_adopted(paul: Client, odile: Client) -> None:
    crowd(30), crowd(20, language="en", country="GB")
    said = {"chosen": ["accounts.language", "accounts.country"], "number": "2"}
    assert odile.post(at("grouping_new"), said).status_code == 403
    assert paul.post(at("grouping_new"), {**said, "number": "99"}).status_code == 422
    assert paul.post(at("grouping_new"), said).status_code == 302
    row = Grouping.objects.get()
    assert "exécutant" in odile.get(at("grouping", row.pk)).text
    grouping.compute(row.pk, now=clock.now())
    page = odile.get(at("grouping", row.pk)).text
    assert "100 %" in page
    assert "En faire un segment" not in page
    adopted = paul.get(at("segment_new") + f"?grouping={row.pk}&group=2").text
    assert adopted.count("checked") == 2
    assert paul.get(at("segment_new") + "?grouping=x&group=9").status_code == 200


def test_queries_do_not_grow_with_rows(paul: Client, django_assert_max_num_queries: Any) -> None:
    crowd(12)
    running("Une")
    segment(rule(accounts_language="fr"))
    interest()
    for name in ("promotions", "segments"):
        paul.get(at(name))
        with django_assert_max_num_queries(20) as few:
            paul.get(at(name))
        for number in range(3):
            running(f"Autre {number}")
            segment(rule(accounts_language="fr", accounts_second_factor="off"), name=f"S{number}")
        with django_assert_max_num_queries(len(few.captured_queries)):
            paul.get(at(name))
