"""Following the chain: every event of the venue exactly once, in order, and undone when its block is.

Far behind, logs are read by range; near the head block by block, by hash, each block's parent checked. Reads the node
and writes the block store; knows nothing of what the logs say.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from keepers.errors import NodeError, ReorgError
from keepers.node import Header, Node, RawLog
from keepers.store.blocks import BlockStore
from keepers.units import Address, BlockNumber, Blocks

__all__ = ["Advance", "Follower"]

log = structlog.get_logger(__name__)
_MOST_HEADERS = 32


@dataclass(frozen=True, slots=True)
class Advance:
    """What a step did: blocks undone above `fork`, then blocks added, each with its logs."""

    head: Header
    fork: BlockNumber | None
    added: tuple[tuple[Header, tuple[RawLog, ...]], ...]
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
        span: Blocks,
    ) -> None:
        """Follow `addresses` from block `first`; keep `depth` blocks undoable, read `span` blocks per range."""
        self._node = node
        self._store = store
        self._addresses = tuple(addresses)
        self._first = first
        self._depth = depth
        self._span = span

    async def advance(self) -> Advance:
        """Make one step toward the head: undo what was orphaned, then add one range or some blocks."""
        head = await self._node.head()
        cursor = self._store.cursor()
        if cursor is not None and cursor.hash == head.hash:
            return Advance(head, None, (), Blocks(0))
        fork = None
        if cursor is not None and head.number <= cursor.number + 1 and head.parent != cursor.hash:
            fork = await self._fork(head, cursor)
            if fork is None:
                return Advance(cursor, None, (), Blocks(0))
            cursor = self._undo(fork)
        start = self._first if cursor is None else BlockNumber(cursor.number + 1)
        if head.number - start >= self._depth:
            return await self._range(head, cursor, start)
        return await self._blocks(head, cursor, start, fork)

    async def _blocks(
        self, head: Header, cursor: Header | None, start: BlockNumber, fork: BlockNumber | None
    ) -> Advance:
        """Add up to some blocks one by one, stopping where they do not connect."""
        last = BlockNumber(min(head.number, start + _MOST_HEADERS - 1))
        between = await self._node.headers(_numbers(start, last)) if last > start else []
        headers = [*between, head if last == head.number else (await self._node.headers([last]))[0]]
        headers = headers if start <= last else []
        parent = None if cursor is None else cursor.hash
        for position, header in enumerate(headers):
            if parent is not None and header.parent != parent:
                if position == 0 and cursor is not None and fork is None:
                    fork = await self._fork(header, cursor)
                    self._undo(cursor.number if fork is None else fork)
                headers = headers[:position]
                break
            parent = header.hash
        found = await self._node.logs_of([header.hash for header in headers], self._addresses)
        added = tuple(zip(headers, found, strict=True))
        for header, logs in added:
            self._store.append(header, logs)
        newest = headers[-1].number if headers else start - 1
        return Advance(head, fork, added, Blocks(head.number - newest))

    async def _range(self, head: Header, cursor: Header | None, start: BlockNumber) -> Advance:
        """Add a range that ends where no reorganisation is expected, if it connects to what is stored."""
        if cursor is not None:
            (present,) = await self._node.headers([cursor.number])
            if present.hash != cursor.hash:
                fork = await self._fork(head, cursor)
                self._undo(cursor.number if fork is None else fork)
                return Advance(head, fork, (), Blocks(head.number - start))
        last, logs = await self._logs_up_to(start, BlockNumber(min(start + self._span - 1, head.number - self._depth)))
        (end,) = await self._node.headers([last])
        self._store.append(end, logs, first=start)
        log.info("caught_up", first=start, last=last, head=head.number, events=len(logs))
        return Advance(head, None, ((end, logs),), Blocks(head.number - last))

    async def _logs_up_to(self, start: BlockNumber, last: BlockNumber) -> tuple[BlockNumber, tuple[RawLog, ...]]:
        """Read a range, halved until the node takes it."""
        while True:
            try:
                return last, await self._node.logs_between(start, last, self._addresses)
            except NodeError:
                if last == start:
                    raise
                last = BlockNumber(start + (last - start) // 2)
                self._span = Blocks(last - start + 1)

    async def _fork(self, head: Header, cursor: Header) -> BlockNumber | None:
        """Find the newest stored block that is still in the chain; None when the node is merely behind."""
        stored = self._store.recent()
        known = {header.number: header.hash for header in stored}
        if known.get(head.number) == head.hash:
            return None
        for start in range(0, len(stored), _MOST_HEADERS):
            chunk = [header for header in stored[start : start + _MOST_HEADERS] if header.number < head.number]
            if not chunk:
                continue
            present = await self._node.headers([header.number for header in chunk])
            for mine, theirs in zip(chunk, present, strict=True):
                if mine.hash == theirs.hash:
                    return mine.number
        msg = f"no stored block is in the chain of block {head.number} (kept: {len(stored)}, newest {cursor.number})"
        raise ReorgError(msg)

    def _undo(self, fork: BlockNumber) -> Header | None:
        gone = self._store.undo_after(fork)
        log.warning("reorganisation", fork=fork, events_undone=gone)
        return self._store.cursor()


def _numbers(first: BlockNumber, end: BlockNumber) -> list[BlockNumber]:
    return [BlockNumber(number) for number in range(first, end)]
