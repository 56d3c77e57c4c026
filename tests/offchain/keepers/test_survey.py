import asyncio

import pytest

from keepers.errors import QuorumError, RpcError, TransportError
from keepers.ingest import Follower
from keepers.node import Node
from keepers.store import BlockStore, open_stores
from tests.offchain.keepers.fake_chain import VENUE, FakeChain
from tests.offchain.keepers.fake_network import FakeNetwork

POLL = 1.0


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.now = 0.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


@pytest.fixture
def clock():
    """Give a clock at zero."""
    return Clock()


def _network(*names: str, blocks: int = 10) -> FakeNetwork:
    network = FakeNetwork(*names)
    for _ in range(blocks):
        network.chain.mine()
    return network


def _head(node: Node) -> int:
    return asyncio.run(node.head()).number


def _stale(node: Node) -> set[str]:
    return {one.name for one, standing in node.survey.standings.items() if standing.stale}


def _poll_until_stale(node: Node, clock: Clock, name: str) -> float:
    """Look once a second, as the keeper does; give when the node was called stale."""
    began = clock.now
    for _ in range(5):
        clock.now += POLL
        try:
            asyncio.run(node.head())
        except RpcError:
            clock.now += node.survey._timeout if "frozen" in name else 0.0
        if name in _stale(node):
            return clock.now - began
    raise AssertionError(name)


def test_quiet_look_is_one_call_a_node():
    """Comparing heads costs one request an address."""
    network = _network("a", "b")
    _head(network.client())
    assert [network[name].asked for name in "ab"] == [["eth_getBlockByNumber"]] * 2


def test_node_with_an_old_head_is_left_for_one_with_a_new(clock, capsys):
    """The first address lags: the second is asked from the next step on, and the first is called stale in time."""
    network = _network("old", "good")
    network["old"].behind = 3
    node = network.client(clock=clock)
    assert _head(node) == 10
    assert node.rpc.current.name == "good"
    assert _poll_until_stale(node, clock, "old") <= 3
    assert "node_stale" in capsys.readouterr().out
    network["old"].behind = 0
    clock.now += POLL
    assert _head(node) == 10
    assert _stale(node) == set()


@pytest.mark.parametrize("fault", ["cut", "frozen"])
def test_silent_node_is_left_and_called_stale(clock, fault):
    """A refused connection and a socket that says nothing are the same: another node is asked at once."""
    network = _network("bad", "good")
    node = network.client(clock=clock)
    assert _head(node) == 10
    setattr(network["bad"], fault, True)
    network.chain.mine()
    assert _head(node) == 11
    assert node.rpc.current.name == "good"
    assert _poll_until_stale(node, clock, "bad") <= 3


@pytest.mark.parametrize("fault", ["cut", "frozen"])
def test_only_node_that_is_silent_is_called_stale(clock, fault):
    """With one address too the alarm is there within three seconds."""
    network = _network("frozen")
    node = network.client(clock=clock, timeout=0.02)
    setattr(network["frozen"], fault, True)
    assert _poll_until_stale(node, clock, "frozen") <= 3


def test_slow_node_does_not_hold_up_the_others():
    """A node that hangs costs a moment, not its time-out."""
    network = _network("good", "hangs")
    network["hangs"].frozen = True
    node = network.client(timeout=5)

    async def look() -> float:
        began = asyncio.get_running_loop().time()
        await node.head()
        return asyncio.get_running_loop().time() - began

    assert asyncio.run(look()) < 1


def test_an_answer_that_fails_too_late_is_no_traceback():
    """A look gave up on it, and the next asks anew: the loop has nothing to complain of."""
    network = _network("late")
    node, complaints = network.client(), []

    async def look_twice():
        asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context["message"]))
        network["late"].frozen = True
        with pytest.raises(RpcError):
            await node.head()
        await asyncio.sleep(0.2)
        network["late"].frozen = False
        await node.head()

    asyncio.run(look_twice())
    assert complaints == []


def test_two_of_three_agree_on_a_block(capsys):
    """One of three that shows a block of its own is not believed, and not asked."""
    network = _network("liar", "b", "c")
    other = FakeChain()
    other.salt = 99
    for _ in range(12):
        other.mine()
    network["liar"].chain = other
    node = network.client()
    head = asyncio.run(node.head())
    assert head.hash == network.chain.blocks[10].hash
    assert node.rpc.current.name != "liar"
    assert "node_contradicts" in capsys.readouterr().out


def test_block_that_one_of_three_has_is_waited_for():
    """The newest block counts once two have it."""
    network = _network("new", "b", "c")
    network["b"].behind = network["c"].behind = 1
    node = network.client()
    assert _head(node) == 9
    network["c"].behind = 0
    assert _head(node) == 10
    assert node.rpc.current.name in {"new", "c"}


def test_three_that_all_disagree_are_not_believed():
    """Without a quorum there is no head, which is an error that is waited out."""
    network = _network("a", "b", "c")
    for salt, name in ((50, "b"), (70, "c")):
        network[name].chain = FakeChain()
        network[name].chain.salt = salt
        for _ in range(10):
            network[name].chain.mine()
    with pytest.raises(QuorumError, match="a at 10, b at 10, c at 10"):
        _head(network.client())


@pytest.mark.parametrize(("addresses", "answering"), [(3, 1), (4, 1), (5, 1)])
def test_one_of_three_or_more_is_not_believed_alone(addresses, answering):
    """With the others down, the one that is left may be on any chain: there is no head until a second agrees."""
    names = "abcde"[:addresses]
    network = _network(*names)
    for name in names[answering:]:
        network[name].cut = True
    node = network.client()
    with pytest.raises(QuorumError, match=f"2 of {addresses} nodes have: a at 10, b silent"):
        _head(node)
    network["b"].cut = False
    for one in node.rpc.endpoints:
        one.praise()
    assert _head(node) == 10


@pytest.mark.parametrize("names", ["a", "ab"])
def test_one_of_fewer_is_believed(names):
    """With one address or two there is nobody to outvote: whoever answers is believed."""
    network = _network(*names)
    for name in names[:-1]:
        network[name].cut = True
    assert _head(network.client()) == 10


def test_two_of_five_do_not_outvote_three():
    """Where more answer than two, most must agree."""
    network = _network(*"abcde")
    other = FakeChain()
    other.salt = 99
    for _ in range(12):
        other.mine()
    network["a"].chain = network["b"].chain = other
    node = network.client()
    assert asyncio.run(node.head()).hash == network.chain.blocks[10].hash
    network["c"].cut = True
    for one in node.rpc.endpoints:
        one.praise()
    with pytest.raises(QuorumError, match="3 of 5"):
        _head(node)


def test_nobody_answers():
    """It is an error, never an old head."""
    network = _network("a", "b")
    node = network.client()
    assert _head(node) == 10
    network["a"].cut = network["b"].cut = True
    with pytest.raises(TransportError):
        _head(node)


def test_node_behind_a_balancer_is_followed(tmp_path):
    """Every second answer is three blocks old: the store follows the chain all the same, and every log is there."""
    network = _network("a", blocks=5)
    network["a"].every_second_behind = 3
    with open_stores(tmp_path / "keeper.db") as stores:
        store = BlockStore(stores.chain, 8)
        node = network.client(timeout=1)
        follower = Follower(node, store, [VENUE], first=0, depth=8, decode=list)

        async def follow() -> None:
            for number in range(30):
                network.chain.mine(f"0x{number:02x}")
                try:
                    await follower.advance()
                except RpcError:
                    continue
            network["a"].every_second_behind = 0
            while (await follower.advance()).moved:
                pass

        asyncio.run(follow())
        assert [(log.block, log.data) for log in store.events()] == network.chain.all_logs()


def test_node_far_behind_undoes_nothing(tmp_path):
    """A node that is still syncing is behind, not on another branch."""
    network = _network("a", blocks=40)
    with open_stores(tmp_path / "keeper.db") as stores:
        store = BlockStore(stores.chain, 8)
        follower = Follower(network.client(), store, [VENUE], first=0, depth=8, decode=list)

        async def follow() -> None:
            while (await follower.advance()).moved:
                pass

        asyncio.run(follow())
        network["a"].behind = 30
        asyncio.run(follow())
        assert store.cursor().number == 40
