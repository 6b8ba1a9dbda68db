"""A campaign on its way: every few seconds a batch is posted, as large as the set rate allows.

One transaction takes the next people who may be written to at that moment, notes who they are, and posts
their messages; killed anywhere, it has done all of a batch or nothing. The queue never holds more than a few
minutes' worth, memory never more than a batch.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from seqlense import mailing
from seqlense.audience.newsletter import campaigns, recipients
from seqlense.audience.newsletter.models import Addressee, Campaign, Sending
from seqlense.kit.identifiers import uuid7
from seqlense.privacy import acts
from seqlense.privacy.actor import Actor

ACTOR: Final = Actor.system("campaigns")
AHEAD: Final = timedelta(minutes=1)
"""How far ahead of their time messages are posted."""
QUEUE: Final = timedelta(minutes=3)
"""Worth of messages that may wait; more, and the mail server isn't keeping up: then nothing is added."""
BATCH: Final = 500


def go_on(*, now: datetime) -> None:
    """Start what is due, post what the rate allows, and see what is through."""
    due = Campaign.objects.filter(scheduled_for__lte=now, started_at=None)
    for campaign in due.values_list("pk", flat=True):
        _start(campaign, now=now)
    going = Campaign.objects.filter(started_at__isnull=False, finished_at=None, stopped_at=None)
    for campaign in going.values_list("pk", flat=True):
        while post_batch(campaign, now=now):
            continue
        finish(campaign, now=now)


@transaction.atomic
def _start(campaign: UUID, *, now: datetime) -> None:
    found = Campaign.objects.select_for_update(skip_locked=True).filter(pk=campaign).first()
    if found is not None and found.state == "scheduled" and not found.waits_for_second_look():
        campaigns.begin(found, actor=ACTOR, now=now)


@transaction.atomic
def post_batch(campaign: UUID, *, now: datetime) -> int:
    """Post the next messages; how many were posted, 0 when the rate is used up or nobody is left."""
    found = Campaign.objects.select_for_update(skip_locked=True).filter(pk=campaign).first()
    if found is None or found.state != "sending" or found.exhausted_at is not None:
        return 0
    pace = timedelta(minutes=1) / found.rate
    # Time that passed unused (a worker that was away) isn't caught up with: the rate is a promise.
    begins = max(found.posted_until or now, now - AHEAD)
    room = min(int((now + AHEAD - begins) / pace), BATCH, _room(found))
    if room < 1:
        return 0
    people: list[Addressee] = list(recipients.left(found, now=now)[:room])
    _post(found, people, begins, pace, now)
    if people:
        found.passed = people[-1].pk
    if len(people) < room:
        found.exhausted_at = now
    found.posted += len(people)
    found.posted_until = begins + pace * len(people)
    found.save(update_fields=["passed", "posted", "posted_until", "exhausted_at"])
    return len(people) if found.exhausted_at is None else 0


def _room(found: Campaign) -> int:
    """How many more messages may wait."""
    limit = max(int(found.rate * (QUEUE / timedelta(minutes=1))), 10)
    return limit - waiting(found)


def _post(found: Campaign, people: list[Addressee], begins: datetime, pace: timedelta, now: datetime) -> None:
    sendings = [
        Sending(
            id=uuid7(),
            subject_id=one.subject_id,
            campaign=found,
            language=one.language,
            posted_at=now,
        )
        for one in people
    ]
    Sending.objects.bulk_create(sendings)
    mailing.post_many(
        campaigns.template_of(found.about),
        [
            mailing.Parcel(
                subject=one.subject_id,
                about=one.pk,
                language=one.language,
                due_at=max(now, begins + pace * place),
            )
            for place, one in enumerate(sendings)
        ],
        now=now,
    )


def waiting(found: Campaign) -> int:
    """How many of its messages wait to be handed over."""
    mine = Sending.objects.filter(campaign=found, trial=False).values("pk")
    return mailing.waiting(campaigns.template_of(found.about), mine)


@transaction.atomic
def finish(campaign: UUID, *, now: datetime) -> bool:
    """Once everybody was looked at and every message has gone: forget who got it. Whether it is through."""
    found = Campaign.objects.select_for_update(skip_locked=True).filter(pk=campaign).first()
    if found is None or found.state != "sending" or found.exhausted_at is None or waiting(found):
        return False
    Sending.objects.filter(campaign=found).delete()
    found.finished_at = now
    found.save(update_fields=["finished_at"])
    acts.record("newsletter.campaign_sent", actor=ACTOR, now=now, campaign=found.pk, posted=found.posted)
    return True
