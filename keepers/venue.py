"""The venue's contracts: where they are, how to call them, and their answers as typed values."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
import structlog

from keepers.abi import Abi, ErrorCodec, Event, EventCodec, load_abi
from keepers.errors import RevertError, SettingsError
from keepers.node import Node, RawLog, call_params, parse_data
from keepers.rpc import Call
from keepers.views import (
    AccountState,
    ArrayState,
    AuctionParams,
    AuctionState,
    Screened,
    account_state,
    array_state,
    auction_state,
)

__all__ = ["CONTRACTS", "Deployment", "Venue", "load_venue"]

CONTRACTS: Final = (
    "MarginVault",
    "Clearinghouse",
    "RiskEngine",
    "OracleAdapter",
    "OptionOracle",
    "LiquidationAuction",
    "MarginLens",
    "InsuranceFund",
)
log = structlog.get_logger(__name__)
_FOLLOWED: Final = ("MarginVault", "Clearinghouse", "RiskEngine", "LiquidationAuction")


@dataclass(frozen=True, slots=True)
class Deployment:
    """Addresses by contract, and the block of the earliest."""

    addresses: dict[str, str]
    first_block: int


class Venue:
    """One deployment, readable and callable."""

    def __init__(self, deployment: Deployment, abis: dict[str, Abi]) -> None:
        """Build the codecs of the contracts."""
        self.addresses = deployment.addresses
        self.first_block = deployment.first_block
        self._abis = abis
        self._codec = EventCodec((deployment.addresses[name], abis[name]) for name in _FOLLOWED)
        self._errors = ErrorCodec(abis.values())

    @property
    def followed(self) -> tuple[str, ...]:
        """Addresses whose logs rebuild the venue's state."""
        return tuple(self.addresses[name] for name in _FOLLOWED)

    def decode(self, logs: Sequence[RawLog]) -> list[Event]:
        """Decode the venue's logs and leave out others."""
        return [event for event in map(self._codec.decode, logs) if event is not None]

    def explain(self, error: RevertError) -> str:
        """Say why a call reverts, by the name of its custom error."""
        return self._errors.describe(error.data) if error.data else error.message

    def encode(self, contract: str, function: str, *args: object) -> tuple[str, str]:
        """Write a call: address and data."""
        return self.addresses[contract], self._abis[contract].function(function).encode(*args)

    def decode_output(self, contract: str, function: str, data: bytes) -> tuple[Any, ...]:
        """Read what a function returned."""
        return self._abis[contract].function(function).decode(data)

    async def read(self, node: Node, block: str, *calls: tuple[str, str, tuple[object, ...]]) -> list[tuple[Any, ...]]:
        """Call views (contract, function, arguments) at one block, in one request."""
        targets = [self.encode(contract, function, *args) for contract, function, args in calls]
        answers = await node.calls(targets, block)
        return [
            self.decode_output(contract, function, data)
            for (contract, function, _), data in zip(calls, answers, strict=True)
        ]

    async def screen(self, node: Node, block: str, accounts: Sequence[int], chunk: int) -> list[Screened]:
        """Ask the lens for the exact health of accounts, in calls of `chunk` and one request."""
        parts = _chunks(accounts, chunk)
        answers = await self.read(node, block, *(("MarginLens", "screen", (part,)) for part in parts))
        return [
            Screened(*row)
            for part, answer in zip(parts, answers, strict=True)
            for row in zip(part, *answer, strict=True)
        ]

    async def states(self, node: Node, block: str, accounts: Sequence[int], chunk: int) -> list[AccountState]:
        """Ask the lens for everything about accounts; leave out those that cannot be evaluated."""
        answers = await self._each(node, block, "accountViews", accounts, chunk)
        return [account_state(view) for _, answer in answers for view in answer[0]]

    async def auctions(self, node: Node, block: str, accounts: Sequence[int], chunk: int) -> dict[int, AuctionState]:
        """Ask the lens for the live auctions of accounts; leave out those without a quote."""
        found = {}
        for part, answer in await self._each(node, block, "auctions", accounts, chunk):
            for account, *row in zip(part, *answer, strict=True):
                if row[0]["id"]:
                    found[account] = auction_state(*row)
        return found

    async def arrays(self, node: Node, block: str, series: Sequence[int]) -> dict[int, ArrayState]:
        """Ask the option oracle for the risk arrays of series, in one request."""
        if not series:
            return {}
        calls = [("OptionOracle", view, (one,)) for view in ("arrayOf", "mark") for one in series]
        answers = await self.read(node, block, *calls)
        arrays, marks = answers[: len(series)], answers[len(series) :]
        return {
            one: array_state(array, status) for one, (array,), (_, status, _) in zip(series, arrays, marks, strict=True)
        }

    async def _each(
        self, node: Node, block: str, function: str, accounts: Sequence[int], chunk: int
    ) -> list[tuple[list[int], tuple[Any, ...]]]:
        """Call a view of the lens on accounts in chunks; where one account fails its chunk, ask for each alone."""
        parts = _chunks(accounts, chunk)
        calls: list[Call] = [
            ("eth_call", call_params(*self.encode("MarginLens", function, part), block)) for part in parts
        ]
        found: list[tuple[list[int], tuple[Any, ...]]] = []
        for part, outcome in zip(parts, await node.rpc.outcomes(calls), strict=True):
            if not isinstance(outcome, RevertError):
                found.append((part, self.decode_output("MarginLens", function, parse_data(outcome))))
            elif len(part) > 1:
                found += await self._each(node, block, function, part, 1)
            else:
                log.error("not_answered", function=function, account=hex(part[0]), reason=self.explain(outcome))
        return found

    async def auction_params(self, node: Node, block: str) -> AuctionParams:
        """Ask how auctions run."""
        ((params,),) = await self.read(node, block, ("LiquidationAuction", "params", ()))
        return AuctionParams(
            starter_share=params["starterShare"],
            starter_flat=params["starterFlat"],
            starter_cap=params["starterCap"],
            small_account=params["smallAccount"],
            target_buffer=params["targetBuffer"],
        )


def _chunks(items: Sequence[int], size: int) -> list[list[int]]:
    return [list(items[start : start + size]) for start in range(0, len(items), size)]


def load_venue(path: Path, chain_id: int) -> Venue:
    """Read a deployment file and the ABIs that ship with the library."""
    return Venue(_deployment(path, chain_id), {name: load_abi(name) for name in CONTRACTS})


def _deployment(path: Path, chain_id: int) -> Deployment:
    try:
        content = orjson.loads(path.read_bytes())
    except OSError as error:
        msg = f"no deployment file: {error}"
        raise SettingsError(msg) from error
    except orjson.JSONDecodeError as error:
        msg = f"{path}: not JSON: {error}"
        raise SettingsError(msg) from error
    try:
        found = content.get("chain_id", content.get("chainId", chain_id))
        entries = {name: content["contracts"][name] for name in CONTRACTS}
        addresses = {name: str(entry["address"]).lower() for name, entry in entries.items()}
        first = min(int(entry["block"]) for entry in entries.values())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = f"{path}: not a deployment: {error!r}"
        raise SettingsError(msg) from error
    if int(found) != chain_id:
        msg = f"{path} is of chain {found}, not {chain_id}"
        raise SettingsError(msg)
    return Deployment(addresses, first)
