import asyncio

import pytest
from eth_account import Account

from crossmargin.model.units import WAD
from keepers.errors import TransportError
from keepers.executor.local import KeySigner
from keepers.executor.signer import Fees, Unsigned
from keepers.store import ActionStatus, Intent
from keepers.strategies import ActionKind, decide
from keepers.units import GWEI
from tests.offchain.keepers.executor_bench import KEY, SICK, Bench, _action
from tests.offchain.keepers.fake_chain import parse
from tests.offchain.keepers.sample_venue import log_of, paper_venue
from tests.offchain.keepers.venue_samples import DEFAULTS, account, snapshot


@pytest.fixture
def bench(tmp_path):
    """Give an executor and close its database in the end."""
    made = Bench(tmp_path)
    yield made
    made.database.close()


def test_receipt_that_a_node_lacks_for_once_drops_nothing(bench, monkeypatch):
    """A node behind the one that counted the nonce has no receipt: that is not a nonce used elsewhere."""
    assert bench.submit(_action())
    bench.chain.mine()
    bench.poll()
    assert bench.statuses() == [ActionStatus.MINED]
    for _ in range(2):
        bench.chain.mine()
    with monkeypatch.context() as lagging:
        lagging.setattr(bench.chain, "_eth_getTransactionReceipt", lambda _wanted: None)
        bench.poll()
    assert bench.statuses() == [ActionStatus.SENT]
    bench.poll()
    assert bench.statuses() == [ActionStatus.SETTLED]


def test_send_mine_settle(bench):
    """The way of an action: sent, in a block, final; with what it paid and got."""
    venue = paper_venue()
    action = _action()
    _, data = venue.encode("LiquidationAuction", "bid", *action.args)
    args = {"account": SICK, "id": 1, "bidder": 9, "fraction": WAD // 2, "payment": 40 * WAD, "value": 100 * WAD}
    log = log_of("LiquidationAuction", "Bid", **args, excess=0)
    bench.chain.mined_log[data] = [{"address": log.address, "topics": list(log.topics), "data": log.data}]
    assert bench.submit(action)
    assert bench.statuses() == [ActionStatus.SENT]
    bench.chain.mine()
    bench.poll()
    assert bench.statuses() == [ActionStatus.MINED]
    for _ in range(2):
        bench.chain.mine()
    bench.poll()
    (row,) = bench.journal.actions()
    assert row.status is ActionStatus.SETTLED
    assert (row.fraction, row.paid, row.value, row.gas_used) == (WAD // 2, 40 * WAD, 50 * WAD, 90_000)
    assert row.gas_cost == 90_000 * 2 * GWEI * 2000
    (outcome,) = bench.executor.tracker.fresh
    assert outcome.take == 10 * WAD - row.gas_cost


def test_same_action_is_sent_once(bench):
    """Whoever asks again, in any state short of failure, gets nothing sent."""
    assert bench.submit(_action())
    assert not bench.submit(_action())
    bench.chain.mine()
    bench.poll()
    assert not bench.submit(_action())
    bench.restart()
    assert not bench.submit(_action())
    assert bench.mined() == 1
    assert bench.submit(_action(nonce=8))


def test_dry_run_sends_nothing(bench):
    """A dry run simulates and notes, but signs nothing; a live run later is free to act."""
    bench.settings = bench.settings.model_copy(update={"dry_run": True})
    bench.restart()
    assert not bench.submit(_action())
    assert bench.statuses() == [ActionStatus.DRY]
    assert "eth_sendRawTransaction" not in bench.chain.asked
    bench.settings = bench.settings.model_copy(update={"dry_run": False})
    bench.restart()
    assert bench.submit(_action())


def test_action_that_would_revert_is_not_sent(bench):
    """A refusal is noted; the same action may be tried again after a pause."""
    _, data = paper_venue().encode("LiquidationAuction", "bid", *_action().args)
    bench.chain.reverts.add(data)
    assert not bench.submit(_action())
    assert bench.statuses() == [ActionStatus.REFUSED]
    bench.chain.reverts.clear()
    assert not bench.submit(_action())
    bench.now += bench.settings.executor.retry_seconds
    assert bench.submit(_action())


def test_gas_above_the_budget_is_refused(bench):
    """An action not worth its gas is not sent."""
    assert not bench.submit(_action(gas_budget=100_000 * 2 * GWEI - 1))
    assert bench.journal.actions()[0].reason.startswith("gas ")


def test_unreachable_node_is_an_error_not_a_zero(bench):
    """Nothing is signed when the simulation has no answer."""
    head = bench.head()
    bench.chain.down = True
    with pytest.raises(TransportError):
        asyncio.run(bench.executor.submit([_action()], head, bench.signer.address))
    assert bench.statuses() == [ActionStatus.REFUSED]
    assert bench.journal.nonce_floor(bench.signer.address) == 0


def test_failed_receipt_is_a_failure(bench):
    """Status 0 is recorded as failed, costs gas, and frees the action for another try."""
    _, data = paper_venue().encode("LiquidationAuction", "bid", *_action().args)
    bench.chain.failing.add(data)
    bench.submit(_action())
    for _ in range(3):
        bench.chain.mine()
    bench.poll()
    (row,) = bench.journal.actions()
    assert row.status is ActionStatus.FAILED
    assert row.gas_cost > 0
    assert not bench.executor.tracker.fresh[0].succeeded


@pytest.mark.parametrize("fault", ["lost_sends", "dropped_sends"])
def test_ambiguous_send_is_reconciled(bench, fault):
    """Whether or not a send without answer arrived, the action is mined once and the nonce used once."""
    setattr(bench.chain, fault, 1)
    assert bench.submit(_action())
    assert bench.statuses() == [ActionStatus.SENT]
    bench.poll()
    assert bench.nonces() == [0]
    bench.chain.mine()
    bench.poll()
    assert bench.statuses() == [ActionStatus.MINED]
    assert bench.mined() == 1


@pytest.mark.parametrize("arrived", [True, False])
def test_killed_after_signing(bench, arrived):
    """A process that dies around its send goes on with the same transaction, not with another."""
    bench.chain.lost_sends, bench.chain.dropped_sends = (1, 0) if arrived else (0, 1)
    bench.submit(_action())
    bench.restart()
    bench.poll()
    assert bench.nonces() == [0]
    assert not bench.submit(_action())
    bench.chain.mine()
    bench.poll()
    assert bench.statuses() == [ActionStatus.MINED]


def test_killed_before_signing(bench):
    """An intent without signature cannot have happened: it is forgotten and free again."""
    action = _action()
    bench.journal.begin([Intent(action.key, "bid", SICK, 1, "0x", 9, 1, 0.0, 0)])
    bench.restart()
    bench.poll()
    assert bench.statuses() == [ActionStatus.DROPPED]
    assert bench.submit(action)


def test_nonce_used_elsewhere_drops_the_action(bench):
    """Somebody else's transaction at our nonce: after confirmations the action cannot happen any more."""
    bench.chain.dropped_sends = 1
    bench.submit(_action())
    other = KeySigner(Account.from_key(KEY), 31337)
    _, raw = asyncio.run(other.sign(Unsigned(0, other.address, "0x", 21_000, Fees(9 * GWEI, GWEI))))
    bench.chain.pool[other.address, 0] = parse(raw)
    bench.chain.mine()
    bench.poll()
    assert bench.statuses() == [ActionStatus.SENT]
    for _ in range(2):
        bench.chain.mine()
    bench.poll()
    assert bench.statuses() == [ActionStatus.DROPPED]


def test_orphaned_transaction_comes_back(bench):
    """A reorganisation takes the result back; the transaction is mined again, once."""
    bench.submit(_action())
    bench.chain.mine()
    bench.poll()
    bench.chain.reorg(1)
    bench.chain.pool.clear()
    bench.chain.accept = False
    bench.chain.mine()
    bench.poll()
    assert bench.statuses() == [ActionStatus.SENT]
    assert bench.journal.actions()[0].block is None
    assert bench.nonces() == [0]
    bench.chain.accept = True
    bench.chain.mine()
    bench.poll()
    assert bench.statuses() == [ActionStatus.MINED]
    assert bench.mined() == 1


def test_nonces_follow_on_and_respect_the_floor(bench):
    """Each action has its own nonce, also when the node forgot the ones before."""
    bench.submit(_action(1))
    bench.submit(_action(2))
    bench.chain.pool.clear()
    bench.submit(_action(3))
    assert bench.nonces() == [2]
    bench.poll()
    assert bench.nonces() == [0, 1, 2]


def test_pending_actions_are_bounded(tmp_path):
    """Beyond the limit nothing new is sent."""
    bench = Bench(tmp_path, max_pending=2)
    bench.chain.accept = False
    assert [bench.submit(_action(nonce)) for nonce in range(4)] == [True, True, False, False]
    bench.database.close()


def test_only_what_is_in_no_block_counts_as_pending(tmp_path):
    """What was mined and waits to be final takes no room."""
    bench = Bench(tmp_path, max_pending=2)
    for nonce in range(0, 8, 2):
        assert len(bench.submit_all([_action(nonce), _action(nonce + 1), _action(nonce + 9)])) == 2
        bench.chain.mine()
        bench.poll()
    assert bench.mined() == 8
    bench.database.close()


def test_a_thousand_unhealthy_accounts_start_within_five_blocks(bench):
    """With the settings as they ship; each block's starts are tried and sent in few requests, in order of nonces."""
    left = [account(number << 96, excess=-1) for number in range(1, 1001)]
    done: frozenset[str] = frozenset()
    for _ in range(5):
        snap = snapshot(*left, done=done)
        bench.chain.requests = 0
        sent = bench.submit_all(decide(snap, DEFAULTS))
        assert bench.chain.requests <= 1 + 2 * 250 // 50 + 1 + 250 // 100 + 1
        bench.chain.mine()
        bench.poll()
        done |= sent
    assert len(done) == bench.mined() == 1000
    assert {row.kind for row in bench.journal.actions()} == {"start"}


def test_one_that_would_revert_takes_no_nonce_from_the_others(bench):
    """Tried side by side: those that pass are sent at nonces that follow on."""
    _, data = paper_venue().encode("LiquidationAuction", "bid", *_action(2).args)
    bench.chain.reverts.add(data)
    assert bench.submit_all([_action(1), _action(2), _action(3)]) == {_action(1).key, _action(3).key}
    assert bench.nonces() == [0, 1]
    assert bench.statuses() == [ActionStatus.SENT, ActionStatus.REFUSED, ActionStatus.SENT]


def test_quiet_poll_asks_nothing(bench):
    """Without open actions looking after them costs no request."""
    head = bench.head()
    bench.chain.asked.clear()
    asyncio.run(bench.executor.poll(head, WAD))
    bench.chain.asked.clear()
    asyncio.run(bench.executor.poll(head, WAD))
    assert bench.chain.asked == []


def test_signer_does_not_show_its_key():
    """Neither text nor representation hold the key."""
    signer = KeySigner(Account.from_key(KEY), 31337)
    assert "0101" not in repr(signer) + str(signer)


def test_refresh_goes_to_the_option_oracle(bench):
    """Another contract than the auction, journaled, replaced and reported like every action; it earns nothing."""
    series = (3 << 60, 4 << 60)
    action = _action(kind=ActionKind.REFRESH, auction=0, args=(series,))
    to, data = paper_venue().encode("OptionOracle", "refresh", series)
    bench.chain.accept = False
    assert bench.submit(action)
    bench.now += bench.settings.executor.replace_after
    bench.poll()
    (waiting,) = bench.chain.pool.values()
    assert (waiting.to, waiting.data) == (to, data)
    bench.chain.accept = True
    for _ in range(3):
        bench.chain.mine()
    bench.poll()
    assert bench.statuses() == [ActionStatus.SETTLED]
    assert bench.executor.tracker.fresh[0].take < 0
