"""What the scripts share: ape's connection and account as a `Chain`, the options, the progress."""

import os
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from ape import networks
from ape.cli import account_option
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address
from requests import RequestException
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text
from web3.exceptions import Web3Exception, Web3RPCError
from web3.types import TxParams

from crossmargin.chain.arguments import whole
from crossmargin.chain.node import reach, remembering
from crossmargin.chain.record import DeploymentRecord
from crossmargin.chain.signers import Sender
from crossmargin.chain.units import ChainId
from crossmargin.console import file_fault, standard_output
from crossmargin.deployment.artifacts import REPOSITORY, Artifacts
from crossmargin.deployment.config import NetworkConfig
from crossmargin.deployment.deployer import Progress as Report
from crossmargin.deployment.deployer import name_instruments
from crossmargin.deployment.flows import flow_problems
from crossmargin.deployment.peers import AnyConfig, load_config, with_peers
from crossmargin.deployment.problem import Problem
from crossmargin.deployment.spoke_config import SpokeConfig
from crossmargin.deployment.steps import Context, Value, VenueContext
from crossmargin.deployment.target import Chain
from crossmargin.deployment.toml_places import not_toml
from crossmargin.errors import CrossMarginError, NetworkConfigError, RecordError

__all__ = [
    "Watcher",
    "connect",
    "difference_table",
    "existing_venue",
    "find_config",
    "held_against",
    "opened",
    "options",
    "other_option",
    "problems",
    "progress",
    "reached",
    "readable",
    "sender_option",
    "show",
    "stated_errors",
]

CONSOLE = standard_output()


class Watcher:
    """Stands in where nothing is sent."""

    def __init__(self, address: str = "0x" + "00" * 20) -> None:
        """Look as if `address` were to send."""
        self.address: ChecksumAddress = to_checksum_address(address)

    def sign(self, transaction: TxParams) -> bytes:
        """Refuse."""
        raise RecordError(f"read-only: nothing is signed here ({transaction.get('to')!r})")


def options(command: Any) -> Any:  # noqa: ANN401 (click's decorators)
    """Add the options that every script takes."""
    for option in (
        click.option("--config", "config_path", type=click.Path(path_type=Path), help="Default: by the chain's id."),
        click.option(
            "--deployments",
            type=click.Path(path_type=Path),
            default=REPOSITORY / "deployments",
            help="Folder of the records of deployments.",
        ),
        click.option("--governor", help="Address that governs after the hand-over, instead of the configuration's."),
        click.option("--guardian", help="Address of the guardian, instead of the configuration's."),
        click.option("--second-guardian", help="Address of another guardian, instead of the configuration's."),
        click.option("--poster", help="Address that posts prices, instead of the configuration's."),
    ):
        command = option(command)
    return command


def sender_option(*, prompt: bool = True) -> Callable[[Any], Any]:
    """Add ape's option of the account that sends, with its help, which ape leaves out."""
    option = account_option(prompt=prompt)

    def add(command: Any) -> Any:  # noqa: ANN401 (click's decorators)
        command = option(command)
        command.__click_params__[-1].help = "Alias of the account that sends, as `ape accounts list` names it."
        return command

    return add


def other_option(command: Any) -> Any:  # noqa: ANN401 (click's decorators)
    """Add the option of the other end's file, whose numbers are held against this one's before anything is sent."""
    return click.option(
        "--other-config",
        type=click.Path(path_type=Path),
        help="File of the other end of a channel: its limits and this one's must fit.",
    )(command)


def held_against(config: AnyConfig, other_config: Path | None, deployments: Path) -> list[Problem]:
    """List what does not fit between this end's file and the other's, where one is named."""
    if other_config is None:
        return []
    other = load_config(other_config, _entry(other_config, "kind"))
    spoke = config if isinstance(config, SpokeConfig) else other
    record = deployments / f"{spoke.chain_id}.json"
    return flow_problems(config, other, DeploymentRecord.load(record).tokens if record.exists() else {})


def connect(sender: Sender) -> Chain:
    """Make a chain of ape's connected provider, with what has changed compiled."""
    artifacts = Artifacts()
    if not os.environ.get("SKIP_BUILD"):
        with CONSOLE.status("compiling"):
            artifacts.build()
    return Chain(remembering(networks.provider.web3), sender, artifacts, url=networks.provider.http_uri)


def reached(url: str, artifacts: Artifacts) -> Chain:
    """Reach another chain's node, to read only."""
    return Chain(reach(url), Watcher(), artifacts, url=url)


def find_config(chain_id: ChainId, path: Path | None, **roles: str | None) -> AnyConfig:
    """Read the given configuration, or the one under config/ that names this chain."""
    if path is None:
        files = sorted((REPOSITORY / "config").glob("*.toml"))
        fitting = [each for each in files if _entry(each, "chain_id") == chain_id]
        if len(fitting) != 1:
            raise NetworkConfigError(f"{len(fitting)} files under config/ for chain {chain_id}; name one with --config")
        path = fitting[0]
    return load_config(path, _entry(path, "kind")).with_roles(**roles)


def _entry(path: Path, name: str) -> object:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")).get(name)
    except OSError as error:
        raise NetworkConfigError(f"{path}: {error.strerror or error}") from error
    except ValueError as error:
        raise NetworkConfigError(not_toml(path, error)) from error


def opened(chain: Chain, config_path: Path | None, deployments: Path, **roles: str | None) -> Context[Any]:
    """Open a venue or a spoke whose deployment is complete; its record tells the roles, unless options do."""
    path = deployments / f"{chain.chain_id}.json"
    record = DeploymentRecord.load(path)
    if record.genesis != chain.genesis():
        raise RecordError(f"{path} belongs to another chain (genesis {record.genesis})")
    if not record.complete:
        raise RecordError(f"{path}: the deployment is not complete; run deploy again")
    named = {**record.roles, **{role: address for role, address in roles.items() if address}}
    config = with_peers(find_config(chain.chain_id, config_path, **named), deployments)
    name_instruments(record, chain, config)
    return Context[Any](chain, config, record)


def existing_venue(chain: Chain, config_path: Path | None, deployments: Path, **roles: str | None) -> VenueContext:
    """Open a venue, where a spoke will not do."""
    venue = opened(chain, config_path, deployments, **roles)
    if not isinstance(venue.config, NetworkConfig):
        raise NetworkConfigError(f"{venue.config.network} is a spoke: name the venue's chain and configuration")
    return venue


@contextmanager
def progress(done: str) -> Iterator[Report]:
    """Show a bar that ends in `done`; yield the function that moves it."""
    columns = (TextColumn("{task.description:<40}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=CONSOLE) as bar:
        task = bar.add_task("starting", total=None)

        def report(completed: int, total: int, name: str) -> None:
            bar.update(task, completed=completed, total=total, description=done if completed == total else name)

        yield report


def problems(found: Sequence[Problem], title: str) -> None:
    """List what stands in the way, each with its remedy."""
    show(f"[red]{title}:[/]")
    for each in found:
        CONSOLE.print(Text(f"- {each}"), soft_wrap=True)


@contextmanager
def stated_errors() -> Iterator[None]:
    """End with one line and status 1 on an error that the library explains, or that the node answers with."""
    try:
        yield
    except CrossMarginError as error:
        raise click.ClickException(str(error)) from error
    except Web3RPCError as error:
        raise click.ClickException(f"the node refuses: {node_message(error)}") from error
    except (Web3Exception, RequestException) as error:
        raise click.ClickException(f"the node does not answer as it should: {first_line(error)}") from error
    except OSError as error:
        raise click.ClickException(file_fault(error)) from error


def node_message(error: Web3RPCError) -> str:
    """Find what a node said, without its wrapping."""
    response: Any = error.rpc_response or {}
    said = response.get("error", {}).get("message") or first_line(error)
    poor = "insufficient funds" in said.lower()
    return f"{said}: send the account more for gas, then go on by the same command" if poor else said


def first_line(error: Exception) -> str:
    """Take the first line of an error's text."""
    return (str(error).splitlines() or [type(error).__name__])[0]


def readable(value: Value) -> str:
    """Write a setting's value for people."""
    if value is None:
        return "-"
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return whole(value) if isinstance(value, int) and not isinstance(value, bool) else str(value)


def difference_table(title: str, headings: Sequence[str], rows: Sequence[tuple[str, Value, Value]]) -> Table:
    """Make a table of settings with two values each."""
    table = Table(title=title)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for what, first, second in rows:
        table.add_row(what, readable(first), readable(second))
    return table


def show(renderable: Any) -> None:  # noqa: ANN401 (anything rich can draw)
    """Print to the terminal; a line stays a line."""
    CONSOLE.print(renderable, soft_wrap=isinstance(renderable, str))
