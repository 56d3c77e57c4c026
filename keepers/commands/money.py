"""Commands about what the keeper has: init, deposit, deploy-executor, positions."""

import asyncio
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from keepers.addresses import address_of
from keepers.commands.options import CONFIG, JSON, example, explained, show
from keepers.deploy import deploy
from keepers.deposit import deposit
from keepers.holdings import describe, read_holdings, render_holdings
from keepers.settings import load_settings
from keepers.setup import init
from keepers.units import Address

__all__ = ["deploy_executor_command", "deposit_command", "init_command", "positions_command"]


def _address(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Read an address."""
    try:
        return address_of(value) if value else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command(
    "init", epilog=example("keeper init", "keeper init --rpc-url https://node.example --deployment deployments/1.json")
)
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Where to write.")
@click.option("--rpc-url", default="http://127.0.0.1:8545", show_default=True, help="A node's HTTP address.")
@click.option(
    "--deployment",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("deployments/31337.json"),
    show_default=True,
    help="The file that the deployment left.",
)
def init_command(folder: Path, rpc_url: str, deployment: Path) -> None:
    """Make a key, encrypted, and a configuration that uses it.

    Nothing is overwritten. Only you can read the files; keep them.
    """
    with explained():
        address = init(folder, rpc_url, deployment)
    click.echo(f"{address} is the signer: send it gas money before it runs live, and quote money to bid with")


@click.command("deposit", epilog=example("keeper deposit 10000"))
@CONFIG
@click.argument("amount")
def deposit_command(path: Path, amount: str) -> None:
    """Deposit AMOUNT of the signer's quote tokens into the bidder's account.

    Approves and deposits just that amount, and waits for both. Not beside a running keeper.
    """
    try:
        wanted = Decimal(amount)
    except InvalidOperation as error:
        raise click.BadParameter(f"not a number: {amount}") from error
    with explained():
        for hashed in asyncio.run(deposit(load_settings(path), wanted)):
            click.echo(hashed)


@click.command(
    "deploy-executor", epilog=example("keeper deploy-executor 0x1F98431c8aD98523631AE4a59f267346ea31F984 --owner 0x...")
)
@CONFIG
@click.argument("factory", callback=_address)
@click.option("--owner", callback=_address, help="Who may take the profit out; default the signer.")
@click.option(
    "--artifact",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("build/forge/KeeperExecutor.sol/KeeperExecutor.json"),
    show_default=True,
    help="The compiled contract, which `make build` writes.",
)
def deploy_executor_command(path: Path, factory: str, owner: str | None, artifact: Path) -> None:
    """Deploy the contract that liquidates without capital, with Uniswap v3's FACTORY.

    Only the signer can work it, only the owner takes money out. A second time finds the first. Not beside a running
    keeper.
    """
    with explained():
        made = asyncio.run(deploy(load_settings(path), artifact, Address(factory), Address(owner) if owner else None))
    click.echo(made.transaction or "it was there")
    click.echo(f'in {path}, under [executor]: contract = "{made.address}"')


@click.command("positions", epilog=example("keeper positions", "keeper positions --json | jq .positions"))
@CONFIG
@JSON
def positions_command(path: Path, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Show what the bidder's account holds, as the chain has it."""
    with explained():
        settings = load_settings(path)
        found = asyncio.run(read_holdings(settings))
    show(describe(found, settings.strategy), lambda: list(render_holdings(found, settings.strategy)), as_json=as_json)
