"""The venue's contracts: where they are, how to call them, and their answers as typed values."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from keepers.abi import Abi, ErrorCodec, Event, EventCodec, load_abi
from keepers.errors import RevertError, SettingsError
from keepers.node import Node, RawLog
from keepers.views import AccountState, AuctionParams, AuctionState, Screened, account_state, auction_state

__all__ = ["CONTRACTS", "Deployment", "Venue", "load_venue"]

CONTRACTS: Final = (
    "MarginVault",
    "Clearinghouse",
    "RiskEngine",
    "OracleAdapter",
    "LiquidationAuction",
    "MarginLens",
    "InsuranceFund",
)
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

    async def details(
        self, node: Node, block: str, accounts: Sequence[int], sold: Sequence[int], chunk: int
    ) -> tuple[list[AccountState], dict[int, AuctionState]]:
        """Ask the lens for everything about accounts, and for the auctions of those `sold`, in one request."""
        wholes, sales = _chunks(accounts, chunk), _chunks(sold, chunk)
        calls: list[tuple[str, str, tuple[object, ...]]] = [("MarginLens", "accountViews", (part,)) for part in wholes]
        calls += [("MarginLens", "auctions", (part,)) for part in sales]
        answers = await self.read(node, block, *calls)
        states = [account_state(view) for answer in answers[: len(wholes)] for view in answer[0]]
        auctions = {
            account: auction_state(*row)
            for part, answer in zip(sales, answers[len(wholes) :], strict=True)
            for account, *row in zip(part, *answer, strict=True)
        }
        return states, auctions

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
