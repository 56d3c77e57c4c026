"""What waits too long is raised at its nonce, or makes room for what comes after it."""

import pytest

from keepers.executor.fees import bumped, first_offer
from keepers.executor.signer import Fees
from keepers.settings import ExecutorSettings
from keepers.store import ActionStatus
from keepers.units import GWEI
from tests.offchain.keepers.executor_bench import Bench, _action
from tests.offchain.keepers.sample_venue import paper_venue


@pytest.fixture
def bench(tmp_path):
    """Give an executor and close its database in the end."""
    made = Bench(tmp_path)
    yield made
    made.database.close()


def test_stuck_transaction_is_replaced_at_the_same_nonce(bench):
    """After the wait the same call is offered at 12.5 % more or better."""
    bench.chain.accept = False
    bench.submit(_action())
    (first,) = bench.chain.pool.values()
    bench.poll()
    assert next(iter(bench.chain.pool.values())) == first
    bench.now += bench.settings.executor.replace_after
    bench.poll()
    (second,) = bench.chain.pool.values()
    assert (second.nonce, second.data) == (first.nonce, first.data)
    assert second.max_fee * 8 >= first.max_fee * 9
    assert second.tip * 8 >= first.tip * 9
    bench.chain.accept = True
    bench.chain.mine()
    bench.poll()
    assert bench.statuses() == [ActionStatus.MINED]


def test_fee_cap_leaves_room_for_a_cancellation(tmp_path):
    """A call stays so far below the cap that its nonce can still be freed; a cancellation uses the cap."""
    bench = Bench(tmp_path, max_fee=3)
    bench.chain.accept = False
    bench.submit(_action())
    (call,) = bench.chain.pool.values()
    bench.now += 100
    bench.poll()
    assert list(bench.chain.pool.values()) == [call]
    bench.chain.reverts.add(call.data)
    bench.poll()
    (cancel,) = bench.chain.pool.values()
    assert cancel.data == "0x"
    assert call.max_fee * 9 <= cancel.max_fee * 8 <= 3 * GWEI * 8
    bench.database.close()


def test_stuck_call_that_would_revert_is_cancelled(bench):
    """When the wait made the call pointless its nonce is freed by an empty transfer."""
    bench.chain.accept = False
    bench.submit(_action())
    _, data = paper_venue().encode("LiquidationAuction", "bid", *_action().args)
    bench.chain.reverts.add(data)
    bench.now += bench.settings.executor.replace_after
    bench.poll()
    (waiting,) = bench.chain.pool.values()
    assert (waiting.to, waiting.data, waiting.nonce) == (bench.signer.address, "0x", 0)
    bench.chain.accept = True
    for _ in range(3):
        bench.chain.mine()
    bench.poll()
    assert bench.statuses() == [ActionStatus.DROPPED]


def test_overdue_bid_is_cancelled(bench):
    """After its deadline a bid can only fail: the nonce is freed."""
    bench.chain.accept = False
    bench.submit(_action(deadline=1_000_000))
    bench.chain.mine()
    bench.poll()
    (waiting,) = bench.chain.pool.values()
    assert waiting.data == "0x"


def test_fees_rise_by_the_bump_and_follow_the_market():
    """At least 12.5 % each time; a jump of the base fee is followed at once; never beyond the cap."""
    cfg = ExecutorSettings(tip=1, max_fee=100)
    offer = first_offer(10 * GWEI, cfg)
    assert offer == Fees(21 * GWEI, GWEI)
    raised = bumped(offer, 10 * GWEI, cfg, cancel=False)
    assert raised.max_fee * 8 >= offer.max_fee * 9
    assert bumped(offer, 40 * GWEI, cfg, cancel=False).max_fee == 81 * GWEI
    assert bumped(Fees(95 * GWEI, GWEI), 10 * GWEI, cfg, cancel=True) is None
