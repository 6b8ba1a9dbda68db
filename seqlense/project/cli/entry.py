"""From the shell to a command and back to an exit code."""

import importlib
import pkgutil
import sys
from collections.abc import Sequence
from typing import Any, Final

import click

from seqlense.project.cli import commands
from seqlense.project.cli.failing import Failed, explain
from seqlense.project.cli.speaking import Speaker
from seqlense.project.cli.speech import gettext as _

FINE, FOUND, USAGE, AWAY = 0, 1, 2, 3
INTERRUPTED: Final = 130


class Command(click.Group):
    """The command with its commands, each a module. Every failure becomes one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        found = importlib.import_module(f"{commands.__name__}.{cmd_name}").command
        return found if isinstance(found, click.Command) else None

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        given = sys.argv[1:] if args is None else list(args)
        try:
            code = super().main(given, prog_name or "seqlense", complete_var, standalone_mode=False, **extra)
        except click.ClickException as wrong:
            wrong.show()
            code = wrong.exit_code
        except click.Abort:
            click.echo(_("Interrupted: what was done before stays done."), err=True)
            code = INTERRUPTED
        except Exception as error:  # noqa: BLE001 (the edge: a traceback could show what somebody's data are)
            code = _fail(explain(error), as_json="--json" in given)
        sys.exit(code if isinstance(code, int) else FINE)


def _fail(failed: Failed, *, as_json: bool) -> int:
    if as_json:
        Speaker(as_json=True).document({"error": {"code": failed.code, "message": failed.message}})
    else:
        click.echo(f"seqlense: {failed.message}", err=True)
    return failed.exit_code


@click.command(
    cls=Command,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=_(
        "Look after an installation of Seqlense: its register, retention, people's rights, keys and health."
    ),
    epilog=_("Exit codes: 0 all is well, 1 something was found, 2 wrong usage, 3 out of reach."),
)
@click.version_option(package_name="seqlense", prog_name="seqlense", message="%(prog)s %(version)s")
def main() -> None:
    """The whole command."""
