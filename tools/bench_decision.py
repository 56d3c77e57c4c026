"""How long from a head to the decision, and how long others take to learn the health of as many accounts.

The node answers in this process, at once and from memory: what is measured is all but the node's own work.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Iterator
from typing import Any, Final

import httpx
import numpy as np
import orjson
from bench_lines import Line
from bench_marks import ASSETS, FEEDS, NOW, PRICE, venue
from web3 import Web3
from web3.providers.base import JSONBaseProvider

from crossmargin.model.arrays import RiskArray
from crossmargin.model.instruments import Instrument, Kind, encode, strike_code
from crossmargin.model.units import PPM, WAD, AccountId, AuctionId, InstrumentId, Ppm, Wad
from keepers.abi import VenueEvent, load_abi
from keepers.audit import Audit
from keepers.chain import Header
from keepers.codec import plan_of
from keepers.contracts import CONTRACTS, AddressBook, Contracts
from keepers.fees.models import Plain
from keepers.lens import Lens
from keepers.look import Look
from keepers.metrics import Health, Metrics
from keepers.mirror import Ledger, Mirror, Prices
from keepers.node import Node
from keepers.pending import Pending
from keepers.prices import PriceReader
from keepers.rpc import Rpc
from keepers.settings import Settings
from keepers.snapshot import Snapshots
from keepers.strategies import Odds, decide
from keepers.units import Address, BlockHash, BlockNumber, ClockSeconds, LogIndex, TxHash, Wei

__all__ = ["decisions", "others"]

ACCOUNTS: Final = 10_000
SICK: Final = 457
WITH_OPTIONS: Final = 800
ROUNDS: Final = 100
WARM: Final = 3
ADDRESSES: Final = {name: Address(f"0x{number + 1:040x}") for number, name in enumerate(CONTRACTS)}
OWNER: Final = Address("0x" + "ee" * 20)
BIDDER: Final = AccountId(int(OWNER, 16) << 96)
CHUNK: Final = 500
HEALTH: Final[dict[str, Any]] = {
    "type": "function",
    "name": "health",
    "stateMutability": "view",
    "inputs": [{"name": "account", "type": "uint256"}],
    "outputs": [{"name": "", "type": "uint256"}],
}
_PAIRS: Final = [{"name": "target", "type": "address"}, {"name": "allowFailure", "type": "bool"}]
MULTICALL: Final[dict[str, Any]] = {
    "type": "function",
    "name": "aggregate3",
    "stateMutability": "view",
    "inputs": [{"name": "calls", "type": "tuple[]", "components": [*_PAIRS, {"name": "callData", "type": "bytes"}]}],
    "outputs": [
        {
            "name": "results",
            "type": "tuple[]",
            "components": [{"name": "success", "type": "bool"}, {"name": "returnData", "type": "bytes"}],
        }
    ],
}


class Venue:
    """A node that knows the venue; what it has answered once it answers from memory."""

    def __init__(self, ledger: Ledger) -> None:
        """Answer about the accounts of a ledger."""
        self.contracts = Contracts(AddressBook(ADDRESSES, BlockNumber(0)), {name: load_abi(name) for name in CONTRACTS})
        self.mirror = Mirror(ledger, Settings(bidder={"owner": OWNER}).mirror)
        self.calls = 0
        self._known: dict[tuple[str, str], str] = {}
        lens, auction, oracle = (load_abi(name) for name in ("MarginLens", "LiquidationAuction", "OracleAdapter"))
        self.functions = [oracle.function("packedPrices"), auction.function("params")]
        self.functions += [lens.function(name) for name in ("screen", "accountViews", "auctions")]

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        body = orjson.loads(request.content)
        many = body if isinstance(body, list) else [body]
        self.calls += len(many)
        found = [{"jsonrpc": "2.0", "id": one["id"], "result": self.called(one["params"][0])} for one in many]
        return httpx.Response(200, content=orjson.dumps(found if isinstance(body, list) else found[0]))

    def called(self, call: dict[str, str]) -> str:
        """Answer a call of a view (hex)."""
        key = call["to"], call["data"]
        if key not in self._known:
            self._known[key] = "0x" + self._computed(bytes.fromhex(call["data"][2:])).hex()
        return self._known[key]

    def _computed(self, data: bytes) -> bytes:
        wanted = next(one for one in self.functions if one.selector == data[:4])
        asked = wanted.inputs.read(data[4:], 0)
        return wanted.outputs.write(getattr(self, f"_{wanted.name}")(*asked))

    def _packedPrices(self, feeds: list[int]) -> tuple[list[int]]:  # noqa: N802 - as the venue has it
        return ([word for _ in feeds for word in (PRICE | 1 << 128, PRICE | PRICE << 128)],)

    def _params(self) -> tuple[list[int]]:
        return (
            [WAD // 10, WAD // 5, WAD // 10, 600, 3600, 10**21, 10**21, 3600, WAD // 2, WAD // 10, WAD, 10**20, 10**24],
        )

    def _screen(self, accounts: list[int]) -> tuple[list[Any], ...]:
        excess = self._excess(accounts)
        count = len(accounts)
        return [True] * count, [WAD * 9 // 10] * count, excess, [1] * count

    def _excess(self, accounts: list[int]) -> list[int]:
        marks = self.mirror.screen(prices(), NOW, [AccountId(one) for one in accounts])
        rows = [self.mirror.ledger.accounts.row_of(AccountId(one)) or 0 for one in accounts]
        return [int(marks.factors.excess[np.searchsorted(marks.rows, row)] * WAD) for row in rows]

    def _accountViews(self, accounts: list[int]) -> tuple[list[Any]]:  # noqa: N802 - as the venue has it
        return ([self._view(one, excess) for one, excess in zip(accounts, self._excess(accounts), strict=True)],)

    def _view(self, account: int, excess: int) -> list[Any]:
        rich = account == BIDDER
        excess = 10**24 if rich else excess
        margin = [excess, excess, 10**22, 10**22, 10**21, 0, 10**22, True, False, False]
        spot = [] if rich else [[asset, 10**19, 10**20] for asset in range(ASSETS)]
        legs = [] if rich else [[1 << 60 | 1 << 48, WAD, 10 * WAD, 0, 0, 0]]
        live = bool(self.mirror.ledger.auctions.get(AccountId(account)))
        return [account, WAD, margin, margin, 10**24 if rich else 0, spot, legs, live, 1]

    def _auctions(self, accounts: list[int]) -> tuple[list[Any], ...]:
        count = len(accounts)
        live = [[number + 1, False, False, NOW, 60, 0, 0, 10**20, 10**6] for number in range(count)]
        return live, [False] * count, [9 * 10**20] * count, [WAD // 2] * count, [10**21] * count


def prices() -> Prices:
    """Give the prices that the node answers with."""
    return Prices(dict.fromkeys(FEEDS, PRICE), dict.fromkeys(FEEDS, 1), {})


def decisions() -> list[Line]:
    """Decide at many heads: with nothing to do, with accounts to start on and in auction, with options."""
    lines = []
    for what, ledger in _venues():
        node = Venue(ledger)
        times, calls = asyncio.run(_rounds(node))
        p99 = float(np.quantile(times, 0.99))
        got = f"{p99 * 1e3:,.1f} ms (median {float(np.median(times)) * 1e3:,.1f}), {calls} calls"
        lines.append(Line(f"head to decision, p99, {ACCOUNTS:,} accounts: {what}", "50 ms", got))
    return lines


def _venues() -> Iterator[tuple[str, Ledger]]:
    quiet = venue(ACCOUNTS, positions=ACCOUNTS // 5)
    yield "quiet", quiet
    sick = venue(ACCOUNTS, positions=ACCOUNTS // 5)
    owed = [_event("CashChanged", account=one, cash=-900 * PRICE) for one in sick.accounts.ids[:SICK]]
    sick.apply(BlockNumber(1), NOW, owed)
    yield f"{SICK} sick", sick
    started = [_event("AuctionStarted", account=one, id=AuctionId(7)) for one in sick.accounts.ids[:SICK]]
    sick.apply(BlockNumber(2), NOW, started)
    yield f"{SICK} sick, all in auction", sick
    options = venue(ACCOUNTS, positions=ACCOUNTS // 5)
    options.apply(BlockNumber(1), NOW, list(_options(options)))
    yield f"{WITH_OPTIONS} with options", options


def _options(ledger: Ledger) -> Iterator[VenueEvent]:
    """Give accounts three options each, of four series a feed."""
    expiry = NOW // 3_600 + 24 * 30
    strikes = [strike_code(Wad(part * WAD)) for part in (8, 9, 11, 12)]
    kinds = [(kind, strike) for kind in (Kind.CALL, Kind.PUT) for strike in strikes[:2]]
    series = [InstrumentId(encode(Instrument(kind, feed, expiry, strike))) for feed in FEEDS for kind, strike in kinds]
    lanes = tuple(range(-900, 900, 100))
    meta, nodes = RiskArray(NOW, PRICE, 10**6, 40, 8_000, lanes, 10, 20, 10, 20, 30, 0, 0, valid=True).pack()
    for one in series:
        yield _event("InstrumentListed", id=one)
        yield _event("ArrayRefreshed", id=one, meta=meta, nodes=nodes)
    for number, account in enumerate(ledger.accounts.ids[:WITH_OPTIONS]):
        yield _event("CashChanged", account=account, cash=Wad(10**21))
        for leg in range(3):
            size = WAD * (-1) ** (number + leg)
            yield _event(
                "PositionChanged", account=account, id=series[(number + leg) % len(series)], size=size, basis=0
            )


def _event(name: str, **args: object) -> VenueEvent:
    return VenueEvent("", name, BlockNumber(1), LogIndex(0), TxHash(""), args)


async def _rounds(venue_node: Venue) -> tuple[list[float], int]:
    """Decide until nothing is new to the node, then in so many rounds more; give times [s] and the calls of one."""
    settings = Settings(bidder={"owner": OWNER})
    metrics = Metrics()
    async with Rpc(["http://node"], ClockSeconds(30.0), transport=httpx.MockTransport(venue_node.answer)) as rpc:
        node = Node(rpc)
        lens = Lens(node, venue_node.contracts, settings.mirror.chunk)
        mirror = Mirror(venue_node.mirror.ledger, settings.mirror)
        look = Look(lens, PriceReader(node, venue_node.contracts, None), mirror, settings, metrics)
        audit = Audit(
            venue_node.contracts, settings.mirror, metrics=metrics, health=Health(metrics, ClockSeconds(30.0))
        )
        snapshots = Snapshots(lens, Plain(), BIDDER, Wei(10**9), metrics, contract=None)
        pending = Pending(frozenset(), bids_in_flight=False, odds=Odds(Ppm(PPM), Ppm(PPM)), busy=frozenset())
        times, calls = [], 0
        for number in range(ROUNDS + WARM):
            head = Header(BlockNumber(number), BlockHash("0x" + "0" * 64), BlockHash(""), NOW, Wei(10**9))
            if number == WARM:
                gc.collect()
                gc.freeze()  # as a keeper does once it runs
            before, began = venue_node.calls, time.process_time()
            seen = await look.at(head, sample=False)
            audit.judge(seen)
            snapshot = await snapshots.of(seen, pending)
            if snapshot is not None:
                decide(snapshot, settings.strategy)
            times.append(time.process_time() - began)
            calls = venue_node.calls - before
    gc.unfreeze()
    return times[WARM:], calls


class _Canned(JSONBaseProvider):
    """Answers every call with the same bytes."""

    def __init__(self, answer: str) -> None:
        super().__init__()
        self._answer = answer

    def make_request(self, method: Any, params: Any) -> Any:  # noqa: ANN401 - as web3 has it
        result = "0x1" if method == "eth_chainId" else self._answer
        request = self.encode_rpc_request(method, params)
        return orjson.loads(orjson.dumps({"jsonrpc": "2.0", "id": len(request), "result": result}))


def others() -> list[Line]:
    """Learn the health of as many accounts by web3.py, one call each; by Multicall3 through it; by our own codec."""
    one = Web3(_Canned("0x" + WAD.to_bytes(32).hex())).eth.contract(address=_address(1), abi=[HEALTH])
    few = ACCOUNTS // 50
    began = time.process_time()
    for account in range(few):
        one.functions.health(account << 96).call()
    each = 50 * (time.process_time() - began)
    plan = load_abi("MarginLens").function("screen")
    many = range(CHUNK)
    answer = plan.outputs.write([[True] * CHUNK, [WAD] * CHUNK, [WAD] * CHUNK, [1] * CHUNK])
    began = time.process_time()
    for _ in range(ACCOUNTS // CHUNK):
        plan.encode([account << 96 for account in many])
        plan.decode(answer)
    own = time.process_time() - began
    multicall = _multicall()
    what = f"the health of {ACCOUNTS:,} accounts"
    return [
        Line(f"{what}: web3.py, a call each (of {few}, scaled)", "", f"{1e3 * each:,.0f} ms"),
        Line(f"{what}: Multicall3 through web3.py", "", f"{1e3 * multicall:,.0f} ms"),
        Line(f"{what}: the lens through the keeper's codec", "", f"{1e3 * own:,.0f} ms"),
    ]


def _multicall() -> float:
    results = plan_of(MULTICALL["outputs"]).write([[[True, WAD.to_bytes(32)] for _ in range(CHUNK)]])
    web3 = Web3(_Canned("0x" + results.hex()))
    contract, health = web3.eth.contract(address=_address(2), abi=[MULTICALL]), web3.eth.contract(abi=[HEALTH])
    began = time.process_time()
    for _ in range(ACCOUNTS // CHUNK):
        calls = [(_address(1), True, health.encode_abi("health", [account << 96])) for account in range(CHUNK)]
        for success, data in contract.functions.aggregate3(calls).call():
            web3.codec.decode(["uint256"], data) if success else None
    return time.process_time() - began


def _address(number: int) -> Any:  # noqa: ANN401 - web3's checksummed kind
    return Web3.to_checksum_address(f"0x{number:040x}")
