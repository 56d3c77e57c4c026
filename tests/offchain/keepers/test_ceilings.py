"""No call costs more than its gain is worth, however fees move: not by its first offer, not by any raise."""

import pytest

from keepers.fees import DataPrice
from keepers.store import ActionStatus
from keepers.units import GWEI
from tests.offchain.keepers.executor_bench import Bench, _action

EACH = 100_000
"""Gas of a call on the fake chain."""


@pytest.fixture
def bench(tmp_path):
    """Give an executor, and close its database in the end."""
    made = Bench(tmp_path)
    yield made
    made.database.close()


def _send(bench: Bench, most: int):
    """Send a bid that is worth so much per gas [tenths of a gwei], at a base fee and a tip of a gwei."""
    assert bench.submit(_action(gas_budget=EACH * most * GWEI // 10))
    (waiting,) = bench.chain.pool.values()
    return waiting


def _wait(bench: Bench) -> None:
    bench.now += bench.settings.executor.replace_after
    bench.poll()


@pytest.mark.parametrize(("most", "offered"), [(25, 25), (20, 20), (90, 30)])
def test_a_first_offer_is_within_the_worth(bench, most, offered):
    """Twice the base fee and the tip, or what the gain has room for: a base fee that doubles costs no more."""
    assert _send(bench, most).max_fee == offered * GWEI // 10


def test_what_data_cost_leaves_less_for_gas(bench):
    """A budget pays for both."""

    class Data(DataPrice):
        def fee(self, _raw: bytes) -> int:
            return EACH * GWEI

        def beside(self, _raw: bytes) -> int:
            return EACH * GWEI

    class Model:
        async def price(self, _head) -> Data:
            return Data()

    bench.fees = Model()
    bench.restart()
    assert _send(bench, 32).max_fee == 22 * GWEI // 10


@pytest.mark.parametrize("restart", [True, False])
def test_no_raise_goes_beyond_the_worth(bench, restart):
    """Nor after a restart: what a call may pay is in the journal."""
    bench.chain.accept = False
    first = _send(bench, 40)
    if restart:
        bench.restart()
        bench.poll()
    for _ in range(20):
        _wait(bench)
    (waiting,) = bench.chain.pool.values()
    assert waiting.data == first.data
    assert first.max_fee < waiting.max_fee <= 4 * GWEI


@pytest.mark.parametrize("restart", [True, False])
def test_a_call_that_fees_have_made_worthless_frees_its_nonce(bench, restart):
    """The base fee alone is more than it is worth: an empty transfer takes its place, and what comes next is free."""
    first = _send(bench, 40)
    bench.chain.base_fee = 20 * GWEI
    bench.chain.mine()
    assert bench.mined() == 0
    if restart:
        bench.restart()
        bench.poll()
    _wait(bench)
    (waiting,) = bench.chain.pool.values()
    assert (waiting.data, waiting.nonce) == ("0x", first.nonce)
    for _ in range(3):
        bench.chain.mine()
    bench.poll()
    assert bench.statuses() == [ActionStatus.DROPPED]


def test_a_base_fee_that_leaves_something_is_waited_for(bench):
    """Above the offer and below the worth: the offer is raised to it."""
    _send(bench, 90)
    bench.chain.base_fee = 5 * GWEI
    bench.chain.mine()
    _wait(bench)
    bench.chain.mine()
    bench.poll()
    assert bench.statuses() == [ActionStatus.MINED]
    (block,) = [block for block in bench.chain.blocks if block.mined]
    assert block.mined[0].max_fee <= 9 * GWEI
