"""The command `crossmargin`: what a venue says of accounts and markets, for people. It reads, and sends nothing."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click
from requests.exceptions import RequestException
from rich.console import Console
from rich.text import Text
from web3.exceptions import Web3Exception

from crossmargin.chain.accounts import parse_account
from crossmargin.chain.signers import Onlooker
from crossmargin.client import tables
from crossmargin.client.venue import Venue
from crossmargin.client.wishes import change_of, shocks_of
from crossmargin.console import standard_output
from crossmargin.errors import CrossMarginError
from crossmargin.model.units import AccountId

__all__ = ["main"]

_SETTINGS: Final = {"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "CROSSMARGIN"}


class _Account(click.ParamType):
    """An address, or an address and /n for the owner's other accounts."""

    name = "account"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> AccountId:  # noqa: ANN401
        """Read it."""
        try:
            return parse_account(str(value))
        except CrossMarginError as error:
            self.fail(str(error), param, ctx)


def _reads(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command a venue and a console, from the options that every command takes; end errors with one line."""

    @click.option("--rpc", default="http://127.0.0.1:8545", show_default=True, envvar="CROSSMARGIN_RPC", help="A node.")
    @click.option(
        "--deployment",
        type=click.Path(dir_okay=False, path_type=Path),
        required=True,
        envvar="CROSSMARGIN_DEPLOYMENT",
        help="The file that the deployment wrote.",
    )
    @wraps(command)
    def run(*, rpc: str, deployment: Path, **options: object) -> None:
        console = standard_output()
        with _stated(rpc):
            command(Venue.connect(rpc, deployment, Onlooker()), console, **options)

    return run


@contextmanager
def _stated(rpc: str) -> Iterator[None]:
    """End with one line and status 1 on what is no fault of this program."""
    try:
        yield
    except CrossMarginError as error:
        line = str(error)
    except RequestException as error:
        line = f"no node answers at {rpc} ({type(error).__name__})"
    except Web3Exception as error:
        line = f"the node at {rpc} says: {error}"
    else:
        return
    Console(stderr=True).print(
        Text("crossmargin: ", style="bold red"), Text(" ".join(line.split())), sep="", soft_wrap=True
    )
    sys.exit(1)


@click.group(context_settings=_SETTINGS)
@click.version_option(package_name="crossmargin")
def main() -> None:
    """Look at a cross-margin venue. Nothing is sent, no key is needed.

    The node and the deployment's file may come from CROSSMARGIN_RPC and CROSSMARGIN_DEPLOYMENT. An account is its
    owner's address; /1 behind it is the owner's second.
    """


@main.command()
@click.argument("accounts", nargs=-1, required=True, type=_Account())
@_reads
def health(venue: Venue, console: Console, accounts: tuple[AccountId, ...]) -> None:
    """Show how accounts stand, now and at the margins that are announced, and at which prices they would be sold.

    \b
    Examples:
      crossmargin health 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
      crossmargin health 0x7099...79C8 0x7099...79C8/1
    """  # noqa: D301 (click's mark)
    announced = [venue.announced_health(account) for account in accounts]
    console.print(tables.health(venue.portfolios(accounts), announced))
    for account in accounts:
        prices = venue.liquidation_prices(account)
        if prices:
            console.print(tables.liquidation(account, prices.values()))


@main.command()
@click.option("--underlying", help="Only its instruments.")
@_reads
def markets(venue: Venue, console: Console, underlying: str | None) -> None:
    """Show every instrument: mark, funding a day, open interest, and how far its price may be trusted.

    \b
    Examples:
      crossmargin markets
      crossmargin markets --underlying ETH
    """  # noqa: D301 (as above)
    only = None if underlying is None else venue.names.feed(underlying)
    found = venue.market_list().values()
    console.print(tables.markets([each for each in found if only is None or each.underlying == underlying]))


@main.command()
@click.argument("account", type=_Account())
@_reads
def positions(venue: Venue, console: Console, account: AccountId) -> None:
    """Show what an account holds: cash, collateral, contracts, and what closed ones are owed.

    \b
    Example:
      crossmargin positions 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
    """  # noqa: D301 (as above)
    console.print(tables.positions(venue.portfolio(account)))


@main.command("what-if")
@click.argument("account", type=_Account())
@click.option("--trade", "trades", multiple=True, help="NAME:SIZE or NAME:SIZE@PRICE; at the mark where no price is.")
@click.option("--deposit", "deposits", multiple=True, help="TOKEN:AMOUNT; a negative amount is a withdrawal.")
@click.option("--shock", "shocks", multiple=True, help="UNDERLYING:MOVE, such as ETH:-20%, its collateral included.")
@_reads
def what_if(
    venue: Venue,
    console: Console,
    *,
    account: AccountId,
    trades: tuple[str, ...],
    deposits: tuple[str, ...],
    shocks: tuple[str, ...],
) -> None:
    """Show an account's margin after trades, deposits and moves of prices, beside what it is now; without fees.

    Announced is its health factor where maintenance margin counts what initial margin counts now: from 1 on, margins
    alone make nobody sell it for six hours.

    \b
    Examples:
      crossmargin what-if 0x7099...79C8 --trade ETH-PERP:2 --shock ETH:-20%
      crossmargin what-if 0x7099...79C8 --trade ETH-PERP:-1.5@2010 --deposit WETH:0.5 --deposit USDC:-100
    """  # noqa: D301 (as above)
    change = change_of(venue, trades, deposits)
    supposed: dict[str, Any] = {
        "trades": change.trades,
        "collateral": change.collateral,
        "cash": change.cash,
        "shocks": shocks_of(venue, shocks),
    }
    announced = venue.announced_health(account), venue.announced_health_if(account, **supposed)
    console.print(tables.comparison(venue.margin(account), venue.simulate(account, **supposed), announced))
