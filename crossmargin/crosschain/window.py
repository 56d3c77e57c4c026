"""What happened on a chain, by block, of which the newest may be taken back. Touches nothing."""

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from eth_typing import BlockNumber

__all__ = ["Window"]

T = TypeVar("T")


class Window(Generic[T]):
    """Facts by block: the newest blocks are read again each time, and what was there before is forgotten."""

    def __init__(self, first: BlockNumber, overlap: int) -> None:
        """Begin before block `first`; read the newest `overlap` blocks again."""
        self._first, self._overlap = first, overlap
        self._facts: dict[BlockNumber, list[T]] = {}
        self._read = BlockNumber(first - 1)

    def next(self, latest: BlockNumber) -> BlockNumber:
        """Give the block to read from, where `latest` is the newest; a chain that has become shorter counts too."""
        return BlockNumber(max(self._first, min(self._read, latest) + 1 - self._overlap))

    def put(self, first: BlockNumber, last: BlockNumber, facts: Iterable[tuple[BlockNumber, T]]) -> None:
        """Take what the blocks `first` to `last` have, in place of all that was known from `first` on."""
        kept = {block: found for block, found in self._facts.items() if block < first}
        for block, fact in facts:
            kept.setdefault(block, []).append(fact)
        self._facts, self._read = kept, last

    def __iter__(self) -> Iterator[T]:
        """Go through all facts in order."""
        for block in sorted(self._facts):
            yield from self._facts[block]
