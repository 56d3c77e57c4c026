from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.deployment.config import NetworkConfig
from crossmargin.model.auction import AuctionTerms, Rest, largest_fraction, whole_price
from crossmargin.model.breakdown import Doubt
from crossmargin.model.units import WAD
from crossmargin.simulation.liquidations.venue import Venue
from keepers.strategies import Action, ActionKind, decide
from keepers.strategies.bid import hedge_cost, wanted_margin
from keepers.strategies.start import starter_pay
from keepers.units import GWEI
from keepers.views import AccountState, AuctionState
from tests.offchain.keepers.venue_samples import (
    BIDDER,
    DEFAULTS,
    ETH_PERPETUAL,
    SICK,
    account,
    auction,
    settings,
    snapshot,
)

PRICEY_GAS = 100 * GWEI
SHIPPED = [Venue(NetworkConfig.load(REPOSITORY / "config" / f"{name}.toml"), {}).terms for name in ("local", "sepolia")]


def _kinds(actions: list[Action]) -> list[ActionKind]:
    return [action.kind for action in actions]


def _sold(price: float, value: float = 900, **changes: object):
    sick = account(in_auction=True, equity=value, legs=((ETH_PERPETUAL, 1.0),))
    return sick, auction(price, value, **changes)


def _bid_for(price: float, value: float = 900, cfg=DEFAULTS, bidder=None, **changes: object) -> Action | None:
    sick, sale = _sold(price, value, **changes)
    found = decide(snapshot(sick, auctions={SICK: sale}, bidder=bidder), cfg)
    return next((action for action in found if action.kind is ActionKind.BID), None)


def test_starts_the_unhealthy_worst_first():
    """Both are started; the healthy and the one in auction are not."""
    slightly, badly = account(1 << 96, excess=-1), account(2 << 96, excess=-300)
    healthy, (sold, sale) = account(3 << 96, excess=1), _sold(899)
    found = decide(snapshot(slightly, badly, healthy, sold, auctions={sold.account: sale}), DEFAULTS)
    assert [(one.kind, one.account >> 96) for one in found] == [(ActionKind.START, 2), (ActionKind.START, 1)]
    assert found[0].args == (badly.account, BIDDER)


def test_start_weighs_pay_against_gas():
    """Costly gas forbids a start that neither pay nor bid would cover."""
    sick = account(excess=-100, equity=900)
    assert starter_pay(sick, snapshot().params) == 6 * WAD
    cheap = decide(snapshot(sick), settings(start_for_bids=False))
    assert _kinds(cheap) == [ActionKind.START]
    assert decide(snapshot(sick, gas_price=PRICEY_GAS), DEFAULTS) == []


def test_start_for_the_bid_that_follows():
    """A start at a loss is made when the bid would pay for it, if that is wanted."""
    sick = account(excess=-100, equity=900, requirement=900_000)
    dear = snapshot(sick, gas_price=PRICEY_GAS)
    assert _kinds(decide(dear, DEFAULTS)) == [ActionKind.START]
    assert decide(dear, settings(start_for_bids=False)) == []


def test_no_start_for_a_bid_that_unpaid_profit_would_have_to_pay():
    """A bidder that cannot bid starts nothing at a loss."""
    sick = account(excess=-100, equity=900, requirement=900_000)
    rich = account(BIDDER, initial=40_000, excess=50_000)
    unpaid = replace(rich, initial=replace(rich.initial, paid_excess=0))
    assert decide(snapshot(sick, gas_price=PRICEY_GAS, bidder=unpaid), DEFAULTS) == []


def test_starter_pay_has_its_caps():
    """At most the cap, one percent of the value, and nothing from the insolvent."""
    params = snapshot().params
    assert starter_pay(account(excess=-100_000, equity=90_000), params) == 50 * WAD
    assert starter_pay(account(excess=-100, equity=100), params) == WAD
    assert starter_pay(account(excess=-100, equity=-1), params) == 0


def test_waits_until_the_margin_is_reached():
    """Just above the wanted price nothing, just below it a bid of the whole."""
    sick, sale = _sold(1)
    snap = snapshot(sick)
    bar = 900 * WAD - hedge_cost(sick, snap, DEFAULTS) - wanted_margin(sick, sale, DEFAULTS)
    assert _bid_for(bar / WAD + 0.01) is None
    found = _bid_for(bar / WAD - 0.01)
    assert found is not None
    assert found.args[:3] == (SICK, BIDDER, WAD)
    assert found.args[5:] == (7, 1060)


def test_rivals_make_it_hurry():
    """The more competitors, the smaller the margin waited for."""
    alone, crowded = settings(competitors=0), settings(competitors=4)
    assert _bid_for(885, cfg=alone) is None
    assert _bid_for(885, cfg=crowded) is not None


def _ether_long(terms: AuctionTerms, notional: int, after: int) -> tuple[AccountState, AuctionState]:
    """Sell a long of ether that fell just below its maintenance margin of 5 %, some seconds after the start."""
    requirement = notional * 5 // 100
    value = requirement - 10
    rest = Rest(value * WAD, -10 * WAD, requirement * WAD)
    price = whole_price(terms, rest, after)
    sick = account(
        in_auction=True,
        excess=-10,
        equity=value,
        requirement=requirement,
        initial=-requirement,
        legs=((ETH_PERPETUAL, notional / 2000),),
    )
    return sick, replace(auction(0, value), price=price, max_fraction=largest_fraction(terms, rest, price))


def _bids_after(terms: AuctionTerms, notional: int, after: int, cfg=DEFAULTS) -> bool:
    sick, sale = _ether_long(terms, notional, after)
    return ActionKind.BID in _kinds(decide(snapshot(sick, auctions={SICK: sale}), cfg))


@pytest.mark.parametrize("terms", SHIPPED)
def test_a_default_keeper_bids_at_once_on_a_major(terms):
    """5 % of a requirement of 5 % are 25 bp of notional: more than closing costs, once the gas is paid for."""
    assert _bids_after(terms, 20_000, 0)
    assert _bids_after(terms, 200_000, 0)
    assert not _bids_after(terms, 2_000, 0)


@pytest.mark.parametrize("terms", SHIPPED)
def test_at_costs_of_a_hundredth_of_notional_it_bids_within_two_minutes(terms):
    """The fast leg ends at 25 % of the requirement, 1.25 % of notional; the slow one would take an hour more."""
    dear = settings(hedge_cost_ppm=10_000)
    assert not _bids_after(terms, 200_000, 0, dear)
    first = next(after for after in range(7_200) if _bids_after(terms, 200_000, after, dear))
    assert 60 < first <= 120


def test_nothing_is_waited_for_once_all_goes_for_nothing():
    """At a price of 0 waiting brings nothing, however patient the bidder is."""
    patient = settings(patience_ppm=1_000_000, competitors=0)
    assert _bid_for(1, value=50, cfg=patient, max_fraction=WAD) is None
    assert _bid_for(0, value=50, cfg=patient, max_fraction=WAD) is not None


def test_without_valid_prices_it_pays_with_its_own_cash():
    """Row O: the venue gives no loan for a bid then, so that a bid is as large as cash allows."""
    sick = account(in_auction=True, equity=900, halted=False, legs=((ETH_PERPETUAL, 1.0),))
    doubtful = replace(sick, initial=replace(sick.initial, prices_valid=False))
    sale = auction(800)
    for cash, fraction in ((0, None), (400, WAD // 2), (10_000, WAD)):
        bidder = account(BIDDER, excess=50_000, equity=60_000, initial=40_000, cash=cash)
        found = decide(snapshot(doubtful, auctions={SICK: sale}, bidder=bidder), DEFAULTS)
        bids = [one.args[2] for one in found if one.kind is ActionKind.BID]
        assert bids == ([] if fraction is None else [fraction])
    assert _bid_for(800).args[2] == WAD


def test_in_a_pause_it_pays_with_its_own_cash_and_goes_on_with_the_rest():
    """No loan backs a bid then (`BidOnCredit`); starts and upkeep are refused by no pause."""
    sick, sale = _sold(800)
    for cash, fraction in ((0, None), (400, WAD // 2), (10_000, WAD)):
        bidder = account(BIDDER, excess=50_000, equity=60_000, initial=40_000, cash=cash)
        found = decide(snapshot(sick, auctions={SICK: sale}, bidder=bidder, paused=True), DEFAULTS)
        bids = [one.args[2] for one in found if one.kind is ActionKind.BID]
        assert bids == ([] if fraction is None else [fraction])
    assert _kinds(decide(snapshot(account(), paused=True), DEFAULTS)) == [ActionKind.START]


def test_limit_never_allows_a_loss():
    """At the worst price the contract may take, the least profit still remains."""
    for slack in (0, 5_000, 1_000_000):
        cfg = settings(limit_slack_ppm=slack)
        found = _bid_for(850, cfg=cfg)
        assert found is not None
        sick, _ = _sold(850)
        snap = snapshot(sick)
        limit = found.args[4]
        assert limit >= 850 * WAD
        assert 900 * WAD - limit - hedge_cost(sick, snap, cfg) - snap.gas_cost(sick) >= cfg.min_profit


def test_insolvent_waits_for_the_payout_and_sets_its_floor():
    """Taking a value of -50 for 51 is too little; for 70 it is a bid with a negative limit."""
    assert _bid_for(-51, value=-50) is None
    found = _bid_for(-70, value=-50)
    assert found is not None
    assert -70 * WAD <= found.args[4] < -50 * WAD
    assert found.args[2] == WAD


def test_unpaid_profit_buys_nothing():
    """A bidder whose initial excess is unpaid profit alone does not bid: no loan and no claim would be backed by it."""
    rich = account(BIDDER, initial=40_000, excess=50_000)
    unpaid = replace(rich, initial=replace(rich.initial, paid_excess=0))
    assert _bid_for(850, bidder=rich) is not None
    assert _bid_for(850, bidder=unpaid) is None


def test_inventory_caps_shrink_the_bid():
    """Market, payment, margin and collateral limits each hold."""
    assert _bid_for(800, cfg=settings(market_limit=1000)).args[2] == WAD // 2
    assert _bid_for(800, cfg=settings(max_payment=200)).args[2] == WAD // 4
    poor = account(BIDDER, initial=650, excess=700, equity=700)
    assert _bid_for(800, bidder=poor).args[2] == WAD // 2
    long = account(BIDDER, initial=40_000, excess=50_000, legs=((ETH_PERPETUAL, 1.0),))
    assert _bid_for(800, cfg=settings(market_limit=2000), bidder=long) is None
    short = account(BIDDER, initial=40_000, excess=50_000, legs=((ETH_PERPETUAL, -1.0),))
    assert _bid_for(800, cfg=settings(market_limit=1000), bidder=short).args[2] == WAD


def test_small_accounts_are_taken_whole_or_not_at_all():
    """A part of a small account would be refused by the venue."""
    assert _bid_for(50, value=90).args[2:4] == (WAD, WAD)
    assert _bid_for(50, value=90, cfg=settings(max_payment=20)) is None


def test_two_bids_share_the_inventory():
    """What the first takes is no longer there for the second."""
    first = account(1 << 96, in_auction=True, legs=((ETH_PERPETUAL, 1.0),))
    second = account(2 << 96, in_auction=True, legs=((ETH_PERPETUAL, 1.0),))
    snap = snapshot(first, second, auctions={1 << 96: auction(700), 2 << 96: auction(800)})
    found = decide(snap, settings(market_limit=3000))
    assert [(one.account >> 96, one.args[2]) for one in found] == [(1, WAD), (2, WAD // 2)]


def test_no_bid_while_halted_restored_or_in_flight():
    """Frozen clocks, restored accounts and unsettled own bids are left alone."""
    assert _bid_for(100, max_fraction=0) is None
    sick, sale = _sold(100)
    frozen = account(in_auction=True, halted=True, legs=((ETH_PERPETUAL, 1.0),))
    assert ActionKind.BID not in _kinds(decide(snapshot(frozen, auctions={SICK: sale}), DEFAULTS))
    assert decide(snapshot(sick, auctions={SICK: sale}, bids_in_flight=True), DEFAULTS) == []


def test_upkeep_ends_and_pokes():
    """A restored account's auction is ended; a stopped one, or one of another phase, is poked; not at any price."""
    sick, _ = _sold(890)
    well, restored = account(in_auction=True, excess=501, legs=((ETH_PERPETUAL, 1.0),)), auction(890, max_fraction=0)
    assert _kinds(decide(snapshot(well, auctions={SICK: restored}), DEFAULTS)) == [ActionKind.END]
    assert decide(snapshot(sick, auctions={SICK: restored}), DEFAULTS) == []
    _, stopped = _sold(899, stopped=True)
    assert _kinds(decide(snapshot(sick, auctions={SICK: stopped}), DEFAULTS)) == [ActionKind.POKE]
    _, turned = _sold(899, recorded_insolvent=True)
    assert _kinds(decide(snapshot(sick, auctions={SICK: turned}), DEFAULTS)) == [ActionKind.POKE]
    assert decide(snapshot(sick, auctions={SICK: stopped}, gas_price=PRICEY_GAS), DEFAULTS) == []
    # with much in doubt that of an insolvent account is to stand, from the first look on
    _, broke = _sold(0, -100, stopped=True, recorded_insolvent=True, insolvent=True)
    doubted = replace(sick, maintenance=replace(sick.maintenance, doubt=Doubt.LARGE))
    assert _kinds(decide(snapshot(sick, auctions={SICK: broke}), DEFAULTS)) == [ActionKind.POKE]
    assert ActionKind.POKE not in _kinds(decide(snapshot(doubted, auctions={SICK: broke}), DEFAULTS))
    awake = replace(broke, stopped=False)
    assert ActionKind.POKE not in _kinds(decide(snapshot(sick, auctions={SICK: awake}), DEFAULTS))
    assert _kinds(decide(snapshot(doubted, auctions={SICK: awake}), DEFAULTS)) == [ActionKind.POKE]
    assert _kinds(decide(snapshot(doubted, auctions={SICK: stopped}), DEFAULTS)) == [ActionKind.POKE]
    # once more each time that a look has changed what there is to do, and where nobody has looked for ten minutes
    again = replace(awake, seen_at=995)
    keys = {decide(snapshot(doubted, auctions={SICK: one}), DEFAULTS)[0].key for one in (awake, again)}
    assert len(keys) == 2
    for seen_at, doubtful, due in ((400, sick, True), (401, sick, False), (400, doubted, False)):
        old = replace(broke, stopped=doubtful is doubted, seen_at=seen_at)
        assert (ActionKind.POKE in _kinds(decide(snapshot(doubtful, auctions={SICK: old}), DEFAULTS))) is due
    # health stops the clock: whoever wants the account pokes when it has fallen again
    asleep = auction(890, max_fraction=0, stopped=True)
    assert _kinds(decide(snapshot(well, auctions={SICK: asleep}), DEFAULTS)) == [ActionKind.END]


def test_own_accounts_and_done_actions_are_left_alone():
    """The bidder's other accounts are not liquidated by it, nor is anything done twice."""
    assert decide(snapshot(account(BIDDER + 5)), DEFAULTS) == []
    (first,) = decide(snapshot(account()), DEFAULTS)
    assert decide(snapshot(account(), done=frozenset({first.key})), DEFAULTS) == []
    assert first.key != decide(snapshot(account(nonce=8)), DEFAULTS)[0].key


@given(
    price=st.integers(-2000, 2000),
    value=st.integers(-1500, 1500),
    size=st.floats(-20, 20),
    initial=st.integers(-3000, 0),
    spare=st.integers(0, 100_000),
    limit=st.integers(0, 100_000),
    fraction=st.integers(0, WAD),
)
def test_every_bid_is_profitable_and_within_limits(*, price, value, size, initial, spare, limit, fraction):
    """No bid of negative expected value, beyond a limit, or with margin that is not there."""
    cfg = settings(market_limit=limit)
    sick = account(in_auction=True, equity=value, initial=initial, legs=((ETH_PERPETUAL, size),))
    sale = auction(price, value, max_fraction=fraction)
    bidder = account(BIDDER, initial=spare, excess=spare + 1, equity=spare + 1)
    snap = snapshot(sick, auctions={SICK: sale}, bidder=bidder)
    for found in decide(snap, cfg):
        if found.kind is not ActionKind.BID:
            continue
        taken, least = found.args[2], found.args[3]
        filled = min(taken, fraction)  # the venue clamps
        profit = (sale.value - sale.price - hedge_cost(sick, snap, cfg)) * filled // WAD - snap.gas_cost(sick)
        assert profit >= cfg.min_profit
        assert found.expected == profit
        assert 0 <= least <= min(taken, fraction)
        assert taken <= -(-fraction * 11 // 10)
        assert abs(sick.legs[0].size) * taken // WAD * 2000 <= limit * WAD
        assert bidder.initial.excess - (sale.price - sick.initial.excess) * taken // WAD >= 0
        assert (found.args[4] < 0) == sale.insolvent
