"""Funding of perpetuals: the index that accrues, and the smoothed premium that sets its rate."""

from dataclasses import dataclass, replace
from typing import Final

from crossmargin.model.units import PPM, WAD, Ppm, Seconds, Wad, clamp, floor_div, trunc_div

__all__ = [
    "DAY",
    "PREMIUM_CLAMP",
    "Fill",
    "FundingState",
    "FundingTerms",
    "accrued_index",
    "premium_after",
    "rate_of",
    "updated",
]

DAY: Final = 86_400
PREMIUM_CLAMP: Final = Wad(WAD // 20)
"""The largest premium one fill can show [wad]."""
_FILL_TIME: Final = 60
_PAYMENTS_PER_DAY: Final = 3
_WAD_PER_PPM: Final = WAD // PPM


@dataclass(frozen=True, slots=True)
class FundingTerms:
    """Configuration of one market's funding.

    `window` smooths the premium [seconds], a fill of `impact_notional` [wad USD] counts fully, `max_rate` bounds the
    rate [ppm per day] (0 for a dated future).
    """

    window: Seconds
    impact_notional: Wad
    max_rate: Ppm


@dataclass(frozen=True, slots=True)
class Fill:
    """A trade the premium learns from: price and notional [wad USD]; notional 0 is a poke."""

    price: Wad
    notional: Wad


@dataclass(frozen=True, slots=True)
class FundingState:
    """A market's funding: index [wad USD per base unit], premium average [wad], rate [ppm per day], last update."""

    index: Wad
    premium: Wad
    rate: Ppm
    updated_at: Seconds


def accrued_index(index: Wad, rate: Ppm, spot: Wad, elapsed: Seconds) -> Wad:
    """Give F_now = F + trunc(S_mid * rate * dt / (PPM * 86400)) [wad USD per base unit], toward zero."""
    return Wad(index + trunc_div(spot * rate * elapsed, PPM * DAY))


def premium_after(premium: Wad, terms: FundingTerms, elapsed: Seconds, spot: Wad, fill: Fill) -> Wad:
    """Give the premium average after a fill [wad], rounded toward zero at each step.

    A fill counts for at most a minute of the time since the last update, the rest of it is decay; one of less than the
    impact notional counts in proportion. Notional 0 is a poke, which only decays.
    """
    if fill.notional == 0:
        return Wad(trunc_div(premium * terms.window, terms.window + elapsed))
    shown = clamp(trunc_div((fill.price - spot) * WAD, spot), -PREMIUM_CLAMP, PREMIUM_CLAMP)
    weight = min(WAD, floor_div(fill.notional * WAD, terms.impact_notional))
    seen = trunc_div(shown * weight, WAD)
    counted = min(elapsed, _FILL_TIME)
    decayed = trunc_div(premium * terms.window, terms.window + elapsed - counted)
    return Wad(trunc_div(decayed * terms.window + seen * counted, terms.window + counted))


def rate_of(premium: Wad, max_rate: Ppm) -> Ppm:
    """Give the funding rate three times the premium a day [ppm per day], toward zero and clamped to the maximum."""
    return Ppm(clamp(trunc_div(_PAYMENTS_PER_DAY * premium, _WAD_PER_PPM), -max_rate, max_rate))


def updated(state: FundingState, terms: FundingTerms, now: Seconds, spot: Wad, fill: Fill) -> FundingState:
    """Accrue with the old rate up to now, then take the fill into the premium and set the new rate."""
    elapsed = Seconds(now - state.updated_at)
    premium = premium_after(state.premium, terms, elapsed, spot, fill)
    return replace(
        state,
        index=accrued_index(state.index, state.rate, spot, elapsed),
        premium=premium,
        rate=rate_of(premium, terms.max_rate),
        updated_at=now,
    )
