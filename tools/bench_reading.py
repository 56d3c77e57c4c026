"""How fast the keeper reads: catching up with a chain, replaying events, starting from an image.

The node answers in this process, which pays for JSON on both sides, but for no network.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx
import orjson
from bench_lines import Line, best
from bench_marks import NOW, QUOTE, venue

from crossmargin.model.units import WAD, AccountId, Wad
from keepers.abi import VenueEvent
from keepers.chain import RawLog
from keepers.ingest import Follower
from keepers.metrics import Health, Metrics
from keepers.mirror import Ledger
from keepers.mirror.image import FORMAT, take
from keepers.node import Node
from keepers.replay import replay
from keepers.rpc import Rpc
from keepers.store import BlockStore, open_stores
from keepers.units import Address, BlockNumber, Blocks, ClockSeconds

__all__ = ["catch_up"]

VENUE: Final = Address("0x" + "aa" * 20)
TOPIC: Final = "0x" + "11" * 32
DEPTH: Final = Blocks(64)
LOGS_A_BLOCK: Final = 20
FULL_BLOOM: Final = "0x" + "ff" * 256


class Answers:
    """A node that has blocks full of logs, written once and sent as they are."""

    def __init__(self, blocks: int) -> None:
        """Write the blocks."""
        self.blocks = blocks
        self.logs = [[self._log(number, at) for at in range(LOGS_A_BLOCK)] for number in range(blocks)]

    @staticmethod
    def _hash(number: int) -> str:
        return f"0x{number + 1:064x}"

    def _log(self, number: int, at: int) -> dict[str, Any]:
        return {
            "blockNumber": hex(number),
            "blockHash": self._hash(number),
            "logIndex": hex(at),
            "transactionHash": self._hash(10**6 + at),
            "address": VENUE,
            "topics": [TOPIC, f"0x{number * LOGS_A_BLOCK + at:064x}"],
            "data": f"0x{at:0128x}",
        }

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        body = orjson.loads(request.content)
        many = body if isinstance(body, list) else [body]
        found = [{"jsonrpc": "2.0", "id": one["id"], "result": self._one(one)} for one in many]
        return httpx.Response(200, content=orjson.dumps(found if isinstance(body, list) else found[0]))

    def _one(self, call: dict[str, Any]) -> object:
        first = call["params"][0]
        if call["method"] == "eth_getBlockByNumber":
            number = self.blocks - 1 if first == "latest" else int(first, 16)
            return {
                "number": hex(number),
                "hash": self._hash(number),
                "parentHash": self._hash(number - 1),
                "timestamp": hex(NOW + number),
                "baseFeePerGas": hex(10**9),
                "logsBloom": FULL_BLOOM,
            }
        if "blockHash" in first:
            return self.logs[int(first["blockHash"], 16) - 1]
        found = self.logs[int(first["fromBlock"], 16) : int(first["toBlock"], 16) + 1]
        return [log for logs in found for log in logs]


def decode(logs: Sequence[RawLog]) -> list[VenueEvent]:
    """Read logs as balances of accounts, a new one each."""
    return [VenueEvent("", "CashChanged", one.block, one.index, one.transaction, _args(one)) for one in logs]


def _args(log: RawLog) -> dict[str, object]:
    return {"account": AccountId(int(log.topics[1], 16) % 10_000 << 96), "cash": Wad(int(log.data[2:66], 16) * WAD)}


def catch_up(folder: Path, blocks: int) -> list[Line]:
    """Catch up with a chain from one address and from two, then start from the events and from an image."""
    lines = []
    answers = Answers(blocks)
    for addresses in (2, 1):
        with open_stores(folder / f"{addresses}.db") as stores:
            store = BlockStore(stores.chain, DEPTH)
            urls = [f"http://{number}" for number in range(addresses)]
            rpc = Rpc(urls, ClockSeconds(30.0), transport=httpx.MockTransport(answers.answer))
            follower = Follower(Node(rpc), store, [VENUE], BlockNumber(0), depth=DEPTH, decode=decode)
            seconds = best(partial(asyncio.run, _follow(follower)), 1)
            rate = store.event_count() / seconds
            proof = "compared with a second node" if addresses > 1 else "proved by every block's head"
            lines.append(Line(f"catch up, {proof}", "25,000 events/s", f"{rate:,.0f} events/s"))
            if addresses == 1:
                lines += _replays(store)
    return lines


async def _follow(follower: Follower) -> None:
    while (await follower.advance()).moved:
        pass


def _replays(store: BlockStore) -> list[Line]:
    """Replay all events; then keep an image of 10,000 accounts and start from that."""
    health = Health(Metrics(), ClockSeconds(30.0))
    events = store.event_count()
    seconds = best(lambda: asyncio.run(replay(store, Ledger(QUOTE, DEPTH), decode, health)), 1)
    cursor = store.cursor()
    content = take(venue(10_000, positions=2_000))
    store.keep_image(BlockNumber(0 if cursor is None else cursor.number - DEPTH), FORMAT, content)
    quick = best(lambda: asyncio.run(replay(store, Ledger(QUOTE, DEPTH), decode, health)))
    tail = DEPTH * LOGS_A_BLOCK
    return [
        Line(f"replay {events:,} events", "", f"{seconds:,.2f} s ({events / seconds:,.0f} events/s)"),
        Line(f"  from an image of 10,000 accounts and {tail:,} events after it", "", f"{1e3 * quick:,.0f} ms"),
    ]
