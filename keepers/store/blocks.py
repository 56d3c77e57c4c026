"""What was read from the chain: recent blocks, all events, exactly once and in order; images of what they amount to.

Touches the tables of blocks, events and images only.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, insert, select
from sqlalchemy.dialects import sqlite

from keepers.chain import Header, RawLog
from keepers.errors import StoreError
from keepers.store.file import FileDatabase
from keepers.store.schema import BLOCKS, EVENTS, IMAGES
from keepers.units import Address, BlockNumber, Blocks, HexData, Wei

__all__ = ["BlockStore"]

_PAGE = 10_000
_ADD_EVENTS: Final = str(insert(EVENTS).compile(dialect=sqlite.dialect()))
"""Written once: to bind names to columns takes longer than to insert."""


class BlockStore:
    """Appends blocks and undoes them; the cursor is the newest block stored."""

    def __init__(self, database: FileDatabase, depth: Blocks) -> None:
        """Keep `depth` blocks that can be undone."""
        self._database = database
        self._depth = depth

    def cursor(self) -> Header | None:
        """Give the newest block stored."""
        with self._database.connect() as connection:
            row = connection.execute(select(BLOCKS).order_by(BLOCKS.c.number.desc()).limit(1)).first()
        return None if row is None else Header(row.number, row.hash, row.parent, row.timestamp, Wei(int(row.base_fee)))

    def recent(self) -> list[Header]:
        """Give the blocks that can be undone to, newest first."""
        with self._database.connect() as connection:
            rows = connection.execute(select(BLOCKS).order_by(BLOCKS.c.number.desc())).all()
        return [Header(row.number, row.hash, row.parent, row.timestamp, Wei(int(row.base_fee))) for row in rows]

    def write(
        self,
        added: Sequence[tuple[Header, Sequence[RawLog]]],
        *,
        fork: BlockNumber | None = None,
        first: BlockNumber | None = None,
    ) -> int:
        """Undo every block above `fork`, then add blocks with their events, in one transaction; give the events undone.

        With `first` the logs of the one block are those of first..block, which nothing between tells apart.
        """
        with self._database.begin() as connection:
            gone = 0 if fork is None else _undo_after(connection, fork)
            for header, logs in added:
                _append(connection, header, logs, first)
                connection.execute(delete(BLOCKS).where(BLOCKS.c.number < header.number - self._depth))
        return gone

    def clear(self) -> None:
        """Forget everything: it can be read from the chain again."""
        with self._database.begin() as connection:
            for table in (EVENTS, BLOCKS, IMAGES):
                connection.execute(delete(table))

    def keep_image(self, block: BlockNumber, form: int, content: bytes) -> None:
        """Keep what all events up to a stored block amount to, and the image before."""
        with self._database.begin() as connection:
            before = connection.execute(select(func.max(IMAGES.c.block)).where(IMAGES.c.block < block)).scalar()
            connection.execute(delete(IMAGES).where(IMAGES.c.block != before))
            connection.execute(insert(IMAGES), [{"block": block, "format": form, "content": content}])

    def image(self, form: int) -> tuple[BlockNumber, bytes] | None:
        """Give the newest image of a format that no reorganisation can reach, and its block."""
        cursor = self.cursor()
        if cursor is None:
            return None
        query = select(IMAGES).where(IMAGES.c.format == form, IMAGES.c.block <= cursor.number - self._depth)
        with self._database.connect() as connection:
            row = connection.execute(query.order_by(IMAGES.c.block.desc()).limit(1)).first()
        return None if row is None else (row.block, row.content)

    def events(self, after: BlockNumber | None = None) -> Iterator[RawLog]:
        """Replay in order every event, or every one above a block."""
        last = (-1, -1) if after is None else (after, sys.maxsize)
        while True:
            query = (
                select(EVENTS)
                .where((EVENTS.c.block > last[0]) | ((EVENTS.c.block == last[0]) & (EVENTS.c.log_index > last[1])))
                .order_by(EVENTS.c.block, EVENTS.c.log_index)
                .limit(_PAGE)
            )
            with self._database.connect() as connection:
                rows = connection.execute(query).all()
            yield from map(_log, rows)
            if len(rows) < _PAGE:
                return
            last = (rows[-1].block, rows[-1].log_index)

    def newest_of(self, address: Address, blocks: Blocks) -> list[RawLog]:
        """Give in order the events of one contract in the newest blocks."""
        cursor = self.cursor()
        if cursor is None:
            return []
        query = select(EVENTS).where(EVENTS.c.block > cursor.number - blocks, EVENTS.c.address == address)
        with self._database.connect() as connection:
            rows = connection.execute(query.order_by(EVENTS.c.block, EVENTS.c.log_index))
            return [_log(row) for row in rows]

    def event_count(self) -> int:
        """Count the events stored."""
        with self._database.connect() as connection:
            return connection.execute(select(func.count()).select_from(EVENTS)).scalar_one()


def _log(row: Row[*tuple[Any, ...]]) -> RawLog:
    topics = tuple(map(HexData, row.topics.split(","))) if row.topics else ()
    data = HexData("0x" + row.data.hex())
    return RawLog(row.block, row.block_hash, row.log_index, row.tx_hash, row.address, topics, data)


def _append(connection: Connection, header: Header, logs: Sequence[RawLog], first: BlockNumber | None) -> None:
    newest = connection.execute(select(BLOCKS).order_by(BLOCKS.c.number.desc()).limit(1)).first()
    start = header.number if first is None else first
    if newest is not None and (newest.number + 1 != start or (first is None and newest.hash != header.parent)):
        msg = f"block {start} does not follow block {newest.number}"
        raise StoreError(msg)
    _require_own_blocks(logs, start, header)
    connection.execute(insert(BLOCKS), [_block_row(header)])
    if logs:
        connection.exec_driver_sql(_ADD_EVENTS, [_event_row(log) for log in logs])


def _undo_after(connection: Connection, number: BlockNumber) -> int:
    if connection.execute(select(BLOCKS.c.number).where(BLOCKS.c.number == number)).first() is None:
        msg = f"block {number} is not kept"
        raise StoreError(msg)
    gone = _count_after(connection, number)
    connection.execute(delete(EVENTS).where(EVENTS.c.block > number))
    connection.execute(delete(BLOCKS).where(BLOCKS.c.number > number))
    connection.execute(delete(IMAGES).where(IMAGES.c.block > number))
    return gone


def _require_own_blocks(logs: Sequence[RawLog], first: BlockNumber, header: Header) -> None:
    for log in logs:
        wrong_block = not first <= log.block <= header.number
        if wrong_block or (log.block == header.number and log.block_hash != header.hash):
            msg = f"log of block {log.block} {log.block_hash} among blocks {first}..{header.number} {header.hash}"
            raise StoreError(msg)


def _count_after(connection: Connection, number: BlockNumber) -> int:
    query = select(func.count()).select_from(EVENTS).where(EVENTS.c.block > number)
    return connection.execute(query).scalar_one()


def _block_row(header: Header) -> dict[str, object]:
    return {
        "number": header.number,
        "hash": header.hash,
        "parent": header.parent,
        "timestamp": header.timestamp,
        "base_fee": str(header.base_fee),
    }


def _event_row(log: RawLog) -> tuple[object, ...]:
    """Give the columns of an event, in the table's order."""
    data, topics = bytes.fromhex(log.data.removeprefix("0x")), ",".join(log.topics)
    return log.block, log.index, log.block_hash, log.transaction, log.address, topics, data
