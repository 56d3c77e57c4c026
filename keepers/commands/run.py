"""The command that runs the keeper. Keys and passphrases are never flags."""

import asyncio
import sys
from pathlib import Path

import click
import structlog

from keepers.commands.options import example
from keepers.errors import KeeperError
from keepers.log import configure_logging
from keepers.settings import load_settings
from keepers.venues import run_all

try:
    import uvloop
except ImportError:  # not on every system
    uvloop = None

__all__ = ["run_command"]


@click.command(
    "run",
    epilog=example(
        "keeper run",
        "keeper run --live",
        "KEEPER_DRY_RUN=false keeper run",
        "keeper run --config a.toml --config b.toml",
    ),
)
@click.option(
    "--config",
    "paths",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    default=(Path("keeper.toml"),),
    show_default="keeper.toml",
    help="Configuration file; one for each venue.",
)
@click.option("--live/--dry-run", default=None, help="Send transactions, or only say what would be sent.")
def run_command(paths: tuple[Path, ...], live: bool | None) -> None:  # noqa: FBT001 - click passes options by name
    """Run the keeper until it is stopped.

    Sends nothing unless told so.
    """
    try:
        venues = {str(path): load_settings(path, live=live) for path in paths}
        configure_logging(next(iter(venues.values())).service.log_level)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop if uvloop else None) as runner:
            runner.run(run_all(venues))
    except KeeperError as error:
        structlog.get_logger(__name__).critical("halted", kind=type(error).__name__, error=str(error))
        sys.exit(1)
