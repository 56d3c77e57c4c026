"""Bring a venue to its configuration through the timelock. Shows what differs; sends nothing without --yes."""

from datetime import UTC, datetime
from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand, account_option
from rich.table import Table

from crossmargin.chain.ape_signer import ApeSigner
from crossmargin.deployment import Chain, Deployer, VenueContext, plan
from crossmargin.deployment.command import (
    Watcher,
    connect,
    existing_venue,
    find_config,
    options,
    readable,
    show,
    stated_errors,
    write_calls,
)
from crossmargin.deployment.configure import Operation, Status, execute, missing_contracts, operations, schedule
from crossmargin.errors import DeploymentError


@click.command(cls=ConnectedProviderCommand, help=__doc__)
@options
@account_option(prompt=False)
@click.option("--dry-run/--yes", "dry_run", default=True, help="Only show (default), or schedule and execute.")
@click.option("--export", type=click.Path(path_type=Path), help="Write the next calls to a file, for a multisig.")
def cli(
    *, account, config_path: Path | None, deployments: Path, dry_run: bool, export: Path | None, **roles: str | None
) -> None:
    """List differences as old and new; schedule the new ones, execute those whose time has come."""
    with stated_errors():
        chain = connect(Watcher() if dry_run else ApeSigner(account))
        config = find_config(chain.chain_id, config_path, **roles)
        venue = existing_venue(chain, config, deployments)
        if export is not None or not dry_run:
            # what relative expiries mean must not change while their listing waits
            venue.record.save(deployments / f"{chain.chain_id}.json")
        steps = plan(config)
        if not dry_run:
            _deploy_missing(venue, chain, deployments)
        if missing := missing_contracts(venue, steps):
            show(f"to be deployed first (by --yes): {', '.join(step.name for step in missing)}")
            steps = [step for step in steps if step not in missing]
        found = operations(venue, steps)
        show(_table(found) if found else f"[green]{config.network}: nothing differs[/]")
        if export is not None:
            write_calls(export, [call for each in found if (call := each.call(venue)) is not None])
        if not dry_run:
            _send(venue, found)


def _deploy_missing(venue: VenueContext, chain: Chain, deployments: Path) -> None:
    missing = missing_contracts(venue, plan(venue.config))
    if missing:
        venue.record.complete = False
        Deployer(venue, missing, deployments / f"{chain.chain_id}.json").run()


def _send(venue: VenueContext, found: list[Operation]) -> None:
    if found and venue.chain.sender.address != venue.config.governor:
        raise DeploymentError(f"{venue.chain.sender.address} is not the governor {venue.config.governor}")
    for each in found:
        if each.status is Status.READY:
            execute(venue, each)
            show(f"executed  {each.name}")
        elif each.status is Status.NEW:
            schedule(venue, each)
            show(f"scheduled {each.name}: run again in {venue.config.governance.delay:,} s")


def _table(found: list[Operation]) -> Table:
    table = Table(title="Changes")
    for heading in ("setting", "old", "new", "timelock"):
        table.add_column(heading, overflow="fold")
    for each in found:
        when = f" until {datetime.fromtimestamp(each.ready_at, UTC):%Y-%m-%d %H:%M:%S} UTC"
        status = each.status.value + (when if each.status is Status.WAITING else "")
        for path, old, new in each.change.differences():
            table.add_row(path, readable(old), readable(new), status)
            status = ""
    return table
