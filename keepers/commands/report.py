"""Commands that show something and ask no node: status, example-config."""

from pathlib import Path

import click

from keepers.commands.options import CONFIG, JSON, example, explained, show
from keepers.example import example_config
from keepers.report import build_report, render_report
from keepers.settings import load_settings
from keepers.store import BlockStore, Journal, open_stores

__all__ = ["example_config_command", "status_command"]


@click.command("status", epilog=example("keeper status", "keeper status --json | jq .take"))
@CONFIG
@JSON
def status_command(path: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Show what the keeper did and earned, from its database.

    Works beside a running keeper, and asks no node.
    """
    with explained():
        settings = load_settings(path)
        with open_stores(settings.service.database, settings.fleet.journal, read_only=True) as stores:
            blocks = BlockStore(stores.chain, settings.chain.reorg_depth)
            report = build_report(blocks, Journal(stores.journal))
    show(report, lambda: list(render_report(report)), as_json=as_json)


@click.command("example-config", epilog=example("keeper example-config > keeper.toml"))
def example_config_command() -> None:
    """Print a commented configuration with every setting."""
    click.echo(example_config(), nl=False)
