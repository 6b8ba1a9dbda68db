"""`seqlense worker`: the process that sends mail, sweeps, and renews keys."""

import click

from seqlense.project.cli import installation
from seqlense.project.cli.speaking import examples
from seqlense.project.cli.speech import gettext as _


@click.command(
    help=_("Work behind the pages until told to stop: mail, sweeps, keys. Start as many as you like."),
    epilog=examples("seqlense worker", "seqlense worker --concurrency 4 --queue mailing"),
)
@click.option(
    "--concurrency", type=click.IntRange(1, 64), default=2, show_default=True, help=_("Tasks at once.")
)
@click.option("--queue", "queues", multiple=True, help=_("Only these queues; may be repeated."))
def command(concurrency: int, queues: tuple[str, ...]) -> None:
    """Refuses to start while something runs undeclared. SIGTERM lets running tasks end."""
    installation.enter()
    from seqlense.project import serving, working

    serving.sound()
    working.work(concurrency=concurrency, queues=queues)
