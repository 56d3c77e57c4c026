"""What a forest is compared with: HAR with and without the majors, two exponential variances, GARCH."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.signal import lfilter

from crossmargin.volatility.floor import HALF_LIVES
from crossmargin.volatility.hourly import Floats, Hourly
from crossmargin.volatility.hours import DAY, WEEK
from crossmargin.volatility.panel import Panel, Windows
from crossmargin.volatility.scores import pinball

__all__ = ["best_factor", "floor_deviations", "garch_deviations", "har", "har_weights"]

_WINDOWS: Final = np.array([1, 6, DAY, WEEK])
_MOST_ROWS: Final = 40_000
"""Of so many rows, evenly spread, weights are fitted: four to eight numbers need no more."""
_STEPS: Final = 300
_GARCH_HOURS: Final = 8_760
_MOST_MULTIPLE: Final = 8.0


def best_factor(moves: Floats, deviations: Floats, level: float) -> float:
    """Find the multiple of deviations with the least loss."""
    least = minimize_scalar(
        lambda factor: pinball(moves, factor * deviations, level).mean(),
        bounds=(0.1, _MOST_MULTIPLE * np.sqrt(DAY)),
        method="bounded",
    )
    return float(least.x)


def har_weights(rows: Windows, level: float, *, majors: bool = False) -> Floats:
    """Fit the weights of mean variances, whose root is the quantile, by least loss."""
    chosen = np.linspace(0, len(rows.hours) - 1, min(_MOST_ROWS, len(rows.hours))).astype(int)
    means, moves = _means(rows, majors=majors)[chosen], rows.moves[chosen].astype(np.float64)
    share = np.full(means.shape[1], 1.0)
    start = share * best_factor(moves, np.sqrt(means @ share + 1), level) ** 2

    def loss(roots: Floats) -> float:
        return float(pinball(moves, np.sqrt(means @ roots**2 + 1), level).mean())

    found = minimize(loss, np.sqrt(start), method="Nelder-Mead", options={"maxiter": _STEPS})
    return np.asarray(found.x**2, np.float64)


def har(rows: Windows, weights: Floats) -> Floats:
    """Forecast with fitted weights [ppm]."""
    means = _means(rows, majors=len(weights) > len(_WINDOWS))
    return np.asarray(np.sqrt(means @ weights + 1), np.float64)


def _means(rows: Windows, *, majors: bool) -> Floats:
    own = rows.sums / _WINDOWS
    return np.hstack([own, rows.majors / _WINDOWS]) if majors else own


def floor_deviations(data: Panel, hourly: Sequence[Hourly]) -> Floats:
    """Give the floor's deviation of an hour from hourly variances, its half-lives as on chain [ppm]."""
    kept = [2 ** (-1 / half_life) for half_life in HALF_LIVES]

    def of(asset: Hourly) -> Floats:
        variance = asset.variance.astype(np.float64)
        parts = [lfilter([1 - each], [1, -each], variance, zi=[each * variance[:WEEK].mean()])[0] for each in kept]
        return np.asarray(np.sqrt((parts[0] + parts[1]) / 2), np.float64)

    return _at_rows(data, hourly, [of(each) for each in hourly])


def garch_deviations(data: Panel, hourly: Sequence[Hourly], end: int) -> Floats:
    """Give GARCH(1, 1) deviations, one model an asset, fitted by maximum likelihood to its last year before `end`."""
    from arch import arch_model  # noqa: PLC0415 - slow to import, and only a backtest needs it

    def of(asset: Hourly) -> Floats:
        net = asset.net.astype(np.float64)
        seen = net[asset.numbers < end][-_GARCH_HOURS:]
        if len(seen) < _GARCH_HOURS // 4:
            return np.full(len(net), np.nan)
        unit = float(seen.std())
        fitted = arch_model(seen / unit, mean="Zero", rescale=False).fit(disp="off", show_warning=False)
        constant, news, memory = (float(each) for each in fitted.params)
        squares = (net / unit) ** 2
        variance = lfilter([1], [1, -memory], constant + news * squares, zi=[memory * float(squares.mean())])[0]
        return np.asarray(unit * np.sqrt(variance), np.float64)

    return _at_rows(data, hourly, [of(each) for each in hourly])


def _at_rows(data: Panel, hourly: Sequence[Hourly], values: Sequence[Floats]) -> Floats:
    """Take for each row the value of its asset at the hour before the one that is forecast."""
    result = np.zeros(len(data.places))
    for place, (asset, each) in enumerate(zip(hourly, values, strict=True)):
        own = data.places == place
        result[own] = each[data.rows.hours[own] - 1 - asset.numbers[0]]
    return result
