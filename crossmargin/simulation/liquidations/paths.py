"""Prices a second apart, drawn between those that are known: seeded Brownian bridges that keep a bar's high and low.

Inside a bar the path goes from open to close through both extremes, the nearer one to the open first where the bar
ends on the other side, at times drawn for all assets of a move alike. Between these four points it is a Brownian
bridge with the volatility that Garman and Klass read from the bar, folded at high and low. Four fifths of the noise of
two assets are the same: they crash together.
"""

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossmargin.simulation.liquidations.bars import Bars, Floats

__all__ = ["TAIL", "WINDOW", "Path", "draw", "draw_together", "volatility"]

TAIL: Final = 14_400
"""The last price stands still this long, so that every auction can end [s]."""
WINDOW: Final = 600
"""Keepers measure volatility over this long [s]."""
_COMMON: Final = 0.8
"""Correlation of the noise of two assets."""
_OF_RANGE: Final = 0.5
_OF_CHANGE: Final = 2 * math.log(2) - 1
"""Garman and Klass, 1980: a bar's variance is this of its squared range less this of its squared change."""
_LEG: Final = 0.2
"""Each of the three legs of a bar takes this part of it at least: a Brownian motion needs hardly ever less."""


@dataclass(frozen=True)
class Path:
    """Prices of one asset [USD], one each second since `begin` [s since 1970]; `sigma` is per square root of second."""

    asset: str
    begin: int
    prices: Floats
    sigma: Floats


def draw_together(moves: Mapping[str, Bars], seed: int) -> dict[str, Path]:
    """Draw paths of assets over the time that all of them know."""
    begin, end = max(bars.begin for bars in moves.values()), min(bars.end for bars in moves.values())
    drawn = {}
    for asset, bars in moves.items():
        prices = draw(asset, bars, seed)[begin - bars.begin : end - bars.begin]
        held = np.concatenate([prices, np.full(TAIL, prices[-1])])
        drawn[asset] = Path(asset, begin, held, volatility(held))
    return drawn


def draw(asset: str, bars: Bars, seed: int) -> Floats:
    """Draw prices of every second of the bars [USD]."""
    length = bars.end - bars.begin
    clock = np.arange(length)
    times, logs = _anchors(bars, seed)
    walk = np.cumsum(_noise(asset, bars, length, seed) * _per_second(bars, length))
    smooth = np.interp(clock, times, logs)
    bridged = smooth + walk - np.interp(clock, times, walk[times])
    prices: Floats = np.exp(_folded(bridged, bars, length))
    return prices


def volatility(prices: Floats) -> Floats:
    """Give the volatility of the last `WINDOW` seconds [per square root of second], known at each second."""
    squares = np.concatenate([[0.0], np.cumsum(np.diff(np.log(prices)) ** 2)])
    begins = np.maximum(np.arange(len(prices)) - WINDOW, 0)
    spans = np.maximum(np.arange(len(prices)) - begins, 1)
    moved: Floats = np.sqrt(np.maximum(squares - squares[begins], 0.0) / spans)
    return moved


def _anchors(bars: Bars, seed: int) -> tuple[NDArray[np.int64], Floats]:
    """Give what the path goes through: seconds since the begin, log prices."""
    rows = [_of_bar(bars, place, seed) for place in range(len(bars.begins))]
    times = np.asarray([time for row in rows for time, _ in row], dtype=np.int64)
    logs = np.log([price for row in rows for _, price in row])
    return times, logs


def _of_bar(bars: Bars, place: int, seed: int) -> list[tuple[int, float]]:
    begin, length = int(bars.begins[place]), int(bars.ends[place] - bars.begins[place])
    first = begin - bars.begin
    opened, close = float(bars.opens[place]), float(bars.closes[place])
    ends = [(first, opened), (first + length - 1, close)]
    if np.isnan(bars.highs[place]):
        return ends[: min(2, length)]
    draws = np.sort(np.random.default_rng([seed, begin, length]).uniform(size=2))
    early, late = (int(length * part) for part in _LEG * np.array([1, 2]) + (1 - 3 * _LEG) * draws)
    early = min(max(1, early), length - 3)
    late = min(max(early + 1, late), length - 2)
    extremes = [float(bars.highs[place]), float(bars.lows[place])]
    if close > opened:
        extremes.reverse()
    return [ends[0], (first + early, extremes[0]), (first + late, extremes[1]), ends[1]]


def _noise(asset: str, bars: Bars, length: int, seed: int) -> Floats:
    """Draw standard normals, in part those of every asset at these seconds: days have draws of their own."""
    first, last = bars.begin // 86_400, (bars.end - 1) // 86_400
    days = [np.random.default_rng([seed, day]).standard_normal(86_400) for day in range(first, last + 1)]
    common = np.concatenate(days)[bars.begin - first * 86_400 :][:length]
    own = np.random.default_rng([seed, bars.begin, zlib.crc32(asset.encode())]).standard_normal(length)
    noise: Floats = common * _COMMON**0.5 + own * (1 - _COMMON) ** 0.5
    return noise


def _per_second(bars: Bars, length: int) -> Floats:
    """Give each second's volatility: what its bar says, or the noise between points."""
    ranges, changes = np.log(bars.highs / bars.lows), np.log(bars.closes / bars.opens)
    variances = (_OF_RANGE * ranges**2 - _OF_CHANGE * changes**2) / (bars.ends - bars.begins)
    return _spread(np.where(np.isnan(ranges), bars.noise, np.sqrt(variances)), bars, length)


def _folded(logs: Floats, bars: Bars, length: int) -> Floats:
    """Reflect at each bar's low and high, which keeps what already lies between them."""
    low = _spread(np.log(np.where(np.isnan(bars.lows), 1e-300, bars.lows)), bars, length)
    high = _spread(np.log(np.where(np.isnan(bars.highs), 1e300, bars.highs)), bars, length)
    width = np.maximum(high - low, 1e-12)
    turned = np.mod(logs - low, 2 * width)
    folded: Floats = low + np.minimum(turned, 2 * width - turned)
    return folded


def _spread(values: Floats, bars: Bars, length: int) -> Floats:
    """Give each second its bar's value."""
    spread: Floats = np.repeat(values, bars.ends - bars.begins)[:length]
    return spread
