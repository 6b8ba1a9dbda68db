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
    help=_("Epoch, age and number of keys. Exit code 1 when a rotation is due or was cut off."),
    epilog=examples("seqlense keys status", "seqlense keys status --json"),
)
@speaks
def status(speaker: Speaker) -> None:
    """Opens nothing but the keystore's own row."""
    installation.enter()
    from seqlense.privacy.keystore import rotation

    found = rotation.status(now=clock.now())
    for label, value in (
        (_("installation"), found.installation),
        (_("epoch"), found.epoch),
        (_("begun"), f"{found.begun_at:%Y-%m-%d %H:%M} UTC"),
        (_("next due"), f"{found.due_at:%Y-%m-%d %H:%M} UTC"),
        (_("data keys"), found.keys),
        (_("handles"), found.handles),
    ):
        speaker.say(f"{label}: {value}")
    if found.retiring is not None:
        speaker.say(_("A rotation was cut off: run seqlense keys rotate to finish it."))
    elif found.due:
        speaker.say(_("A rotation is due: run seqlense keys rotate, and see that the worker runs."))
    speaker.document(
        {
            "installation": found.installation,
            "epoch": found.epoch,
            "begun_at": found.begun_at,
            "due_at": found.due_at,
            "due": found.due,
            "retiring": found.retiring,
            "keys": found.keys,
            "handles": found.handles,
        }
    )
    if found.due:
        raise click.exceptions.Exit(FOUND)


@command.command(
    help=_("Begin a new epoch: wrap every living key anew and destroy the old epoch key. Safe to interrupt."),
    epilog=examples("seqlense keys rotate"),
)
@speaks
def rotate(speaker: Speaker) -> None:
    """People go on working meanwhile."""
    installation.enter()
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
