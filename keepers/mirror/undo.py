"""How the ledger takes blocks back: every write leaves what undoes it, by block. Knows nothing of what is written."""

from collections import deque
from collections.abc import Callable
from typing import TypeVar

from keepers.units import BlockNumber, Blocks

__all__ = ["UndoLog"]

K = TypeVar("K")
V = TypeVar("V")


class UndoLog:
    """The undos of the newest blocks; what is written before the first block stays."""

    def __init__(self, depth: Blocks) -> None:
        """Keep `depth` blocks that can be undone."""
        self._blocks: deque[tuple[BlockNumber, list[Callable[[], object]]]] = deque(maxlen=depth + 1)

    def begin(self, block: BlockNumber) -> None:
        """Have what follows belong to a block."""
        self._blocks.append((block, []))

    def note(self, undo: Callable[[], object]) -> None:
        """Remember how the newest write is undone."""
        if self._blocks:
            self._blocks[-1][1].append(undo)

    def put(self, table: dict[K, V], key: K, value: V) -> None:
        """Write a cell so that it can be undone."""
        old = table.get(key)
        if old is None:
            self.note(lambda: table.pop(key, None))
        else:
            self.note(lambda: table.update({key: old}))
        table[key] = value

    def undo_after(self, block: BlockNumber) -> None:
        """Undo every block above `block`, newest write first."""
        while self._blocks and self._blocks[-1][0] > block:
            for undo in reversed(self._blocks.pop()[1]):
                undo()
