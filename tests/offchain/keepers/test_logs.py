import asyncio
from typing import Any

import pytest

from keepers.errors import ResponseError
from keepers.ingest import Follower
from keepers.store import BlockStore, open_stores
from tests.offchain.keepers.fake_chain import VENUE
from tests.offchain.keepers.fake_network import FakeNetwork

DEPTH = 8
HASH = "0x" + "ab" * 32


def _network(*names: str, blocks: int = 40) -> FakeNetwork:
    network = FakeNetwork(*names)
    for number in range(blocks):
        network.chain.mine(*[f"0x{number:02x}{at:02x}" for at in range(number % 3)])
    return network


def _ranged(call: dict[str, Any]) -> bool:
    return call["method"] == "eth_getLogs" and "toBlock" in call["params"][0]


def _of_ranges(change):
    """Lie about ranges of blocks only, by changing the list of logs."""

    def lie(call: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        return {**answer, "result": change(answer["result"])} if _ranged(call) else answer

    return lie


def _of_all_logs(change):
    def lie(call: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        return {**answer, "result": change(answer["result"])} if call["method"] == "eth_getLogs" else answer

    return lie


LOSSES = {
    "all": lambda _logs: [],
    "every second": lambda logs: logs[::2],
    "the first": lambda logs: logs[1:],
    "the last": lambda logs: logs[:-1],
    "a whole block": lambda logs: [log for log in logs if log["blockNumber"] != logs[0]["blockNumber"]],
}


def _stored(network: FakeNetwork, folder, *, timeout: float = 1) -> list[tuple[int, str]]:
    """Catch up with the chain, and give what was stored."""
    with open_stores(folder / "keeper.db") as stores:
        store = BlockStore(stores.chain, DEPTH)
        follower = Follower(network.client(timeout, span=16), store, [VENUE], first=0, depth=DEPTH, decode=list)

        async def follow() -> None:
            while (await follower.advance()).moved:
                pass

        asyncio.run(follow())
        return [(log.block, log.data) for log in store.events()]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("liar", ["a", "b"])
@pytest.mark.parametrize("names", ["ab", "abc"])
def test_logs_left_out_of_a_range_are_missed(tmp_path, capsys, loss, liar, names):
    """Whichever of the nodes leaves out logs, all are stored, and the log says who did."""
    network = _network(*names)
    network[liar].lie = _of_ranges(LOSSES[loss])
    assert _stored(network, tmp_path) == network.chain.all_logs()
    shown = capsys.readouterr().out
    assert "logs_wrong" in shown
    assert f"node={liar}" in shown


def test_node_that_leaves_out_logs_of_its_blocks_too_is_outdone(tmp_path):
    """A node that has lost logs altogether: the other's are in the blooms of its own blocks."""
    network = _network("a", "b")
    network["a"].lie = _of_all_logs(lambda logs: [log for log in logs if log["data"] != "0x0501"])
    assert _stored(network, tmp_path) == network.chain.all_logs()


@pytest.mark.parametrize("loss", ["all", "a whole block"])
def test_only_node_is_compared_with_its_blocks(tmp_path, loss):
    """With one address the bloom of a block whose logs are missing tells."""
    network = _network("a")
    network["a"].lie = _of_ranges(LOSSES[loss])
    assert _stored(network, tmp_path) == network.chain.all_logs()


@pytest.mark.parametrize(
    "fault",
    [{"cut": True}, {"frozen": True}, {"behind": 39}, {"busy": 1.0}, {"status": (502, "Bad Gateway")}],
)
def test_witness_that_cannot_answer_is_done_without(tmp_path, fault):
    """A second node that is silent or lacks the blocks: the heads prove the range."""
    network = _network("a", "b")
    vars(network["b"]).update(fault)
    network["a"].lie = _of_ranges(LOSSES["a whole block"])
    assert _stored(network, tmp_path, timeout=0.05) == network.chain.all_logs()


def test_witness_may_take_smaller_ranges(tmp_path):
    """A second node that takes few blocks at once is asked in pieces."""
    network = _network("a", "b")

    def refuse(call: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        query = call["params"][0]
        wide = _ranged(call) and int(query["toBlock"], 16) - int(query["fromBlock"], 16) >= 3
        return {"id": call["id"], "error": {"code": -32005, "message": "block range too wide"}} if wide else answer

    network["a"].lie = _of_ranges(LOSSES["every second"])
    network["b"].lie = refuse
    assert _stored(network, tmp_path) == network.chain.all_logs()


def test_logs_that_no_node_can_settle_are_no_answer():
    """Two nodes with another log each in one block: neither is believed."""
    network = _network("a", "b")
    network["a"].lie = _of_all_logs(lambda logs: [{**log, "data": "0xaaaa"} for log in logs])
    with pytest.raises(ResponseError, match="contradict"):
        asyncio.run(network.client(1).logs.between(0, 31, [VENUE]))


def test_two_of_three_settle_what_one_made_up():
    """A log that one node invents, fitting block and bloom, is outvoted."""
    network = _network("a", "b", "c")

    def invent(logs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [*logs, {**logs[-1], "logIndex": "0x9", "data": "0x99"}] if logs else logs

    network["a"].lie = _of_all_logs(invent)
    end, logs = asyncio.run(network.client(1).logs.between(0, 40, [VENUE]))
    assert end.number == 40
    assert [(log.block, log.data) for log in logs] == network.chain.all_logs()


def test_heads_that_do_not_connect_prove_nothing():
    """A node whose blocks are of several chains is no node."""
    network = _network("a")

    def lie(call: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        block = answer.get("result")
        wrong = call["method"] == "eth_getBlockByNumber" and block["number"] == hex(7)
        return {**answer, "result": {**block, "parentHash": HASH}} if wrong else answer

    network["a"].lie = lie
    with pytest.raises(ResponseError, match="follow"):
        asyncio.run(network.client(1).logs.between(0, 15, [VENUE]))
