"""The command line: each command is imported when it is called, so that a start waits for nothing it does not use."""

from importlib import import_module
from typing import Final

import click

from keepers import __version__
from keepers.commands.options import example

__all__ = ["main"]

_COMMANDS: Final = {
    "run": "run",
    "status": "report",
    "example-config": "report",
    "init": "money",
    "deposit": "money",
    "deploy-executor": "money",
    "positions": "money",
    "close": "close",
    "doctor": "care",
    "pause": "care",
    "backfill": "care",
    "replay": "care",
    "rehearse": "rehearse",
    "contest": "rehearse",
}
"""Names of commands, and the module of each, which has it as `NAME_command`."""


class _Commands(click.Group):
    """Finds commands by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all of them."""
        del ctx
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        del ctx
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        found = getattr(import_module(f"keepers.commands.{place}"), f"{cmd_name.replace('-', '_')}_command")
        return found if isinstance(found, click.Command) else None


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=example("keeper init", "keeper doctor", "keeper run", "keeper run --live"),
)
@click.version_option(__version__, prog_name="keeper")
def main() -> None:
    """Watch a cross-margin venue; start, bid in and end its liquidation auctions."""
