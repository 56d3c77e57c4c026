import asyncio

from keepers.metrics import Health, Metrics
from keepers.mirror import Ledger
from keepers.replay import replay
from keepers.store import BlockStore, open_stores
from tests.offchain.keepers.test_mirror import QUOTE, _event
from tests.offchain.keepers.test_store import _header, _log


def test_process_is_live_while_it_replays(tmp_path):
    """A history that takes minutes is progress: the loop turns, and other tasks run between its blocks."""
    now, turns, ledger = [0.0], [0], Ledger(QUOTE, 4)
    health = Health(Metrics(), stale_after=30, clock=lambda: now[0])
    reasons: list[dict[str, str]] = []

    def decode(logs):
        now[0] += 20
        reasons.append(health.live())
        return [_event("Ignored") for _ in logs]

    async def turn() -> None:
        while True:
            turns[0] += 1
            await asyncio.sleep(0)

    with open_stores(tmp_path / "keeper.db") as stores:
        store = BlockStore(stores.chain, 4)
        for number in range(1, 11):
            store.write([(_header(number), [_log(number, at) for at in range(200)])])

        async def run() -> None:
            other = asyncio.create_task(turn())
            await replay(store, ledger, decode, health)
            other.cancel()

        asyncio.run(run())
    assert len(reasons) == 10
    assert not any(reasons)
    assert turns[0] >= 3
