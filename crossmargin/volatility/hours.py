"""Prices on the grid, as hours: what an observation adds to an underlying's history, in exact integers.

Units: a step is 300 s and begins with its first price; an hour is 12 steps. A log price is ln(price) [ppm, floor of
`ln_wad` / 10**12], a return the difference of two of them [ppm], a variance a sum of squared returns [ppm^2].
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NewType

from crossmargin.model.black76 import ln_wad
from crossmargin.model.freshness import GRID, WEEK
from crossmargin.model.units import PPM_TO_WAD, Ppm, Wad, clamp, trunc_div

__all__ = [
    "DAY",
    "GRID",
    "MOST_MISSED",
    "MOST_RETURN",
    "MOST_VARIANCE",
    "STEPS",
    "WEEK",
    "History",
    "Hour",
    "SquaredPpm",
    "log_price",
]

SquaredPpm = NewType("SquaredPpm", int)
"""A variance: squared parts per million."""

STEPS: Final = 12
"""Steps of an hour."""
DAY: Final = 24
"""Hours that features look at one by one."""
MOST_MISSED: Final = STEPS * DAY
"""A history begins anew after a gap of more steps than these."""
MOST_RETURN: Final = 2**23 - 1
"""Returns of an hour saturate here, to both sides [ppm]."""
MOST_VARIANCE: Final = 2**40 - 1
"""Variances of an hour saturate here [ppm^2]."""


def log_price(price: Wad) -> int:
    """Take the logarithm of a price [ppm], rounded down."""
    return ln_wad(price) // PPM_TO_WAD


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour: its number (since the epoch), its return [ppm], its variance [ppm^2]."""

    number: int
    net: Ppm
    variance: SquaredPpm


@dataclass(slots=True)
class History:
    """What is kept of one underlying: its last price, the hour that runs, and the hours that are closed, oldest first.

    A return of more than `breaker` [ppm] counts as that, to either side; the price that is kept is the real one.
    """

    breaker: Ppm
    step: int | None = None
    log: int = 0
    net: int = 0
    variance: int = 0
    closed: deque[Hour] = field(default_factory=lambda: deque(maxlen=WEEK))

    @property
    def ready(self) -> bool:
        """Tell whether a week of hours is closed."""
        return len(self.closed) == WEEK

    def observe(self, step: int, log: int) -> None:
        """Take in a price's logarithm [ppm] at a step of the grid; a step counts once, and never backwards."""
        if self.step is None or step - self.step > MOST_MISSED:
            self._begin(step, log)
        elif step > self.step:
            self._add(self.step, step, clamp(log - self.log, -self.breaker, self.breaker))
            self.step, self.log = step, log

    def _begin(self, step: int, log: int) -> None:
        self.step, self.log, self.net, self.variance = step, log, 0, 0
        self.closed.clear()

    def _add(self, before: int, step: int, change: int) -> None:
        """Spread a return over the hours of its steps, by their number; rounding goes to the last hour."""
        square = change * change
        net_left, square_left = change, square
        for hour, steps, last in _hours(before, step):
            net = net_left if last else trunc_div(change * steps, step - before)
            part = square_left if last else square * steps // (step - before)
            net_left, square_left = net_left - net, square_left - part
            self.net, self.variance = self.net + net, self.variance + part
            if step >= (hour + 1) * STEPS:
                self._close(hour)

    def _close(self, hour: int) -> None:
        net = Ppm(clamp(self.net, -MOST_RETURN, MOST_RETURN))
        self.closed.append(Hour(hour, net, SquaredPpm(min(self.variance, MOST_VARIANCE))))
        self.net = self.variance = 0


def _hours(before: int, step: int) -> Iterator[tuple[int, int, bool]]:
    """Give the hours of the steps after `before` up to `step`, how many of these each has, and which is the last.

    The return that ends at a step belongs to the hour before it: it happened there.
    """
    last = (step - 1) // STEPS
    for hour in range(before // STEPS, last + 1):
        yield hour, min(step, (hour + 1) * STEPS) - max(before, hour * STEPS), hour == last
