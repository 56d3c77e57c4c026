"""Funding of perpetuals: a premium that only fills move, no further than their fees pay for, and the index it pays."""

from dataclasses import dataclass, replace
from typing import Final

from crossmargin.model.black76 import exp_wad
from crossmargin.model.units import PPM, PPM_TO_WAD, WAD, Ppm, Seconds, Wad, ceil_div, clamp, floor_div, trunc_div

__all__ = [
    "DAY",
    "FUNDING_WINDOW",
    "INDEX_LIMIT",
    "Fill",
    "FundingState",
    "FundingTerms",
    "after_fill",
    "decay",
    "index_at",
    "limit_of",
    "premium_after",
    "rate_of",
    "reach_of",
]

DAY: Final = 86_400
FUNDING_WINDOW: Final = 28_800
"""A premium is paid over this time on average, as e^(-t / window) [s]."""
_PAYMENTS_PER_DAY: Final = DAY // FUNDING_WINDOW
INDEX_LIMIT: Final = 2**87
"""A funding index is at least minus this and less than it [wad USD per base unit]."""


@dataclass(frozen=True, slots=True)
class FundingTerms:
    """Configuration of one market's funding.

    A fill is weighed against the open interest, and against `depth` [wad USD] where that is less; `max_rate` bounds
    the rate [ppm per day] (0 but for perpetuals).
    """

    depth: Wad
    max_rate: Ppm


@dataclass(frozen=True, slots=True)
class Fill:
    """A trade: contracts [wad base], price [wad USD], what both sides pay in fees [ppm of the notional]."""

    size: Wad
    price: Wad
    fee: Ppm


@dataclass(frozen=True, slots=True)
class FundingState:
    """A market's funding when a fill last moved it, at `updated_at`.

    Index [wad USD per base unit], premium [wad of the price], and the rate it makes [ppm of the price per day].
    """

    index: Wad
    premium: Wad
    rate: Ppm
    updated_at: Seconds


def decay(elapsed: Seconds) -> Wad:
    """Give what is left of a premium after a time [wad of it]."""
    return exp_wad(Wad(-(elapsed * WAD // FUNDING_WINDOW)))


def index_at(index: Wad, rate: Ppm, spot: Wad, elapsed: Seconds) -> Wad:
    """Give the index after a time [wad USD per base unit]: toward zero, and held where its slot ends."""
    paid = trunc_div(spot * rate * (WAD - decay(elapsed)), PPM * WAD * _PAYMENTS_PER_DAY)
    return Wad(clamp(index + paid, -INDEX_LIMIT, INDEX_LIMIT - 1))


def limit_of(max_rate: Ppm) -> Wad:
    """Give the premium that makes the highest rate, up [wad]."""
    return Wad(ceil_div(max_rate * PPM_TO_WAD, _PAYMENTS_PER_DAY))


def reach_of(terms: FundingTerms, fill: Fill, spot: Wad, open_interest: Wad) -> Wad:
    """Give how far a fill may move the premium, down [wad].

    What it moves is paid once on all open interest [wad base before the fill]: half the fill's fees at most.
    """
    notional = ceil_div(fill.size * fill.price, WAD)
    depth = max(terms.depth, ceil_div((open_interest + fill.size) * spot, WAD))
    return Wad(min(WAD, floor_div(notional * fill.fee * PPM_TO_WAD, 2 * depth)))


def premium_after(premium: Wad, shown: Wad, reach: Wad, limit: Wad) -> Wad:
    """Move a premium toward what a fill shows, by its reach at most, and never beyond the limit [wad]."""
    return Wad(clamp(clamp(shown, premium - reach, premium + reach), -limit, limit))


def rate_of(premium: Wad) -> Ppm:
    """Give the rate that pays a premium once in a window [ppm per day], toward zero."""
    return Ppm(trunc_div(_PAYMENTS_PER_DAY * premium, PPM_TO_WAD))


def after_fill(
    state: FundingState, terms: FundingTerms, fill: Fill, *, now: Seconds, spot: Wad, open_interest: Wad
) -> FundingState:
    """Bring the index to now, then move the premium; a fill without reach writes nothing."""
    reach = reach_of(terms, fill, spot, open_interest)
    if reach == 0:
        return state
    elapsed = Seconds(now - state.updated_at)
    premium = Wad(trunc_div(state.premium * decay(elapsed), WAD))
    shown = Wad(trunc_div((fill.price - spot) * WAD, spot))
    premium = premium_after(premium, shown, reach, limit_of(terms.max_rate))
    return replace(
        state,
        index=index_at(state.index, state.rate, spot, elapsed),
        premium=premium,
        rate=rate_of(premium),
        updated_at=now,
    )
