"""What a history says of shocks, of the offset in a group, and of the impact of a bad day."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossmargin.simulation.calibration.history import History
from crossmargin.simulation.liquidations.bars import Floats

__all__ = ["QUANTILES", "BadDay", "Extremes", "Gap", "bad_day", "extremes", "gap"]

QUANTILES: Final = (0.99, 0.999, 0.9999)
_WORST: Final = 0.99
"""The worst hundredth begins at this quantile."""
_DAY: Final = 86_400
_WINDOW: Final = 90
"""An ordinary day is the median of so many, up to the day that is compared with it."""
_LEAST_OF_DAY: Final = 0.95
"""A day counts where so much of it is known."""
_OF_RANGE: Final = 0.5
_OF_CHANGE: Final = 2 * np.log(2) - 1
"""Garman and Klass, as in liquidations/paths.py."""


@dataclass(frozen=True)
class Extremes:
    """Worst move within a horizon after each close, to either side: quantiles, worst fall, worst rise [parts].

    `beyond` are the days a year with a move past each of the shocks that were asked for.
    """

    quantiles: tuple[float, ...]
    fall: float
    rise: float
    beyond: tuple[float, ...]


@dataclass(frozen=True)
class Gap:
    """How far two assets part between closes: quantiles, most [parts], correlation, that of the worst hundredth.

    `beyond` are the days a year on which they part further than each of the margins that were asked for.
    """

    quantiles: tuple[float, ...]
    most: float
    correlation: float
    crash_correlation: float
    beyond: tuple[float, ...]


@dataclass(frozen=True)
class BadDay:
    """An ordinary day's volatility [parts], and what the worst hundredth of days multiply it and the volume by.

    `scale` is what they multiply `volatility / sqrt(volume)` by: the median of these days, and their 90 % quantile.
    """

    volatility: float
    volatility_times: float
    volume_times: float
    scale: float
    scale_high: float


def extremes(history: History, bars: int, shocks: Sequence[float]) -> Extremes:
    """Measure the moves within so many bars."""
    falls, rises = history.extremes(bars)
    worst = np.maximum(falls, rises)
    return Extremes(
        quantiles=_quantiles(worst),
        fall=float(falls.max()),
        rise=float(rises.max()),
        beyond=tuple(_days(history.days(bars)[worst > shock]) / history.years for shock in shocks),
    )


def gap(one: History, other: History, bars: int, margins: Sequence[float]) -> Gap:
    """Measure how far two assets part between a close and the one so many bars later; both move from the same price."""
    _, here, there = np.intersect1d(one.times, other.times, return_indices=True)
    times, first, second = one.times[here], one.closes[here], other.closes[there]
    known = times[bars:] - times[:-bars] == bars * one.step
    moves = [(each[bars:] / each[:-bars] - 1)[known] for each in (first, second)]
    apart, days = np.abs(moves[0] - moves[1]), times[:-bars][known] // _DAY
    size = np.abs(moves[0]) + np.abs(moves[1])
    crash = size >= np.quantile(size, _WORST)
    years = len(apart) * one.step / (365.25 * _DAY)
    return Gap(
        quantiles=_quantiles(apart),
        most=float(apart.max()),
        correlation=_correlation(moves[0], moves[1]),
        crash_correlation=_correlation(moves[0][crash], moves[1][crash]),
        beyond=tuple(_days(days[apart > margin]) / years for margin in margins),
    )


def bad_day(history: History) -> BadDay:
    """Hold the most volatile hundredth of days against the ordinary days before them."""
    volatility, volume = _daily(history)
    ordinary = [_trailing_median(each) for each in (volatility, volume)]
    more, trade = volatility / ordinary[0], volume / ordinary[1]
    worst = more >= np.quantile(more, _WORST)
    scale = (more / np.sqrt(trade))[worst]
    return BadDay(
        volatility=float(np.median(volatility)),
        volatility_times=float(np.median(more[worst])),
        volume_times=float(np.median(trade[worst])),
        scale=float(np.median(scale)),
        scale_high=float(np.quantile(scale, 0.9)),
    )


def _daily(history: History) -> tuple[Floats, Floats]:
    """Give volatility and volume [USD] of each day that is known."""
    ranges, changes = np.log(history.highs / history.lows), np.log(history.closes / history.opens)
    variances = np.maximum(_OF_RANGE * ranges**2 - _OF_CHANGE * changes**2, 0.0)
    _, place, counts = np.unique(history.times // _DAY, return_inverse=True, return_counts=True)
    known = counts >= _LEAST_OF_DAY * _DAY / history.step
    sums = [np.bincount(place, each)[known] for each in (variances, history.volumes * history.closes)]
    return np.sqrt(sums[0]), sums[1]


def _trailing_median(values: Floats) -> Floats:
    """Give the median of the last `_WINDOW` values at each."""
    return np.asarray([np.median(values[max(0, end - _WINDOW) : end]) for end in range(1, len(values) + 1)])


def _quantiles(values: Floats) -> tuple[float, ...]:
    return tuple(float(each) for each in np.quantile(values, QUANTILES))


def _correlation(one: Floats, other: Floats) -> float:
    """Give the correlation, nan where one of the two does not move."""
    if min(np.ptp(one), np.ptp(other)) == 0:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])


def _days(days: NDArray[np.int64]) -> int:
    """Count different days."""
    return len(np.unique(days))
