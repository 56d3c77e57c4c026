"""What the world pays: prices and volatilities that wander around a configuration's first ones. Touches nothing."""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from crossmargin.deployment import NetworkConfig
from crossmargin.simulation.live.crash import Crash
from crossmargin.simulation.live.walk import Walk
from crossmargin.simulation.stage.prices import PRICE_UNIT
from crossmargin.simulation.stage.surface import at_the_money

__all__ = ["Market"]

_HALF_LIFE: Final = 6 * 3600.0
"""In which prices are drawn back by half to where they began [s]."""
_SIGMA_DAY: Final = Decimal("0.02")
"""Of a price that is no underlying's, and of volatilities."""


class Market:
    """Prices of the posted feeds [10^-8 USD], volatilities of the slices at the money [10^-8 a year]."""

    def __init__(self, config: NetworkConfig, seed: int, now: float) -> None:
        """Begin at the configuration's prices."""
        self.crash: Crash | None = None
        """Comes on top of them."""
        self._time = now
        self._prices = {
            name: int((feed.primary.price or 0) * PRICE_UNIT)
            for name, feed in config.feeds.items()
            if feed.primary.kind == "posted"
        }
        self._volatility = {
            f"{name}:{expiry}": at_the_money(shape)
            for name, slices in config.surfaces.items()
            for expiry, shape in slices.items()
        }
        sigmas = {name: each.impact.sigma_day for name, each in config.underlyings.items()}
        self._walks = {
            name: Walk(f"{seed}/{name}", float(sigmas.get(name, _SIGMA_DAY)), _HALF_LIFE)
            for name in (*self._prices, *self._volatility)
        }

    def at(self, now: float) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Go on to `now` [s since 1970]; give prices and volatilities."""
        moves = {name: walk.step(now - self._time) for name, walk in self._walks.items()}
        self._time = now
        prices, volatility = moves, dict(moves)
        if self.crash is not None:
            prices = {name: moves[name] + self.crash.price_move(name, now) for name in self._prices}
            volatility = {name: moves[name] + self.crash.volatility_move(name, now) for name in self._volatility}
        return (
            {name: max(1, round(first * math.exp(prices[name]))) for name, first in self._prices.items()},
            {name: max(1, round(first * math.exp(volatility[name]))) for name, first in self._volatility.items()},
        )

    def text(self, now: float) -> str:
        """Say in which mood it is."""
        return "calm" if self.crash is None else self.crash.text(now)
