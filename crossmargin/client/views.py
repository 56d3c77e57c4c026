"""What a venue shows: frozen copies of the lens's structs, field for field; money is an int in the unit stated."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Self

__all__ = ["AccountView", "AssetView", "AuctionView", "Leg", "Margin", "MarketView", "Price", "PriceStatus", "Spot"]


class PriceStatus(IntEnum):
    """How far a price may be trusted."""

    UNSET = 0
    VALID = 1
    STALE = 2
    UNCERTAIN = 3
    HALTED = 4


@dataclass(frozen=True, slots=True)
class Price:
    """A price with its edges [wad USD]."""

    mid: int
    low: int
    high: int
    time: int
    status: PriceStatus

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        """Read the contract's struct."""
        mid, low, high, time, status = raw
        return cls(mid, low, high, time, PriceStatus(status))


@dataclass(frozen=True, slots=True)
class Margin:
    """Margin in one set [wad USD]."""

    excess: int
    """Assets minus requirement; the health factor is at least 1 where the maintenance excess is not negative."""
    numerator: int
    denominator: int
    requirement: int
    unhedged_haircut: int
    equity: int
    prices_valid: bool
    prices_halted: bool
    free: bool
    """Neither debt nor legs."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Collateral: amount [token units], value at mid [wad USD]."""

    asset_index: int
    amount: int
    value: int


@dataclass(frozen=True, slots=True)
class Leg:
    """A position: size [wad base]; basis, unrealised profit and share of a market loss [wad USD]."""

    instrument: int
    size: int
    basis: int
    value: int
    pending_loss: int


@dataclass(frozen=True, slots=True)
class AccountView:
    """Everything about an account."""

    account: int
    health_factor: int
    """[wad]; 2^256 - 1 where nothing is required."""
    initial: Margin
    maintenance: Margin
    cash: int
    """Signed [wad USD]."""
    spot: tuple[Spot, ...]
    legs: tuple[Leg, ...]
    in_auction: bool
    state_nonce: int

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        """Read the contract's struct."""
        account, health_factor, initial, maintenance, cash, spot, legs, in_auction, state_nonce = raw
        return cls(
            account,
            health_factor,
            Margin(*initial),
            Margin(*maintenance),
            cash,
            tuple(Spot(*each) for each in spot),
            tuple(Leg(*each) for each in legs),
            in_auction,
            state_nonce,
        )


@dataclass(frozen=True, slots=True)
class MarketView:
    """Everything about an instrument."""

    instrument: int
    index: Price
    funding_index: int
    """Now [wad USD per base]."""
    funding_rate: int
    """[ppm of the index a day]."""
    premium: int
    """Smoothed [wad]."""
    open_interest: int
    """[wad base]."""
    flags: int
    long_basis: int
    pool: int
    mark: int
    """The index, or the mark of an option [wad USD]."""
    mark_status: PriceStatus
    open_interest_cap: int
    impact_notional: int
    premium_window: int
    max_funding_rate: int

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        """Read the contract's struct."""
        instrument, index, *numbers, mark_status, config = raw
        values = (*numbers, PriceStatus(mark_status), *config)
        return cls(instrument, Price.decode(index), *values)


@dataclass(frozen=True, slots=True)
class AssetView:
    """A collateral asset and its price; cap and total [token units]."""

    token: str
    decimals: int
    feed_id: int
    underlying: int
    deposits_enabled: bool
    cap: int
    total: int
    price: Price

    @classmethod
    def decode(cls, config: Sequence[Any], price: Sequence[Any]) -> Self:
        """Read the contract's two structs."""
        token, decimals, feed_id, underlying, deposits_enabled, cap, total = config
        return cls(token, decimals, feed_id, underlying, deposits_enabled, cap, total, Price.decode(price))


@dataclass(frozen=True, slots=True)
class AuctionView:
    """A live auction and its quote."""

    account: int
    id: int
    """Counts up from 1; 0 = no auction."""
    started_at: int
    insolvent: bool
    price: int
    """Of the whole account now; negative: paid to the bidder [wad USD]."""
    max_fraction: int
    """Largest useful part [wad]."""
    value: int
    """Mark value without reserved cash [wad USD]."""
