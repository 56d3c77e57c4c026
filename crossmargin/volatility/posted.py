"""What the steward would have posted: forecasts as multipliers, within its limits, hour by hour."""

from typing import Final

import numpy as np

from crossmargin.model.units import Ppm
from crossmargin.volatility.hourly import Floats, Integers
from crossmargin.volatility.steward import FALL, HOUR, HOURS, RISE, Rule

__all__ = ["NOTICE", "announced", "levels", "multipliers"]

NOTICE: Final = HOURS
"""A maintenance margin is the least of so many hours' ends, the running one with them."""
_UNIT: Final = 1_000_000


def levels(forecasts: Integers, rule: Rule) -> Integers:
    """Follow the forecasts of one underlying with a level that somebody pokes every hour: as `Path` at hours' ends."""
    asked, places = np.unique(forecasts, return_inverse=True)
    targets = np.array([rule.target(Ppm(int(each))) for each in asked])[places]
    result = np.empty(len(targets), np.int64)
    level = rule.default
    for place, target in enumerate(targets.tolist()):
        level = min(target, level + RISE * HOUR) if target > level else max(target, level - FALL * HOUR)
        result[place] = level
    return result


def announced(path: Integers) -> Integers:
    """Give the level of maintenance margins: the least of the last hours."""
    padded = np.concatenate([np.full(NOTICE - 1, path[0]), path])
    least: Integers = np.lib.stride_tricks.sliding_window_view(padded, NOTICE).min(axis=1)
    return least


def multipliers(path: Integers, unit: int) -> Floats:
    """Turn levels into multipliers; `unit` is the level of 1."""
    return np.asarray(np.exp((path - unit) / _UNIT), np.float64)
