"""Paths of multipliers, as contracts/types/PathWord.sol moves them, to the bit.

A level is the logarithm of a multiplier in millionths, `UNIT` at 1. It goes to a target at limited speed, and to the
default once the target is old. Initial margin is told the level, maintenance margin the lowest of the last hours.
"""

from dataclasses import dataclass, replace
from typing import Final

from crossmargin.model.black76 import exp_wad, ln_wad
from crossmargin.model.units import PPM_TO_WAD, WAD, Ppm, Seconds, Wad, clamp, trunc_div

__all__ = ["FALL", "HOLD", "HOURS", "MAX_LEVEL", "RISE", "UNIT", "Path", "Rule", "level_of", "multiplier_of"]

UNIT: Final = 693_148
"""Level of the multiplier 1."""
MAX_LEVEL: Final = 2**22 - 1
RISE: Final = 26
"""Of a second."""
FALL: Final = 5
"""Of a second."""
HOLD: Final = Seconds(6 * 3600)
"""How long a path goes to its target; after that, to the default."""
HOURS: Final = 8
"""Hours whose lows are kept, the running one with them."""
HOUR: Final = 3600
_MOST_MULTIPLIER: Final = 2**128 - 1


def multiplier_of(level: int) -> Wad:
    """Give the multiplier of a level [wad]."""
    return exp_wad(Wad((level - UNIT) * PPM_TO_WAD))


def level_of(multiplier: Wad) -> int:
    """Give the level of a multiplier above 0, rounded down where that is above 1."""
    logarithm = ln_wad(Wad(min(multiplier, _MOST_MULTIPLIER)))
    return clamp(trunc_div(logarithm, PPM_TO_WAD) + UNIT, 1, MAX_LEVEL)


@dataclass(frozen=True, slots=True)
class Rule:
    """How the forecast of an underlying becomes its multiplier: base of the forecast, bounds, default."""

    base: Ppm
    least: Ppm
    most: Ppm
    fallback: Ppm

    def target(self, forecast: Ppm) -> int:
        """Give the level that a forecast asks for."""
        level = level_of(Wad(max(forecast, 1) * WAD // self.base))
        return clamp(level, _level(self.least), _level(self.most))

    @property
    def default(self) -> int:
        """Give the level of the default."""
        return _level(self.fallback)


def _level(multiplier: Ppm) -> int:
    return level_of(Wad(multiplier * PPM_TO_WAD))


@dataclass(frozen=True, slots=True)
class Path:
    """Where a multiplier was at `time`, where it goes, and its lows of that hour and the seven before it."""

    level: int
    target: int
    time: Seconds
    lows: tuple[int, ...]

    @classmethod
    def begin(cls, level: int, time: Seconds) -> "Path":
        """Begin with a level that has stood for long."""
        return cls(level, level, time, (level,) * HOURS)

    def level_at(self, default: int, now: Seconds) -> int:
        """Give the level, which initial margin is told."""
        elapsed = now - self.time
        level = _moved(self.level, self.target, min(elapsed, HOLD))
        return _moved(level, default, elapsed - HOLD) if elapsed > HOLD else level

    def noticed_at(self, default: int, now: Seconds) -> int:
        """Give what maintenance margin is told: the lowest of the hours before and since, without jumps."""
        hour = now // HOUR
        old, young = (self._low_since(default, hour - back, now) for back in (HOURS - 1, HOURS - 2))
        return old + (young - old) * (now % HOUR) // HOUR

    def moved(self, default: int, target: int, now: Seconds) -> "Path":
        """Give the path as it is now, with another target."""
        lows = tuple(self._low_of(default, now // HOUR - back, now) for back in range(HOURS))
        return replace(self, level=self.level_at(default, now), target=target, time=now, lows=lows)

    def _low_since(self, default: int, hour: int, now: Seconds) -> int:
        return min(self._low_of(default, each, now) for each in range(hour, now // HOUR + 1))

    def _low_of(self, default: int, hour: int, now: Seconds) -> int:
        """Give the lowest level of an hour until now."""
        place = self.time // HOUR - hour
        kept = self.lows[place] if 0 <= place < HOURS else MAX_LEVEL
        start, end = Seconds(max(self.time, hour * HOUR)), Seconds(min(now, (hour + 1) * HOUR))
        return min(kept, self._lowest(default, start, end)) if start <= end else kept

    def _lowest(self, default: int, start: Seconds, end: Seconds) -> int:
        """Give the lowest level of a time: a path turns only where it leaves its target."""
        turn = Seconds(self.time + HOLD)
        times = (start, turn, end) if start < turn < end else (start, end)
        return min(self.level_at(default, each) for each in times)


def _moved(start: int, end: int, elapsed: int) -> int:
    if end > start:
        return min(end, start + RISE * elapsed)
    return max(end, start - FALL * elapsed)
