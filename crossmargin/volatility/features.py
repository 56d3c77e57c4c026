"""What a forest looks at: a week of hours of one underlying and of the majors, as 15 small integers.

Everything is an exact integer, so that the contract computes the same. Quotients round down where both terms are
positive and toward zero otherwise, roots round down. `docs/volatility.md` has the table of features with their units.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from math import isqrt
from typing import Final

from crossmargin.model.units import NO_PPM, Ppm, clamp, trunc_div
from crossmargin.volatility.hours import DAY, WEEK, Hour

__all__ = [
    "COUNT",
    "MOST",
    "RATIO",
    "WEIGHTS",
    "WEIGHT_UNIT",
    "Feature",
    "Market",
    "Scaling",
    "Sums",
    "features",
    "sums",
]

COUNT: Final = 15
"""Features of a vector."""
MOST: Final = 2**23 - 1
"""A feature saturates here, to both sides: an int24 less its lowest value."""
RATIO: Final = 1024
"""Unit of ratios."""
WEIGHTS: Final = 4
"""Windows whose variances make the scale: 1, 6, 24 and 168 hours."""
WEIGHT_UNIT: Final = 2**16
_WINDOWS: Final = (1, 6, DAY, WEEK)


class Feature(IntEnum):
    """Place of a feature in the vector. Ratios are in 1 / 1024; the scale is that of the forest, without its season."""

    HOUR = 0
    """Deviation of the last hour over the scale."""
    HOURS_6 = 1
    """The same of six hours, an hour."""
    HOURS_24 = 2
    """The same of 24 hours, an hour."""
    HOURS_168 = 3
    """The same of 168 hours, an hour."""
    RANGE = 4
    """Highest less lowest log price among the ends of the last 24 hours, over the scale."""
    CONTINUOUS = 5
    """Products of neighbouring hourly returns over squares of 24 hours: what jumps leave."""
    DOWNSIDE = 6
    """Squares of falling hours over all squares, of 24 hours."""
    NET = 7
    """Return of the last hour over the scale, signed."""
    HOUR_OF_WEEK = 8
    """Of the hour that is forecast, 0 is Thursday, 00:00 UTC."""
    HOUR_OF_DAY = 9
    """Of the hour that is forecast."""
    MAJORS_HOUR = 10
    """Deviation of the majors' last hour over that of their 24 hours."""
    MAJORS_DAY = 11
    """Deviation of the majors' 24 hours over that of their 168 hours."""
    SCALE = 12
    """The scale [ppm]."""
    PREMIUM = 13
    """Funding of the underlying's perpetual, longs pay [ppm a day], signed."""
    INTEREST = 14
    """Open interest over that 24 hours before; 1024 where it is not known."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of an underlying's hourly variances over 1, 6, 24, 168 hours [ppm^2]."""

    windows: tuple[int, int, int, int]

    @property
    def means(self) -> tuple[int, ...]:
        """Give the mean variance of an hour, by window, rounded down [ppm^2]."""
        return tuple(total // hours for total, hours in zip(self.windows, _WINDOWS, strict=True))


@dataclass(frozen=True, slots=True)
class Scaling:
    """How a forest measures: variance an hour = weighted mean variances of the windows [1 / 2**16], and its least."""

    weights: tuple[int, int, int, int]
    least: Ppm

    def variance(self, own: Sums) -> int:
        """Weigh the windows [ppm^2 an hour]; at least `least` squared."""
        weighted = sum(weight * mean for weight, mean in zip(self.weights, own.means, strict=True))
        return max(weighted // WEIGHT_UNIT, self.least * self.least)


@dataclass(frozen=True, slots=True)
class Market:
    """What the vector takes from elsewhere: sums of the majors, funding [ppm a day], open interest now and before."""

    majors: tuple[Sums, ...]
    premium: Ppm = NO_PPM
    interest: int = 0
    interest_before: int = 0


def sums(hours: Sequence[Hour]) -> Sums:
    """Add up a week of closed hours, oldest first."""
    hour, six, day, week = (sum(each.variance for each in hours[WEEK - window :]) for window in _WINDOWS)
    return Sums((hour, six, day, week))


def features(hours: Sequence[Hour], market: Market, scaling: Scaling) -> tuple[int, ...]:
    """Compute the vector from a week of closed hours, oldest first, for the hour after them."""
    own = sums(hours)
    variance = scaling.variance(own)
    scale = isqrt(variance)
    day = [hour.net for hour in hours[WEEK - DAY :]]
    following = hours[-1].number + 1
    vector = (
        *(_deviation(mean, variance) for mean in own.means),
        _range(day) * RATIO // scale,
        *_shape(day),
        trunc_div(day[-1] * RATIO, scale),
        following % WEEK,
        following % DAY,
        *_majors(market.majors),
        scale,
        market.premium,
        _interest(market.interest, market.interest_before),
    )
    return tuple(clamp(each, -MOST, MOST) for each in vector)


def _deviation(variance: int, reference: int) -> int:
    """Take the root of a ratio of variances [1 / 1024]; of nothing over nothing it is 1."""
    return isqrt(variance * RATIO**2 // reference) if reference else RATIO


def _range(returns: Sequence[int]) -> int:
    """Measure the path of the sums of returns, the start included [ppm]."""
    path = low = high = 0
    for change in returns:
        path += change
        low, high = min(low, path), max(high, path)
    return high - low


def _shape(returns: Sequence[int]) -> tuple[int, int]:
    """Give what is continuous and what is downside of the squares of returns [1 / 1024]; without any, 1 and a half."""
    squares = sum(change * change for change in returns)
    if squares == 0:
        return RATIO, RATIO // 2
    products = sum(abs(a * b) for a, b in pairwise(returns))
    falling = sum(change * change for change in returns if change < 0)
    return products * RATIO // squares, falling * RATIO // squares


def _majors(majors: Sequence[Sums]) -> tuple[int, int]:
    """Compare hour with day, and day with week, of the majors' variances added up [1 / 1024]; without majors 1."""
    hour, _, day, week = (sum(each.windows[place] for each in majors) for place in range(WEIGHTS))
    return _deviation(hour * DAY, day), _deviation(day * (WEEK // DAY), week)


def _interest(now: int, before: int) -> int:
    return now * RATIO // before if before else RATIO
