"""Bundles: named where they might pay, bid where they pay more than a slice, within the limits of a slice."""

import asyncio
from dataclasses import replace

import pytest
from eth_abi.abi import decode, encode
from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.units import PPM, WAD
from keepers.bundles import Bundles
from keepers.chain import Receipt
from keepers.executor.results import read_outcome
from keepers.rivals import Turns
from keepers.strategies import ActionKind, Parcel, Wish, decide
from keepers.strategies.bundle import fitting, parcels
from tests.offchain.keepers.fake_chain import FakeChain, FakeError
from tests.offchain.keepers.sample_venue import log_of, paper_venue
from tests.offchain.keepers.venue_samples import ETH_CALL, ETH_PERPETUAL, SICK, account, auction, settings, snapshot

LEGS = ((ETH_PERPETUAL, 1.0), (ETH_CALL, -20.0))
BITCOIN = (1 << 60) | (2 << 48)
PAIR = ((ETH_PERPETUAL, WAD), (ETH_CALL, -20 * WAD))
DEAR = settings(hedge_cost_ppm=5_000, patience_ppm=0)


def _sick(**changes):
    return account(in_auction=True, equity=900, legs=LEGS, **changes)


def _snap(sick, *, give_up: float, price: float = 700, size: float = 1.0, **changes):
    """Give a snapshot in which the perpetual alone pays so much [USD]."""
    parcel = Parcel(SICK, ((ETH_PERPETUAL, int(size * WAD)),), int(give_up * WAD))
    return replace(snapshot(sick, auctions={SICK: auction(price)}), parcels={SICK: (parcel,)}, **changes)


def test_each_leg_is_asked_about_alone():
    """As much of it as a limit has room for; not of an account with one leg, that is insolvent, or not in auction."""
    snap = snapshot(_sick(), auctions={SICK: auction(700)})
    assert [one.legs for one in parcels(snap, DEAR)] == [PAIR[:1], PAIR[1:]], "both are all it has: a slice pays more"
    (half, _) = parcels(snap, settings(market_limits={ETH_PERPETUAL: 1000}))
    assert half.legs == ((ETH_PERPETUAL, WAD // 2),)
    (call,) = parcels(snap, settings(market_limits={ETH_PERPETUAL: 0}))
    assert call.legs == PAIR[1:]
    one_leg = account(in_auction=True, equity=900, legs=LEGS[:1])
    for other in (
        replace(snap, auctions={SICK: auction(-10, -5)}),
        replace(snap, auctions={}),
        replace(snap, accounts=(one_leg,)),
        replace(snap, accounts=(_sick(halted=True),)),
        replace(snap, accounts=(_sick(excess=1),)),
    ):
        assert parcels(other, DEAR) == []
    assert parcels(snap, settings(bundles=False)) == []


def test_what_is_being_averaged_is_in_no_bundle():
    """The venue refuses it from half an hour before the expiry on; the rest is asked about."""
    snap = snapshot(_sick(spot=((0, 500),)), auctions={SICK: auction(700)})
    end = 500_000 * 3_600 - 1_800
    assert [one.legs for one in parcels(replace(snap, timestamp=end - 1), DEAR)] == [PAIR[:1], PAIR[1:], PAIR]
    assert [one.legs for one in parcels(replace(snap, timestamp=end), DEAR)] == [PAIR[:1]]


def test_all_legs_of_an_underlying_are_asked_about_together():
    """Each alone may free nothing; of both a limit on one leaves the same part. What has no price is left out."""
    snap = snapshot(_sick(spot=((0, 500),)), auctions={SICK: auction(700)})
    assert [one.legs for one in parcels(snap, DEAR)] == [PAIR[:1], PAIR[1:], PAIR]
    (*_, half) = parcels(snap, settings(market_limits={ETH_PERPETUAL: 1000}))
    assert half.legs == ((ETH_PERPETUAL, WAD // 2), (ETH_CALL, -10 * WAD))
    both = account(in_auction=True, equity=900, legs=(*LEGS, (BITCOIN, 1.0)))
    snap = snapshot(both, auctions={SICK: auction(700)})
    assert [one.legs for one in parcels(snap, DEAR)] == [PAIR[:1], PAIR[1:], PAIR]
    snap = replace(snap, mids={**snap.mids, 2: 60_000 * WAD})
    assert [one.legs for one in parcels(snap, DEAR)] == [PAIR[:1], PAIR[1:], ((BITCOIN, WAD),), PAIR]


def test_legs_that_pay_together_are_bid_for_together():
    """One transaction names both in ascending order, and both count against the limits."""
    snap = snapshot(account(in_auction=True, equity=900, legs=(*LEGS, (BITCOIN, 1.0))), auctions={SICK: auction(700)})
    found = (Parcel(SICK, PAIR[:1], 4 * WAD), Parcel(SICK, PAIR, 160 * WAD))
    snap = replace(snap, mids={**snap.mids, 2: 60_000 * WAD}, parcels={SICK: found})
    dear = {"hedge_cost_ppm": 500, "hedge_cost_by_underlying": {2: 100_000}, "patience_ppm": 0}
    (bid,) = [one for one in decide(snap, settings(**dear)) if one.kind in {ActionKind.BID, ActionKind.BUNDLE}]
    assert bid.kind is ActionKind.BUNDLE
    ((_, _, ids, sizes, *_),) = bid.args
    assert tuple(zip(ids, sizes, strict=True)) == PAIR
    full = settings(market_limits={ETH_CALL: 39_000}, **dear)
    assert ActionKind.BUNDLE not in {one.kind for one in decide(snap, full)}


def test_a_bundle_is_bid_where_it_brings_more():
    """A slice has to close forty thousand of calls for its 200; the perpetual's 150 cost 10 to close."""
    snap = _snap(_sick(), give_up=150)
    (found,) = [one for one in decide(snap, DEAR) if one.kind in {ActionKind.BID, ActionKind.BUNDLE}]
    assert found.kind is ActionKind.BUNDLE
    ((who, bidder, ids, sizes, assets, amounts, least, nonce, deadline),) = found.args
    assert (who, bidder, nonce, deadline) == (SICK, snap.bidder.account, 7, found.deadline)
    assert (ids, sizes, assets, amounts) == ((ETH_PERPETUAL,), (WAD,), (), ())
    assert 15 * WAD <= least < 20 * WAD, "costs, the least profit and gas"
    assert 135 * WAD < found.expected < 140 * WAD


@pytest.mark.parametrize(
    ("changes", "wish"),
    [({"hedge_cost_ppm": 100, "patience_ppm": 0}, False), ({"hedge_cost_ppm": 100}, True)],
)
def test_a_slice_is_bid_where_that_brings_more_or_a_model_prices_it(changes, wish):
    """All of it for 200 less four; a pricing model prices slices."""
    snap = _snap(_sick(), give_up=190)
    if wish:
        snap = replace(snap, wishes={SICK: Wish(WAD, None)})
    (found,) = [one for one in decide(snap, settings(**changes)) if one.kind in {ActionKind.BID, ActionKind.BUNDLE}]
    assert found.kind is ActionKind.BID


def test_what_a_bundle_must_bring():
    """Its least profit, its part of the margin that is waited for, room for all of it; and it is not bid twice."""
    snap = _snap(_sick(), give_up=150)
    (found,) = decide(snap, DEAR)
    dear = {"hedge_cost_ppm": 5_000}
    assert decide(snap, settings(min_profit=141, patience_ppm=0, **dear)) == []
    assert decide(snap, settings(patience_ppm=150_000, competitors=0, **dear)) == [found]
    assert decide(snap, settings(patience_ppm=190_000, competitors=0, **dear)) == []
    assert decide(snap, settings(patience_ppm=0, market_limits={ETH_PERPETUAL: 1_900}, **dear)) == []
    assert decide(replace(snap, done=frozenset({found.key})), DEAR) == []
    assert decide(replace(snap, bids_in_flight=True), DEAR) == []


@given(
    size=st.integers(1, 10**24),
    excess=st.integers(-(10**24), -1),
    most=st.integers(0, 10**24),
    beyond=st.integers(1, 10**24),
)
def test_less_is_named_of_what_frees_too_much(*, size, excess, most, beyond):
    """In proportion, a little below the most, and of the same sign; nothing where there is nothing to gain."""
    long, short = (Parcel(SICK, ((ETH_PERPETUAL, one), (ETH_CALL, -one)), 0) for one in (size, -size))
    part = (most - excess) * size // (most + beyond - excess)
    for one, sign in ((long, 1), (short, -1)):
        less = fitting(one, excess, most + beyond, most)
        sizes = (0, 0) if less is None else [leg[1] for leg in less.legs]
        assert sizes[0] == -sizes[1]
        found = sign * sizes[0]
        assert 0 <= found <= part
        assert found >= part * (PPM - 20_000) // PPM - 2
    assert fitting(long, excess, most, most) is None


STRUCT = "(uint256,uint256,uint64[],int256[],uint256[],uint256[],uint256,uint256,uint256)"
MOST = 500 * WAD  # the highest excess that a bundle may leave


class Auction(FakeChain):
    """A chain on which each unit of the perpetual frees 1,200 dollars, and calls free nothing."""

    def _eth_call(self, call: dict[str, str], _state: object) -> str:
        ((_, _, ids, sizes, _, _, _, _, _),) = decode([STRUCT], bytes.fromhex(call["data"][10:]))
        assert (call["from"], ids) in (("0xme", (ETH_PERPETUAL,)), ("0xme", (ETH_CALL,)))
        after = 1_200 * sizes[0] - 100 * WAD
        if ids == (ETH_CALL,):
            raise FakeError(3, "execution reverted", _error("BundleTooSmall(int256,uint256)", 0, 5 * WAD))
        if after > MOST:
            raise FakeError(3, "execution reverted", _error("BundleTooLarge(int256,int256)", after, MOST))
        return f"0x{sizes[0] // 10:064x}"


def _error(signature: str, *values: int) -> str:
    kinds = signature[signature.index("(") + 1 : -1].split(",")
    return "0x" + (keccak(text=signature)[:4] + encode(kinds, values)).hex()


def test_the_venue_says_what_bundles_pay():
    """By trying each as the sender; one that frees too much is tried again with less, one that is refused is none."""
    chain = Auction()
    snap = snapshot(_sick(), auctions={SICK: auction(700)})

    async def priced(given):
        node = chain.node()
        return await Bundles(node, paper_venue(), "0xme", DEAR).priced(given, await node.head())

    found = asyncio.run(priced(snap)).parcels[SICK]
    size = (MOST + 100 * WAD) * WAD * 98 // (1_200 * WAD * 100)
    assert found == (Parcel(SICK, ((ETH_PERPETUAL, size),), size // 10),)
    assert chain.asked.count("eth_call") == 3
    for other in (replace(snap, bids_in_flight=True), replace(snap, auctions={})):
        assert asyncio.run(priced(other)) == other
    assert chain.asked.count("eth_call") == 3


def test_a_bundle_is_a_bid_to_rivals_and_its_take_is_the_fee():
    """Its turn is that of a slice; what it was paid less gas is what it brought."""
    (found,) = decide(_snap(_sick(), give_up=150), DEAR)
    slice_bid = replace(found, kind=ActionKind.BID)
    for rival in range(1 << 96, 20 << 96, 1 << 96):
        alike = [bool(Turns(found.args[0][1]).ready([one], [rival], 10)) for one in (found, slice_bid)]
        assert alike in ([True, True], [False, False])
    fields = {"account": SICK, "id": 1, "bidder": 7, "giveUp": 150 * WAD, "excessBefore": -WAD, "excessAfter": WAD}
    log = log_of("LiquidationAuction", "BundleBid", **fields)
    receipt = Receipt("0xt", 5, "0xb", True, 1_000_000, 10**9, (log,), 0, 0)
    row = type("Row", (), {"kind": found.kind.value, "account": SICK})()
    outcome = read_outcome(paper_venue(), row, receipt, 2_000 * WAD)
    assert (outcome.result.value, outcome.result.paid, outcome.take) == (150 * WAD, 0, 148 * WAD)
