"""Staff define segments, change, stop and delete them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from seqlense.audience.segments import uses
from seqlense.audience.segments.errors import ChangedMeanwhile, InUse, InvalidName, Stopped
from seqlense.audience.segments.models import ACTIVITY, LONGEST_NAME, Belonging, Segment
from seqlense.audience.segments.rules import Rule
from seqlense.kit.text import InvalidText, clean_name
from seqlense.privacy import acts
from seqlense.privacy.actor import Actor

REFRESH = "segments.refresh"


def name_of(text: str) -> str:
    """A name fit to show. Raises InvalidName."""
    try:
        return clean_name(text, longest=LONGEST_NAME)
    except InvalidText as refused:
        raise InvalidName(f"segments.name.{refused.code}") from None


@transaction.atomic
def define(
    names: tuple[str, str], rule: Rule, *, actor: Actor, now: datetime, proposed: bool = False
) -> Segment:
    """Make a segment of a rule; a worker looks at once who meets it. names: in French, in English.

    Raises InvalidName, InvalidRule.
    """
    row = Segment(
        name_fr=name_of(names[0]),
        name_en=name_of(names[1]),
        rule=_checked(rule),
        proposed=proposed,
        made_at=now,
        changed_at=now,
    )
    row.save(force_insert=True)
    acts.record("segments.defined", actor=actor, now=now, segment=row.pk, rule=row.rule, proposed=proposed)
    _look_at(row)
    return row


@transaction.atomic
def change(
    segment: UUID, names: tuple[str, str], rule: Rule, *, seen: int, actor: Actor, now: datetime
) -> Segment:
    """Give a segment other names or another rule. seen: the revision that the form showed.

    With another rule it has nobody until a worker has looked. Raises Segment.DoesNotExist, Stopped,
    ChangedMeanwhile, InvalidName, InvalidRule.
    """
    row = Segment.objects.select_for_update().get(pk=segment)
    if row.stopped_at is not None:
        raise Stopped
    wanted = {"name_fr": name_of(names[0]), "name_en": name_of(names[1]), "rule": _checked(rule)}
    if all(getattr(row, name) == value for name, value in wanted.items()):
        return row
    if row.revision != seen:
        raise ChangedMeanwhile
    anew = wanted["rule"] != row.rule
    for name, value in wanted.items():
        setattr(row, name, value)
    row.revision, row.changed_at = row.revision + 1, now
    if anew:
        row.people, row.near, row.refreshed_at = None, [], None
        Belonging.objects.filter(segment=row).delete()
    row.save()
    acts.record("segments.changed", actor=actor, now=now, segment=row.pk, rule=row.rule)
    if anew:
        _look_at(row)
    return row


@transaction.atomic
def stop(segment: UUID, *, actor: Actor, now: datetime) -> Segment:
    """End a segment at once: everybody leaves it, and what was addressed to it addresses everyone again."""
    row = Segment.objects.select_for_update().get(pk=segment)
    if row.stopped_at is None:
        row.stopped_at, row.people, row.near = now, None, []
        row.save(update_fields=["stopped_at", "people", "near"])
        number, _models = Belonging.objects.filter(segment=row).delete()
        acts.record("segments.stopped", actor=actor, now=now, segment=row.pk, people=number)
    return row


@transaction.atomic
def delete(segment: UUID, *, actor: Actor, now: datetime) -> None:
    """Remove a segment. Raises Segment.DoesNotExist; InUse while something that runs is addressed to it."""
    row = Segment.objects.select_for_update().get(pk=segment)
    if uses.running(row.pk):
        raise InUse
    acts.record("segments.deleted", actor=actor, now=now, segment=row.pk)
    row.delete()


def _checked(rule: Rule) -> list[dict[str, list[str]]]:
    return Rule.parse(rule.data or [{}], ACTIVITY).data


def _look_at(row: Segment) -> None:
    app.configure_task(REFRESH).defer(segment=str(row.pk))
