"""What the executor does when blocks are undone, clocks are set: no nonce and no take is lost."""

import asyncio

import pytest
from eth_account import Account

from keepers.errors import ResponseError
from keepers.executor.local import KeySigner
from keepers.executor.signer import Fees, Unsigned
from keepers.store import ActionStatus
from keepers.units import GWEI
from tests.offchain.keepers.executor_bench import KEY, Bench, _action
from tests.offchain.keepers.fake_chain import parse
from tests.offchain.keepers.sample_venue import paper_venue


@pytest.fixture
def bench(tmp_path):
    """Give an executor and close its database in the end."""
    made = Bench(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def aged(bench):
    """Give an executor over a chain that can be undone."""
    for _ in range(10):
        bench.chain.mine()
    return bench


def _settle(bench, *nonces: int) -> None:
    """Send actions, one a block, until all are settled."""
    for nonce in nonces:
        assert bench.submit(_action(nonce))
        bench.chain.mine()
        bench.poll()
    for _ in range(2):
        bench.chain.mine()
    bench.poll()
    assert set(bench.statuses()) == {ActionStatus.SETTLED}


def _reorganise(bench, depth: int, *, back: bool) -> None:
    """Replace the newest blocks; their transactions come back to the pool or not."""
    bench.chain.reorg(depth)
    if not back:
        bench.chain.pool.clear()
    bench.chain.accept = back
    for _ in range(depth + 1):
        bench.chain.mine()
    bench.chain.accept = True
    bench.executor.tracker.forked(len(bench.chain.blocks) - depth - 2)


@pytest.mark.parametrize("back", [True, False])
@pytest.mark.parametrize("restart", [True, False])
def test_settled_actions_follow_a_deep_reorganisation(aged, back, restart):
    """Eight blocks with settled transactions are undone: they are open again, sent again, and settle once more."""
    _settle(aged, 1, 2, 3, 4, 5)
    _reorganise(aged, 8, back=back)
    if restart:
        aged.restart()
    aged.poll()
    assert ActionStatus.SETTLED not in aged.statuses() or back
    for _ in range(4):
        aged.chain.mine()
        aged.poll()
    assert aged.statuses() == [ActionStatus.SETTLED] * 5
    assert aged.mined() == 5
    hashes = {block.number: block.hash for block in aged.chain.blocks}
    assert all(hashes[row.block] == row.block_hash for row in aged.journal.actions())
    assert aged.submit(_action(6))
    aged.chain.mine()
    aged.poll()
    assert aged.mined() == 6


def test_undone_calls_past_their_deadline_free_their_nonces(aged):
    """What came too late for its deadline is not sent again: empty transfers take its nonces."""
    for nonce in (1, 2, 3):
        assert aged.submit(_action(nonce, deadline=1_000_016))
        aged.chain.mine()
        aged.poll()
    for _ in range(2):
        aged.chain.mine()
    aged.poll()
    assert aged.statuses() == [ActionStatus.SETTLED] * 3
    _reorganise(aged, 5, back=False)
    for _ in range(5):
        aged.chain.mine()
        aged.poll()
    assert aged.statuses() == [ActionStatus.DROPPED] * 3
    assert [one.data for block in aged.chain.blocks for one in block.mined] == ["0x"] * 3
    assert all(len(aged.journal.transactions(row.id)) == 2 for row in aged.journal.actions())
    assert aged.submit(_action(9))
    aged.chain.mine()
    assert aged.mined() == 4


def test_profit_counts_final_receipts_once(aged):
    """A take that is undone is taken back; settled again it counts again, once, and only what is final counts."""
    assert aged.submit(_action())
    aged.chain.mine()
    aged.poll()
    assert aged.executor.tracker.finals == {}
    for _ in range(2):
        aged.chain.mine()
    aged.poll()
    aged.poll()
    assert len(aged.executor.tracker.finals) == 1
    _reorganise(aged, 5, back=False)
    aged.poll()
    assert aged.executor.tracker.finals == {}
    for _ in range(4):
        aged.chain.mine()
        aged.poll()
    assert len(aged.executor.tracker.finals) == 1


@pytest.mark.parametrize("restart", [True, False])
def test_nonce_that_nothing_uses_is_filled(aged, restart):
    """Transactions of the signer that no journal has vanish: empty transfers take their place."""
    foreign = KeySigner(Account.from_key(KEY), 31337)
    for nonce in range(3):
        _, raw = asyncio.run(foreign.sign(Unsigned(nonce, foreign.address, "0x", 21_000, Fees(9 * GWEI, GWEI))))
        aged.chain.pool[foreign.address, nonce] = parse(raw)
    aged.chain.mine()
    _settle(aged, 1)
    _reorganise(aged, 5, back=False)
    if restart:
        aged.restart()
    for _ in range(5):
        aged.poll()
        aged.chain.mine()
    aged.poll()
    assert aged.mined() == 4
    assert aged.journal.actions()[0].status is ActionStatus.SETTLED
    assert {row.kind for row in aged.journal.actions()[1:]} == {"fill"}


def test_only_the_first_in_line_is_raised(bench):
    """A transaction behind a gap waits for its turn at the price it has."""
    bench.chain.accept = False
    bench.submit(_action(1))
    bench.submit(_action(2))
    before = {key: one.max_fee for key, one in bench.chain.pool.items()}
    bench.now += bench.settings.executor.replace_after
    bench.poll()
    after = {key: one.max_fee for key, one in bench.chain.pool.items()}
    raised = [nonce for (_, nonce) in after if after[bench.signer.address, nonce] > before[bench.signer.address, nonce]]
    assert raised == [0]


def test_overdue_call_is_never_sent_again(bench):
    """Whatever the fee cap leaves, a call past its deadline goes out no more."""
    bench.chain.dropped_sends = 1
    bench.submit(_action(deadline=1_000_000))
    bench.chain.mine()
    bench.chain.asked.clear()
    bench.chain.base_fee = 10**12
    bench.poll()
    bench.poll()
    assert all(one.data == "0x" for one in bench.chain.pool.values())


def test_failed_action_reopened_beside_its_successor(aged):
    """A bid that reverted, and the next of its key: undone, both are watched, and one owns the key."""
    _, data = paper_venue().encode("LiquidationAuction", "bid", *_action().args)
    aged.chain.failing.add(data)
    aged.submit(_action())
    for _ in range(3):
        aged.chain.mine()
    aged.poll()
    aged.now += aged.settings.executor.retry_seconds
    aged.chain.failing.clear()
    assert aged.submit(_action())
    _reorganise(aged, 4, back=False)
    aged.poll()
    assert aged.statuses() == [ActionStatus.SENT] * 2
    assert not aged.submit(_action())


def test_clock_set_back_changes_nothing(bench, monkeypatch):
    """Retries run by a clock that nobody sets, deadlines by the chain's: an hour back stops neither."""
    bench.chain.accept = False
    bench.submit(_action(1))
    monkeypatch.setattr("time.time", lambda: 1.0)
    bench.now += bench.settings.executor.replace_after
    bench.poll()
    bench.now += bench.settings.executor.replace_after
    bench.poll()
    rows = bench.journal.transactions(1)
    assert [row.max_fee for row in rows] == sorted(row.max_fee for row in rows)
    assert len(rows) == 3
    (waiting,) = bench.chain.pool.values()
    assert waiting.hash == rows[-1].hash


def test_error_of_one_action_is_that_ones(bench, monkeypatch):
    """One that cannot be looked after does not keep the others from their end."""
    bench.submit(_action(1))
    bench.submit(_action(2))
    bench.chain.mine()
    record = bench.journal.record

    def broken(action, result) -> None:
        if action == 1:
            raise KeyError("odd")
        record(action, result)

    monkeypatch.setattr(bench.journal, "record", broken)
    bench.poll()
    assert bench.statuses() == [ActionStatus.SENT, ActionStatus.MINED]


@pytest.mark.parametrize("restart", [True, False])
def test_reorganisation_noticed_long_after_is_followed_too(aged, restart):
    """An outage hides a reorganisation until its blocks are deeper than any that is undone: no nonce stays unused."""
    _settle(aged, 1, 2)
    _reorganise(aged, 5, back=False)
    for _ in range(30):
        aged.chain.mine()
    if restart:
        aged.restart()
    for _ in range(4):
        aged.poll()
        aged.chain.mine()
    aged.poll()
    assert aged.statuses() == [ActionStatus.SETTLED] * 2
    assert aged.mined() == 2


def test_nonce_below_what_the_chain_has_is_no_answer(aged):
    """A node that counts fewer transactions than its own blocks hold is not believed: nothing is sent again."""
    _settle(aged, 1, 2)
    aged.restart()
    aged.chain._count = lambda *_: 0
    with pytest.raises(ResponseError):
        aged.poll()
    assert aged.statuses() == [ActionStatus.SETTLED] * 2
    assert aged.chain.pool == {}
