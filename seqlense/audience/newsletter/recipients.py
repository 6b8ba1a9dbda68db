"""Whom a campaign reaches: one condition in the database, asked again for each batch and for each message.

Nobody is on a list of recipients. Whoever objected, limited the use of their data, withdrew, paused, or was
erased does not meet the condition, and there is no other way to be written to.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from seqlense.audience.newsletter import agreeing, partners
from seqlense.audience.newsletter.models import (
    Addressee,
    Campaign,
    Objection,
    PartnerReader,
    Reader,
    Sending,
)
from seqlense.audience.newsletter.topics import PARTNERS
from seqlense.privacy import switches

type People = QuerySet[Any]


@dataclass(frozen=True, kw_only=True)
class Audience:
    """How many a campaign reaches, and how many it leaves out, each counted once, for the first reason.

    objected: unsubscribed, for as long as that is remembered. other_topics: chose other topics only.
    """

    reached: int
    objected: int
    restricted: int
    no_consent: int
    paused: int
    other_topics: int
    leaving: int

    @property
    def left_out(self) -> int:
        """All who are known here and not reached."""
        return (
            self.objected + self.restricted + self.no_consent + self.paused + self.other_topics + self.leaving
        )


def activity_of(about: str) -> str:
    """The activity of the register that a kind of campaign serves."""
    return "partner_offers" if about == PARTNERS else "newsletter"


def model_of(about: str) -> type[Addressee]:
    """The rows that a kind of campaign goes through."""
    return PartnerReader if about == PARTNERS else Reader


def reachable(about: str, *, now: datetime) -> People:
    """Everybody whom a campaign of that kind may be sent to at this moment."""
    conditions = _conditions(about, now)
    rows: People = model_of(about)._default_manager.all()
    for barred in conditions.values():
        rows = rows.exclude(barred)
    return rows


def left(campaign: Campaign, *, now: datetime) -> People:
    """Of those, whoever was there when it started, comes after the last one looked at, and hasn't got it."""
    rows = reachable(campaign.about, now=now)
    if campaign.started_at is not None:
        rows = rows.filter(since__lte=campaign.started_at)
    if campaign.passed is not None:
        rows = rows.filter(pk__gt=campaign.passed)
    got = Sending.objects.filter(campaign=campaign, subject_id=OuterRef("subject_id"), trial=False)
    return rows.exclude(Exists(got)).order_by("pk")


def reaches(campaign: Campaign, subject: UUID, *, now: datetime) -> Addressee | None:
    """The row to write to, if that person may be written to at this moment."""
    found: Addressee | None = (
        reachable(campaign.about, now=now).select_related("account").filter(subject_id=subject).first()
    )
    return found


def audience(about: str, *, now: datetime) -> Audience:
    """Counted in two statements, whatever the number of people."""
    conditions = _conditions(about, now)
    counted, earlier = {}, Q()
    for name, barred in conditions.items():
        counted[name] = Count("pk", filter=Q(barred) & ~earlier)
        earlier |= Q(barred)
    found = model_of(about)._default_manager.aggregate(reached=Count("pk", filter=~earlier), **counted)
    gone = 0 if about == PARTNERS else Objection.objects.values("subject_id").distinct().count()
    found["objected"] = gone + found.get("objected", 0)
    return Audience(
        **{"other_topics": 0, **found},
    )


def _conditions(about: str, now: datetime) -> dict[str, Q]:
    """Why somebody is left out → the condition, from the strongest."""
    activity = activity_of(about)
    of_account = Q(account__isnull=False)
    away = (
        Q(account__verified_at__isnull=True)
        | Q(account__closed_at__isnull=False)
        | Q(account__removed_at__isnull=False)
        | Q(account__organisation_deleted_at__isnull=False)
    )
    found = {
        "objected": Q(Exists(Objection.objects.filter(subject_id=OuterRef("subject_id"))))
        if about != PARTNERS
        else Q(pk__isnull=True),
        "restricted": Q(switches.barring(activity)) | (of_account & Q(switches.barring("accounts"))),
        "leaving": Q(subject__erased_at__isnull=False) | (of_account & away),
    }
    paused = Reader.objects.filter(subject_id=OuterRef("subject_id"), paused_until__gt=now)
    if about == PARTNERS:
        found["no_consent"] = ~Q(partners.consenting())
        found["paused"] = Q(Exists(paused))
    else:
        found["no_consent"] = Q(account__isnull=True) & ~Q(agreeing.consenting())
        found["paused"] = Q(paused_until__isnull=False, paused_until__gt=now)
        found["other_topics"] = ~Q(topics__contains=[about])
    return found
