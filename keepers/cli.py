"""The command line: reads flags, prints answers, sets exit codes. Keys and passphrases are never flags."""

import asyncio
import sys
from pathlib import Path

import click
import structlog

from keepers import __version__
from keepers.commands.care import backfill_command, doctor_command, pause_command, replay_command
from keepers.commands.money import close_command, deploy_command, deposit_command, init_command, positions_command
from keepers.commands.options import CONFIG, JSON, example, explained, show
from keepers.errors import KeeperError
from keepers.example import example_config
from keepers.log import configure_logging
from keepers.report import build_report, render_report
from keepers.runner import run
from keepers.settings import load_settings
from keepers.store import BlockStore, Journal, open_stores

try:
    import uvloop
except ImportError:  # not on every system
    uvloop = None

__all__ = ["main"]


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=example("keeper init", "keeper doctor", "keeper run", "keeper run --live"),
)
@click.version_option(__version__, prog_name="keeper")
def main() -> None:
    """Watch a cross-margin venue; start, bid in and end its liquidation auctions."""


@main.command("run", epilog=example("keeper run", "keeper run --live", "KEEPER_DRY_RUN=false keeper run"))
@CONFIG
@click.option("--live/--dry-run", default=None, help="Send transactions, or only say what would be sent.")
def run_command(path: Path, live: bool | None) -> None:  # noqa: FBT001 - click passes options by name
    """Run the keeper until it is stopped.

    Sends nothing unless told so.
    """
    try:
        settings = load_settings(path, live=live)
        configure_logging(settings.service.log_level)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop if uvloop else None) as runner:
            runner.run(run(settings))
    except KeeperError as error:
        structlog.get_logger(__name__).critical("halted", kind=type(error).__name__, error=str(error))
        sys.exit(1)


@main.command("status", epilog=example("keeper status", "keeper status --json | jq .take"))
@CONFIG
@JSON
def status_command(path: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Show what the keeper did and earned, from its database.

    Works beside a running keeper, and asks no node.
    """
    with explained():
        settings = load_settings(path)
        with open_stores(settings.service.database, read_only=True) as stores:
            blocks = BlockStore(stores.chain, settings.chain.reorg_depth)
            report = build_report(blocks, Journal(stores.journal))
    show(report, lambda: list(render_report(report)), as_json=as_json)


@main.command("example-config", epilog=example("keeper example-config > keeper.toml"))
def example_command() -> None:
    """Print a commented configuration with every setting."""
    click.echo(example_config(), nl=False)


for _command in (
    init_command,
    doctor_command,
    deposit_command,
    deploy_command,
    positions_command,
    close_command,
    pause_command,
    backfill_command,
    replay_command,
):
    main.add_command(_command)
