"""What a transaction did, from its receipt: one frozen record an event, with names and decimals. Asks no node.

The integers, by the names of docs/events.md, are each record's `exact`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from hexbytes import HexBytes
from web3 import Web3
from web3.contract.contract import ContractEvent
from web3.types import LogReceipt, TxReceipt

from crossmargin.chain.abis import read_abi
from crossmargin.chain.accounts import account_name
from crossmargin.chain.decimals import of_ppm, of_units, of_wad
from crossmargin.chain.record import DeploymentRecord
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
]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: its arguments as the contract says them."""

    exact: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fill(Event):
    """Two orders were filled: contracts, positive where the taker bought; price and fees [USD]."""

    instrument: str
    maker: str
    taker: str
    taker_size: Decimal
    price: Decimal
    maker_fee: Decimal
    taker_fee: Decimal


@dataclass(frozen=True, slots=True)
class Cancellation(Event):
    """An order was voided."""

    account: str
    order_hash: str


@dataclass(frozen=True, slots=True)
class PositionChange(Event):
    """A position is another now: contracts, and basis [USD]."""

    account: str
    instrument: str
    size: Decimal
    basis: Decimal


@dataclass(frozen=True, slots=True)
class Settlement(Event):
    """Profit of an account became cash, or negative: a loss was paid [USD]."""

    account: str
    instrument: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ClaimChange(Event):
    """What closed longs and shorts are owed is another now; negative: what they owe [USD]."""

    account: str
    instrument: str
    long: Decimal
    short: Decimal


@dataclass(frozen=True, slots=True)
class FundingChange(Event):
    """A fill moved funding: index [USD a contract], rate [part of the index a day]."""

    instrument: str
    index: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class CashChange(Event):
    """Cash of an account changed by `change`, to `cash` [USD]."""

    account: str
    change: Decimal
    cash: Decimal


@dataclass(frozen=True, slots=True)
class Deposit(Event):
    """Tokens came in [whole tokens]."""

    account: str
    asset: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Withdrawal(Event):
    """Tokens left [whole tokens]."""

    account: str
    asset: str
    amount: Decimal
    to: str


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


def _account(value: int) -> str:
    return account_name(AccountId(value))


def _fill(said: Mapping[str, Any], names: Names) -> Fill:
    return Fill(
        exact=said,
        instrument=names.instrument(said["instrument"]),
        maker=_account(said["maker"]),
        taker=_account(said["taker"]),
        taker_size=of_wad(said["takerSize"]),
        price=of_wad(said["price"]),
        maker_fee=of_wad(said["makerFee"]),
        taker_fee=of_wad(said["takerFee"]),
    )


def _cancellation(said: Mapping[str, Any], _: Names) -> Cancellation:
    return Cancellation(said, _account(said["account"]), "0x" + said["orderHash"].hex())


def _position(said: Mapping[str, Any], names: Names) -> PositionChange:
    instrument = names.instrument(said["id"])
    return PositionChange(said, _account(said["account"]), instrument, of_wad(said["size"]), of_wad(said["basis"]))


def _settlement(said: Mapping[str, Any], names: Names) -> Settlement:
    return Settlement(said, _account(said["account"]), names.instrument(said["id"]), of_wad(said["amount"]))


def _claim(said: Mapping[str, Any], names: Names) -> ClaimChange:
    long, short = of_wad(said["longClaim"]), of_wad(said["shortClaim"])
    return ClaimChange(said, _account(said["account"]), names.instrument(said["id"]), long, short)


def _funding(said: Mapping[str, Any], names: Names) -> FundingChange:
    return FundingChange(said, names.instrument(said["id"]), of_wad(said["fundingIndex"]), of_ppm(said["fundingRate"]))


def _cash(said: Mapping[str, Any], _: Names) -> CashChange:
    return CashChange(said, _account(said["account"]), of_wad(said["delta"]), of_wad(said["cash"]))


def _deposit(said: Mapping[str, Any], names: Names) -> Deposit:
    return Deposit(said, _account(said["account"]), *_tokens(said, names))


def _withdrawal(said: Mapping[str, Any], names: Names) -> Withdrawal:
    return Withdrawal(said, _account(said["account"]), *_tokens(said, names), said["to"])


def _tokens(said: Mapping[str, Any], names: Names) -> tuple[str, Decimal]:
    asset = names.token(said["token"])
    return asset.symbol, of_units(said["amount"], asset.decimals)


VENUE_EVENTS: Final[Events] = (
    ("Exchange", "Filled", _fill),
    ("Exchange", "Cancelled", _cancellation),
    ("Clearinghouse", "PositionChanged", _position),
    ("Clearinghouse", "Settled", _settlement),
    ("Clearinghouse", "FundingUpdated", _funding),
    ("MarketLosses", "ClaimsChanged", _claim),
    ("MarginVault", "CashChanged", _cash),
    ("MarginVault", "Deposited", _deposit),
    ("MarginVault", "Withdrawn", _withdrawal),
)
