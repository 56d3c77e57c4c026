"""The command line: reads flags, prints answers, sets exit codes. Keys and passphrases are never flags."""

import asyncio
import sys
from pathlib import Path

import click
import orjson
import structlog
from rich.console import Console

from keepers.errors import KeeperError
from keepers.example import example_config
from keepers.log import configure_logging
from keepers.report import build_report, render_report
from keepers.runner import check, run
from keepers.settings import load_settings
from keepers.store import BlockStore, Journal, open_stores

try:
    import uvloop
except ImportError:  # not on every system
    uvloop = None

__all__ = ["main"]

_CONFIG = click.option(
    "--config",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("keeper.toml"),
    show_default=True,
    help="Configuration file.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Watch a cross-margin venue; start, bid in and end its liquidation auctions."""


@main.command("run")
@_CONFIG
@click.option("--live/--dry-run", default=None, help="Send transactions, or only say what would be sent.")
def run_command(path: Path, live: bool | None) -> None:  # noqa: FBT001 - click passes options by name
    """Run the keeper until it is stopped. Sends nothing unless told so."""
    try:
        settings = load_settings(path, live=live)
        configure_logging(settings.service.log_level)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop if uvloop else None) as runner:
            runner.run(run(settings))
    except KeeperError as error:
        structlog.get_logger(__name__).critical("halted", kind=type(error).__name__, error=str(error))
        sys.exit(1)


@main.command("status")
@_CONFIG
@click.option("--json", "as_json", is_flag=True, help="Print JSON, amounts as decimal text in USD.")
def status_command(path: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Show what the keeper did and earned, from its database; works beside a running keeper."""
    with _explained():
        settings = load_settings(path)
        with open_stores(settings.service.database, read_only=True) as stores:
            blocks = BlockStore(stores.chain, settings.chain.reorg_depth)
            report = build_report(blocks, Journal(stores.journal))
    if as_json:
        click.echo(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())
    else:
        Console().print(*render_report(report), sep="\n")


@main.command("check-config")
@_CONFIG
@click.option("--offline", is_flag=True, help="Only read the file.")
def check_command(path: Path, offline: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Check the configuration, and unless offline the keystore, deployment, node and permissions too."""
    with _explained():
        settings = load_settings(path)
        click.echo(f"{path} is valid; {'dry run' if settings.dry_run else 'LIVE'}")
        if not offline:
            for key, value in asyncio.run(check(settings)).items():
                click.echo(f"{key}: {value}")


@main.command("example-config")
def example_command() -> None:
    """Print a commented configuration with every setting."""
    click.echo(example_config(), nl=False)


class _explained:  # noqa: N801 - read as a phrase
    """Turn the keeper's errors into a message and an exit code."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Explain an error of the keeper's own."""
        if isinstance(error, KeeperError):
            raise click.ClickException(str(error)) from error
