"""The commands of the channel between chains: sign, validate, relay, prove, look."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click
from eth_typing import ChecksumAddress
from eth_utils.address import is_address, to_checksum_address
from requests.exceptions import RequestException
from rich.console import Console
from rich.text import Text
from web3.exceptions import Web3Exception

from crossmargin.chain.accounts import parse_account
from crossmargin.chain.processes import interruptible
from crossmargin.chain.times import time_text
from crossmargin.console import standard_output
from crossmargin.crosschain import service, status
from crossmargin.crosschain.links import connect
from crossmargin.crosschain.prove import prove_all
from crossmargin.crosschain.settings import CrossChainSettings
from crossmargin.errors import CrossMarginError

__all__ = ["main"]

_SETTINGS: Final = {"help_option_names": ["-h", "--help"]}
_POLL: Final = 2.0  # s

_config = click.option(
    "--config",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    envvar="CROSSMARGIN_CROSSCHAIN",
    help="Chains, contracts, keys and folders (TOML).",
)
_once = click.option("--once", is_flag=True, help="One turn, instead of one after another for ever.")
_poll = click.option("--poll", type=float, default=_POLL, show_default=True, help="Time between turns [s].")
_names = click.argument("names", nargs=-1)


@contextmanager
def _stated() -> Iterator[None]:
    """End with one line and status 1 on what is no fault of this program; on an interrupt in peace."""
    try:
        with interruptible():
            yield
    except KeyboardInterrupt:
        return
    except CrossMarginError as error:
        lines = str(error).splitlines()
    except RequestException as error:
        lines = [f"no node answers ({type(error).__name__})"]
    except Web3Exception as error:
        lines = [f"a node says: {error}"]
    else:
        return
    for line in lines:
        Console(stderr=True).print(Text("crosschain: ", style="bold red"), Text(line), sep="", soft_wrap=True)
    sys.exit(1)


def _run(workers: Sequence[service.Worker], poll: float, *, once: bool) -> None:
    if not service.run(workers, poll, _say, once=once):
        sys.exit(1)


def _say(line: str) -> None:
    click.echo(f"{time_text(time.time())} {line}")


@click.group(context_settings=_SETTINGS)
def main() -> None:
    """Run the channel between a venue and collateral on other chains.

    Signers and validators vouch for what they see final, the relayer carries it: docs/cross-chain-operators.md.
    """


@main.command()
@_config
@_names
@_once
@_poll
def attest(path: Path, names: tuple[str, ...], poll: float, *, once: bool) -> None:
    """Sign messages of attestation transports, as all signers of the configuration or as those in NAMES.

    \b
    Examples:
      python -m crossmargin.crosschain attest --config crosschain.toml
      python -m crossmargin.crosschain attest --config crosschain.toml first --once
    """  # noqa: D301 (click's mark)
    with _stated():
        _run(service.signers(CrossChainSettings.load(path), "attestation", names), poll, once=once)


@main.command()
@_config
@_names
@_once
@_poll
def validate(path: Path, names: tuple[str, ...], poll: float, *, once: bool) -> None:
    """Sign checkpoints of Hyperlane's trees, as all validators of the configuration or as those in NAMES.

    \b
    Example:
      python -m crossmargin.crosschain validate --config crosschain.toml
    """  # noqa: D301 (as above)
    with _stated():
        _run(service.signers(CrossChainSettings.load(path), "hyperlane", names), poll, once=once)


@main.command()
@_config
@_once
@click.option("--dry-run", is_flag=True, help="Only say what would be sent.")
def relay(path: Path, *, once: bool, dry_run: bool) -> None:
    """Deliver messages, and have sent what both ends wait for: beats, credits, payments, redemptions, states.

    \b
    Examples:
      python -m crossmargin.crosschain relay --config crosschain.toml --dry-run --once
      python -m crossmargin.crosschain relay --config crosschain.toml
    """  # noqa: D301 (as above)
    with _stated():
        settings = CrossChainSettings.load(path)
        worker = service.relayer(settings, _say, dry_run=dry_run)
        _run([worker], settings.relay.poll if settings.relay else _POLL, once=once)


class _Address(click.ParamType):
    """An address."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401
        """Read it."""
        if not is_address(value):
            self.fail(f"{value!r} is not an address", param, ctx)
        return to_checksum_address(value)


@main.command()
@_config
@click.option("--recipient", type=_Address(), required=True, help="Who is paid: to whom receipts were redeemed.")
@click.option("--chain", help="Only the spoke on this chain of the configuration.")
@click.option("--block", type=int, help="A block of the hub's chain that the spoke's knows already; none is recorded.")
@click.option("--dry-run", is_flag=True, help="Only say what would be proved.")
def prove(path: Path, recipient: ChecksumAddress, chain: str | None, block: int | None, *, dry_run: bool) -> None:
    """Prove to spokes what the hub has redeemed, where no message has come for days. Needs the key of [relay].

    \b
    Examples:
      python -m crossmargin.crosschain prove --config crosschain.toml --recipient 0x7099...79C8 --dry-run
      python -m crossmargin.crosschain prove --config crosschain.toml --recipient 0x7099...79C8
    """  # noqa: D301 (as above)
    with _stated():
        settings = CrossChainSettings.load(path)
        proved = prove_all(settings, recipient, _say, chain=chain, block=block, dry_run=dry_run)
        if not proved:
            sys.exit(1)


class _Account(click.ParamType):
    """An address, or an address and /n for the owner's other accounts."""

    name = "account"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401
        """Read it."""
        try:
            return parse_account(str(value))
        except CrossMarginError as error:
            self.fail(str(error), param, ctx)


@main.command("status")
@_config
@click.option("--account", "accounts", type=_Account(), multiple=True, help="An account at the hub; several times.")
def status_(path: Path, accounts: tuple[Any, ...]) -> None:
    """Show how routes stand, and what accounts have on them. Nothing is sent, no key is needed.

    \b
    Examples:
      python -m crossmargin.crosschain status --config crosschain.toml
      python -m crossmargin.crosschain status --config crosschain.toml --account 0x7099...79C8
    """  # noqa: D301 (as above)
    with _stated():
        settings = CrossChainSettings.load(path)
        links, console = connect(settings), standard_output()
        links[settings.hub].check()
        console.print(status.routes_table(settings, links))
        for account in accounts:
            console.print(status.accounts_table(settings, links, account))
