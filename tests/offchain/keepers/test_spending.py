"""Gas money: what is missing is said once, what waits counts as spent, and a day has its limit."""

import pytest

from keepers.units import GWEI
from tests.offchain.keepers.executor_bench import Bench, _action


@pytest.fixture
def bench(tmp_path):
    """Give an executor and close its database in the end."""
    made = Bench(tmp_path)
    yield made
    made.database.close()


def test_without_gas_money_one_send_is_tried_and_none_after(bench):
    """It is said once what is missing; nothing goes out until there is enough, and then all goes on."""
    bench.chain.balance = 1000
    assert not bench.submit(_action(1))
    assert "1000 wei" in bench.executor.lacking
    asked = bench.chain.asked.count("eth_estimateGas")
    for nonce in range(2, 90):
        assert not bench.submit(_action(nonce))
    assert bench.chain.asked.count("eth_estimateGas") == asked
    assert "eth_sendRawTransaction" not in bench.chain.asked
    bench.executor.see_balance(1001)
    assert not bench.submit(_action(100))
    bench.chain.balance = 10**18
    bench.executor.see_balance(10**18)
    assert bench.executor.lacking is None
    assert bench.submit(_action(3))


def test_gas_money_counts_once(bench):
    """What waits to be mined is spent already."""
    bench.chain.accept = False
    each = 125_000 * 3 * GWEI
    bench.chain.balance = 2 * each
    assert [bench.submit(_action(nonce)) for nonce in (1, 2, 3)] == [True, True, False]


def test_what_the_money_is_enough_for_is_sent(bench):
    """Of three at once the first two are sent, and it is said what the third lacks."""
    bench.chain.balance = 2 * 125_000 * 3 * GWEI
    assert len(bench.submit_all([_action(nonce) for nonce in (1, 2, 3)])) == 2
    assert bench.nonces() == [0, 1]
    assert bench.executor.lacking is not None


def test_no_more_is_spent_in_a_day_than_allowed(tmp_path):
    """What is committed counts in full, what is mined by what it cost; a day later there is room again."""
    each = 125_000 * 3  # gwei
    bench = Bench(tmp_path, max_spend_per_day=2 * each)
    bench.chain.accept = False
    assert len(bench.submit_all([_action(nonce) for nonce in (1, 2, 3)])) == 2
    assert bench.journal.actions()[2].reason == "executor.max_spend_per_day is used up"
    bench.chain.accept = True
    bench.chain.mine()
    bench.poll()
    spent = 2 * 90_000 * 2  # gwei
    assert bench.journal.spent_since(0) == spent * GWEI
    assert bench.submit(_action(4)) is (spent + each <= 2 * each)
    bench.database.close()
    lean = tmp_path / "lean"
    lean.mkdir()
    other = Bench(lean, max_spend_per_day=each)
    assert other.submit(_action(1))
    assert other.executor.overspent is None
    other.chain.mine()
    other.poll()
    assert not other.submit(_action(2))
    other.database.close()
