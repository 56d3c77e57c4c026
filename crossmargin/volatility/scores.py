"""How good forecasts of a quantile were: pinball loss, coverage and its independence, and which of two is better."""

from dataclasses import dataclass
from math import erfc, exp, log, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossmargin.volatility.hourly import Floats

__all__ = ["Coverage", "Score", "constant", "coverage", "diebold_mariano", "pinball", "score"]

_LAGS: Final = 24
"""Hours over which losses may depend on each other, at least."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Share of moves beyond the forecast, and how likely as much or more is: of their number, and of their clusters."""

    beyond: float
    unconditional: float
    conditional: float


@dataclass(frozen=True, slots=True)
class Score:
    """Mean loss [parts of the price]; against the best constant: what is saved, how many times fewer breaches."""

    loss: float
    saving: float
    fewer: float
    coverage: Coverage


def pinball(moves: Floats, forecasts: Floats, level: float) -> Floats:
    """Give each forecast's loss, in the unit of the moves."""
    miss = moves - forecasts
    return np.maximum(level * miss, (level - 1) * miss)


def constant(moves: Floats, level: float) -> float:
    """Give the constant that had the least loss."""
    return float(np.quantile(moves, level))


def score(moves: Floats, forecasts: Floats, level: float, spacing: int = 1) -> Score:
    """Score forecasts [ppm]; breaches are counted where the forecasts' mean is that of the best constant.

    Coverage is tested on every `spacing`-th row, where moves of longer horizons overlap.
    """
    loss = float(pinball(moves, forecasts, level).mean())
    best = float(pinball(moves, np.full_like(moves, constant(moves, level)), level).mean())
    flat = constant(moves, level)
    risen = int(np.count_nonzero(moves > forecasts * (flat / forecasts.mean())))
    fewer = int(np.count_nonzero(moves > flat)) / max(risen, 1)
    tested = coverage((moves > forecasts)[::spacing], level)
    return Score(loss / 1e6, 1 - loss / best, fewer, tested)


def coverage(beyond: NDArray[np.bool_], level: float) -> Coverage:
    """Test the number of breaches (Kupiec) and with it their independence from the hour before (Christoffersen)."""
    count, total = int(beyond.sum()), len(beyond)
    kupiec = max(_likelihood(count, total, count / total) - _likelihood(count, total, 1 - level), 0.0)
    after = beyond[1:]
    was = beyond[:-1]
    pairs = [(int(after[was == state].sum()), int((was == state).sum())) for state in (False, True)]
    apart = sum(_likelihood(hits, tries, hits / tries) for hits, tries in pairs if tries)
    together = _likelihood(int(after.sum()), len(after), float(after.mean()) if len(after) else 0.0)
    both = 2 * (kupiec + max(apart - together, 0.0))
    return Coverage(count / total, erfc(sqrt(kupiec)), exp(-both / 2))


def _likelihood(hits: int, tries: int, chance: float) -> float:
    """Give the logarithm of the likelihood of independent hits."""
    chance = min(max(chance, 1e-12), 1 - 1e-12)
    return hits * log(chance) + (tries - hits) * log(1 - chance)


def diebold_mariano(better: Floats, worse: Floats, hours: NDArray[np.int64], horizon: int) -> float:
    """Compare losses, pooled by hour: the statistic, below 0 where the first is better; normal if they are equal.

    Assets move together, so that an hour counts once: with the mean of its differences. The variance allows for
    dependence over the horizon, and over a day at least (Bartlett); of no more hours than that nothing is said: 0.
    """
    _, place = np.unique(hours, return_inverse=True)
    number = np.bincount(place)
    means = np.bincount(place, weights=better - worse) / number
    centred = means - means.mean()
    variance = float(centred @ centred) / len(centred)
    lags = max(_LAGS, 2 * horizon)
    if len(centred) <= lags:
        return 0.0
    for lag in range(1, lags + 1):
        variance += 2 * (1 - lag / (lags + 1)) * float(centred[lag:] @ centred[:-lag]) / len(centred)
    return float(means.mean() / sqrt(max(variance, 1e-300) / len(centred)))
