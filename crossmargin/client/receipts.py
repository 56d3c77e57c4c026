"""What a transaction did, from its receipt: one frozen record an event, with names and decimals. Asks no node.

The integers, by the names of docs/events.md, are each record's `exact`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Final

from hexbytes import HexBytes
from web3 import Web3
from web3.contract.contract import ContractEvent
from web3.types import LogReceipt, TxReceipt

from crossmargin.chain.abis import read_abi
from crossmargin.chain.accounts import account_name
from crossmargin.chain.decimals import of_ppm, of_units, of_wad
from crossmargin.chain.record import DeploymentRecord
from crossmargin.client.exact import Read, Shown, named, of
from crossmargin.client.names import Names
from crossmargin.model.units import AccountId

__all__ = [
    "VENUE_EVENTS",
    "Cancellation",
    "CashChange",
    "ClaimChange",
    "Deposit",
    "Event",
    "Events",
    "Fill",
    "FundingChange",
    "PositionChange",
    "Reader",
    "Receipts",
    "Settlement",
    "Withdrawal",
    "account",
]


@dataclass(frozen=True, slots=True)
class Event(Shown[Mapping[str, Any]]):
    """Something that happened: its arguments as the contract says them."""


def account(value: int) -> str:
    """Name an account."""
    return account_name(AccountId(value))


def _asset(said: Mapping[str, Any], names: Names) -> str:
    return names.token(said["token"]).symbol


def _amount(said: Mapping[str, Any], names: Names) -> Decimal:
    return of_units(said["amount"], names.token(said["token"]).decimals)


@dataclass(frozen=True, slots=True)
class Fill(Event):
    """Two orders were filled: contracts, positive where the taker bought; price and fees [USD]."""

    instrument: Annotated[str, named("instrument", Names.instrument)]
    maker: Annotated[str, of("maker", account)]
    taker: Annotated[str, of("taker", account)]
    taker_size: Annotated[Decimal, of("takerSize", of_wad)]
    price: Annotated[Decimal, of("price", of_wad)]
    maker_fee: Annotated[Decimal, of("makerFee", of_wad)]
    taker_fee: Annotated[Decimal, of("takerFee", of_wad)]


@dataclass(frozen=True, slots=True)
class Cancellation(Event):
    """An order was voided."""

    account: Annotated[str, of("account", account)]
    order_hash: Annotated[str, of("orderHash", lambda value: "0x" + value.hex())]


@dataclass(frozen=True, slots=True)
class PositionChange(Event):
    """A position is another now: contracts, and basis [USD]."""

    account: Annotated[str, of("account", account)]
    instrument: Annotated[str, named("id", Names.instrument)]
    size: Annotated[Decimal, of("size", of_wad)]
    basis: Annotated[Decimal, of("basis", of_wad)]


@dataclass(frozen=True, slots=True)
class Settlement(Event):
    """Profit of an account became cash, or negative: a loss was paid [USD]."""

    account: Annotated[str, of("account", account)]
    instrument: Annotated[str, named("id", Names.instrument)]
    amount: Annotated[Decimal, of("amount", of_wad)]


@dataclass(frozen=True, slots=True)
class ClaimChange(Event):
    """What closed longs and shorts are owed is another now; negative: what they owe [USD]."""

    account: Annotated[str, of("account", account)]
    instrument: Annotated[str, named("id", Names.instrument)]
    long: Annotated[Decimal, of("longClaim", of_wad)]
    short: Annotated[Decimal, of("shortClaim", of_wad)]


@dataclass(frozen=True, slots=True)
class FundingChange(Event):
    """A fill moved funding: index [USD a contract], rate [part of the index a day]."""

    instrument: Annotated[str, named("id", Names.instrument)]
    index: Annotated[Decimal, of("fundingIndex", of_wad)]
    rate: Annotated[Decimal, of("fundingRate", of_ppm)]


@dataclass(frozen=True, slots=True)
class CashChange(Event):
    """Cash of an account changed by `change`, to `cash` [USD]."""

    account: Annotated[str, of("account", account)]
    change: Annotated[Decimal, of("delta", of_wad)]
    cash: Annotated[Decimal, of("cash", of_wad)]


@dataclass(frozen=True, slots=True)
class Deposit(Event):
    """Tokens came in [whole tokens]."""

    account: Annotated[str, of("account", account)]
    asset: Annotated[str, Read(_asset)]
    amount: Annotated[Decimal, Read(_amount)]


@dataclass(frozen=True, slots=True)
class Withdrawal(Event):
    """Tokens left [whole tokens]."""

    account: Annotated[str, of("account", account)]
    asset: Annotated[str, Read(_asset)]
    amount: Annotated[Decimal, Read(_amount)]
    to: Annotated[str, of("to", str)]


Reader = Callable[[Mapping[str, Any], Any], Event]
"""Reads what an event says, with the names of what it is about."""
Events = tuple[tuple[str, str, Reader], ...]
"""Contract, event, reader."""


class Receipts:
    """Reads the events of a deployment."""

    def __init__(self, record: DeploymentRecord, names: Callable[[], Any], events: Events | None = None) -> None:
        """Know where events come from, by default a venue's; `names` is asked when there is one to read."""
        self._names = names
        self._readers: dict[tuple[str, bytes], tuple[ContractEvent, Reader]] = {}
        for contract, event, reader in VENUE_EVENTS if events is None else events:
            bound = Web3().eth.contract(abi=read_abi(contract)).events[event]()
            self._readers[record.address(contract).lower(), bytes(HexBytes(bound.topic))] = (bound, reader)

    def of(self, receipt: TxReceipt) -> list[Event]:
        """List what a transaction did, in its order, as far as there is a record for it."""
        return list(self.read(receipt["logs"]))

    def read(self, logs: list[LogReceipt]) -> Iterator[Event]:
        """Read logs."""
        for log in logs:
            topic = bytes(log["topics"][0]) if log["topics"] else b""
            found = self._readers.get((log["address"].lower(), topic))
            if found is not None:
                event, reader = found
                yield reader(event.process_log(log)["args"], self._names())


VENUE_EVENTS: Final[Events] = (
    ("Exchange", "Filled", Fill.of),
    ("Exchange", "Cancelled", Cancellation.of),
    ("Clearinghouse", "PositionChanged", PositionChange.of),
    ("Clearinghouse", "Settled", Settlement.of),
    ("Clearinghouse", "FundingUpdated", FundingChange.of),
    ("MarketLosses", "ClaimsChanged", ClaimChange.of),
    ("MarginVault", "CashChanged", CashChange.of),
    ("MarginVault", "Deposited", Deposit.of),
    ("MarginVault", "Withdrawn", Withdrawal.of),
)
