"""Prices and volatility, made from a scenario's points: the same for the same seed."""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from crossmargin.simulation.stage.scenario import ClockSettings, PathSettings, Scenario

__all__ = ["PRICE_DECIMALS", "PRICE_UNIT", "PriceSeries", "crash_of", "generate"]

PRICE_DECIMALS: Final = 8
PRICE_UNIT: Final = 10**PRICE_DECIMALS
_MINUTE: Final = 60


@dataclass(frozen=True)
class PriceSeries:
    """Prices of several assets, and volatilities, at the same times."""

    times: tuple[int, ...]
    """[s since 1970], increasing."""
    prices: Mapping[str, tuple[int, ...]]
    """By asset [10^-8 USD]."""
    volatility: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """At the money, by slice such as `ETH:weekly` [10^-8 a year]."""

    def at(self, index: int) -> dict[str, int]:
        """Prices of the row `index`."""
        return {asset: values[index] for asset, values in self.prices.items()}

    def volatility_at(self, index: int) -> dict[str, int]:
        """Volatilities of the row `index`."""
        return {name: values[index] for name, values in self.volatility.items()}

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.times)


def generate(scenario: Scenario) -> PriceSeries:
    """Draw every path through its points; what was before the first price comes first."""
    series, before = crash_of(scenario), scenario.before
    if before is None:
        return series
    long_ago = {name: before.path(name, path.start) for name, path in scenario.prices.items()}
    earlier = _paths(long_ago, before.clock, f"{scenario.seed}/before")
    times = _times(before.clock, series.times[0] - before.clock.minutes * _MINUTE)
    joined = {name: (*earlier[name][:-1], *values) for name, values in series.prices.items()}
    return PriceSeries((*times[:-1], *series.times), joined)


def crash_of(scenario: Scenario) -> PriceSeries:
    """Draw them from the first price on."""
    clock = scenario.clock
    prices, volatility = (
        _paths(paths, clock, str(scenario.seed)) for paths in (scenario.prices, scenario.volatility_paths())
    )
    return PriceSeries(_times(clock, int(clock.start.timestamp())), prices, volatility)


def _times(clock: ClockSettings, start: int) -> tuple[int, ...]:
    return tuple(start + clock.step * index for index in range(clock.steps() + 1))


def _paths(paths: Mapping[str, PathSettings], clock: ClockSettings, seed: str) -> dict[str, tuple[int, ...]]:
    return {
        name: _path(path, clock.steps(), clock.step, random.Random(f"{seed}/{name}"))  # noqa: S311 (a seed)
        for name, path in paths.items()
    }


def _path(path: PathSettings, steps: int, step: int, rng: random.Random) -> tuple[int, ...]:
    """Go from point to point in equal relative steps, with noise that vanishes at each point."""
    points = [
        (0, 0.0),
        *((int(minute * _MINUTE) // step, math.log1p(float(change))) for minute, change in path.changes),
    ]
    if points[-1][0] < steps:
        points.append((steps, points[-1][1]))
    logs = [0.0]
    for (begin, low), (end, high) in pairwise(points):
        bridge = _bridge(end - begin, float(path.noise), rng)
        logs += [low + (high - low) * (i + 1) / (end - begin) + bridge[i] for i in range(end - begin)]
    return tuple(max(1, round(float(path.start) * math.exp(value) * PRICE_UNIT)) for value in logs)


def _bridge(length: int, noise: float, rng: random.Random) -> list[float]:
    """Draw a random walk that ends where it began."""
    walk, total = [], 0.0
    for _ in range(length):
        total += rng.gauss(0.0, noise) if noise else 0.0
        walk.append(total)
    return [value - total * (i + 1) / length for i, value in enumerate(walk)]
