"""Whatever a node answers: no block is stored that the chain does not have, and nothing ends but in a typed error."""

import asyncio
import random
from typing import Any

import pytest

from keepers.chain import Header, parse_header, parse_receipt
from keepers.errors import ResponseError, RpcError, StoreError
from keepers.ingest import Follower
from keepers.lens import Lens
from keepers.mirror import Ledger
from keepers.prices import PriceReader
from keepers.store import BlockStore, open_stores
from tests.offchain.keepers.fake_chain import VENUE
from tests.offchain.keepers.fake_network import FakeNetwork
from tests.offchain.keepers.odd_answers import decode_known, odd_answer
from tests.offchain.keepers.sample_venue import paper_venue

DEPTH = 8
HASH = "0x" + "ab" * 32


@pytest.fixture
def store(tmp_path):
    """Open an empty store that keeps few blocks."""
    with open_stores(tmp_path / "keeper.db") as stores:
        yield BlockStore(stores.chain, DEPTH)


def _network(blocks: int = 6) -> FakeNetwork:
    network = FakeNetwork("a")
    for number in range(blocks):
        network.chain.mine(f"0x{number:02x}", f"0x{number:02x}ff")
    return network


def _follower(network: FakeNetwork, store: BlockStore, *, timeout: float = 5) -> Follower:
    return Follower(network.client(timeout), store, [VENUE], first=0, depth=DEPTH, decode=list)


def _of_logs(change):
    """Lie about logs only, by changing the list."""

    def lie(call: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        if call["method"] != "eth_getLogs" or not answer.get("result"):
            return answer
        return {**answer, "result": change([dict(one) for one in answer["result"]])}

    return lie


LIES = {
    "of another block": lambda logs: [{**logs[0], "blockHash": HASH}],
    "of another address": lambda logs: [{**logs[0], "address": "0x" + "bb" * 20}],
    "twice": lambda logs: [logs[0], logs[0]],
    "out of order": lambda logs: logs[::-1],
    "removed": lambda logs: [{**logs[0], "removed": True}],
    "not in the bloom": lambda logs: [{**logs[0], "topics": ["0x" + "77" * 32]}],
    "of odd data": lambda logs: [{**logs[0], "data": "0xabc"}],
    "without an index": lambda logs: [{key: value for key, value in logs[0].items() if key != "logIndex"}],
    "no objects": lambda _: ["log"],
    "no list": lambda _: {"logs": []},
    "null": lambda _: None,
    "of a topic that is none": lambda logs: [{**logs[0], "topics": ["zz"]}],
}


@pytest.mark.parametrize("lie", LIES)
def test_logs_that_contradict_their_block_are_no_answer(store, lie):
    """They are an error of the node; nothing of the step is stored."""
    network = _network()
    network["a"].lie = _of_logs(LIES[lie])
    with pytest.raises(RpcError):
        asyncio.run(_follower(network, store).advance())
    assert store.cursor() is None
    assert store.event_count() == 0


def test_logs_that_come_late_are_asked_for_again(store):
    """A node that shows a block before its logs answers with none at first: the bloom tells, and they are there."""
    network, left = _network(), [1]

    def late(logs: list[Any]) -> list[Any]:
        left[0] -= 1
        return [] if left[0] >= 0 else logs

    network["a"].lie = _of_logs(late)
    asyncio.run(_follower(network, store).advance())
    assert [(log.block, log.data) for log in store.events()] == network.chain.all_logs()


def test_range_beyond_what_the_node_has_is_no_answer(store):
    """A node behind a balancer that lacks the range's end would leave out logs without a word."""
    network = _network(40)
    node = network.client()
    network["a"].behind = 20
    with pytest.raises(RpcError):
        asyncio.run(node.logs.between(0, 39, [VENUE]))


def _reorganised(store):
    """Follow six blocks, of which the last two are then others; give what the store held before."""
    network = _network(6)
    follower = _follower(network, store)
    asyncio.run(follower.advance())
    before = list(store.events())
    network.chain.reorg(2)
    network.chain.mine("0xaa")
    network.chain.mine("0xbb")
    return network, follower, before


def test_step_that_fails_half_way_has_changed_nothing(store):
    """A reorganisation whose new logs cannot be read leaves store and mirror as they were, both or neither."""
    network, follower, before = _reorganised(store)
    network["a"].lie = _of_logs(LIES["of another block"])
    with pytest.raises(RpcError):
        asyncio.run(follower.advance())
    assert list(store.events()) == before
    network["a"].lie = None
    assert asyncio.run(follower.advance()).fork == 4


def test_disk_that_fills_half_way_has_changed_nothing(store, monkeypatch):
    """Undo and new blocks are one transaction."""
    _, follower, before = _reorganised(store)

    def full(*_args: object) -> None:
        raise StoreError("full")

    monkeypatch.setattr("keepers.store.blocks._append", full)
    with pytest.raises(StoreError):
        asyncio.run(follower.advance())
    assert list(store.events()) == before


def test_log_that_does_not_decode_is_not_stored(store):
    """A log of the venue that does not fit its event is the node's fault, and is asked for again."""
    network = _network(2)

    def decode(_logs: object) -> list[Any]:
        raise ResponseError("does not fit")

    follower = Follower(network.client(), store, [VENUE], first=0, depth=DEPTH, decode=decode)
    with pytest.raises(ResponseError):
        asyncio.run(follower.advance())
    assert store.cursor() is None


def test_chain_that_contradicts_itself_is_no_chain(store):
    """A node that has the cursor, and after it a block of another parent, is not followed in circles."""
    network = _network(6)
    follower = _follower(network, store)
    asyncio.run(follower.advance())
    network.chain.mine()
    network.chain.mine()

    def lie(call: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        block = answer.get("result")
        wrong = call["method"] == "eth_getBlockByNumber" and block["number"] == hex(7)
        return {**answer, "result": {**block, "parentHash": HASH}} if wrong else answer

    network["a"].lie = lie
    with pytest.raises(ResponseError):
        asyncio.run(asyncio.wait_for(follower.advance(), 5))


def test_block_of_another_number_is_no_answer():
    """Asked for one block, given another."""
    header = {"number": "0x5", "hash": HASH, "parentHash": HASH, "timestamp": "0x1", "baseFeePerGas": "0x1"}
    assert parse_header(header, 5) == Header(5, HASH, HASH, 1, 1)
    for wrong in (6, 4):
        with pytest.raises(ResponseError):
            parse_header(header, wrong)
    for key, value in (("hash", "0x12"), ("number", None), ("timestamp", "soon"), ("baseFeePerGas", 7)):
        with pytest.raises(ResponseError):
            parse_header({**header, key: value})


def test_receipt_of_another_transaction_is_no_answer():
    """A receipt says whose it is."""
    receipt = {
        "transactionHash": HASH,
        "blockNumber": "0x1",
        "blockHash": HASH,
        "status": "0x1",
        "gasUsed": "0x1",
        "effectiveGasPrice": "0x1",
        "logs": [],
    }
    assert parse_receipt(receipt, HASH).succeeded
    with pytest.raises(ResponseError):
        parse_receipt(receipt, "0x" + "cd" * 32)


SHAPES = ["0x", "0x00", "0x" + "ff" * 31, "0x" + "ff" * 640, "0xzz", None, 7, []]


@pytest.mark.parametrize("shape", SHAPES)
def test_views_of_any_shape_are_errors_of_the_node(shape):
    """Empty, short, long, absurd: never a number, never another error than the node's."""
    network, contracts = _network(1), paper_venue()

    def lie(call: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        return {**answer, "result": shape} if call["method"] == "eth_call" else answer

    network["a"].lie = lie
    node = network.client(5)
    lens = Lens(node, contracts, 40)
    ledger = Ledger("0x" + "cc" * 20, 4)
    head = Header(1, HASH, HASH, 1, 1)
    for name, work in {
        "screen": lambda: lens.screen(HASH, [1, 2]),
        "states": lambda: lens.states(HASH, [1]),
        "auctions": lambda: lens.auctions(HASH, [1]),
        "params": lambda: lens.sales(HASH, 1, 2),
        "arrays": lambda: lens.arrays(HASH, [1]),
        "prices": lambda: PriceReader(node, contracts, 3).read(ledger, head),
    }.items():
        with pytest.raises(RpcError):
            pytest.fail(f"{name}: {asyncio.run(work())}")


def test_any_change_of_any_answer_is_survived(store):
    """Fuzzed answers raise the keeper's own errors only, and what is stored in the end is the chain."""
    dice, network, faults = random.Random(5), _network(12), 0
    follower = Follower(network.client(5), store, [VENUE], first=0, depth=DEPTH, decode=decode_known)

    def lie(_call: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        return {**answer, "result": odd_answer(dice, answer.get("result"))} if dice.random() < 0.4 else answer

    async def follow() -> None:
        nonlocal faults
        for number in range(150):
            network.chain.mine(f"0x{number:04x}")
            network["a"].lie = lie
            try:
                await follower.advance()
            except RpcError:
                faults += 1
            network["a"].lie = None
            for one in follower._node.rpc.endpoints:
                one.praise()
        while (await follower.advance()).moved:
            pass

    asyncio.run(follow())
    assert faults > 30
    stored = [(log.block, log.data) for log in store.events()]
    assert stored == network.chain.all_logs()
