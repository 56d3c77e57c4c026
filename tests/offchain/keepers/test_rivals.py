"""Several keepers want the same: turns, odds and tips keep them from paying for what another has already done."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.units import PPM, WAD
from keepers.abi import VenueEvent
from keepers.chain import Header
from keepers.executor.attempt import reason_against
from keepers.executor.fees import first_offer
from keepers.pending import pending
from keepers.rivals import Rivals, Turns, odds, taken
from keepers.settings import ExecutorSettings
from keepers.store import ActionStatus, Intent, Journal, Result, open_stores
from keepers.strategies import Action, ActionKind, decide
from keepers.strategies.stake import stake
from keepers.units import GWEI
from tests.offchain.keepers.executor_bench import Bench, _action
from tests.offchain.keepers.sample_venue import paper_venue
from tests.offchain.keepers.venue_samples import (
    BIDDER,
    DEFAULTS,
    ETH_PERPETUAL,
    SICK,
    account,
    auction,
    auction_started,
    settings,
    snapshot,
)

KEEPERS = (BIDDER, 2 << 96, 3 << 96)


def _start(number: int) -> Action:
    return _action(kind=ActionKind.START, account=number << 96, auction=0)


def test_each_action_is_the_turn_of_one_and_after_a_block_of_all():
    """Three that know each other agree on one; the others go ahead a block later, as long as it is wanted."""
    wanted = [_start(number) for number in range(1000, 1300)]
    turns = {who: Turns(who) for who in KEEPERS}
    first = {who: turns[who].ready(wanted, set(KEEPERS) - {who}, 10) for who in KEEPERS}
    keys = [action.key for actions in first.values() for action in actions]
    assert sorted(keys) == sorted(action.key for action in wanted)
    assert all(70 <= len(actions) <= 130 for actions in first.values())
    for who in KEEPERS:
        assert turns[who].ready(wanted, set(KEEPERS) - {who}, 10) == first[who]
        assert turns[who].ready(wanted, set(KEEPERS) - {who}, 11) == wanted
        assert turns[who].ready([], set(KEEPERS) - {who}, 12) == []
        assert turns[who].ready(wanted, set(KEEPERS) - {who}, 13) == first[who]


def test_a_rival_that_waits_for_nobody_is_not_waited_for():
    """It takes at once what is another's turn; one that takes its own turns, or waits a block, is waited for."""
    rude, polite = 2 << 96, 3 << 96
    turns = Turns(BIDDER)
    turns.see(taken([auction_started(1, BIDDER)]))
    for number in range(1000, 1040):
        wanted = [_start(number)]
        mine = Turns(BIDDER).ready(wanted, [polite], number) == wanted
        turns.ready(wanted, [rude, polite], number)
        when = number + (2 if mine and number % 2 else 1)
        turns.see(taken([auction_started(number, polite if when > number + 1 or not mine else rude, when)]))
    wanted = [_start(number) for number in range(2000, 2100)]
    assert turns.ready(wanted, [rude], 1041) == wanted
    assert 30 < len(turns.ready([_start(number) for number in range(3000, 3100)], [polite], 1041)) < 70
    later = [_start(number) for number in range(4000, 4100)]
    assert 30 < len(turns.ready(later, [rude], 1040 + 2001)) < 70


def test_whoever_is_alone_waits_for_nobody():
    """Without rivals every turn is one's own."""
    wanted = [_start(number) for number in range(1, 20)]
    assert Turns(BIDDER).ready(wanted, (), 10) == wanted


def test_rivals_are_those_who_took_part_lately():
    """Starters and bidders of the newest auctions, but not oneself; who does nothing any more is forgotten."""
    rivals = Rivals(BIDDER)
    bid = VenueEvent("LiquidationAuction", "Bid", 1, 0, "tx", {"account": 1, "id": 1, "bidder": 3 << 96})
    rivals.see(taken([auction_started(1, 2 << 96), bid, auction_started(2, BIDDER)]))
    assert rivals.now() == {2 << 96, 3 << 96}
    rivals.see(taken([auction_started(number, 2 << 96) for number in range(3, 300)]))
    assert rivals.now() == {2 << 96}
    rivals.see(taken([auction_started(number, number << 96) for number in range(300, 400)]))
    assert len(rivals.now()) == 16


def test_three_keepers_revert_at_most_one_call_in_ten():
    """They see one block, know nothing of each other at first, and what they send is mined together."""
    rivals, turns = [Rivals(who) for who in KEEPERS], [Turns(who) for who in KEEPERS]
    sick: dict[int, int] = {}
    dice = random.Random(1)
    sent = reverted = 0
    for block in range(200):
        if block % 2 == 0:
            sick |= dict.fromkeys(range(1000 + 3 * block, 1000 + 3 * block + block % 5), block)
        accounts = [account(number << 96, excess=-1) for number in sick]
        wanted = decide(snapshot(*accounts), DEFAULTS)
        tried = [turns[at].ready(wanted, rivals[at].now(), block) for at in range(3)]
        order = dice.sample(list(zip(KEEPERS, tried, strict=True)), 3)  # the block takes one of them first
        owners = {action.account >> 96: who for who, found in order for action in found}
        sent += sum(map(len, tried))
        reverted += sum(map(len, tried)) - len(owners)
        assert all(block - since <= 1 for number, since in sick.items() if number in owners)
        for number, who in owners.items():
            del sick[number]
            for one in (*rivals, *turns):
                one.see(taken([auction_started(number, who, block + 1)]))
    assert sent > 150
    assert reverted * 10 <= sent
    assert len(sick) < 5


def _ended(journal: Journal, number: int, status: ActionStatus, block: int) -> None:
    (action,) = journal.begin([Intent(str(number), "start", SICK, 0, "", 1, block, 0.0, 0)])
    assert action is not None
    if status is not ActionStatus.REFUSED:
        journal.record(action, Result(block, "h", 50_000, 5, WAD // 2, 0))
    journal.set_status(action, status)


def test_odds_are_learned_from_what_was_sent(tmp_path):
    """Wins and calls that came late, of the last day and the newest twenty; what was not sent says nothing."""
    with open_stores(tmp_path / "keeper.db") as stores:
        journal = Journal(stores.journal)
        assert pending(journal, frozenset(), 10, dry=False).odds.start == PPM
        for number, status in enumerate([ActionStatus.REFUSED, ActionStatus.SETTLED, ActionStatus.FAILED] * 2):
            _ended(journal, number, status, 10)
        found = pending(journal, frozenset(), 10, dry=False).odds
        assert (found.start, found.bid) == (4 * PPM // 6, PPM)
        assert pending(journal, frozenset(), 10_000, dry=False).odds.start == PPM
        for number in range(10, 40):
            _ended(journal, number, ActionStatus.FAILED, 20)
        assert pending(journal, frozenset(), 20, dry=False).odds.start == odds(0, 20) == 2 * PPM // 22


def test_who_mostly_comes_second_starts_only_for_more():
    """A pay of 6 dollars is worth a start to whoever is first; to whoever rarely is, what reverts costs more."""
    sick = account(excess=-100, equity=900)
    gas = 4 * GWEI
    assert len(decide(snapshot(sick, gas_price=gas), DEFAULTS)) == 1
    assert decide(snapshot(sick, gas_price=gas, start_odds=PPM // 10), DEFAULTS) == []


@given(
    gain=st.integers(-100, 2_000),
    chance=st.integers(1, PPM),
    gas_price=st.integers(1, 200),
    least=st.integers(0, 50),
    share=st.integers(0, PPM),
)
def test_nothing_of_negative_expected_value_is_offered(*, gain, chance, gas_price, least, share):
    """Weighed by the odds, tip included: at least what is wanted; at the cost limit just that is left."""
    sick, cfg = account(legs=((ETH_PERPETUAL, 1.0),)), settings(tip_share_ppm=share)
    snap = snapshot(sick, gas_price=gas_price * GWEI)
    found = stake(snap, sick, gain * WAD, chance, least=least * WAD, cfg=cfg)
    if found is None:
        return
    each = 2000 * (gas_price * GWEI + found.tip)
    won, lost = 340_000 * each, 100_000 * each
    expected = ((gain * WAD - won) * chance - lost * (PPM - chance)) // PPM
    assert abs(found.expected - expected) <= 10**6
    assert found.expected >= least * WAD
    left = ((gain * WAD - found.most_cost) * chance - lost * (PPM - chance)) / PPM
    assert left >= least * WAD - 10**6
    assert gain * WAD >= found.least_gain - 10**7


def test_the_tip_is_a_part_of_the_bid():
    """Whoever never loses offers nothing more; who loses half the time offers an eighth of what is expected."""
    sick = account(in_auction=True, equity=900, legs=((ETH_PERPETUAL, 1.0),))
    for chance in (PPM, PPM // 2):
        snap = snapshot(sick, auctions={SICK: auction(700)}, bid_odds=chance)
        (found,) = [one for one in decide(snap, DEFAULTS) if one.kind is ActionKind.BID]
        offered = found.tip * 340_000 * 2000
        assert offered == 0 if chance == PPM else 20 * WAD < 8 * offered < 110 * WAD


def test_the_tip_is_sent_and_counts_against_the_budget():
    """It is added to the usual tip, and the most gas may cost holds with it."""
    cfg = ExecutorSettings(tip=1, max_fee=100)
    assert first_offer(10 * GWEI, cfg, 4 * GWEI).tip == 5 * GWEI
    head, budget = Header(1, "h", "g", 1000, 10 * GWEI), 100_000 * 15 * GWEI
    assert reason_against(_action(tip=4 * GWEI, gas_budget=budget), 100_000, 0, head, cfg) is None
    assert reason_against(_action(tip=5 * GWEI, gas_budget=budget), 100_000, 0, head, cfg) is not None


def test_a_tip_that_the_fee_cap_has_no_room_for_stops_nothing(tmp_path):
    """What is offered ends at the cap; a gain that would allow a larger tip is no reason not to send."""
    bench = Bench(tmp_path, max_fee=9)
    assert bench.submit(_action(tip=100 * GWEI, gas_budget=10**18))
    (sent,) = bench.chain.pool.values()
    assert sent.tip <= sent.max_fee < 9 * GWEI
    assert sent.tip > 5 * GWEI
    bench.database.close()


@pytest.mark.parametrize(("state", "sent"), [("pending", False), ("latest", True)])
def test_what_a_rival_has_sent_counts(tmp_path, state, sent):
    """A call that the pool has made pointless is not sent."""
    bench = Bench(tmp_path, simulate_on=state)
    _, data = paper_venue().encode("LiquidationAuction", "bid", *_action().args)
    bench.chain.taken.add(data)
    assert bench.submit(_action()) is sent
    bench.database.close()


def test_a_node_without_a_pending_state_is_asked_about_the_newest_block(tmp_path):
    """Once it has said so; what reverts there is refused as ever."""
    bench = Bench(tmp_path)
    bench.chain.no_pending = True
    assert bench.submit(_action(1))
    bench.chain.asked.clear()
    assert bench.submit(_action(2))
    assert bench.chain.asked.count("eth_call") == 1
    _, data = paper_venue().encode("LiquidationAuction", "bid", *_action(3).args)
    bench.chain.reverts.add(data)
    assert not bench.submit(_action(3))
    bench.database.close()


def test_a_bid_leaves_its_least_profit_at_its_limit_whatever_the_odds():
    """The worst price it may be filled at still pays for the risk of coming second."""
    sick = account(in_auction=True, equity=900, legs=((ETH_PERPETUAL, 1.0),))
    sale = auction(850)
    for chance in (PPM, PPM // 3):
        snap = snapshot(sick, auctions={SICK: sale}, bid_odds=chance, gas_price=GWEI)
        found = decide(snap, settings(limit_slack_ppm=PPM))
        (bid,) = [one for one in found if one.kind is ActionKind.BID]
        dearest = replace(sale, price=bid.args[4])
        again = decide(replace(snap, auctions={SICK: dearest}), settings(limit_slack_ppm=PPM, patience_ppm=0))
        assert bid.args[4] > 850 * WAD
        assert [one.kind for one in again].count(ActionKind.BID) == 1
