"""Publishing a version of the notices, and asking which there are.

What runs is what is declared, so the live notices are always drawn from the running register. A version is
what they said on a day, kept as it was read, with the difference from the one before and who was owed a word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from seqlense.privacy import acts, running
from seqlense.privacy.actor import Actor
from seqlense.privacy.models import RegisterVersion
from seqlense.privacy.publishing import documents, people_sql, weighing
from seqlense.privacy.publishing.errors import DateGone, NothingToPublish, Overtaken, TooLong
from seqlense.privacy.publishing.models import NoticeVersion, Telling
from seqlense.privacy.publishing.weighing import Weighed
from seqlense.register import Register

LONGEST: Final = 2000
"""Characters of an explanation, in each language."""
NOTHING: Final = Weighed(difference=None, by_activity={}, demands=(), started=frozenset())


@dataclass(frozen=True, kw_only=True)
class Pending:
    """What runs and isn't published.

    last: the version published last; None on an installation that never published. running: of the register.
    fingerprint: of the texts that it says. words_only: the register is the same, the notices' words aren't.
    since: from when on it runs, where that is known.
    """

    last: NoticeVersion | None
    running: str
    fingerprint: str
    words_only: bool
    weighed: Weighed
    since: datetime | None

    @property
    def seen(self) -> str:
        """What whoever publishes has looked at: changes with anything that would change the outcome."""
        return f"{self.last.number if self.last else 0}-{self.fingerprint}"


def latest() -> NoticeVersion | None:
    """The version published last, without its texts."""
    return NoticeVersion.objects.light().order_by("-number").first()


def pending() -> Pending | None:
    """What runs and isn't published yet; None where the last version says what runs."""
    register, last = running.register(), latest()
    fingerprint = documents.fingerprint(register)
    if last is not None and (last.register_version, last.content_hash) == (register.version, fingerprint):
        return None
    ran = RegisterVersion.objects.only("running_since").filter(pk=register.version).first()
    same = last is not None and last.register_version == register.version
    weighed = NOTHING if last is None or same else weighing.against_running(last.register_version)
    return Pending(
        last=last,
        running=register.version,
        fingerprint=fingerprint,
        words_only=same,
        weighed=weighed,
        since=ran.running_since if ran and not same else None,
    )


def publish(
    *,
    seen: str,
    effective_from: date,
    explanation: Mapping[str, str] | None = None,
    by_mail: bool = True,
    further: bool = False,
    actor: Actor,
    now: datetime,
) -> NoticeVersion:
    """Publish what runs, and begin to tell those whom the difference concerns (GDPR art. 13(3), 14(4)).

    seen: `Pending.seen` of what was looked at. effective_from: today or later. explanation: language → at
    most 2,000 characters. by_mail: besides the banner. further: what begins uses data already held, so that
    everybody of whom anything is held is told. Raises NothingToPublish, Overtaken, DateGone, TooLong.
    """
    waiting = pending()
    if waiting is None:
        raise NothingToPublish
    if waiting.seen != seen:
        raise Overtaken
    if effective_from < timezone.localdate(now):
        raise DateGone
    words = {language: text.strip() for language, text in (explanation or {}).items() if text.strip()}
    if any(len(text) > LONGEST for text in words.values()):
        raise TooLong
    activities = concerned(waiting.weighed, further=further)
    return _add(
        running.register(),
        waiting.weighed,
        Edition(
            number=(waiting.last.number if waiting.last else 0) + 1,
            effective_from=effective_from,
            explanation=words,
            activities=activities,
            by_mail=by_mail,
            further=further,
        ),
        actor=actor,
        now=now,
    )


def concerned(weighed: Weighed, *, further: bool = False) -> frozenset[str]:
    """Activities whose people are told. further: what begins uses what all the others hold."""
    if further and weighed.started:
        return frozenset(one.id for one in running.register().active)
    return weighed.activities


@dataclass(frozen=True, kw_only=True)
class Edition:
    """What whoever publishes decides."""

    number: int
    effective_from: date
    explanation: Mapping[str, str]
    activities: frozenset[str] = frozenset()
    by_mail: bool = False
    further: bool = False


def _add(
    register: Register, weighed: Weighed, edition: Edition, *, actor: Actor, now: datetime
) -> NoticeVersion:
    try:
        with transaction.atomic():
            return _written(register, weighed, edition, actor=actor, now=now)
    except IntegrityError:  # the number was taken meanwhile
        raise Overtaken from None


def _written(
    register: Register, weighed: Weighed, edition: Edition, *, actor: Actor, now: datetime
) -> NoticeVersion:
    running.enlist(now)
    number = people_sql.count(edition.activities, before=now)
    started = weighed.started if edition.further else ()
    version = NoticeVersion.objects.create(
        number=edition.number,
        register_version=register.version,
        content_hash=documents.fingerprint(register),
        documents=documents.stored(register),
        difference=weighing.stored(weighed, register, started=started),
        explanation=dict(edition.explanation),
        concerned=number,
        published_at=now,
        effective_from=edition.effective_from,
        published_by=actor.subject,
    )
    mail = edition.by_mail and number > 0
    Telling.objects.create(
        version=version,
        activities=sorted(edition.activities),
        banner=number > 0,
        mail=mail,
        moved_at=now,
        finished_at=None if mail else now,
    )
    acts.record(
        "notices.published",
        actor=actor,
        now=now,
        version=version.number,
        register=register.version,
        content=version.content_hash,
        effective_from=edition.effective_from,
        concerned=number,
        mail=mail,
        activities=sorted(edition.activities),
    )
    return version


def publish_first(*, now: datetime) -> NoticeVersion | None:
    """The first version publishes itself at the first start: nobody needs to be told of a change by it."""
    if NoticeVersion.objects.exists():
        return None
    register = running.register()
    since = (
        RegisterVersion.objects.filter(pk=register.version).values_list("running_since", flat=True).first()
    )
    day = timezone.localdate(since or now)
    edition = Edition(number=1, effective_from=day, explanation={})
    try:
        return _add(register, NOTHING, edition, actor=Actor.system("notices"), now=now)
    except Overtaken:
        return None  # another process was quicker


def publish_past(
    register: Register,
    *,
    explanation: Mapping[str, str],
    by_mail: bool,
    actor: Actor,
    now: datetime,
) -> NoticeVersion:
    """Publish another register than the running one: for demonstrations and tests."""
    RegisterVersion.objects.get_or_create(
        version=register.version, defaults={"running_since": now, "content": register.document}
    )
    last = latest()
    before = weighing.register_of(last.register_version) if last else None
    weighed = weighing.weigh(before, register) if before else NOTHING
    edition = Edition(
        number=(last.number if last else 0) + 1,
        effective_from=timezone.localdate(now),
        explanation=explanation,
        activities=weighed.activities,
        by_mail=by_mail,
    )
    return _add(register, weighed, edition, actor=actor, now=now)


# --- What public pages ask ----------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Standing:
    """How the live notices stand to what was published.

    version: the last one; None where there is none. published: whether it says what runs. before: the number
    of the one before it, or None.
    """

    version: NoticeVersion | None
    published: bool
    before: int | None


def standing() -> Standing:
    """One statement."""
    last, register = latest(), running.register()
    if last is None:
        return Standing(version=None, published=False, before=None)
    same = (last.register_version, last.content_hash) == (register.version, documents.fingerprint(register))
    return Standing(version=last, published=same, before=last.number - 1 or None)


def numbered(number: int) -> NoticeVersion | None:
    """One version with its texts."""
    return NoticeVersion.objects.filter(number=number).first()
