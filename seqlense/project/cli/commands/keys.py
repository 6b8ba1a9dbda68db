"""`seqlense keys`: the epoch key and its renewal."""

import click

from seqlense.kit import clock
from seqlense.project.cli import installation
from seqlense.project.cli.speaking import Speaker, examples, speaks
from seqlense.project.cli.speech import gettext as _

FOUND = 1


@click.group(help=_("The keys that make erasure reach the backups. See docs/operator.md, Keys."))
def command() -> None:
    """The group."""


@command.command(
    help=_("Epoch, age, custody and number of keys. Exit code 1 when a rotation is due or was cut off."),
    epilog=examples("seqlense keys status", "seqlense keys status --json"),
)
@speaks
def status(speaker: Speaker) -> None:
    """Opens nothing but the keystore's own row."""
    installation.enter()
    from django.conf import settings

    from seqlense.privacy.drills import Drill
    from seqlense.privacy.keystore import rotation

    found = rotation.status(now=clock.now())
    drill = Drill.objects.first()
    for label, value in (
        (_("installation"), found.installation),
        (_("epoch"), found.epoch),
        (_("custody"), found.custody),
        (_("begun"), f"{found.begun_at:%Y-%m-%d %H:%M} UTC"),
        (_("next due"), f"{found.due_at:%Y-%m-%d %H:%M} UTC"),
        (_("data keys"), found.keys),
        (_("handles"), found.handles),
        (_("last drill"), f"{drill.at:%Y-%m-%d %H:%M} UTC" if drill else _("none yet")),
    ):
        speaker.say(f"{label}: {value}")
    if found.retiring is not None:
        speaker.say(_("A rotation was cut off: run seqlense keys rotate to finish it."))
    elif found.due:
        speaker.say(_("A rotation is due: run seqlense keys rotate, and see that the worker runs."))
    if found.custody != settings.SEQLENSE_CUSTODY:
        text = _("The next rotation moves the epoch key from {old} to {new}.")
        speaker.say(text.format(old=found.custody, new=settings.SEQLENSE_CUSTODY))
    if drill and not drill.passed:
        speaker.say(_("The last drill failed: run seqlense keys drill."))
    speaker.document(
        {
            "installation": found.installation,
            "epoch": found.epoch,
            "custody": found.custody,
            "begun_at": found.begun_at,
            "due_at": found.due_at,
            "due": found.due,
            "late": found.late,
            "retiring": found.retiring,
            "keys": found.keys,
            "handles": found.handles,
            "drilled_at": drill.at if drill else None,
            "drill_passed": drill.passed if drill else None,
        }
    )
    if found.due:
        raise click.exceptions.Exit(FOUND)


@command.command(
    help=_(
        "Begin a new epoch: wrap every living key anew, drill, and destroy the old epoch key. Safe to "
        "interrupt. After a change of SEQLENSE_CUSTODY, this moves the key."
    ),
    epilog=examples("seqlense keys rotate"),
)
@speaks
def rotate(speaker: Speaker) -> None:
    """People go on working meanwhile."""
    installation.enter_to_act()
    from seqlense.privacy.keystore import rotation

    now = clock.now()
    with speaker.progress(_("Wrapping keys"), rotation.status(now=now).keys) as bar:
        shown = 0

        def step(done: int, total: int) -> None:
            nonlocal shown
            bar.update(done - shown)
            shown = done

        done = rotation.rotate(now=now, progress=step)
    text = _("Epoch {epoch} has begun; {n} keys wrapped anew, the former epoch key destroyed.")
    speaker.say(text.format(epoch=done.epoch, n=done.rewrapped))
    if done.resumed:
        speaker.say(_("This finished a rotation that had been cut off; a new epoch wasn't begun."))
    speaker.document({"epoch": done.epoch, "rewrapped": done.rewrapped, "resumed": done.resumed})


@command.command(
    help=_(
        "Try out that a sample of the living can be read and a sample of the erased can't. Every rotation "
        "does. Exit code 1 when it fails."
    ),
    epilog=examples("seqlense keys drill", "seqlense keys drill --json"),
)
@speaks
def drill(speaker: Speaker) -> None:
    """Leaves a row with its counts and a proof row."""
    installation.enter()
    from seqlense.privacy import drills

    done = drills.run(now=clock.now())
    for text, tried, wrong in (
        (_("{n} rows of living people opened, {wrong} that don't open."), done.living, done.unreadable),
        (_("{n} wrapped keys opened, {wrong} that are broken."), done.keys, done.broken),
        (_("{n} erased people looked up, {wrong} that can be read."), done.erased, done.readable),
    ):
        speaker.say(text.format(n=tried, wrong=wrong))
    speaker.say(
        _("The drill passed.") if done.passed else _("The drill failed: see docs/operator.md, Rotation.")
    )
    speaker.document({"at": done.at, "epoch": done.epoch, "passed": done.passed, **done.counts()})
    if not done.passed:
        raise click.exceptions.Exit(FOUND)
