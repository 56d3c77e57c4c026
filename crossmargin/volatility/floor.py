"""The floor of the forecast: two exponentially weighted variances of an underlying's returns, in exact integers."""

from dataclasses import dataclass
from math import isqrt
from typing import Final

from crossmargin.model.units import Ppm
from crossmargin.volatility.hours import STEPS

__all__ = ["HALF_LIVES", "ONE", "Floor"]

ONE: Final = 2**32
"""Unit of weights, and of variances beneath ppm^2."""
HALF_LIVES: Final = (12, 72)
"""[h]"""
_KEPT: Final = (4_274_343_054, 4_291_523_024)
"""What a step leaves of each variance, 2**(-1 / (12 * half-life)), in units of 1 / ONE, rounded to the nearest."""


@dataclass(slots=True)
class Floor:
    """Variances of a step [ppm^2 / ONE]. They begin at zero, and a history that is not ready has no floor."""

    fast: int = 0
    slow: int = 0

    def add(self, change: Ppm, steps: int) -> None:
        """Take in a return over so many steps: it counts once for each of them, with its variance a step."""
        variance = change * change * ONE // steps
        self.fast = _mixed(self.fast, variance, _power(_KEPT[0], steps))
        self.slow = _mixed(self.slow, variance, _power(_KEPT[1], steps))

    def deviation(self, hours: int) -> Ppm:
        """Give the standard deviation over so many hours, of the mean of the two variances [ppm, rounded down]."""
        return Ppm(isqrt((self.fast + self.slow) * STEPS * hours // (2 * ONE)))


def _mixed(old: int, new: int, kept: int) -> int:
    return (old * kept + new * (ONE - kept)) // ONE


def _power(kept: int, steps: int) -> int:
    """Raise a weight to a power, by squaring, lowest bit first; every product is rounded down."""
    result = ONE
    while steps:
        if steps & 1:
            result = result * kept // ONE
        kept = kept * kept // ONE
        steps >>= 1
    return result
