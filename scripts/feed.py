"""Keep a venue fresh: post what a desk wants, refresh feeds and risk arrays. Shows ages only, unless told to send."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand
from requests import RequestException
from rich.table import Table
from web3.exceptions import Web3Exception

from crossmargin.chain.ape_signer import ApeSigner
from crossmargin.deployment import VenueContext
from crossmargin.deployment.command import (
    Watcher,
    connect,
    existing_venue,
    first_line,
    options,
    problems,
    sender_option,
    show,
    stated_errors,
)
from crossmargin.errors import CrossMarginError, FeederError
from crossmargin.feeder.ages import Age, ages
from crossmargin.feeder.feeder import Feeder
from crossmargin.feeder.readings import read_venue
from crossmargin.feeder.wanted import Wanted

_MOST_FAILURES = 20
"""Turns in a row that may fail: a node that is away for longer is for the service manager to see."""


@click.command(cls=ConnectedProviderCommand, help=__doc__)
@options
@sender_option(prompt=False)
@click.option(
    "--dry-run/--yes", "dry_run", default=True, help="Only show ages (default; exit with 1 if stale), or feed."
)
@click.option(
    "--wanted", type=click.Path(dir_okay=False, path_type=Path), help="File of prices and volatility to post."
)
@click.option(
    "--oldest", type=click.IntRange(1), default=120, show_default=True, help="An older file is not posted [s]."
)
@click.option("--every", type=click.IntRange(1), default=15, show_default=True, help="Seconds between two turns.")
@click.option("--once", is_flag=True, help="One turn only; exit with 1 if anything is refused.")
def cli(
    *,
    account,
    config_path: Path | None,
    deployments: Path,
    dry_run: bool,
    wanted: Path | None,
    oldest: int,
    every: int,
    once: bool,
    **roles: str | None,
) -> None:
    """Turn by turn, until ended; what is refused is said and tried again."""
    with stated_errors():
        venue = existing_venue(connect(Watcher() if dry_run else ApeSigner(account)), config_path, deployments, **roles)
        if dry_run:
            found = list(ages(venue.config, read_venue(venue)))
            show(_table(found))
            sys.exit(any(each.stale for each in found))

        def desk() -> Wanted:
            return Wanted.nothing() if wanted is None else Wanted.load(wanted, venue.config, time.time(), oldest)

        feeder = Feeder(venue, desk)
        if once:
            refused = feeder.turn(show)
            if refused:
                problems(refused, "refused")
            sys.exit(bool(refused))
        _for_ever(venue, feeder, every)


def _for_ever(venue: VenueContext, feeder: Feeder, every: int) -> None:
    failures = 0
    while True:
        try:
            if refused := feeder.turn(lambda line: show(f"block {venue.chain.web3.eth.block_number}: {line}")):
                problems(refused, "refused")
            failures = 0
        except (CrossMarginError, Web3Exception, RequestException) as error:
            failures += 1
            show(f"[red]turn failed, {failures} in a row:[/] {first_line(error)}")
            if failures >= _MOST_FAILURES:
                raise FeederError(f"{failures} turns in a row failed, the last by: {first_line(error)}") from error
        time.sleep(every)


def _table(found: Sequence[Age]) -> Table:
    table = Table(title="Ages")
    for heading in ("what", "age [s]", "stale after [s]", ""):
        table.add_column(heading, justify="right" if "[" in heading else "left")
    for each in found:
        table.add_row(each.what, f"{each.age:,}", f"{each.limit:,}", each.fault or ("stale" if each.stale else ""))
    return table
