"""What is left alone for a while after it failed, by a clock that nobody sets. Touches nothing."""

from collections.abc import Callable

from keepers.units import ActionKey, ClockSeconds

__all__ = ["Pauses"]


class Pauses:
    """Keys of actions that failed a moment ago; a restart forgets them."""

    def __init__(self, length: ClockSeconds, clock: Callable[[], float]) -> None:
        """Pause for `length`, by a monotonic clock."""
        self._length = length
        self._clock = clock
        self._since: dict[ActionKey, float] = {}

    def begin(self, key: ActionKey) -> None:
        """Leave an action alone from now on."""
        self._since[key] = self._clock()

    def current(self) -> frozenset[ActionKey]:
        """Give what is left alone now."""
        now = self._clock()
        self._since = {key: since for key, since in self._since.items() if now - since < self._length}
        return frozenset(self._since)
