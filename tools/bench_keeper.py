"""Measure how fast the keeper reads: starting, replaying, catching up, and marking a million accounts anew.

Prints a table beside the goals, in time of the processor, and what numpy alone needs for the sums of a mark. Needs no
chain: the node answers in this process, which pays for JSON on both sides, but for no network.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np
import orjson
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.model.units import RAY, WAD, AccountId, AssetIndex, FeedId, InstrumentId, Ppm, Seconds, Wad
from keepers.abi import VenueEvent
from keepers.chain import RawLog
from keepers.ingest import Follower
from keepers.log import configure_logging
from keepers.metrics import Health, Metrics
from keepers.mirror import Ledger, Prices
from keepers.mirror.accounts import AccountsImage
from keepers.mirror.health import evaluate
from keepers.mirror.image import FORMAT, take
from keepers.mirror.state import Asset, EngineLimits, MarketState, UnderlyingRisk, VenueState
from keepers.node import Node
from keepers.replay import replay
from keepers.rpc import Rpc
from keepers.store import BlockStore, open_stores
from keepers.units import Address, BlockNumber, Blocks, ClockSeconds, Decimals, GroupId

ASSETS: Final = 10
FEEDS: Final = tuple(FeedId(number + 1) for number in range(ASSETS))
QUOTE: Final = Address("0x" + "0f" * 20)
VENUE: Final = Address("0x" + "aa" * 20)
TOPIC: Final = "0x" + "11" * 32
DEPTH: Final = Blocks(64)
ROUNDS: Final = 5
NOW: Final = Seconds(1_700_000_000)
LOGS_A_BLOCK: Final = 20
FULL_BLOOM: Final = "0x" + "ff" * 256


@dataclass(frozen=True)
class Line:
    """A row of the table."""

    what: str
    goal: str
    got: str


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Give the least of several times of this process and its children [CPU s]; what others do does not count."""
    times = []
    for _ in range(rounds):
        began = cpu()
        work()
        times.append(cpu() - began)
    return min(times)


def cpu() -> float:
    """Give the time spent so far [CPU s]."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def venue(accounts: int, *, positions: int) -> Ledger:
    """Make a ledger of accounts that hold every asset, the first of which have a perpetual each."""
    dice = np.random.default_rng(1)
    ledger = Ledger(QUOTE, DEPTH)
    ledger.venue = VenueState(limits=EngineLimits(Ppm(2_000_000), Ppm(3_000_000), Seconds(900), Ppm(10_000)))
    perpetuals = [encode(Instrument(Kind.PERPETUAL, feed)) for feed in FEEDS]
    risk = UnderlyingRisk(
        liquidity=Ppm(70_000),
        collateral=Ppm(80_000),
        derivative=Ppm(50_000),
        basis=Ppm(30_000),
        basis_per_year=Ppm(50_000),
        impact=Wad(10**13),
        group=GroupId(0),
        initial_liquidity=Ppm(80_000),
        initial_collateral=Ppm(120_000),
    )
    for number, feed in enumerate(FEEDS):
        ledger.assets[AssetIndex(number)] = Asset(Address(f"0x{number + 1:040x}"), feed, feed, Decimals(18))
        ledger.markets[InstrumentId(perpetuals[number])] = MarketState(Wad(0), Ppm(0), NOW)
        ledger.underlyings[feed] = risk
    holdings = {AssetIndex(number): exact(dice.exponential(1e19, accounts)) for number in range(ASSETS)}
    places = np.stack([np.arange(positions), dice.integers(0, ASSETS, positions)]).astype(np.int64)
    sizes = dice.normal(0, 2e18, positions)
    none = exact(np.zeros(positions))
    ledger.accounts.load(
        AccountsImage(
            ids=b"".join((number << 96).to_bytes(32) for number in range(1, accounts + 1)),
            stale=[],
            cash=exact(dice.normal(0, 1e20, accounts)),
            index=RAY.to_bytes(16, "little") * accounts,
            collateral=holdings,
            instruments=[InstrumentId(one) for one in perpetuals],
            places=places.tobytes(),
            legs=[exact(sizes), exact(sizes * 10), none, none],
        )
    )
    return ledger


def exact(values: NDArray[np.float64]) -> bytes:
    """Write numbers as the columns of the mirror do."""
    return b"".join(int(one).to_bytes(16, "little", signed=True) for one in values)


def memory() -> float:
    """Give the most memory that was in use [GB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def mark(accounts: int) -> list[Line]:
    """Mark accounts anew, and let numpy alone multiply what they hold by the prices."""
    before = memory()
    ledger = venue(accounts, positions=accounts // 5)
    prices = Prices(dict.fromkeys(FEEDS, Wad(10 * WAD)), dict.fromkeys(FEEDS, 1), {})
    seconds = best(lambda: evaluate(ledger, prices, NOW), 3)
    used = memory() - before
    held, vector = np.random.default_rng(2).random((accounts, ASSETS)), np.ones(ASSETS)
    bound = best(lambda: held @ vector)
    name = f"{accounts:,} accounts x {ASSETS} assets"
    return [
        Line(f"mark {name} anew", "20 ms", f"{1e3 * seconds:,.0f} ms"),
        Line("  the product of holdings and prices, numpy alone", "", f"{1e3 * bound:,.1f} ms"),
        Line(f"  memory of {name}, a fifth with a position", "1.5 GB", f"{used:.2f} GB"),
    ]


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


def start(folder: Path, blocks: int) -> list[Line]:
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


def load() -> list[Line]:
    """Import all of the keeper in a process of its own."""
    command = [sys.executable, "-c", "import keepers.cli, keepers.runner"]
    seconds = best(lambda: subprocess.run(command, check=True), 3)
    return [Line("import the keeper (of 2 s from kill to ready)", "", f"{seconds:.2f} s")]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--blocks", type=int, default=4_000)
    options = parser.parse_args()
    configure_logging("error")
    table = Table("measured", "goal", "CPU time, or memory")
    with tempfile.TemporaryDirectory() as folder:
        lines = [*mark(options.accounts), *start(Path(folder), options.blocks), *load()]
    for line in lines:
        table.add_row(line.what, line.goal, line.got)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
