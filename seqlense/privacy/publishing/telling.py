"""Telling people of a version by mail: in batches, at a bounded rate, each once, with no list of them kept.

The people are found by the database as the batch needs them, in the order of their ids; how far that has come
is one row, moved in the transaction that posts the batch. Stopped anywhere, it goes on behind the last one
posted. Somebody whom several versions concern is written to once for each.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from seqlense.kit.identifiers import uuid7
from seqlense.privacy import acts
from seqlense.privacy.actor import Actor
from seqlense.privacy.publishing import dates, people_sql, signals
from seqlense.privacy.publishing.answering import News, news_of
from seqlense.privacy.publishing.models import Acknowledgement, NoticeVersion, Telling, Told

BATCH: Final = 100
PER_MINUTE: Final = 600
"""Messages posted a minute at most: a campaign must not hold up the mail that somebody waits for."""


def go_on(*, now: datetime, most: int = PER_MINUTE) -> int:
    """Post the next messages, `most` at most, oldest version first; how many people were looked at."""
    looked = 0
    while looked < most:
        done = _step(min(BATCH, most - looked), now=now)
        if done is None:
            break
        looked += done
    return looked


@transaction.atomic
def _step(most: int, *, now: datetime) -> int | None:
    """One batch in one transaction; None where nobody waits, or another process is at it."""
    waiting = Telling.objects.select_for_update(skip_locked=True, of=("self",)).filter(finished_at=None)
    telling = waiting.order_by("version__number").first()
    if telling is None:
        return None
    version = NoticeVersion.objects.light().get(pk=telling.version_id)
    found = people_sql.batch(telling.activities, before=version.published_at, after=telling.last, most=most)
    telling.posted += _post(version, found, now=now)
    telling.looked += len(found)
    telling.last = found[-1] if found else telling.last
    telling.moved_at = now
    if len(found) < most:
        telling.finished_at = now
        acts.record(
            "notices.told",
            actor=Actor.system("notices"),
            now=now,
            version=version.number,
            people=telling.looked,
            messages=telling.posted,
        )
    telling.save()
    return len(found)


def _post(version: NoticeVersion, found: list[UUID], *, now: datetime) -> int:
    """Have the rooms write to whom they can; the rest have no address here, and see the banner.

    Nobody twice, and nobody who has read it on a page meanwhile.
    """
    told = Told.objects.filter(version=version, subject_id__in=found)
    read = Acknowledgement.objects.filter(
        subject_id__in=found, activity="", version__number__gte=version.number
    )
    before = set(told.values_list("subject_id", flat=True).union(read.values_list("subject_id", flat=True)))
    waiting = {one: uuid7() for one in found if one not in before}
    rows = dict(waiting)
    Told.objects.bulk_create(
        Told(id=key, subject_id=one, version=version, at=now) for one, key in rows.items()
    )
    signals.telling.send(sender=NoticeVersion, waiting=waiting, version=version, now=now)
    Told.objects.filter(pk__in=waiting.values()).delete()  # nobody could write to them
    return len(rows) - len(waiting)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a message about a version says.

    day: from when it holds, in words. changes: one line for each. explanation: the company's word, ""
    where it gave none. answer: whether the person is asked for a yes or a no.
    """

    subject: UUID
    number: int
    day: str
    changes: tuple[str, ...]
    explanation: str
    answer: bool


def letter(told: UUID, language: str) -> Letter | None:
    """What to write to whom, at the moment of writing; None where it is gone or concerns them no more."""
    rows = Told.objects.select_related("version__telling").defer("version__documents")
    row = rows.filter(pk=told).first()
    if row is None:
        return None
    news = news_of(row.subject_id, [row.version])
    return _letter(row.subject_id, row.version, news, language) if news else None


def _letter(subject: UUID, version: NoticeVersion, news: News, language: str) -> Letter:
    return Letter(
        subject=subject,
        number=version.number,
        day=dates.day(version.effective_from, language),
        changes=news.lines(language),
        explanation=version.said(language),
        answer=bool(news.demands),
    )


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far telling has come. share: from 0 to 1."""

    telling: Telling
    total: int

    @property
    def share(self) -> float:
        """Of the people concerned when it was published."""
        return min(1.0, self.telling.looked / self.total) if self.total else 1.0


def progress(version: NoticeVersion) -> Progress | None:
    """How far it has come for a version; None for one without (written by an older program)."""
    found = Telling.objects.filter(pk=version.pk).first()
    return Progress(telling=found, total=version.concerned) if found else None
