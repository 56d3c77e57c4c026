"""Bundles to a relay: a local server plays it, includes them, drops them, is down, or answers nonsense."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_utils.crypto import keccak

from keepers.errors import SettingsError, TransportError
from keepers.executor.relay import Relay
from keepers.executor.ways import PrivateWay, PublicWay
from keepers.outside import RelaySettings
from keepers.store import ActionStatus, TransactionRow
from keepers.units import Nonce
from tests.offchain.keepers.executor_bench import Bench, _action
from tests.offchain.keepers.fake_chain import FakeChain


class PlayedRelay:
    """Takes bundles whose sender it can name, and puts them into blocks when told."""

    def __init__(self) -> None:
        """Listen on a port of its own."""
        self.bundles: list[tuple[int, list[str]]] = []
        self.senders: set[str] = set()
        self.answer: tuple[int, bytes] | None = None
        relay = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, content = relay.answer or relay.take(body, self.headers["X-Flashbots-Signature"])
                self.send_response(status)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def take(self, body: bytes, header: str) -> tuple[int, bytes]:
        """Check who sends it, as relays do, and keep it."""
        address, signature = header.split(":")
        signed = encode_defunct(text="0x" + keccak(body).hex())
        if Account.recover_message(signed, signature=signature) != address:
            return 403, b'{"error": {"code": -32600, "message": "invalid signature"}}'
        asked = json.loads(body)
        (bundle,) = asked["params"]
        self.senders.add(address)
        self.bundles.append((int(bundle["blockNumber"], 16), bundle["txs"]))
        return 200, json.dumps({"id": asked["id"], "result": {"bundleHash": "0x" + "bb" * 32}}).encode()

    def build(self, chain: FakeChain) -> int:
        """Add a block with the largest bundle for it, if there is one; give how many transactions that was."""
        height = len(chain.blocks)
        fitting = [raws for number, raws in self.bundles if number == height]
        chosen = max(fitting, key=len, default=[])
        for raw in chosen:
            body = {"jsonrpc": "2.0", "id": 1, "method": "eth_sendRawTransaction", "params": [raw]}
            chain.answer(httpx.Request("POST", "http://fake", json=body))
        chain.mine()
        return len(chosen)


@pytest.fixture
def relay() -> Iterator[PlayedRelay]:
    """Play a relay."""
    played = PlayedRelay()
    yield played
    played.close()


@pytest.fixture
def make_bench(tmp_path, relay):
    """Give a maker of executors that send to the relay; replaced or cancelled only by deadline unless told."""
    made = []

    def make(**changes: object) -> Bench:
        bench = Bench(tmp_path, replace_after=1000)
        bench.database.close()
        settings = RelaySettings(url=relay.url, **changes)
        bench.settings = bench.settings.model_copy(update={"relay": settings})
        bench.open()
        made.append(bench)
        return bench

    yield make
    for one in made:
        one.database.close()


def test_a_bundle_is_mined_and_nobody_saw_it_before(make_bench, relay):
    """All of a block go in one bundle, in the order of nonces, for the next two blocks."""
    bench = make_bench()
    sent = bench.submit_all([_action(nonce=7), _action(nonce=8), _action(nonce=9)])
    assert len(sent) == 3
    assert bench.nonces() == []
    height = len(bench.chain.blocks)
    assert sorted((block, len(raws)) for block, raws in relay.bundles) == [(height, 3), (height + 1, 3)]
    assert relay.build(bench.chain) == 3
    bench.poll()
    assert set(bench.statuses()) == {ActionStatus.MINED}
    for _ in range(2):
        bench.chain.mine()
    bench.poll()
    assert set(bench.statuses()) == {ActionStatus.SETTLED}
    assert bench.mined() == 3
    assert len(relay.senders) == 1


def test_a_bundle_is_offered_anew_at_each_block_and_once(make_bench, relay):
    """What is not mined in one block is offered for the next; a second look at the same block offers nothing."""
    bench = make_bench(ahead=1, patience=100)
    bench.submit(_action())
    bench.poll()
    bench.poll()
    assert len(relay.bundles) == 1
    bench.chain.mine()
    bench.poll()
    assert len(relay.bundles) == 2
    bench.submit(_action(nonce=8))
    assert [len(raws) for _, raws in relay.bundles] == [1, 1, 2]
    assert relay.build(bench.chain) == 2
    bench.poll()
    bench.chain.mine()
    bench.poll()
    assert len(relay.bundles) == 3


def test_a_dropped_bundle_goes_public(make_bench, relay):
    """After some blocks the node is sent what the relay does not bring in; later actions go to the relay again."""
    bench = make_bench(patience=3)
    bench.submit_all([_action(nonce=7), _action(nonce=8)])
    for _ in range(2):
        bench.chain.mine()
        bench.poll()
    assert bench.nonces() == []
    bench.chain.mine()
    bench.poll()
    assert bench.nonces() == [0, 1]
    bench.chain.mine()
    bench.poll()
    assert set(bench.statuses()) == {ActionStatus.MINED}
    before = len(relay.bundles)
    assert bench.submit(_action(nonce=9))
    assert len(relay.bundles) > before
    assert bench.nonces() == []


def test_a_dropped_bundle_waits_where_that_is_wanted(make_bench, relay):
    """It is never shown; past its deadline an empty transfer frees the nonce."""
    bench = make_bench(patience=3, without="wait")
    deadline = bench.head().timestamp + 6
    bench.submit(_action(deadline=deadline))
    for _ in range(5):
        bench.chain.mine()
        bench.poll()
    assert bench.nonces() == []
    assert len(relay.bundles) >= 10
    while bench.head().timestamp <= deadline:
        bench.chain.mine()
    bench.poll()
    assert bench.nonces() == [0]
    bench.chain.mine()
    for _ in range(3):
        bench.chain.mine()
        bench.poll()
    assert bench.statuses() == [ActionStatus.DROPPED]
    assert bench.chain.calls(bench.signer.address) == ["0x"]


@pytest.mark.parametrize(
    "answer",
    [
        (500, b"oops"),
        (200, b"not json"),
        (200, b'{"id": 1, "result": null}'),
        (200, b'{"id": 1, "error": {"code": -32000, "message": "no"}}'),
        (200, b"[]"),
    ],
)
def test_a_relay_that_does_not_take_it(make_bench, relay, answer):
    """Down or lying: the node is sent it at once, or it is offered again until the relay answers, as configured."""
    relay.answer = answer
    bench = make_bench()
    assert bench.submit(_action())
    assert bench.nonces() == [0]
    bench.chain.mine()
    bench.poll()
    assert bench.statuses() == [ActionStatus.MINED]


def test_an_offer_that_fails_leaves_no_other_on_its_way():
    """One block's answer is nonsense, the next one's is slow: nothing is still offered once the keeper goes on."""
    answered = []

    async def answer(request: httpx.Request) -> httpx.Response:
        block = json.loads(request.content)["params"][0]["blockNumber"]
        await asyncio.sleep(0 if block == "0x1" else 0.05)
        answered.append(block)
        return httpx.Response(500 if block == "0x1" else 200, json={"id": 1, "result": {}})

    async def offer() -> list[object]:
        settings = RelaySettings(url="http://relay", ahead=2, without="wait")
        chain = FakeChain()
        way = PrivateWay(Relay(settings, httpx.MockTransport(answer)), PublicWay(chain.node()), settings)
        way.see(await chain.node().head(), Nonce(0))
        outcomes = await way.send([row])
        assert answered == ["0x1", "0x2"]
        await way.close()
        return outcomes

    row = TransactionRow("0x01", 1, False, "0x02", 0, 1, 1, 1, "0x03", 0.0)
    (outcome,) = asyncio.run(offer())
    assert isinstance(outcome, TransportError)


def test_a_relay_that_is_down_is_waited_for(make_bench, relay):
    """Nothing is shown; when it is back the bundle is offered."""
    relay.answer = (503, b"")
    bench = make_bench(without="wait")
    bench.submit(_action())
    bench.chain.mine()
    bench.poll()
    assert (bench.nonces(), bench.statuses()) == ([], [ActionStatus.SENT])
    relay.answer = None
    bench.poll()
    assert relay.build(bench.chain) == 1
    bench.poll()
    assert bench.statuses() == [ActionStatus.MINED]


def test_nobody_listens(make_bench, relay):
    """A refused connection is a relay that is down."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    bench = make_bench()
    bench.database.close()
    bench.settings = bench.settings.model_copy(update={"relay": RelaySettings(url=url)})
    bench.open()
    bench.submit(_action())
    assert bench.nonces() == [0]


def test_killed_between_journal_and_relay_it_offers_again(make_bench, relay):
    """After a restart all that waits is offered, and mined once."""
    bench = make_bench(patience=50)
    bench.submit_all([_action(nonce=7), _action(nonce=8)])
    relay.bundles.clear()
    bench.restart()
    bench.poll()
    assert relay.build(bench.chain) == 2
    bench.poll()
    assert bench.mined() == 2
    assert set(bench.statuses()) == {ActionStatus.MINED}


def test_a_bundle_that_waits_is_raised(make_bench, relay):
    """The newest fees of each nonce are offered; the older transaction is no part of the bundle any more."""
    bench = make_bench(patience=100)
    bench.settings = bench.settings.model_copy(
        update={"executor": bench.settings.executor.model_copy(update={"replace_after": 12.0})}
    )
    bench.restart()
    bench.submit(_action())
    first = relay.bundles[-1][1]
    bench.now += 13
    bench.chain.mine()
    bench.poll()
    (raised,) = relay.bundles[-1][1]
    assert first != [raised]
    assert bench.nonces() == []
    assert relay.build(bench.chain) == 1


def test_the_identity_is_kept_in_a_file(tmp_path, relay):
    """Made once, readable by its owner only; without a file each run has another; a wrong one is refused."""
    path = tmp_path / "identity"
    first, second = (Relay(RelaySettings(url=relay.url, identity=path))._key.address for _ in range(2))
    assert first == second
    assert path.stat().st_mode & 0o777 == 0o600
    passing = {Relay(RelaySettings(url=relay.url))._key.address for _ in range(2)}
    assert len(passing | {first}) == 3
    path.write_text("0x12")
    with pytest.raises(SettingsError, match="no key"):
        Relay(RelaySettings(url=relay.url, identity=path))
    path.write_text("zz")
    with pytest.raises(SettingsError, match="identity"):
        Relay(RelaySettings(url=relay.url, identity=path))
