"""Every hour of one asset, as arrays."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossmargin.model.units import PPM
from crossmargin.volatility.hours import DAY, MOST_RETURN, MOST_VARIANCE

__all__ = ["HOUR", "Floats", "Hourly", "Integers", "spread"]

HOUR: Final = 3_600
"""[s]"""

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Hourly:
    """Every hour of one asset from its first to its last.

    Hour numbers count from the epoch. `net` is the return [ppm], `variance` that of its grid, or what the bar says of
    it [ppm^2]. `known` hours had a bar, and so had the hour before; `run` counts hours since the history last began.
    """

    asset: str
    numbers: Integers
    net: Integers
    variance: Integers
    known: NDArray[np.bool_]
    run: Integers


def spread(asset: str, hours: Integers, logs: Integers, variances: Floats) -> Hourly:
    """Make every hour of those that are known: log prices at their ends [ppm], and variances; gaps are spread.

    After more than a day without an hour the history begins anew.
    """
    first, count = int(hours[0]), int(hours[-1] - hours[0]) + 1
    places = hours - first
    gaps = np.diff(places, prepend=places[0] - 1)
    changes = np.diff(logs, prepend=logs[0])
    owner = np.searchsorted(places, np.arange(count))  # the bar that ends a gap owns its hours
    net = changes[owner] // gaps[owner]
    variance = np.where(gaps[owner] > 1, changes[owner] ** 2 // gaps[owner], 0)
    known = np.zeros(count, bool)
    alone = places[gaps == 1]
    known[alone] = True
    variance[alone] = np.rint(variances[gaps == 1] * PPM**2).astype(np.int64)
    starts = places[gaps > DAY]
    began = np.zeros(count, np.int64)
    began[starts] = starts
    run = np.arange(count) - np.maximum.accumulate(began)
    net, variance = np.clip(net, -MOST_RETURN, MOST_RETURN), np.clip(variance, 0, MOST_VARIANCE)
    return Hourly(asset, np.arange(first, first + count), net, variance, known, run)
