"""What a connection asks of its node by itself."""

import json
from collections import Counter

import pytest
from web3 import HTTPProvider

from crossmargin.chain.node import reach

ANSWERS = {"eth_chainId": "0x7a69", "eth_blockNumber": "0x7"}


@pytest.fixture
def asked(monkeypatch) -> Counter[str]:
    """Count what nodes are asked; a table answers."""
    found = Counter[str]()

    def answer(_provider, method, request_data):
        found[method] += 1
        return json.dumps({"jsonrpc": "2.0", "id": json.loads(request_data)["id"], "result": ANSWERS[method]}).encode()

    monkeypatch.setattr(HTTPProvider, "_make_request", answer)
    return found


def test_a_connection_asks_for_the_chain_once(asked) -> None:
    """web3 asks for the chain's id before each request; nothing else is answered from memory."""
    web3 = reach("http://127.0.0.1:1")
    assert not asked, "nothing is asked of a node that is only named"
    assert [web3.eth.block_number for _ in range(5)] == [7] * 5
    assert web3.eth.chain_id == 31337
    assert asked["eth_blockNumber"] == 5
    assert asked["eth_chainId"] <= 2, "the second is web3's, which looks how old answers of the chain may be"


def test_connections_do_not_share_what_they_know(asked) -> None:
    """A node of another chain may answer at the same address later."""
    assert reach("http://127.0.0.1:1").eth.chain_id == 31337
    known = asked["eth_chainId"]
    assert reach("http://127.0.0.1:1").eth.chain_id == 31337
    assert asked["eth_chainId"] == 2 * known
