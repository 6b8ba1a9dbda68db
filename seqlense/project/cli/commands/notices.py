"""`seqlense notices`: published versions of the notices, what isn't published, and publishing it."""

from datetime import date, datetime
from typing import Any

import click

from seqlense.kit import clock
from seqlense.project.cli import installation
from seqlense.project.cli.failing import USAGE, Refused
from seqlense.project.cli.speaking import Speaker, examples, speaks
from seqlense.project.cli.speech import gettext as _
from seqlense.project.cli.speech import language

SHORT = 12


@click.group(help=_("Versions of the legal notice, the privacy policy and the cookie policy."))
def command() -> None:
    """The group."""


@command.command(
    name="list",
    help=_("List the published versions, and say whether what runs is published."),
    epilog=examples("seqlense notices list", "seqlense notices list --json"),
)
@speaks
def list_(speaker: Speaker) -> None:
    """Exit code 1 where what runs isn't published."""
    installation.enter()
    from seqlense.privacy.publishing import versions
    from seqlense.privacy.publishing.models import NoticeVersion

    rows = list(NoticeVersion.objects.light().select_related("telling").latest_first())
    waiting = versions.pending()
    speaker.table(
        [_("version"), _("published"), _("in force from"), _("register"), _("concerned"), _("messages")],
        [
            (
                one.number,
                one.published_at,
                one.effective_from,
                one.register_version[:SHORT],
                one.concerned,
                one.telling.posted,
            )
            for one in rows
        ],
    )
    if waiting is not None:
        speaker.say(_("What runs isn't published: seqlense notices diff says what changed."))
    speaker.document({"versions": [_version(one) for one in rows], "unpublished": waiting is not None})
    if waiting is not None:
        raise click.exceptions.Exit(1)


@command.command(
    help=_("Say what changed between two versions; between the last one and what runs, if none is named."),
    epilog=examples("seqlense notices diff", "seqlense notices diff 1 3"),
)
@click.argument("before", type=click.IntRange(min=1), required=False)
@click.argument("after", type=click.IntRange(min=1), required=False)
@speaks
def diff(speaker: Speaker, before: int | None, after: int | None) -> None:
    """Exit code 1: they differ."""
    installation.enter()
    from seqlense.privacy.publishing import side_notes

    if before is None:
        notes, people, demands = _unpublished()
    else:
        notes, people, demands = side_notes.of_versions(_between(before, after), language()), None, []
    for note in notes:
        number = f"{note.number}: " if note.number else ""
        sides = f"{note.before or '–'} → {note.after or '–'}"
        speaker.say(f"{number}{note.where}: {note.said} ({sides}) [{note.article}]")
    if not notes:
        speaker.say(_("Nothing changed."))
    if people is not None:
        speaker.say(_("People concerned, who are told: {n}.").format(n=people))
    for one in demands:
        speaker.say(_("Their yes or no is needed: {activity} ({asked}).").format(**one))
    speaker.document({"changes": [vars(one) for one in notes], "concerned": people, "demands": demands})
    if notes:
        raise click.exceptions.Exit(1)


def _unpublished() -> tuple[tuple[Any, ...], int, list[dict[str, str]]]:
    from seqlense.privacy import running
    from seqlense.privacy.publishing import people_sql, side_notes, versions, weighing

    waiting = versions.pending()
    if waiting is None:
        return (), 0, []
    found = waiting.weighed
    notes = tuple(side_notes.notes(weighing.stored(found, running.register()), language()))
    demands = [{"activity": one.activity, "asked": one.asked} for one in found.demands]
    return notes, people_sql.count(found.activities, before=clock.now()), demands


def _between(before: int, after: int | None) -> list[Any]:
    from seqlense.privacy.publishing import versions
    from seqlense.privacy.publishing.models import NoticeVersion

    last = versions.latest()
    until = after or (last.number if last else 0)
    if last is None or max(before, until) > last.number:
        message = _("There is no such version. The last one is {n}.").format(n=last.number if last else 0)
        raise Refused("notices.unknown-version", message, exit_code=USAGE)
    first, second = sorted([before, until])
    return list(NoticeVersion.objects.light().filter(number__gt=first, number__lte=second).order_by("number"))


@command.command(
    help=_("Publish what runs as a version, and begin to tell those whom the difference concerns."),
    epilog=examples(
        "seqlense notices publish",
        "seqlense notices publish --from 2027-01-01 --explain-fr 'Pourquoi' --explain-en 'Why'",
    ),
)
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help=_("Day of effect; today if none."))
@click.option("--explain-fr", default="", help=_("A word of explanation, in French."))
@click.option("--explain-en", default="", help=_("The same in English."))
@click.option("--no-mail", is_flag=True, help=_("Tell people on their pages alone."))
@click.option("--further", is_flag=True, help=_("What begins uses data already held: tell everybody."))
@speaks
def publish(speaker: Speaker, since: datetime | None, **wishes: Any) -> None:
    """As the console does, by the command line's own name."""
    installation.enter_to_act()
    from django.utils import timezone

    from seqlense.privacy.publishing import versions

    now = clock.now()
    waiting = versions.pending()
    if waiting is None:
        raise Refused("notices.nothing-new", _("What runs is what the last version says."))
    day = since.date() if since else timezone.localdate(now)
    made = _publish(waiting.seen, day, wishes, now)
    speaker.say(
        _("Version {number} is published, in force from {day}. People told: {people}.").format(
            number=made.number, day=made.effective_from, people=made.concerned
        )
    )
    speaker.document(_version(made))


def _publish(seen: str, day: date, wishes: dict[str, Any], now: datetime) -> Any:
    from seqlense.privacy.actor import Actor
    from seqlense.privacy.publishing import versions
    from seqlense.privacy.publishing.errors import DateGone, TooLong

    said = {"fr": wishes["explain_fr"], "en": wishes["explain_en"]}
    if bool(said["fr"].strip()) is not bool(said["en"].strip()):
        raise click.UsageError(_("Explain it in both languages, or in none."))
    try:
        return versions.publish(
            seen=seen,
            effective_from=day,
            explanation=said,
            by_mail=not wishes["no_mail"],
            further=wishes["further"],
            actor=Actor.system("command line"),
            now=now,
        )
    except DateGone as refused:
        raise Refused(refused.code, _("That day is past."), exit_code=USAGE) from None
    except TooLong as refused:
        raise Refused(refused.code, _("The explanation is too long."), exit_code=USAGE) from None


def _version(one: Any) -> dict[str, Any]:
    return {
        "number": one.number,
        "published_at": one.published_at,
        "effective_from": one.effective_from,
        "register_version": one.register_version,
        "content_hash": one.content_hash,
        "concerned": one.concerned,
        "messages": {"posted": one.telling.posted, "finished_at": one.telling.finished_at},
    }
