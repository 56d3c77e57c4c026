"""Compare a venue on its chain with configuration and code; exit with status 1 on any difference."""

import sys
from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand

from crossmargin.deployment import plan
from crossmargin.deployment.command import (
    Watcher,
    connect,
    difference_table,
    existing_venue,
    options,
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
    rows = [(each.what, each.actual, each.expected) for each in differences]
    title = f"{config.network}: {len(differences)} differences"
    show(difference_table(title, ("what", "on the chain", "expected"), rows))
    sys.exit(1)
