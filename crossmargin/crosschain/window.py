"""What happened on a chain, by block, of which the newest may be taken back. Touches nothing."""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from eth_typing import BlockNumber

__all__ = ["Window"]

T = TypeVar("T")


class Window(Generic[T]):
    """Facts by block: the newest blocks are read again each time, and what was there before is forgotten."""

    def __init__(self, first: BlockNumber, overlap: int) -> None:
        """Begin before block `first`; read the newest `overlap` blocks again."""
        self.first, self._overlap = first, overlap
        self._facts: dict[BlockNumber, list[T]] = {}
        self.last = BlockNumber(first - 1)
        """Newest block that was read."""

    def next(self, latest: BlockNumber) -> BlockNumber:
        """Give the block to read from, where `latest` is the newest; a chain that has become shorter counts too."""
        return BlockNumber(max(self.first, min(self.last, latest) + 1 - self._overlap))

    def put(self, first: BlockNumber, last: BlockNumber, facts: Iterable[tuple[BlockNumber, T]]) -> None:
        """Take what the blocks `first` to `last` have, in place of all that was known from `first` on."""
        kept = {block: found for block, found in self._facts.items() if block < first}
        for block, fact in facts:
            kept.setdefault(block, []).append(fact)
        self._facts, self.last = kept, last

    def drop(self, last: BlockNumber, wanted: Callable[[T], bool]) -> None:
        """Forget of the blocks up to `last`, which are not read again, what is not wanted."""
        for block in [each for each in self._facts if each <= last]:
            kept = [fact for fact in self._facts[block] if wanted(fact)]
            if kept:
                self._facts[block] = kept
            else:
                del self._facts[block]

    def items(self) -> Iterator[tuple[BlockNumber, T]]:
        """Go through all facts and their blocks in order."""
        return ((block, fact) for block in sorted(self._facts) for fact in self._facts[block])

    def __iter__(self) -> Iterator[T]:
        """Go through all facts in order."""
        return (fact for _, fact in self.items())
