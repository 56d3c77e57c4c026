"""Compare a venue on its chain with configuration and code; exit with status 1 on any difference."""

import sys
from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand
from rich.table import Table

from crossmargin.deployment import plan
from crossmargin.deployment.command import (
    Watcher,
    connect,
    existing_venue,
    options,
    readable,
    show,
    stated_errors,
)
from crossmargin.deployment.verify import verify


@click.command(cls=ConnectedProviderCommand, help=__doc__)
@options
def cli(config_path: Path | None, deployments: Path, **roles: str | None) -> None:
    """Check code hashes, wiring, every parameter, every role and who holds it."""
    with stated_errors():
        chain = connect(Watcher())
        venue = existing_venue(chain, config_path, deployments, **roles)
        config = venue.config
        differences = verify(venue, plan(config))

    if not differences:
        show(f"[green]{config.network}: code, parameters and roles are as configured[/]")
        return
    table = Table(title=f"{config.network}: {len(differences)} differences")
    for heading in ("what", "on the chain", "expected"):
        table.add_column(heading, overflow="fold")
    for each in differences:
        table.add_row(each.what, readable(each.actual), readable(each.expected))
    show(table)
    sys.exit(1)
