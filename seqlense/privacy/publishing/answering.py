"""What people of an installation are told on its pages, and what they answer.

Whoever is concerned sees it until they have put it away; where a change needs a yes or a no, until they have
given one. A refusal is as easy as an acceptance, and neither is ever assumed (GDPR art. 4(11), 7).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from seqlense.privacy import acts
from seqlense.privacy.actor import Actor
from seqlense.privacy.models import Subject
from seqlense.privacy.publishing import consenting, people_sql, weighing
from seqlense.privacy.publishing.errors import AnswerFirst, NothingAsked
from seqlense.privacy.publishing.models import Acknowledgement, NoticeVersion
from seqlense.privacy.publishing.weighing import Demand

Kind = Acknowledgement.Kind
OWED: Final = frozenset(one.value for one in weighing.OWED)
LONGEST_NAME: Final = 60
COLON: Final = {"fr": "\u00a0: ", "en": ": "}


@dataclass(frozen=True, kw_only=True)
class Item:
    """One change in the use of the person's data. before, after: in words, "" where there was nothing."""

    version: int
    title: str
    said: str
    before: str
    after: str
    article: str


@dataclass(frozen=True, kw_only=True)
class News:
    """What changed for somebody and waits for their answer.

    versions: oldest first. activities: those of theirs that changed. demands: where a yes or no is needed.
    """

    versions: tuple[NoticeVersion, ...]
    activities: frozenset[str]
    demands: tuple[Demand, ...]

    @property
    def number(self) -> int:
        """The version that an answer is given to."""
        return self.versions[-1].number

    @property
    def before(self) -> int:
        """The last version that isn't new to them; 0 where there is none."""
        return self.versions[0].number - 1

    @property
    def effective_from(self) -> date:
        """From when the newest holds."""
        return self.versions[-1].effective_from

    def items(self, language: str) -> tuple[Item, ...]:
        """Every change in the use of their data."""
        return tuple(
            Item(
                version=version.number,
                title=title_of(version.difference, activity, language),
                said=str(change["said"][language]),
                before=_side(change["before"], language),
                after=_side(change["after"], language),
                article=weighing.cited(str(change["article"]), language),
            )
            for version in self.versions
            for change in version.difference.get("changes", ())
            if change["duty"] in OWED
            for activity in change["activities"]
            if activity in self.activities or activity in version.difference.get("further", ())
        )

    def lines(self, language: str) -> tuple[str, ...]:
        """The same, an activity a line: "Accounts: item added (time zone), kept longer"."""
        found: dict[str, list[str]] = {}
        for item in self.items(language):
            found.setdefault(item.title, []).append(_named(item))
        return tuple(
            f"{title}{COLON[language]}{', '.join(dict.fromkeys(said))}" for title, said in found.items()
        )


def _named(item: Item) -> str:
    """With what came, where that is a name and not a sentence."""
    name = "" if item.before or len(item.after) > LONGEST_NAME else item.after
    return f"{item.said} ({name})" if name else item.said


def _side(text: Mapping[str, str] | None, language: str) -> str:
    return str(text[language]) if text else ""


def title_of(difference: Mapping[str, Any], activity: str, language: str) -> str:
    """An activity's title as it was when the version was published."""
    found = difference.get("titles", {}).get(activity)
    return str(found[language]) if found else activity


def pending(subject: UUID, *, above: int = 0) -> News | None:
    """What waits for that person. above: number up to which they are known to be concerned by nothing.

    One statement while nothing was published since they answered, four otherwise.
    """
    return news_of(subject, unread(subject, above=above))


def unread(subject: UUID, *, above: int = 0) -> list[NoticeVersion]:
    """Versions published since the person came that they haven't put away, oldest first."""
    mine = Acknowledgement.objects.filter(
        subject_id=subject, activity="", version__number__gte=OuterRef("number")
    )
    came = Subject.objects.filter(pk=subject).values("created_at")[:1]
    found = NoticeVersion.objects.light().filter(
        ~Exists(mine), telling__banner=True, number__gt=above, published_at__gte=Subquery(came)
    )
    return list(found.select_related("telling").order_by("number"))


def news_of(subject: UUID, versions: Sequence[NoticeVersion]) -> News | None:
    """What these versions change for a person; None where nothing."""
    asked = {activity for one in versions for activity in one.telling.activities}
    if not asked:
        return None
    mine = people_sql.concerned(subject, asked)
    touching = tuple(one for one in versions if mine & set(one.telling.activities))
    if not touching:
        return None
    return News(versions=touching, activities=mine, demands=_open(subject, touching, mine))


def _open(subject: UUID, versions: Iterable[NoticeVersion], mine: frozenset[str]) -> tuple[Demand, ...]:
    """Demands without an answer; of several over one activity the latest.

    A later basis that asks nobody ends what was asked before it.
    """
    asked: dict[str, tuple[int, Demand]] = {}
    for version in versions:
        for change in version.difference.get("changes", ()):
            if change["kind"] == "basis":
                asked.pop(change["where"], None)
        for one in weighing.demands_in(version.difference):
            if one.activity in mine:
                asked[one.activity] = (version.number, one)
    if not asked:
        return ()
    rows = Acknowledgement.objects.filter(subject_id=subject, activity__in=asked)
    answers = dict(rows.order_by("version__number").values_list("activity", "version__number"))
    return tuple(
        one
        for name, (number, one) in sorted(asked.items())
        if answers.get(name, 0) < number and consenting.asks(subject, one)
    )


@transaction.atomic
def put_away(
    subject: UUID, number: int, *, language: str, actor: Actor, now: datetime
) -> Acknowledgement | None:
    """The person has read it, up to that version. Repeating it changes nothing.

    Raises AnswerFirst while a change waits for a yes or a no, NothingAsked where nothing concerns them.
    """
    _alone(subject)
    news = _news(subject, number)
    if news is None:
        done = Acknowledgement.objects.filter(subject_id=subject, activity="", version__number__gte=number)
        if not done.exists():
            raise NothingAsked
        return None
    if news.demands:
        raise AnswerFirst
    return _note(subject, news, Kind.READ, "", language=language, actor=actor, now=now)


@transaction.atomic
def answer(
    subject: UUID,
    number: int,
    activity: str,
    *,
    accepted: bool,
    language: str,
    actor: Actor,
    now: datetime,
) -> Acknowledgement:
    """The person's yes or no to what changes in one activity. With the last one the version is put away.

    Where the activity rests on consent, yes gives the changed consent and no withdraws it, in the same
    transaction. Raises NothingAsked, also for an answer given twice.
    """
    _alone(subject)
    news = _news(subject, number)
    demand = next((one for one in news.demands if one.activity == activity), None) if news else None
    if news is None or demand is None:
        raise NothingAsked
    kind = Kind.ACCEPTED if accepted else Kind.REFUSED
    made = _note(subject, news, kind, activity, language=language, actor=actor, now=now)
    consenting.carry_out(
        subject, demand, accepted=accepted, shown=made.shown, language=language, actor=actor, now=now
    )
    if len(news.demands) == 1:
        _note(subject, news, Kind.READ, "", language=language, actor=actor, now=now)
    return made


def _alone(subject: UUID) -> None:
    """One answer at a time; nobody erased answers."""
    if not Subject.objects.select_for_update().filter(pk=subject, erased_at=None).exists():
        raise NothingAsked


def _news(subject: UUID, number: int) -> News | None:
    return news_of(subject, [one for one in unread(subject) if one.number <= number])


def _note(
    subject: UUID, news: News, kind: str, activity: str, *, language: str, actor: Actor, now: datetime
) -> Acknowledgement:
    version = news.versions[-1]
    made = Acknowledgement.objects.create(
        subject_id=subject,
        version=version,
        kind=kind,
        activity=activity,
        at=now,
        language=language,
        shown=version.content_hash,
    )
    acts.record(
        f"notices.{kind}",
        actor=actor,
        now=now,
        subject=subject,
        version=version.number,
        activity=activity,
        shown=version.content_hash,
    )
    return made
