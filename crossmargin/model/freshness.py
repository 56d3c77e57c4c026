"""When what ages is to be renewed: as soon as it has moved, and long before what stands still is stale. Pure.

Prices of one comparison have one unit. Whoever renews a venue decides by this: the feeder, and keepers.
"""

from dataclasses import dataclass
from typing import Final

from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import PPM, Ppm, Seconds, Wad

__all__ = [
    "DEVIATION",
    "GRID",
    "RESERVE",
    "WEEK",
    "Said",
    "TapeReading",
    "array_aged",
    "feed_due",
    "observable",
    "price_due",
]

RESERVE: Final = 3
"""Renewed at this part of the age at which it would be stale."""
DEVIATION: Final = Ppm(500)
"""A price that has moved by more is renewed at once."""
GRID: Final = 300
"""A step of the grid on which prices are observed [s]."""
WEEK: Final = 168
"""Hours that a history keeps; it forecasts once it has them all."""


@dataclass(frozen=True, slots=True)
class Said:
    """A price [wad USD], when its source observed it, and how far it may be trusted."""

    mid: Wad
    time: Seconds
    status: PriceStatus


@dataclass(frozen=True, slots=True)
class TapeReading:
    """What the forecaster has observed of an underlying."""

    step: int
    """Of the grid, counted from the epoch."""
    time: Seconds
    """Of its last price."""
    ready: bool
    """Whether a week of hours is closed, so that there is a forecast."""


def price_due(last: int, price: int, age: int, heartbeat: int, deviation: Ppm = DEVIATION) -> bool:
    """Say whether to renew a price: the last one is `age` old, at most `heartbeat` [s]."""
    return age >= heartbeat or abs(price - last) * PPM > last * deviation


def feed_due(stored: Said, now_said: Said, now: Seconds, max_age: int, deviation: Ppm = DEVIATION) -> bool:
    """Say whether a refresh of a feed matters: its sources say something newer, or are Valid again."""
    if now_said.status is PriceStatus.VALID and stored.status is not PriceStatus.VALID:
        return True
    newer = now_said.time > stored.time
    return newer and price_due(stored.mid, now_said.mid, now - stored.time, max_age // RESERVE, deviation)


def array_aged(ref: Wad, age: int, index: Wad, *, max_age: Seconds, max_move: Ppm, part: Ppm) -> bool:
    """Say whether a risk array made at the index `ref` has used up a part of what the engine allows it."""
    old = age * PPM > max_age * part
    return old or abs(index - ref) * PPM * PPM > ref * max_move * part


def observable(tape: TapeReading, now: Seconds, *, new: bool) -> bool:
    """Say whether the forecaster would take a price: one that is `new` to it, the first of a step of the grid."""
    return new and now // GRID > tape.step
