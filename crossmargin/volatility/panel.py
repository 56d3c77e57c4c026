"""The features of whole histories at once, equal to those of `features.py` to the bit, and what then happened."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from crossmargin.volatility.features import COUNT, MOST, RATIO, WEIGHT_UNIT, Feature, Scaling
from crossmargin.volatility.forest import DEPTH, MOST_FORECAST, NODES, SEASON_UNIT, UNIT, Forest
from crossmargin.volatility.hourly import Hourly, Integers
from crossmargin.volatility.hours import DAY, WEEK

__all__ = ["Panel", "Windows", "evaluate", "forecasts", "isqrt", "panel", "vectors", "windows"]

_WINDOWS = (1, 6, DAY, WEEK)


@dataclass(frozen=True, eq=False)
class Windows:
    """What the features of one asset need that no forest changes, a row for each hour that can be forecast.

    `sums` and `majors` by window [ppm^2]; `span`, `net` [ppm]; `shape` the two parts [1 / 1024]; `hours` are those to
    be forecast; `moves` what then happened within the horizon [ppm]; `ahead` the mean variance of its hours [ppm^2].
    """

    asset: str
    hours: Integers
    sums: Integers
    majors: Integers
    span: Integers
    shape: Integers
    net: Integers
    moves: Integers
    ahead: Integers


@dataclass(frozen=True, eq=False)
class Panel:
    """Rows of many assets, in order of time: asset's place, hour that is forecast, windows and moves as above."""

    assets: tuple[str, ...]
    places: Integers
    rows: Windows

    def where(self, chosen: NDArray[np.bool_]) -> "Panel":
        """Keep some rows."""
        rows = self.rows
        kept = {name: getattr(rows, name)[chosen] for name in _COLUMNS}
        return Panel(self.assets, self.places[chosen], Windows(rows.asset, **kept))


_COLUMNS = ("hours", "sums", "majors", "span", "shape", "net", "moves", "ahead")


def isqrt(values: Integers) -> Integers:
    """Take integer roots, exactly, of what is below 2**62."""
    roots = np.sqrt(values.astype(np.float64)).astype(np.int64)
    roots -= roots * roots > values
    roots += (roots + 1) * (roots + 1) <= values
    return roots


def windows(hourly: Hourly, majors: Sequence[Hourly], horizon: int) -> Windows:
    """Compute what the features of an asset need, for each hour whose past is whole and whose future is known."""
    day = sliding_window_view(np.concatenate([np.zeros(DAY - 1, np.int64), hourly.net]), DAY)
    path = np.cumsum(day, axis=1)
    span = np.maximum(path.max(axis=1), 0) - np.minimum(path.min(axis=1), 0)
    moves, ahead, told = _future(hourly, horizon)
    whole = (hourly.run >= WEEK) & told
    return Windows(
        asset=hourly.asset,
        hours=hourly.numbers[whole] + 1,
        sums=_sums(hourly.variance)[whole],
        majors=_sums_at(hourly.numbers, majors)[whole],
        span=span[whole],
        shape=_shape(day)[whole],
        net=hourly.net[whole],
        moves=moves[whole],
        ahead=ahead[whole],
    )


def _future(hourly: Hourly, horizon: int) -> tuple[Integers, Integers, NDArray[np.bool_]]:
    """Give the move within the hours after each, their mean variance, and where all of them are known."""
    count = len(hourly.net)
    level = np.concatenate([[0], np.cumsum(hourly.net)])
    unknown = np.concatenate([[0], np.cumsum(~hourly.known)])
    here = np.arange(count) + 1
    there = np.minimum(here + horizon, count)
    told = (here + horizon <= count) & (unknown[there] == unknown[here])
    total = np.concatenate([[0], np.cumsum(hourly.variance)])
    ahead = (total[there] - total[here]) // horizon
    return np.abs(level[there] - level[here]), ahead, told


def _sums(variance: Integers) -> Integers:
    total = np.concatenate([[0], np.cumsum(variance)])
    ends = np.arange(1, len(total))
    return np.stack([total[ends] - total[np.maximum(ends - window, 0)] for window in _WINDOWS], axis=1)


def _sums_at(numbers: Integers, others: Sequence[Hourly]) -> Integers:
    """Add up the windows of others at the same hours; one that has no week of its own yet adds nothing."""
    result = np.zeros((len(numbers), len(_WINDOWS)), np.int64)
    for other in others:
        places = numbers - other.numbers[0]
        inside = (places >= 0) & (places < len(other.numbers))
        at = np.clip(places, 0, len(other.numbers) - 1)
        result += np.where((inside & (other.run[at] >= WEEK))[:, None], _sums(other.variance)[at], 0)
    return result


def _shape(day: Integers) -> Integers:
    squares = np.sum(day * day, axis=1)
    products = np.sum(np.abs(day[:, 1:] * day[:, :-1]), axis=1)
    falling = np.sum(np.where(day < 0, day * day, 0), axis=1)
    safe = np.maximum(squares, 1)
    return np.stack(
        [
            np.where(squares > 0, products * RATIO // safe, RATIO),
            np.where(squares > 0, falling * RATIO // safe, RATIO // 2),
        ],
        axis=1,
    )


def panel(parts: Sequence[Windows]) -> Panel:
    """Put assets together, by hour and then by asset."""
    places = np.concatenate([np.full(len(part.hours), place) for place, part in enumerate(parts)])
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS}
    order = np.lexsort((places, columns["hours"]))
    rows = Windows("", **{name: column[order] for name, column in columns.items()})
    return Panel(tuple(part.asset for part in parts), places[order], rows)


def vectors(rows: Windows, scaling: Scaling) -> Integers:
    """Compute the vectors that `features` computes, without funding and open interest."""
    means = rows.sums // np.array(_WINDOWS)
    variance = np.maximum(means @ np.array(scaling.weights) // WEIGHT_UNIT, scaling.least**2)
    scale = isqrt(variance)
    result = np.zeros((len(scale), COUNT), np.int64)
    result[:, : Feature.RANGE] = isqrt(_ratio(means, variance[:, None]))
    result[:, Feature.RANGE] = rows.span * RATIO // scale
    result[:, Feature.CONTINUOUS : Feature.NET] = rows.shape
    result[:, Feature.NET] = np.sign(rows.net) * (np.abs(rows.net) * RATIO // scale)
    result[:, Feature.HOUR_OF_WEEK] = rows.hours % WEEK
    result[:, Feature.HOUR_OF_DAY] = rows.hours % DAY
    hour, _, day, week = rows.majors.T
    result[:, Feature.MAJORS_HOUR] = _deviations(hour * DAY, day)
    result[:, Feature.MAJORS_DAY] = _deviations(day * (WEEK // DAY), week)
    result[:, Feature.SCALE] = scale
    result[:, Feature.INTEREST] = RATIO
    return np.clip(result, -MOST, MOST)


def _ratio(above: Integers, below: Integers) -> Integers:
    return above * RATIO**2 // below


def _deviations(above: Integers, below: Integers) -> Integers:
    return np.where(below > 0, isqrt(_ratio(above, np.maximum(below, 1))), RATIO)


def evaluate(forest: Forest, vector: Integers) -> Integers:
    """Evaluate many vectors, as `Forest.evaluate` does one [1 / UNIT of the scale]."""
    rows = np.arange(len(vector))
    total = np.full(len(vector), forest.base)
    for tree in forest.trees:
        asked = np.array([node.feature for node in tree.nodes])
        thresholds = np.array([node.threshold for node in tree.nodes])
        at = np.zeros(len(vector), np.int64)
        for _ in range(DEPTH):
            at = 2 * at + 2 - (vector[rows, asked[at]] <= thresholds[at])
        total += np.array(tree.leaves)[at - NODES]
    return np.maximum(total, 0)


def forecasts(forest: Forest, rows: Windows) -> Integers:
    """Forecast all rows, as `Forest.forecast` does one vector [ppm]."""
    vector = vectors(rows, forest.scaling)
    season = np.array(forest.season)[vector[:, Feature.HOUR_OF_WEEK]]
    # In two steps, each rounded down, so that 64 bits suffice; the quotient is the same.
    product = evaluate(forest, vector) * vector[:, Feature.SCALE]
    whole, rest = np.divmod(product, SEASON_UNIT * UNIT)
    exact: Integers = np.minimum(whole * season + rest * season // (SEASON_UNIT * UNIT), MOST_FORECAST)
    return exact
