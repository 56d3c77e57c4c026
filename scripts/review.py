"""Show what a file to be signed would change, on a copy of the chain; for each signer of the Safe, before signing."""

import sys
from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand

from crossmargin.deployment import plan
from crossmargin.deployment.command import (
    Watcher,
    connect,
    difference_table,
    opened,
    options,
    problems,
    show,
    stated_errors,
)
from crossmargin.deployment.review import read_file, review
from crossmargin.deployment.track import governor_of, meaning


@click.command(cls=ConnectedProviderCommand, help=__doc__)
@options
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def cli(config_path: Path | None, deployments: Path, file: Path, **roles: str | None) -> None:
    """Compute the hashes anew, play the calls, list every setting that is then another; exit with 1 on a refusal."""
    with stated_errors():
        chain = connect(Watcher())
        venue = opened(chain, config_path, deployments, **roles)
        safe = governor_of(venue)
        entries = read_file(file, chain.chain_id, safe)
        show(f"{len(entries)} transactions of {safe}; compare the hashes with the wallet's:")
        for each in entries:
            show(f"- nonce {each.nonce}: {meaning(venue, each.to, each.data)}")
            show(f"  domain {each.domain_hash} message {each.message_hash} safeTx {each.hash}")
        found = review(venue, plan(venue.config), safe, entries)
    table = difference_table("After them and their delays", ("setting", "now", "then"), found.changes)
    show(table if found.changes else "no setting changes")
    if found.refused:
        problems(found.refused, "would be refused")
        sys.exit(1)
