"""Deploy a venue, or go on with a deployment that was broken off."""

from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand, account_option

from crossmargin.chain.ape_signer import ApeSigner
from crossmargin.deployment import Deployer, VenueContext, open_record, plan
from crossmargin.deployment.command import connect, find_config, options, progress, show, stated_errors


@click.command(cls=ConnectedProviderCommand, help=__doc__)
@options
@account_option()
def cli(account, config_path: Path | None, deployments: Path, **roles: str | None) -> None:
    """Run every step that is not yet taken; afterwards the deployer holds no role."""
    with stated_errors():
        chain = connect(ApeSigner(account))
        config = find_config(chain.chain_id, config_path, **roles)
        path = deployments / f"{chain.chain_id}.json"
        show(f"{config.network} (chain {config.chain_id}), deployer {chain.sender.address}, record {path}")
        guardians = ", ".join(config.guardians)
        show(f"governor {config.governor}, guardians {guardians}, timelock {config.governance.delay:,} s")

        record = open_record(chain, config, path)
        with progress() as report:
            Deployer(VenueContext(chain, config, record), plan(config), path).run(report)

    gas = sum(each.gas_used for each in record.transactions)
    show(f"[green]complete:[/] {len(record.transactions)} transactions, {gas:,} gas; check it with `ape run verify`")
