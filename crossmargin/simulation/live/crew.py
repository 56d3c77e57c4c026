"""The keepers of a living venue: started, watched, and started again when one ends."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final

from crossmargin.chain.processes import Processes
from crossmargin.errors import ProcessError
from crossmargin.simulation.stage.keepers import Keeper, start_keeper

__all__ = ["Crew"]

_MOST_RESTARTS: Final = 3
_WINDOW: Final = 600.0
"""In which more restarts of one end the venue [s]."""


class Crew:
    """All of them."""

    def __init__(
        self,
        processes: Processes,
        keepers: Sequence[Keeper],
        say: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Tell `say` of each restart."""
        self._processes = processes
        self._keepers = keepers
        self._say = say
        self._clock = clock
        self._restarts: defaultdict[str, list[float]] = defaultdict(list)

    def start(self) -> None:
        """Start them."""
        for keeper in self._keepers:
            start_keeper(self._processes, keeper)

    def turn(self) -> None:
        """Start those again that have ended."""
        for keeper in self._keepers:
            status = self._processes.ended(keeper.name)
            if status is not None:
                self._restart(keeper, status)

    def _restart(self, keeper: Keeper, status: int) -> None:
        now = self._clock()
        recent = [when for when in self._restarts[keeper.name] if now - when < _WINDOW]
        if len(recent) >= _MOST_RESTARTS:
            raise ProcessError(f"{keeper.name} ended {len(recent) + 1} times in {_WINDOW / 60:.0f} minutes")
        self._restarts[keeper.name] = [*recent, now]
        self._say(f"{keeper.name} ended with status {status}: started again")
        start_keeper(self._processes, keeper)
