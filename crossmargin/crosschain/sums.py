"""What an end's events come to: those of settled blocks summed up once, the newest anew, for they may be replaced.

Touches nothing.
"""

from collections.abc import Iterable
from typing import Generic, TypeVar

from eth_typing import BlockNumber

from crossmargin.crosschain.facts import Fact, Ledger
from crossmargin.crosschain.window import Window

__all__ = ["Sums"]

L = TypeVar("L", bound=Ledger)


class Sums(Generic[L]):
    """Sums up to a block, and the events since; what was summed up is never read again."""

    def __init__(self, first: BlockNumber, overlap: int, nothing: L) -> None:
        """Begin before block `first` with `nothing`; the newest `overlap` blocks may be replaced."""
        self.settled: L = nothing
        """Of the blocks up to `until`."""
        self.until = BlockNumber(first - 1)
        self.recent: Window[Fact] = Window(first, overlap)
        """Events of later blocks."""
        self.ledger: L = nothing.copied()
        """Of all blocks."""
        self._overlap = overlap

    @property
    def last(self) -> BlockNumber:
        """Newest block that was read."""
        return self.recent.last

    def next(self, latest: BlockNumber) -> BlockNumber:
        """Give the block to read from, where `latest` is the newest."""
        return BlockNumber(max(self.recent.next(latest), self.until + 1))

    def put(self, first: BlockNumber, last: BlockNumber, facts: Iterable[tuple[BlockNumber, Fact]]) -> None:
        """Take what the blocks `first` to `last` have, in place of all that was known from `first` on."""
        self.recent.put(first, last, facts)
        self.until = BlockNumber(max(self.until, last - self._overlap))
        for block, fact in self.recent.items():
            if block <= self.until:
                self.settled.take(fact)
        self.recent.drop(self.until, lambda _: False)
        self._sum_up()

    def restore(
        self, settled: L, until: BlockNumber, last: BlockNumber, facts: Iterable[tuple[BlockNumber, Fact]]
    ) -> None:
        """Go on from what was written down."""
        self.settled, self.until = settled, until
        self.recent.put(self.recent.first, last, facts)
        self._sum_up()

    def forget(self, wanted: set[bytes]) -> None:
        """Forget the delivery of messages but of those with these ids, as far as it is settled."""
        self.settled.forget(wanted)

    def _sum_up(self) -> None:
        self.ledger = self.settled.copied()
        for fact in self.recent:
            self.ledger.take(fact)
