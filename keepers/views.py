"""Answers of the venue's views as typed values. Pure: reads what the lens gave, asks nothing."""

from dataclasses import dataclass
from typing import Any, Final

from crossmargin.model.auction import AuctionTerms
from crossmargin.model.breakdown import Doubt
from crossmargin.model.instruments import decode
from crossmargin.model.units import (
    EPOCH,
    AccountId,
    AssetIndex,
    AuctionId,
    FeedId,
    InstrumentId,
    Seconds,
    StateNonce,
    TokenUnits,
    Wad,
)

__all__ = [
    "NOTHING_IN_SIGHT",
    "AccountState",
    "ArrayState",
    "AuctionParams",
    "AuctionState",
    "ExpiryState",
    "InSight",
    "LegState",
    "MarginState",
    "Screened",
    "SpotState",
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

    account: AccountId
    ok: bool
    health: Wad
    excess: Wad
    nonce: StateNonce


@dataclass(frozen=True, slots=True)
class MarginState:
    """Margin of one set; `paid_excess` counts no unpaid profit."""

    excess: Wad
    paid_excess: Wad
    requirement: Wad
    equity: Wad
    prices_valid: bool
    doubt: Doubt

    @property
    def is_halted(self) -> bool:
        """Tell whether Halted prices keep everybody from bidding."""
        return self.doubt is Doubt.HALTED


@dataclass(frozen=True, slots=True)
class SpotState:
    """Collateral held: amount in token units, value at mid."""

    asset: AssetIndex
    amount: TokenUnits
    value: Wad


@dataclass(frozen=True, slots=True)
class LegState:
    """A leg: open contracts and what closed ones are owed and owe; `value` is all of it at mid."""

    instrument: InstrumentId
    size: Wad
    basis: Wad
    value: Wad
    claims: Wad
    debts: Wad

    @property
    def underlying(self) -> FeedId:
        """Feed of the index price."""
        return underlying_of(self.instrument)


@dataclass(frozen=True, slots=True)
class ArrayState:
    """The risk array of a series: time of its refresh, index then, whether it was Valid; the mark's status now."""

    time: Seconds
    ref: Wad
    valid: bool
    status: int


@dataclass(frozen=True, slots=True)
class AccountState:
    """Everything about an account."""

    account: AccountId
    health: Wad
    initial: MarginState
    maintenance: MarginState
    cash: Wad
    spot: tuple[SpotState, ...]
    legs: tuple[LegState, ...]
    in_auction: bool
    nonce: StateNonce

    @property
    def option_series(self) -> list[InstrumentId]:
        """Options that are held and not settled."""
        return [leg.instrument for leg in self.legs if leg.size != 0 and is_option(leg.instrument)]


@dataclass(frozen=True, slots=True)
class AuctionState:
    """A live auction now: `price` of the whole, negative for a payout.

    `recorded_insolvent` is the phase, and `stopped` whether the clock stood, as the last action on it found them, at
    `seen_at`.
    """

    id: AuctionId
    recorded_insolvent: bool
    stopped: bool
    seen_at: Seconds
    reserved: Wad
    insolvent: bool
    price: Wad
    max_fraction: Wad
    value: Wad


@dataclass(frozen=True, slots=True)
class ExpiryState:
    """An expiry whose average is not known yet, by one of its instruments.

    How often its index was observed, and when last [s], by an oracle that was replaced too; 0 if it was not.
    """

    instrument: InstrumentId
    observations: int
    last: Seconds


@dataclass(frozen=True, slots=True)
class InSight:
    """Losses in sight beyond the insurance, `gap`, and what others than the insurance have lent, and a wei."""

    gap: Wad
    lent: Wad


NOTHING_IN_SIGHT: Final = InSight(Wad(0), Wad(1))
"""What the vault says while no loss is in sight."""


@dataclass(frozen=True, slots=True)
class AuctionParams:
    """How starters are paid, and the terms of sales."""

    starter_share: Wad
    starter_flat: Wad
    starter_cap: Wad
    terms: AuctionTerms


def is_option(instrument: InstrumentId) -> bool:
    """Tell calls and puts from linear instruments."""
    return decode(instrument).kind.is_option


def underlying_of(instrument: InstrumentId) -> FeedId:
    """Give the feed of the index price."""
    return decode(instrument).underlying


def expiry_of(instrument: InstrumentId) -> Seconds:
    """Give the expiry, 0 of a perpetual."""
    return decode(instrument).expiry or EPOCH


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
        spot=tuple(SpotState(one["assetIndex"], one["amount"], one["value"]) for one in view["spot"]),
        legs=tuple(
            LegState(one["instrument"], one["size"], one["basis"], one["value"], one["claims"], one["debts"])
            for one in view["legs"]
        ),
        in_auction=view["inAuction"],
        nonce=view["stateNonce"],
    )


def auction_state(live: dict[str, Any], insolvent: bool, price: Wad, max_fraction: Wad, value: Wad) -> AuctionState:  # noqa: FBT001 - the lens' order
    """Read one row of the lens' auctions."""
    return AuctionState(
        id=live["id"],
        recorded_insolvent=live["insolvent"],
        stopped=live["stopped"],
        seen_at=live["seenAt"],
        reserved=live["reserved"],
        insolvent=insolvent,
        price=price,
        max_fraction=max_fraction,
        value=value,
    )


def _margin(margin: dict[str, Any]) -> MarginState:
    return MarginState(
        excess=margin["excess"],
        paid_excess=margin["paidExcess"],
        requirement=margin["requirement"],
        equity=margin["equity"],
        prices_valid=margin["pricesValid"],
        doubt=Doubt(margin["doubt"]),
    )
