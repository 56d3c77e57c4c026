import asyncio
import random

import pytest

from keepers.errors import ReorgError, RpcError, StoreError
from keepers.ingest import Follower
from keepers.store import BlockStore, open_stores
from tests.offchain.keepers.fake_chain import VENUE, FakeChain

DEPTH = 8


@pytest.fixture
def store(tmp_path):
    """Open an empty store that keeps few blocks."""
    with open_stores(tmp_path / "keeper.db") as database:
        yield BlockStore(database.chain, DEPTH)


def _follower(chain: FakeChain, store: BlockStore) -> Follower:
    return Follower(chain.node(span=5), store, [VENUE], first=0, depth=DEPTH, decode=list)


def _stored(store: BlockStore) -> list[tuple[int, str]]:
    return [(log.block, log.data) for log in store.events()]


def _catch_up(chain: FakeChain, store: BlockStore) -> None:
    async def run() -> None:
        follower = _follower(chain, store)
        while True:
            step = await follower.advance()
            if step.behind == 0 and not step.moved:
                return

    asyncio.run(run())


def test_backfill_then_head(store):
    """Far behind by ranges, then block by block; every log once."""
    chain = FakeChain()
    for number in range(40):
        chain.mine(*[f"0x{number:04x}{i:02x}" for i in range(number % 3)])
    chain.range_limit = 3
    _catch_up(chain, store)
    assert _stored(store) == chain.all_logs()


def test_quiet_block_takes_two_calls(store):
    """The head and its logs: nothing depends on how much the venue holds."""
    chain = FakeChain()
    _catch_up(chain, store)
    chain.mine()
    chain.asked.clear()
    asyncio.run(_follower(chain, store).advance())
    assert chain.asked == ["eth_getBlockByNumber", "eth_getLogs"]


@pytest.mark.parametrize("depth", [1, 2, 5])
@pytest.mark.parametrize("longer", [0, 1, 3])
def test_reorganisation_is_undone(store, depth, longer):
    """Orphaned events go, the new branch's come, whatever the lengths."""
    chain = FakeChain()
    for number in range(6):
        chain.mine(f"0x{number:02x}")
    _catch_up(chain, store)
    chain.reorg(depth)
    for number in range(depth + longer):
        chain.mine(f"0xff{number:02x}")
    _catch_up(chain, store)
    assert _stored(store) == chain.all_logs()


def test_reorganisation_noticed_while_catching_up(store):
    """A branch replaced during a long outage is found before a range is added."""
    chain = FakeChain()
    for number in range(6):
        chain.mine(f"0x{number:02x}")
    _catch_up(chain, store)
    chain.reorg(3)
    for number in range(30):
        chain.mine(f"0xee{number:02x}")
    _catch_up(chain, store)
    assert _stored(store) == chain.all_logs()


def test_lagging_node_is_waited_for(store):
    """A node behind the cursor on the same branch undoes nothing."""
    chain = FakeChain()
    for number in range(6):
        chain.mine(f"0x{number:02x}")
    _catch_up(chain, store)
    chain.hidden = 2
    _catch_up(chain, store)
    assert store.event_count() == 6


def test_reorganisation_deeper_than_kept_is_an_error(store):
    """Unknown history is not guessed at."""
    chain = FakeChain()
    for number in range(20):
        chain.mine(f"0x{number:02x}")
    _catch_up(chain, store)
    chain.reorg(19)
    for _ in range(20):
        chain.mine()
    with pytest.raises(ReorgError):
        _catch_up(chain, store)


def test_store_equals_the_chain_after_random_faults(store):
    """Bursts, reorganisations, outages and restarts lose and double nothing."""
    dice = random.Random(7)
    chain = FakeChain()
    for step in range(150):
        roll = dice.random()
        if roll < 0.6:
            chain.mine(*[f"0x{step:04x}{i:02x}" for i in range(dice.randrange(4))])
        elif roll < 0.8 and len(chain.blocks) > DEPTH:
            depth = dice.randrange(1, DEPTH // 2)
            chain.reorg(depth)
            for number in range(depth + dice.randrange(2)):
                chain.mine(f"0x{step:04x}aa{number:02x}")
        chain.down = dice.random() < 0.1
        try:
            asyncio.run(_follower(chain, store).advance())
        except (RpcError, StoreError):
            assert chain.down
    chain.down = False
    _catch_up(chain, store)
    assert _stored(store) == chain.all_logs()
