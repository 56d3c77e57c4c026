"""When the mirror is written down: often enough that a start is quick, seldom enough that it costs little.

Reads the ledger; writes the store of what was read from the chain.
"""

from typing import Final

import structlog

from keepers.mirror import Ledger
from keepers.mirror.image import FORMAT, take
from keepers.store import BlockStore
from keepers.units import BlockNumber, Blocks

__all__ = ["Images"]

log = structlog.get_logger(__name__)
_LEAST_EVENTS: Final = 5_000
_CELLS_AN_EVENT: Final = 10  # writing so many cells takes about as long as replaying an event


class Images:
    """Counts events, and keeps an image once a replay of them would take longer than writing it."""

    def __init__(self, blocks: BlockStore, ledger: Ledger, depth: Blocks) -> None:
        """Keep images at least `depth` blocks apart: of two there is one that no reorganisation reaches."""
        self._blocks = blocks
        self._ledger = ledger
        self._depth = depth
        self._events = 0
        self._last: BlockNumber | None = None

    def count(self, events: int) -> None:
        """Note that so many events were applied."""
        self._events += events

    def keep(self) -> None:
        """Write the ledger down as of the newest block stored, if it is time."""
        cells = self._ledger.accounts.cells
        if self._events < max(_LEAST_EVENTS, cells // _CELLS_AN_EVENT):
            return
        cursor = self._blocks.cursor()
        if cursor is None or (self._last is not None and abs(cursor.number - self._last) < self._depth):
            return
        content = take(self._ledger)
        self._blocks.keep_image(cursor.number, FORMAT, content)
        self._last, self._events = cursor.number, 0
        log.info("image_kept", block=cursor.number, cells=cells, bytes=len(content))
