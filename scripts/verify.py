"""Compare a venue or a spoke on its chain with configuration and code; exit with status 1 on any difference."""

import sys
from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand

from crossmargin.deployment import plan
from crossmargin.deployment.channels import between, sorted_ends
from crossmargin.deployment.command import (
    Watcher,
    connect,
    difference_table,
    opened,
    options,
    reached,
    show,
    stated_errors,
)
from crossmargin.deployment.verify import verify


@click.command(cls=ConnectedProviderCommand, help=__doc__)
@options
@click.option("--other", help="Node of the chain at the other end: what the two say of each other is compared, too.")
@click.option("--other-config", type=click.Path(path_type=Path), help="Its configuration. Default: by the chain's id.")
def cli(
    config_path: Path | None, deployments: Path, other: str | None, other_config: Path | None, **roles: str | None
) -> None:
    """Check code hashes, wiring, every parameter, every role and who holds it."""
    with stated_errors():
        chain = connect(Watcher())
        venue = opened(chain, config_path, deployments, **roles)
        config = venue.config
        differences = verify(venue, plan(config))
        if other is not None:
            there = opened(reached(other, chain.artifacts), other_config, deployments)
            differences += between(*sorted_ends(venue, there))

    if not differences:
        show(f"[green]{config.network}: code, parameters and roles are as configured[/]")
        if other is not None:
            show("[green]both ends of the channel agree[/]")
        return
    rows = [(each.what, each.actual, each.expected) for each in differences]
    title = f"{config.network}: {len(differences)} differences"
    show(difference_table(title, ("what", "on the chain", "expected"), rows))
    sys.exit(1)
