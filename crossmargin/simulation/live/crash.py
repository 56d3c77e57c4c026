"""A scenario played by the clock: calm, then its prices and volatilities, then the way back. Touches nothing."""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, Self

from crossmargin.simulation.stage.prices import PriceSeries, crash_of
from crossmargin.simulation.stage.scenario import Scenario

__all__ = ["Crash", "Phase"]

_HALF_LIFE: Final = 600.0
"""In which half of the way back is gone, in the scenario's time [s]."""
_BACK: Final = 10
"""Half lives until it is calm again."""
_MINUTE: Final = 60


class Phase(Enum):
    """Where a scenario stands."""

    BEFORE = "calm"
    PLAYING = "playing"
    RECOVERING = "going back"
    OVER = "calm again"


@dataclass(frozen=True)
class Crash:
    """A scenario from `begin` on [s since 1970], `speed` times as fast as it was."""

    name: str
    series: PriceSeries
    begin: float
    speed: float

    @classmethod
    def of(cls, scenario: Scenario, begin: float, speed: float) -> Self:
        """Draw the paths of a scenario."""
        return cls(scenario.name, crash_of(scenario), begin, speed)

    @property
    def length(self) -> int:
        """Length of the scenario, in its own time [s]."""
        return self.series.times[-1] - self.series.times[0]

    def played(self, now: float) -> float:
        """Tell how long it has been played, in its own time [s]; negative before."""
        return (now - self.begin) * self.speed

    def at_once(self, now: float) -> Self:
        """Give the same beginning now, unless it has begun."""
        return replace(self, begin=min(self.begin, now))

    def phase(self, now: float) -> Phase:
        """Tell where it stands."""
        played = self.played(now)
        if played < 0:
            return Phase.BEFORE
        if played <= self.length:
            return Phase.PLAYING
        return Phase.RECOVERING if played <= self.length + _BACK * _HALF_LIFE else Phase.OVER

    def text(self, now: float) -> str:
        """Say where it stands."""
        phase = self.phase(now)
        if phase is Phase.BEFORE:
            return f"{self.name} in {math.ceil(self.begin - now)} s"
        if phase is Phase.PLAYING:
            return f"{self.name} minute {int(self.played(now)) // _MINUTE} of {self.length // _MINUTE}"
        return f"{self.name} {phase.value}" if phase is Phase.RECOVERING else phase.value

    def price_move(self, asset: str, now: float) -> float:
        """Give the logarithm of an asset's price over its first; 0 where the scenario has none."""
        return self._move(self.series.prices, asset, now)

    def volatility_move(self, name: str, now: float) -> float:
        """Give the same of a slice's volatility."""
        return self._move(self.series.volatility, name, now)

    def _move(self, paths: Mapping[str, Sequence[int]], name: str, now: float) -> float:
        played = self.played(now)
        if name not in paths or played <= 0:
            return 0.0
        logs = [math.log(value / paths[name][0]) for value in paths[name]]
        over = played - self.length
        if over > 0:
            return 0.0 if over > _BACK * _HALF_LIFE else float(logs[-1] * 2 ** (-over / _HALF_LIFE))
        offsets = [time - self.series.times[0] for time in self.series.times]
        after = min(bisect_right(offsets, played), len(offsets) - 1)
        before = after - 1
        part = (played - offsets[before]) / (offsets[after] - offsets[before])
        return logs[before] + (logs[after] - logs[before]) * part
