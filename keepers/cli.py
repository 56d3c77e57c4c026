"""The command line: each command is imported when it is called, so that a start waits for nothing it does not use."""

from importlib import import_module
from typing import Final

import click

from keepers import __version__
from keepers.commands.options import example
from keepers.loading import unsearched

__all__ = ["main"]

_COMMANDS: Final = {
    "backfill": ("care", "Read the venue's events up to the head, and end."),
    "close": ("close", "Close the bidder's positions against orders that others have signed."),
    "contest": (
        "rehearse",
        "Play a crash with four keepers on a local copy of the chain: who captures how much of what auctions give.",
    ),
    "deploy-executor": ("money", "Deploy the contract that liquidates without capital, with Uniswap v3's FACTORY."),
    "deposit": ("money", "Deposit AMOUNT of the signer's quote tokens into the bidder's account."),
    "doctor": ("care", "Look at nodes, venue, signer, bidder and machine; say what to do."),
    "example-config": ("report", "Print a commented configuration with every setting."),
    "init": ("money", "Make a key, encrypted, and a configuration that uses it."),
    "pause": ("care", "Stop a keeper from sending anything new, at once and across restarts."),
    "positions": ("money", "Show what the bidder's account holds, as the chain has it."),
    "rehearse": ("rehearse", "Move prices on a local copy of the chain, and let the keeper liquidate there."),
    "replay": ("care", "Go through past auctions: what they gave, what was captured, and why not the rest."),
    "run": ("run", "Run the keeper until it is stopped."),
    "status": ("report", "Show what the keeper did and earned, from its database."),
}
"""By name, the module that has a command as `NAME_command`, and the first sentence of its help."""


class _Commands(click.Group):
    """Finds commands by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all of them."""
        del ctx
        return list(_COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write all of them, importing none."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, what) for name, (_, what) in _COMMANDS.items()])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        place, _ = _COMMANDS[cmd_name]
        with unsearched():
            module = import_module(f"keepers.commands.{place}")
        found = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return found if isinstance(found, click.Command) else None


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=example("keeper init", "keeper doctor", "keeper run", "keeper run --live"),
)
@click.version_option(__version__, prog_name="keeper")
def main() -> None:
    """Watch a cross-margin venue; start, bid in and end its liquidation auctions."""
