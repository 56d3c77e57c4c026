"""Following the chain: every event of the venue exactly once, in order, and undone when its block is.

Far behind, logs are read by range; near the head block by block, by hash, each block's parent checked. A step reads
first, and then writes the block store once: what fails half-way has changed nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from keepers.abi import VenueEvent
from keepers.chain import Header, RawLog
from keepers.errors import ReorgError, ResponseError
from keepers.node import Node
from keepers.store.blocks import BlockStore
from keepers.units import Address, BlockNumber, Blocks

__all__ = ["Added", "Advance", "Follower"]

log = structlog.get_logger(__name__)
_MOST_HEADERS = 32
Decode = Callable[[Sequence[RawLog]], list[VenueEvent]]


@dataclass(frozen=True, slots=True)
class Added:
    """A block that was added, or the end of a range; the venue's events of it."""

    header: Header
    events: tuple[VenueEvent, ...]


@dataclass(frozen=True, slots=True)
class Advance:
    """What a step did: blocks undone above `fork`, then blocks added."""

    head: Header
    fork: BlockNumber | None
    added: tuple[Added, ...]
    behind: Blocks

    @property
    def moved(self) -> bool:
        """Tell whether the chain is not where it was."""
        return self.fork is not None or bool(self.added)


class Follower:
    """Brings the store to the head of the chain, one step at a time."""

    def __init__(
        self,
        node: Node,
        store: BlockStore,
        addresses: Sequence[Address],
        first: BlockNumber,
        *,
        depth: Blocks,
        decode: Decode,
    ) -> None:
        """Follow `addresses` from block `first`; keep `depth` blocks undoable. Logs must decode to be stored."""
        self._node = node
        self._store = store
        self._addresses = tuple(addresses)
        self._first = first
        self._depth = depth
        self._decode = decode

    async def advance(self) -> Advance:
        """Make one step toward the head: undo what was orphaned, then add one range or some blocks."""
        head = await self._node.head()
        cursor = self._store.cursor()
        if cursor is not None and cursor.hash == head.hash:
            return Advance(head, None, (), Blocks(0))
        if cursor is not None and head.number <= cursor.number + 1 and head.parent != cursor.hash:
            base = await self._fork(head)
            if base is None:
                return Advance(cursor, None, (), Blocks(0))
            return await self._blocks(head, base, base.number)
        if head.number - self._after(cursor) >= self._depth:
            return await self._range(head, cursor)
        return await self._blocks(head, cursor, None)

    def _after(self, base: Header | None) -> BlockNumber:
        return self._first if base is None else BlockNumber(base.number + 1)

    async def _blocks(self, head: Header, base: Header | None, fork: BlockNumber | None) -> Advance:
        """Add up to some blocks one by one on a stored one, stopping where they do not connect."""
        start = self._after(base)
        headers = await self._headers(head, start)
        if fork is None and base is not None and headers and headers[0].parent != base.hash:
            return await self._branch(head, base)
        parent = None if base is None else base.hash
        for position, header in enumerate(headers):
            if parent is not None and header.parent != parent:
                headers = headers[:position]
                break
            parent = header.hash
        found = await self._node.logs.of(headers, self._addresses)
        newest = headers[-1].number if headers else start - 1
        return self._write(head, fork, list(zip(headers, found, strict=True)), Blocks(head.number - newest))

    async def _headers(self, head: Header, start: BlockNumber) -> list[Header]:
        last = min(head.number, start + _MOST_HEADERS - 1)
        between = [BlockNumber(number) for number in range(start, last + 1) if number != head.number]
        headers = await self._node.headers(between) if between else []
        return [*headers, head] if start <= head.number == last else headers

    async def _branch(self, head: Header, cursor: Header) -> Advance:
        """Undo what the chain no longer has; a chain that has the cursor, and another parent after it, is none."""
        base = await self._fork(head)
        if base is None or base.number == cursor.number:
            raise ResponseError(f"block {cursor.number} is in the chain, but the block after it has another parent")
        return self._write(head, base.number, [], Blocks(head.number - base.number))

    async def _range(self, head: Header, cursor: Header | None) -> Advance:
        """Add a range that ends where no reorganisation is expected, if it connects to what is stored."""
        if cursor is not None:
            (present,) = await self._node.headers([cursor.number])
            if present.hash != cursor.hash:
                return await self._branch(head, cursor)
        start = self._after(cursor)
        end, logs = await self._node.logs.between(start, BlockNumber(head.number - self._depth), self._addresses)
        log.info("caught_up", first=start, last=end.number, head=head.number, events=len(logs))
        return self._write(head, None, [(end, logs)], Blocks(head.number - end.number), first=start)

    async def _fork(self, head: Header) -> Header | None:
        """Find the newest stored block that is still in the chain; None when the node is merely behind."""
        stored = self._store.recent()
        if head.number < stored[-1].number or head.hash in {header.hash for header in stored}:
            return None
        below = [header for header in stored if header.number < head.number]
        for start in range(0, len(below), _MOST_HEADERS):
            chunk = below[start : start + _MOST_HEADERS]
            present = await self._node.headers([header.number for header in chunk])
            for mine, theirs in zip(chunk, present, strict=True):
                if mine.hash == theirs.hash:
                    return mine
        kept = f"kept: {len(stored)}, newest {stored[0].number}"
        raise ReorgError(f"no stored block is in the chain of block {head.number} ({kept})")

    def _write(
        self,
        head: Header,
        fork: BlockNumber | None,
        added: list[tuple[Header, tuple[RawLog, ...]]],
        behind: Blocks,
        *,
        first: BlockNumber | None = None,
    ) -> Advance:
        """Store it all or nothing; logs that do not decode are not stored."""
        decoded = tuple(Added(header, tuple(self._decode(logs))) for header, logs in added)
        gone = self._store.write(added, fork=fork, first=first)
        if fork is not None:
            log.warning("reorganisation", fork=fork, events_undone=gone)
        return Advance(head, fork, decoded, behind)
