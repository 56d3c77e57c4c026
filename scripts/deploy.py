"""Deploy a venue or a spoke, or go on where it was broken off. Everything is checked before the first transaction."""

import sys
from pathlib import Path
from typing import Any

import click
from ape.cli import ConnectedProviderCommand

from crossmargin.chain.ape_signer import ApeSigner
from crossmargin.chain.record import locked
from crossmargin.deployment import Chain, Context, Deployer, open_record, plan
from crossmargin.deployment.command import (
    Watcher,
    connect,
    find_config,
    held_against,
    options,
    other_option,
    problems,
    progress,
    sender_option,
    show,
    stated_errors,
)
from crossmargin.deployment.peers import AnyConfig, with_peers
from crossmargin.deployment.problem import Problem
from crossmargin.deployment.rehearsal import check


@click.command(cls=ConnectedProviderCommand, help=__doc__)
@options
@other_option
@sender_option()
@click.option("--check", "only_check", is_flag=True, help="Only check; send nothing. No passphrase is asked for.")
def cli(
    account,
    config_path: Path | None,
    deployments: Path,
    other_config: Path | None,
    *,
    only_check: bool,
    **roles: str | None,
) -> None:
    """Run every step that is not yet taken; afterwards the deployer holds no role."""
    with stated_errors():
        chain = connect(Watcher(str(account.address)) if only_check else ApeSigner(account))
        config = with_peers(find_config(chain.chain_id, config_path, **roles), deployments)
        path = deployments / f"{chain.chain_id}.json"
        show(f"{config.network} (chain {config.chain_id}), deployer {chain.sender.address}, record {path}")
        with locked(path):
            found = held_against(config, other_config, deployments)
            _deploy(chain, config, path, found, only_check=only_check)


def _deploy(chain: Chain, config: AnyConfig, path: Path, found: list[Problem], *, only_check: bool) -> None:
    record = open_record(chain, config, path)
    if found:
        problems(found, "the two ends do not fit; nothing was sent")
        sys.exit(1)
    if not record.complete:
        with progress("checked") as report:
            checked = check(chain, config, record, report)
        show(checked.summary())
        if checked.problems:
            problems(checked.problems, f"{len(checked.problems)} to be put right; nothing was sent")
            sys.exit(1)
        guardians = ", ".join(config.guardians)
        show(f"governor {config.governor}, guardians {guardians}, timelock {config.governance.delay:,} s")
    if only_check:
        show("[green]complete already[/]" if record.complete else "[green]ready:[/] nothing was sent")
        return
    with progress("deployed") as report:
        Deployer(Context[Any](chain, config, record), plan(config), path).run(report)
    gas = sum(each.gas_used for each in record.transactions)
    show(f"[green]complete:[/] {len(record.transactions)} transactions, {gas:,} gas; check it with `ape run verify`")
