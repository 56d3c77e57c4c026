"""How much to ask a node at once, and how long to leave it alone. Pure, but for the dice."""

import random
from typing import Final

from keepers.units import ClockSeconds, ClockTime

__all__ = ["Rest", "Size"]

_PATIENCE: Final = 2
_MOST_PATIENCE: Final = 16
_FIRST_REST: Final = 0.25
_LONGEST_REST: Final = 4.0
_LONGEST_WISH: Final = 60.0


class Size:
    """A number of things to ask for at once: halved when it was too much, doubled when it was not for some time."""

    def __init__(self, most: int) -> None:
        """Begin with the most."""
        self.most = most
        self.now = most
        self._good = 0
        self._patience = _PATIENCE

    def shrink(self, tried: int) -> None:
        """Note that so many were too many."""
        self.now = max(1, min(self.now, tried) // 2)
        self._good = 0
        self._patience = min(2 * self._patience, _MOST_PATIENCE)

    def grow(self, tried: int) -> None:
        """Note that so many were answered; only a full measure says that there may be room for more."""
        if tried < self.now or self.now == self.most:
            return
        self._good += 1
        if self._good >= self._patience:
            self.now = min(self.most, 2 * self.now)
            self._good = 0
            self._patience = max(_PATIENCE, self._patience // 2)


class Rest:
    """How long to leave an address alone: longer with each failure in a row, never quite the same, as it asks for."""

    def __init__(self, dice: random.Random) -> None:
        """Begin without a rest."""
        self._dice = dice
        self._failures = 0
        self._until = ClockTime(0.0)

    def fail(self, now: ClockTime, wish: float | None = None) -> None:
        """Note a failure; `wish` is how long the node wants to be left alone."""
        length = min(_LONGEST_REST, _FIRST_REST * 2 ** min(self._failures, 8)) * self._dice.uniform(0.5, 1.0)
        self._failures += 1
        self._until = ClockTime(now + max(length, min(wish or 0.0, _LONGEST_WISH)))

    def clear(self) -> None:
        """Note that all went well."""
        self._failures = 0
        self._until = ClockTime(0.0)

    def left(self, now: ClockTime) -> ClockSeconds:
        """Give how long the rest still is."""
        return ClockSeconds(max(0.0, self._until - now))
