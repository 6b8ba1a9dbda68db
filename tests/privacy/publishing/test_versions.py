"""A version is published once, by those who saw what they publish, and stays as it was."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from seqlense.privacy import alarms, running
from seqlense.privacy.models import RegisterVersion
from seqlense.privacy.publishing import documents, versions
from seqlense.privacy.publishing.errors import DateGone, NothingToPublish, Overtaken, TooLong
from seqlense.privacy.publishing.models import NoticeVersion, Telling
from seqlense.privacy.records import Act
from tests import cast
from tests.privacy.publishing.editions import (
    SYSTEM,
    altered,
    elsewhere,
    publish_running,
    published,
    tersely,
    without_zone,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_the_first_version_publishes_itself_once() -> None:
    version = running.register().version
    RegisterVersion.objects.create(version=version, running_since=NOW - timedelta(days=9), content={})
    made = versions.publish_first(now=NOW)
    assert made is not None
    assert (made.number, made.effective_from, made.published_by) == (1, date(2026, 11, 14), None)
    assert versions.publish_first(now=NOW) is None
    assert versions.pending() is None
    telling = Telling.objects.get(version=made)
    assert (telling.banner, telling.mail, telling.finished_at) == (False, False, NOW)


def test_a_difference_is_published_with_whom_it_concerns() -> None:
    alice, bob = cast.alice(), cast.bob()
    published(altered(without_zone, elsewhere), now=NOW - timedelta(days=60))
    waiting = versions.pending()
    assert waiting is not None
    assert waiting.weighed.activities == {"accounts"}
    made = publish_running(
        now=NOW, effective_from=date(2026, 12, 24), explanation={"fr": "Pour l’heure.", "en": " "}
    )
    assert (made.number, made.concerned) == (2, 2)
    assert (made.said("fr"), made.said("en")) == ("Pour l’heure.", "")
    assert made.content_hash == documents.fingerprint(running.register())
    kinds = {one["kind"]: one for one in made.difference["changes"]}
    assert kinds["item_added"]["after"]["fr"] == "Fuseau horaire"
    assert "controller_detail" in kinds
    act = Act.objects.get(kind="notices.published", detail__version=2)
    assert act.detail["concerned"] == 2
    assert act.detail["effective_from"] == "2026-12-24"
    assert {alice.subject_id, bob.subject_id}.isdisjoint(str(act.detail))


def test_what_concerns_nobody_is_published_and_told_to_nobody() -> None:
    cast.alice()
    published(altered(tersely), now=NOW - timedelta(days=60))
    made = publish_running(now=NOW)
    telling = Telling.objects.get(version=made)
    assert (made.concerned, telling.banner, telling.mail, telling.finished_at) == (0, False, False, NOW)


def test_nobody_publishes_what_they_did_not_see() -> None:
    published(altered(without_zone), now=NOW - timedelta(days=60))
    waiting = versions.pending()
    assert waiting is not None
    today = NOW.date()
    for wrong, how in (
        (Overtaken, {"seen": "7-elsewhere", "effective_from": today}),
        (DateGone, {"seen": waiting.seen, "effective_from": today - timedelta(days=1)}),
        (TooLong, {"seen": waiting.seen, "effective_from": today, "explanation": {"fr": "x" * 2001}}),
    ):
        with pytest.raises(wrong):
            versions.publish(actor=SYSTEM, now=NOW, **how)  # type: ignore[arg-type]  # a table of cases
    assert NoticeVersion.objects.count() == 1
    versions.publish(seen=waiting.seen, effective_from=today, actor=SYSTEM, now=NOW)
    with pytest.raises(NothingToPublish):  # the second tab
        versions.publish(seen=waiting.seen, effective_from=today, actor=SYSTEM, now=NOW)
    assert NoticeVersion.objects.count() == 2


def test_two_at_once_publish_one() -> None:
    published(altered(without_zone), now=NOW - timedelta(days=60))
    waiting = versions.pending()
    assert waiting is not None
    edition = versions.Edition(number=1, effective_from=NOW.date(), explanation={})  # a number just taken
    with pytest.raises(Overtaken):
        versions._add(running.register(), waiting.weighed, edition, actor=SYSTEM, now=NOW)
    assert NoticeVersion.objects.count() == 1


@pytest.mark.parametrize("statement", ["update {table} set number = 9", "delete from {table}"])
def test_the_database_refuses_to_change_a_version(statement: str) -> None:
    versions.publish_first(now=NOW)
    table = NoticeVersion._meta.db_table
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table=table))
    assert NoticeVersion.objects.count() == 1


def test_a_version_reads_as_it_did_whatever_the_register_says_now() -> None:
    made = published(altered(tersely), now=NOW)
    notice = documents.read(made.documents, "privacy", "en", version=made.register_version)
    assert "Your account." in notice.text
    live = documents.read(documents.stored(running.register()), "privacy", "en", version="")
    assert "Your account." not in live.text


def test_a_register_that_cannot_be_read_any_more_concerns_everybody() -> None:
    cast.alice()
    made = published(altered(without_zone), now=NOW - timedelta(days=60))
    RegisterVersion.objects.filter(pk=made.register_version).update(content={"format": "of another age"})
    waiting = versions.pending()
    assert waiting is not None
    assert waiting.weighed.difference is None
    assert "accounts" in waiting.weighed.activities
    assert publish_running(now=NOW).difference["comparable"] is False


def test_an_unpublished_difference_is_an_alarm_that_names_who_must_be_told() -> None:
    def unpublished() -> list[str]:
        return [one.about for one in alarms.all(NOW) if one.code == "notices.unpublished"]

    assert unpublished() == []
    published(altered(without_zone), now=NOW - timedelta(days=60))
    assert unpublished() == ["group_administrator", "platform_administrator", "user"]
    publish_running(now=NOW)
    assert unpublished() == []


def test_people_who_are_not_told_for_an_hour_are_an_alarm() -> None:
    cast.alice()
    published(altered(without_zone), now=NOW - timedelta(days=60))
    publish_running(now=NOW)
    late = NOW + timedelta(hours=2)
    assert [one.about for one in alarms.all(late) if one.code == "notices.untold"] == ["2"]
    assert not [one for one in alarms.all(NOW) if one.code == "notices.untold"]


def test_whoever_came_later_read_the_version_when_they_came() -> None:
    cast.alice()
    published(altered(without_zone), now=cast.OPENED - timedelta(days=2))
    made = publish_running(now=cast.OPENED - timedelta(days=1))
    assert made.concerned == 0


def test_standing_says_whether_the_live_text_is_published() -> None:
    assert versions.standing().version is None
    published(altered(tersely), now=NOW - timedelta(days=60))
    standing = versions.standing()
    assert (standing.published, standing.before) == (False, None)
    publish_running(now=NOW)
    standing = versions.standing()
    assert (standing.published, standing.before) == (True, 1)
