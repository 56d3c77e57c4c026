"""Whether a forest still fits: coverage and loss of the last weeks, against the floor, with alerts."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from crossmargin.model.units import PPM
from crossmargin.volatility.baselines import floor_deviations
from crossmargin.volatility.forest import Forest
from crossmargin.volatility.hourly import Hourly
from crossmargin.volatility.hours import WEEK
from crossmargin.volatility.panel import Panel, forecasts
from crossmargin.volatility.scores import coverage, diebold_mariano, pinball

__all__ = ["Drift", "drift"]

_RARE: Final = 0.001
"""Coverage alerts where so few samples of a good forecast would look as bad."""
_WORSE: Final = 2.0
"""Deviations by which the floor must have been better."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Figures of one asset; losses [parts of the price]. `alerts` are sentences."""

    asset: str
    hours: int
    beyond: float
    loss: float
    floor: float
    alerts: tuple[str, ...]


def drift(forest: Forest, data: Panel, hourly: tuple[Hourly, ...], weeks: int, factor: float) -> list[Drift]:
    """Judge a forest by the last weeks of each asset; `factor` is the floor's multiple of its deviation."""
    said = forecasts(forest, data.rows).astype(np.float64)
    floor = floor_deviations(data, hourly) * factor
    level = forest.quantile / PPM
    result = []
    for place, asset in enumerate(data.assets):
        own = data.places == place
        own &= data.rows.hours > data.rows.hours[own].max() - weeks * WEEK
        moves = data.rows.moves[own].astype(np.float64)
        losses = [pinball(moves, each[own], level) for each in (said, floor)]
        tested = coverage(moves > said[own], level)
        alerts = []
        if tested.unconditional < _RARE:
            alerts.append(f"{tested.beyond:.2%} of moves were beyond the forecast, {1 - level:.2%} should be")
        if diebold_mariano(losses[1], losses[0], data.rows.hours[own], forest.horizon) < -_WORSE:
            alerts.append("the floor forecast better")
        mean, other = (float(each.mean()) / PPM for each in losses)
        result.append(Drift(asset, int(own.sum()), tested.beyond, mean, other, tuple(alerts)))
    return result
