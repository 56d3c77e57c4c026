"""Legs and their markets: value, fills, and the move of value into cash."""

from dataclasses import dataclass, replace
from typing import Final

from crossmargin.model.funding import index_at
from crossmargin.model.instruments import Instrument, decode
from crossmargin.model.units import EPOCH, NO_PPM, WAD, ZERO, InstrumentId, Ppm, Seconds, Wad, ceil_div, floor_div

__all__ = [
    "SETTLEMENT_WINDOW",
    "Leg",
    "Market",
    "Settlement",
    "fill_basis",
    "filled",
    "index_now",
    "raw_value",
    "settle",
    "value_of",
]

SETTLEMENT_WINDOW: Final = Seconds(1_800)
"""Final prices of expiries are averages over this long at least, from no longer before expiry [s]."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A position: size [wad base, signed], basis [wad USD, signed], pending market-loss share [wad USD]."""

    instrument: InstrumentId
    size: Wad
    basis: Wad
    share: Wad = ZERO


@dataclass(frozen=True, slots=True)
class Market:
    """What margin needs to know of one instrument's market.

    `funding_index` [wad USD per base unit] was written at `updated_at`, since when `rate` [ppm per day] decays;
    `open_interest` is one side's size [wad base], `long_basis` the sum of the longs' basis and `pool` the collected
    losses [wad USD]; `promised` backs the market's values beside the pool: receivables, shortfall and debts of legs
    without size, less claims of those [wad USD]; `utilisation` counts half-percent steps of the cap; `final_price`
    is set once the average of its expiry is known [wad USD].
    """

    instrument: InstrumentId
    funding_index: Wad = ZERO
    rate: Ppm = NO_PPM
    updated_at: Seconds = EPOCH
    open_interest: Wad = ZERO
    long_basis: Wad = ZERO
    pool: Wad = ZERO
    promised: Wad = ZERO
    utilisation: int = 0
    final_price: Wad | None = None

    @property
    def terms(self) -> Instrument:
        """Give the unpacked id."""
        return decode(self.instrument)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What moving a leg's value into cash leaves behind."""

    leg: Leg
    cash: Wad
    pool: Wad


def index_now(market: Market, spot: Wad, now: Seconds) -> Wad:
    """Give the market's funding index at `now` [wad USD per base unit]."""
    return index_at(market.funding_index, market.rate, spot, Seconds(now - market.updated_at))


def raw_value(leg: Leg, price: Wad, index: Wad) -> Wad:
    """Give floor(size*(price - index)/WAD) - basis [wad USD]: against the holder."""
    return Wad(floor_div(leg.size * (price - index), WAD) - leg.basis)


def value_of(leg: Leg, price: Wad, index: Wad) -> Wad:
    """Give the leg's value after its share of market losses [wad USD], which never exceeds its profit."""
    raw = raw_value(leg, price, index)
    return Wad(raw - min(leg.share, max(raw, 0)))


def fill_basis(size_change: Wad, price: Wad, index: Wad) -> Wad:
    """Give what a fill adds to the basis [wad USD], rounded up for buyer and seller alike."""
    return Wad(ceil_div(size_change * (price - index), WAD))


def filled(leg: Leg, size_change: Wad, price: Wad, index: Wad) -> Leg:
    """Apply a fill of `size_change` [wad base, negative when selling] to one side."""
    basis = Wad(leg.basis + fill_basis(size_change, price, index))
    return replace(leg, size=Wad(leg.size + size_change), basis=basis)


def settle(leg: Leg, cash: Wad, pool: Wad, value: Wad) -> Settlement:
    """Move a leg's value into cash: a loss in full into the pool, a profit as far as the pool reaches [wad USD]."""
    moved = value if value < 0 else min(value, pool)
    return Settlement(leg=replace(leg, basis=Wad(leg.basis + moved)), cash=Wad(cash + moved), pool=Wad(pool - moved))
