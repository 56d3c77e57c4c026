"""Open contracts and their markets: value and fills. What is closed or shared is in ledger.py."""

from dataclasses import dataclass
from typing import Final

from crossmargin.model.funding import index_at
from crossmargin.model.instruments import Instrument, decode
from crossmargin.model.units import EPOCH, NO_PPM, WAD, ZERO, InstrumentId, Ppm, Seconds, Wad, ceil_div, floor_div

__all__ = [
    "LEAST_OBSERVATIONS",
    "OBSERVATION_INTERVAL",
    "SETTLEMENT_WINDOW",
    "Leg",
    "Market",
    "fill_basis",
    "index_now",
    "is_averaged",
    "raw_value",
    "value_of",
]

SETTLEMENT_WINDOW: Final = Seconds(1_800)
"""Final prices of expiries are averages over this long at least, from no longer before expiry [s]."""
OBSERVATION_INTERVAL: Final = Seconds(60)
"""Of the index for the average of an expiry, one counts in so much time."""
LEAST_OBSERVATIONS: Final = 20
"""An average is of so many at least."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A leg as margin reads it: open contracts with their basis, and what closed ones are owed and owe.

    `size` [wad base, signed], `basis` [wad USD, signed], `claims` and `debts` [wad USD], shares of losses taken off.
    """

    instrument: InstrumentId
    size: Wad
    basis: Wad
    claims: Wad = ZERO
    debts: Wad = ZERO


@dataclass(frozen=True, slots=True)
class Market:
    """What margin needs to know of one instrument's market.

    `funding_index` [wad USD per base unit] was written at `updated_at`, since when `rate` [ppm per day] decays;
    `open_interest` is one side's size [wad base]; `utilisation` counts half-percent steps of the cap; `final_price` is
    set once the average of its expiry is known [wad USD].
    """

    instrument: InstrumentId
    funding_index: Wad = ZERO
    rate: Ppm = NO_PPM
    updated_at: Seconds = EPOCH
    open_interest: Wad = ZERO
    utilisation: int = 0
    final_price: Wad | None = None

    @property
    def terms(self) -> Instrument:
        """Give the unpacked id."""
        return decode(self.instrument)


def is_averaged(terms: Instrument, now: Seconds) -> bool:
    """Tell whether the average of an instrument's expiry is being made, or over: it is not traded then."""
    return terms.expiry is not None and terms.expiry <= now + SETTLEMENT_WINDOW


def is_over(terms: Instrument, now: Seconds) -> bool:
    """Tell whether an instrument has expired, so that it pays what an average says, and not the index."""
    return terms.expiry is not None and terms.expiry <= now


def index_now(market: Market, spot: Wad, now: Seconds) -> Wad:
    """Give the market's funding index at `now` [wad USD per base unit], truncated toward zero."""
    return index_at(market.funding_index, market.rate, spot, Seconds(now - market.updated_at))


def raw_value(leg: Leg, price: Wad, index: Wad) -> Wad:
    """Give the value of open contracts, floor(size*(price - index)/WAD) - basis [wad USD]: against the holder."""
    return Wad(floor_div(leg.size * (price - index), WAD) - leg.basis)


def value_of(leg: Leg, price: Wad, index: Wad) -> Wad:
    """Give the value of all of a leg [wad USD]: open contracts, claims, debts."""
    return Wad(raw_value(leg, price, index) + leg.claims - leg.debts)


def fill_basis(size_change: Wad, price: Wad, index: Wad) -> Wad:
    """Give what a fill adds to the basis [wad USD], rounded up for buyer and seller alike."""
    return Wad(ceil_div(size_change * (price - index), WAD))
