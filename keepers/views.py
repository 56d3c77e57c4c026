"""Answers of the venue's views as typed values. Wad unless said."""

from dataclasses import dataclass
from typing import Any

from crossmargin.model.instruments import decode
from crossmargin.model.units import InstrumentId

__all__ = [
    "AccountState",
    "ArrayState",
    "AuctionParams",
    "AuctionState",
    "ExpiryState",
    "Leg",
    "MarginState",
    "Screened",
    "Spot",
    "account_state",
    "array_state",
    "auction_state",
    "expiry_of",
    "is_option",
    "underlying_of",
]


@dataclass(frozen=True, slots=True)
class Screened:
    """The lens' short answer; without `ok` the other numbers mean nothing."""

    account: int
    ok: bool
    health: int
    excess: int
    nonce: int


@dataclass(frozen=True, slots=True)
class MarginState:
    """Margin of one set."""

    excess: int
    requirement: int
    equity: int
    prices_valid: bool
    prices_halted: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """Collateral held: amount in token units, value at mid."""

    asset: int
    amount: int
    value: int


@dataclass(frozen=True, slots=True)
class Leg:
    """A position."""

    instrument: int
    size: int
    basis: int
    value: int
    pending_loss: int

    @property
    def underlying(self) -> int:
        """Feed of the index price."""
        return underlying_of(self.instrument)


@dataclass(frozen=True, slots=True)
class ArrayState:
    """The risk array of a series: time of its refresh [s], index then, whether it was Valid; the mark's status now."""

    time: int
    ref: int
    valid: bool
    status: int


@dataclass(frozen=True, slots=True)
class AccountState:
    """Everything about an account."""

    account: int
    health: int
    initial: MarginState
    maintenance: MarginState
    cash: int
    spot: tuple[Spot, ...]
    legs: tuple[Leg, ...]
    in_auction: bool
    nonce: int

    @property
    def option_series(self) -> list[int]:
        """Options that are held and not settled."""
        return [leg.instrument for leg in self.legs if leg.size != 0 and is_option(leg.instrument)]


@dataclass(frozen=True, slots=True)
class AuctionState:
    """A live auction now: `price` of the whole, negative for a payout; `recorded_insolvent` is the phase on record."""

    id: int
    started_at: int
    recorded_insolvent: bool
    halted: bool
    reserved: int
    insolvent: bool
    price: int
    max_fraction: int
    value: int


@dataclass(frozen=True, slots=True)
class ExpiryState:
    """An expiry whose average is not known yet, by one of its instruments.

    Start of the averaging [s], 0 without; and of the last there was, of an oracle that was replaced too.
    """

    instrument: int
    started: int
    last_start: int


@dataclass(frozen=True, slots=True)
class AuctionParams:
    """How starters are paid and which accounts are sold whole."""

    starter_share: int
    starter_flat: int
    starter_cap: int
    small_account: int
    target_buffer: int


def is_option(instrument: int) -> bool:
    """Tell calls and puts from linear instruments."""
    return decode(InstrumentId(instrument)).kind.is_option


def underlying_of(instrument: int) -> int:
    """Give the feed of the index price."""
    return decode(InstrumentId(instrument)).underlying


def expiry_of(instrument: int) -> int:
    """Give the expiry [s], 0 of a perpetual."""
    return decode(InstrumentId(instrument)).expiry or 0


def array_state(array: dict[str, Any], status: int) -> ArrayState:
    """Read the option oracle's RiskArrayView, with the status of the series' mark."""
    return ArrayState(array["time"], array["ref"], array["valid"], status)


def account_state(view: dict[str, Any]) -> AccountState:
    """Read the lens' AccountView."""
    return AccountState(
        account=view["account"],
        health=view["healthFactor"],
        initial=_margin(view["initial"]),
        maintenance=_margin(view["maintenance"]),
        cash=view["cash"],
        spot=tuple(Spot(one["assetIndex"], one["amount"], one["value"]) for one in view["spot"]),
        legs=tuple(
            Leg(one["instrument"], one["size"], one["basis"], one["value"], one["pendingLoss"]) for one in view["legs"]
        ),
        in_auction=view["inAuction"],
        nonce=view["stateNonce"],
    )


def auction_state(live: dict[str, Any], insolvent: bool, price: int, max_fraction: int, value: int) -> AuctionState:  # noqa: FBT001 - the lens' order
    """Read one row of the lens' auctions."""
    return AuctionState(
        id=live["id"],
        started_at=live["startedAt"],
        recorded_insolvent=live["insolvent"],
        halted=live["halted"],
        reserved=live["reserved"],
        insolvent=insolvent,
        price=price,
        max_fraction=max_fraction,
        value=value,
    )


def _margin(margin: dict[str, Any]) -> MarginState:
    return MarginState(
        excess=margin["excess"],
        requirement=margin["requirement"],
        equity=margin["equity"],
        prices_valid=margin["pricesValid"],
        prices_halted=margin["pricesHalted"],
    )
