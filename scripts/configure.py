"""Bring a venue to its configuration through the timelock. Shows what differs; sends nothing without --yes."""

import sys
from pathlib import Path
from typing import Any

import click
from ape.cli import ConnectedProviderCommand
from rich.table import Table

from crossmargin.chain.ape_signer import ApeSigner
from crossmargin.chain.record import locked
from crossmargin.chain.times import time_text
from crossmargin.deployment import Context, Deployer, plan
from crossmargin.deployment.command import (
    Watcher,
    connect,
    held_against,
    opened,
    options,
    other_option,
    problems,
    progress,
    readable,
    sender_option,
    show,
    stated_errors,
)
from crossmargin.deployment.configure import (
    Operation,
    Status,
    blocked,
    carry_out,
    missing_contracts,
    operations,
    refused,
    warnings,
)
from crossmargin.deployment.export import export_calls
from crossmargin.deployment.track import follow, governor_of
from crossmargin.errors import DeploymentError


@click.command(cls=ConnectedProviderCommand, help=__doc__)
@options
@other_option
@sender_option(prompt=False)
@click.option("--dry-run/--yes", "dry_run", default=True, help="Only show (default), or schedule and execute.")
@click.option("--deploy-missing", is_flag=True, help="Deploy the contracts that new entries need; any account may.")
@click.option(
    "--export",
    type=click.Path(file_okay=False, path_type=Path),
    help="Send nothing; write the next calls into this folder, for the Safe that governs: batch.json for its "
    "Transaction Builder, signing.json with the hashes of each transaction.",
)
@click.option(
    "--safe-nonce",
    type=click.IntRange(0),
    help="With --export: the first nonce, where transactions of the Safe wait already; by default its next.",
)
def cli(
    *,
    account,
    config_path: Path | None,
    deployments: Path,
    other_config: Path | None,
    dry_run: bool,
    deploy_missing: bool,
    export: Path | None,
    safe_nonce: int | None,
    **roles: str | None,
) -> None:
    """List differences as old and new; schedule the new ones, execute those whose time has come."""
    if export is not None and not dry_run:
        raise click.UsageError("--export is for a Safe to send, --yes sends at once: give one of them")
    if safe_nonce is not None and export is None:
        raise click.UsageError("--safe-nonce is of exported transactions: give --export, too")
    with stated_errors():
        sends = deploy_missing or not dry_run
        chain = connect(ApeSigner(account) if sends else Watcher())
        path = deployments / f"{chain.chain_id}.json"
        with locked(path):
            venue = opened(chain, config_path, deployments, **roles)
            if unfit := held_against(venue.config, other_config, deployments):
                problems(unfit, "the two ends do not fit; nothing was sent")
                sys.exit(1)
            follow(venue)
            if deploy_missing:
                _deploy_missing(venue, path)
            found = _preview(venue)
            left = True
            if export is not None:
                show(export_calls(venue, found, export, safe_nonce))
            if not dry_run:
                left = _send(venue, found, path)
            if sends or export is not None:
                # what relative expiries mean must not change while their listing waits
                venue.record.save(path)
            if deploy_missing and dry_run and export is None:
                show("contracts only: nothing was scheduled or executed; that is --yes, or --export, by the governor")
    if not left:
        sys.exit(1)


def _deploy_missing(venue: Context[Any], path: Path) -> None:
    missing = missing_contracts(venue, plan(venue.config))
    if not missing:
        show("no contract is missing")
        return
    with progress("deployed") as report:
        Deployer(venue, missing, path).add(report)
    show(f"deployed {', '.join(step.name for step in missing)}")


def _preview(venue: Context[Any]) -> list[Operation]:
    """Show every difference, what cannot be done yet, and what would be refused."""
    steps = plan(venue.config)
    found = operations(venue, steps)
    waiting = blocked(venue, steps)
    if not found and not waiting:
        show(f"[green]{venue.config.network}: nothing differs[/]")
        return found
    if found:
        show(_table(found))
    if missing := missing_contracts(venue, steps):
        show(f"not deployed: {', '.join(step.name for step in missing)}")
    for title, each in (
        ("not yet possible", waiting),
        ("would be refused now", refused(venue, found)),
        ("to be seen to before it is executed", warnings(venue, found)),
    ):
        if each:
            problems(each, title)
    return found


def _send(venue: Context[Any], found: list[Operation], path: Path) -> bool:
    """Send what can be sent; tell whether all of it went through."""
    governor = governor_of(venue)
    if found and venue.chain.sender.address != governor:
        raise DeploymentError(f"{venue.chain.sender.address} is not the governor {governor}")

    def note(each: Operation) -> None:
        venue.record.save(path)
        ready = each.status is Status.READY
        wait = f": run again in {venue.config.governance.delay:,} s"
        show(f"executed  {each.name}" if ready else f"scheduled {each.name}{wait}")

    outcome = carry_out(venue, found, note)
    if outcome.refused:
        problems(outcome.refused, "refused")
    left = operations(venue, plan(venue.config))
    remaining = [f"{each.name} ({_standing(each)})" for each in left]
    show(f"remaining: {', '.join(remaining)}" if remaining else "nothing remains")
    return not outcome.refused


def _standing(each: Operation) -> str:
    return each.status.value + (f" until {time_text(each.ready_at)}" if each.status is Status.WAITING else "")


def _table(found: list[Operation]) -> Table:
    table = Table(title="Changes")
    for heading in ("setting", "old", "new", "timelock"):
        table.add_column(heading, overflow="fold")
    for each in found:
        status = _standing(each)
        for path, old, new in each.change.differences():
            table.add_row(path, readable(old), readable(new), status)
            status = ""
    return table
