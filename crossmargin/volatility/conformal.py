"""Coverage that corrects itself: a factor on forecasts that rises with every breach and falls a little otherwise."""

from typing import Final

import numpy as np

from crossmargin.volatility.hourly import Floats
from crossmargin.volatility.panel import Panel

__all__ = ["adaptive"]

_RATE: Final = 0.02
"""What a breach raises a factor by, in logarithms; other moves lower it in proportion. Longer horizons: less."""


def adaptive(rows: Panel, forecasts: Floats, level: float, horizon: int) -> Floats:
    """Correct forecasts asset by asset by those whose horizons were over (adaptive conformal)."""
    result, rate = forecasts.copy(), _RATE / np.sqrt(horizon)
    for place in range(len(rows.assets)):
        own = np.flatnonzero(rows.places == place)
        moves, hours = rows.rows.moves[own], rows.rows.hours[own]
        factor, seen, told = 0.0, 0, np.zeros(len(own), bool)
        for row in range(len(own)):
            while seen < row and hours[seen] + horizon <= hours[row]:
                factor += rate * (float(told[seen]) - (1 - level))
                seen += 1
            result[own[row]] *= np.exp(factor)
            told[row] = moves[row] > result[own[row]]
    return result
