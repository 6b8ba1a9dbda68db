"""Writing a campaign, and deciding when it goes: draft, scheduled, under way, stopped, sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seqlense import mailing
from seqlense.accounts.models import Account
from seqlense.audience.newsletter import wording
from seqlense.audience.newsletter.errors import ChangedMeanwhile, InvalidText, NotNow
from seqlense.audience.newsletter.models import FASTEST, SLOWEST, Campaign, Sending
from seqlense.audience.newsletter.topics import PARTNERS, About
from seqlense.privacy import acts
from seqlense.privacy.actor import Actor

OPEN_FOR: Final = timedelta(days=21)
"""How long after its start a stopped campaign can go on: until then it is known who got it (30 days)."""
TRIALS: Final = 20


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a campaign says, and how. rate: messages a minute. second_look: somebody else approves first."""

    about: str
    subject_fr: str
    subject_en: str
    text_fr: str
    text_en: str
    rate: int
    second_look: bool = False


@transaction.atomic
def write(draft: Draft, *, actor: Actor, now: datetime, identifier: UUID) -> Campaign:
    """A new draft; the same identifier twice is the same draft. Raises InvalidText."""
    values = _checked(draft)
    made, new = Campaign.objects.get_or_create(
        pk=identifier, defaults={**values, "written_at": now, "written_by_id": actor.subject}
    )
    if new:
        acts.record("newsletter.campaign_written", actor=actor, now=now, campaign=made.pk, about=made.about)
    return made


@transaction.atomic
def rewrite(campaign: UUID, draft: Draft, *, seen: int, actor: Actor, now: datetime) -> Campaign:
    """Change a draft; an approval given before is void. Raises InvalidText, ChangedMeanwhile, NotNow."""
    found = _lock(campaign)
    _only(found, "draft")
    values = _checked(draft)
    if all(getattr(found, name) == value for name, value in values.items()):
        return found
    if found.revision != seen:
        raise ChangedMeanwhile
    for name, value in values.items():
        setattr(found, name, value)
    found.revision += 1
    found.written_at, found.written_by_id, found.approved_at = now, actor.subject, None
    found.save()
    acts.record("newsletter.campaign_rewritten", actor=actor, now=now, campaign=found.pk)
    return found


@transaction.atomic
def discard(campaign: UUID, *, actor: Actor, now: datetime) -> None:
    """Throw a draft away. Raises NotNow once it was started."""
    found = _lock(campaign)
    _only(found, "draft", "scheduled")
    acts.record("newsletter.campaign_discarded", actor=actor, now=now, campaign=found.pk)
    found.delete()


@transaction.atomic
def approve(campaign: UUID, *, seen: int, actor: Actor, now: datetime) -> Campaign:
    """The second look, by somebody other than its last author. Raises NotNow, ChangedMeanwhile."""
    found = _lock(campaign)
    _only(found, "draft")
    if found.written_by_id == actor.subject:
        raise NotNow("newsletter.campaign.own")
    if found.revision != seen:
        raise ChangedMeanwhile
    if found.approved_at is None:
        found.approved_at = now
        found.save(update_fields=["approved_at"])
        acts.record("newsletter.campaign_approved", actor=actor, now=now, campaign=found.pk)
    return found


@transaction.atomic
def schedule(campaign: UUID, *, at: datetime, seen: int, actor: Actor, now: datetime) -> Campaign:
    """Have it start by itself. Raises NotNow (in the past, or not approved), ChangedMeanwhile."""
    found = _ready(campaign, seen, "draft", "scheduled")
    if at <= now or at > now + timedelta(days=366):
        raise NotNow("newsletter.campaign.moment")
    found.scheduled_for = at
    found.save(update_fields=["scheduled_for"])
    acts.record("newsletter.campaign_scheduled", actor=actor, now=now, campaign=found.pk, at=at.isoformat())
    return found


@transaction.atomic
def unschedule(campaign: UUID, *, actor: Actor, now: datetime) -> Campaign:
    """Make it a draft again. Raises NotNow."""
    found = _lock(campaign)
    _only(found, "draft", "scheduled")
    if found.scheduled_for is not None:
        found.scheduled_for = None
        found.save(update_fields=["scheduled_for"])
        acts.record("newsletter.campaign_unscheduled", actor=actor, now=now, campaign=found.pk)
    return found


@transaction.atomic
def start(campaign: UUID, *, seen: int, actor: Actor, now: datetime) -> Campaign:
    """Send it from now on. Starting twice changes nothing. Raises NotNow, ChangedMeanwhile."""
    found = _lock(campaign)
    if found.started_at is not None and found.finished_at is None and found.stopped_at is None:
        return found
    found = _ready(campaign, seen, "draft", "scheduled")
    return begin(found, actor=actor, now=now)


def begin(found: Campaign, *, actor: Actor, now: datetime) -> Campaign:
    """The start itself, of a row that is locked and ready."""
    found.started_at = found.posted_until = now
    found.scheduled_for = None
    found.save(update_fields=["started_at", "posted_until", "scheduled_for"])
    acts.record(
        "newsletter.campaign_started",
        actor=actor,
        now=now,
        campaign=found.pk,
        about=found.about,
        rate=found.rate,
    )
    return found


@transaction.atomic
def stop(campaign: UUID, *, actor: Actor, now: datetime) -> Campaign:
    """Send no more for now: what waits in the queue is called back, unless it is being handed over just now.

    Raises NotNow. Stopping twice changes nothing.
    """
    found = _lock(campaign)
    _only(found, "sending", "stopped")
    if found.stopped_at is not None:
        return found
    sendings = Sending.objects.filter(campaign=found, trial=False)
    called_back = mailing.call_back(template_of(found.about), sendings.values("pk"), now=now)
    Sending.objects.filter(pk__in=called_back).delete()
    found.stopped_at, found.passed, found.exhausted_at = now, None, None
    found.posted -= len(called_back)
    found.save(update_fields=["stopped_at", "passed", "exhausted_at", "posted"])
    acts.record(
        "newsletter.campaign_stopped", actor=actor, now=now, campaign=found.pk, called_back=len(called_back)
    )
    return found


@transaction.atomic
def go_on(campaign: UUID, *, actor: Actor, now: datetime) -> Campaign:
    """Send the rest; nobody gets it twice. Raises NotNow, also once too long ago to know who got it."""
    found = _lock(campaign)
    _only(found, "sending", "stopped")
    if found.stopped_at is None:
        return found
    if found.started_at is None or now > found.started_at + OPEN_FOR:
        raise NotNow("newsletter.campaign.too-late")
    found.stopped_at, found.posted_until = None, now
    found.save(update_fields=["stopped_at", "posted_until"])
    acts.record("newsletter.campaign_resumed", actor=actor, now=now, campaign=found.pk)
    return found


@transaction.atomic
def close(campaign: UUID, *, actor: Actor, now: datetime) -> Campaign:
    """Leave a stopped campaign as it is, for good: who got it is forgotten. Raises NotNow."""
    found = _lock(campaign)
    _only(found, "stopped")
    Sending.objects.filter(campaign=found).delete()
    found.finished_at = now
    found.save(update_fields=["finished_at"])
    acts.record("newsletter.campaign_closed", actor=actor, now=now, campaign=found.pk, posted=found.posted)
    return found


@transaction.atomic
def try_out(campaign: UUID, *, account: Account, language: str, actor: Actor, now: datetime) -> None:
    """Send it to whoever asks, and to nobody else, in one language. Raises NotNow after too many."""
    found = Campaign.objects.select_for_update().get(pk=campaign)
    trials = Sending.objects.filter(campaign=found, trial=True, posted_at__gt=now - timedelta(hours=1))
    if trials.count() >= TRIALS:
        raise NotNow("newsletter.campaign.trials")
    trial = Sending(
        subject_id=account.subject_id,
        campaign=found,
        language=language if language in dict(settings.LANGUAGES) else account.language,
        trial=True,
        posted_at=now,
    )
    trial.save(force_insert=True)
    acts.record("newsletter.campaign_tried", actor=actor, now=now, campaign=found.pk)
    mailing.post(
        template="newsletter.trial",
        subject=account.subject_id,
        about=trial.pk,
        language=trial.language,
        now=now,
    )


def template_of(about: str) -> str:
    """The message that a kind of campaign is sent as."""
    return "newsletter.partners" if about == PARTNERS else "newsletter.issue"


def _checked(draft: Draft) -> dict[str, object]:
    if draft.about not in About.values:
        raise InvalidText("about", "about")
    if not SLOWEST <= draft.rate <= FASTEST:
        raise InvalidText("rate", "rate")
    return {
        "about": draft.about,
        "subject_fr": wording.check_subject(draft.subject_fr, "subject_fr"),
        "subject_en": wording.check_subject(draft.subject_en, "subject_en"),
        "text_fr": wording.check_text(draft.text_fr, "text_fr"),
        "text_en": wording.check_text(draft.text_en, "text_en"),
        "rate": draft.rate,
        "second_look": draft.second_look,
    }


def _lock(campaign: UUID) -> Campaign:
    return Campaign.objects.select_for_update().get(pk=campaign)


def _only(found: Campaign, *states: str) -> None:
    if found.state not in states:
        raise NotNow(f"newsletter.campaign.is-{found.state}")


def _ready(campaign: UUID, seen: int, *states: str) -> Campaign:
    """Locked, in one of these states, as it was seen, and approved where it must be."""
    found = _lock(campaign)
    _only(found, *states)
    if found.revision != seen:
        raise ChangedMeanwhile
    if found.waits_for_second_look():
        raise NotNow("newsletter.campaign.second-look")
    return found
