"""What a bid is charged for lent cash that meets a loan: by hand, always, and in what is decided and counted."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.auction import Rest, largest_fraction, whole_price
from crossmargin.model.units import WAD, ceil_div
from keepers.abi import VenueEvent
from keepers.chain import Receipt
from keepers.errors import ResponseError
from keepers.executor.results import read_outcome
from keepers.hindsight import look_back
from keepers.lens import Lens
from keepers.rehearse.verdict import judge
from keepers.strategies import Action, ActionKind, Parcel, Wish, decide
from keepers.strategies.leaving import bundle_charge, slice_charge, whole_charge
from keepers.strategies.reasons import why_not
from keepers.strategies.start import starter_pay
from keepers.views import NOTHING_IN_SIGHT, InSight
from tests.offchain.keepers.atomic_samples import CONTRACT, OWN, POOR, borrower
from tests.offchain.keepers.fake_chain import FakeChain
from tests.offchain.keepers.sample_venue import log_of, paper_venue
from tests.offchain.keepers.venue_samples import (
    BIDDER,
    ETH_CALL,
    ETH_PERPETUAL,
    SICK,
    TERMS,
    account,
    auction,
    settings,
    snapshot,
)

TENTH = InSight(100_000 * WAD, 1_000_000 * WAD)
"""A ninth of what leaves, and at most a tenth of what was there."""
CFG = settings(patience_ppm=0, min_margin_ppm=0, hedge_cost_ppm=0)
FREE = settings(patience_ppm=0, min_margin_ppm=0, hedge_cost_ppm=0, limit_slack_ppm=0)


def ninth(amount: float) -> int:
    """Give what the tenth of all asks of what leaves [wad]: a wei's part aside a ninth, up."""
    return ceil_div(int(amount * WAD) * TENTH.gap, TENTH.lent - TENTH.gap + 1)


@pytest.mark.parametrize(
    ("cash", "owned", "sale", "fraction", "leaves"),
    [
        # 1,000 take a loan of 600 for 300: 100 are left to the bidder, and 300 to the account
        (1_000, -600, auction(300), 1.0, 600),
        # half of it: 550 are left to the bidder, and the account still owes 150
        (1_000, -600, auction(300), 0.5, 450),
        # the bidder has no more than 100 that could leave
        (100, -600, auction(300), 0.5, 100),
        # a bidder that owes 900 gets 500 of cash and pays 20: the account has 20
        (-900, 500, auction(20), 1.0, 480),
        # nobody owes, or nobody has: what moves stays lent
        (1_000, 500, auction(300), 1.0, 0),
        (-1_000, -500, auction(300), 1.0, 0),
        (0, -500, auction(300), 1.0, 0),
        (0, 500, auction(300), 1.0, 0),
        # 200 of the 500 are reserved and not for sale: 300 go, 20 come
        (-900, 500, auction(20, reserved=200 * WAD), 1.0, 280),
        # insolvent: a loan of 600 comes with a payout of 650, which counts as there
        (1_000, -600, auction(-650, -600), 1.0, 0),
        (1_000, -600, auction(-550, -600), 1.0, 50),
        # 100 of the 500 are reserved: they pay of the 150, the other 400 come, and the bidder owes 350 still
        (-900, 500, auction(-150, -10, reserved=100 * WAD), 1.0, 500),
    ],
)
def test_slice_charge_by_hand(cash, owned, sale, fraction, leaves):
    """What leaves is the less of what is lent and what is owed, at most a tenth of all that was lent is charged."""
    found = slice_charge(TENTH, cash * WAD, account(cash=owned), sale, int(fraction * WAD))
    lent = max(0, cash) + max(0, owned)
    assert found == min(ninth(leaves), ceil_div(lent * WAD * TENTH.gap, TENTH.lent))
    assert slice_charge(NOTHING_IN_SIGHT, cash * WAD, account(cash=owned), sale, WAD) == 0


def test_what_markets_pay_is_no_cash():
    """A loan of 600 comes with a payout of 650, which markets may bear: they pay in claims, and all 600 leave."""
    sick = account(cash=-600, legs=((ETH_PERPETUAL, 1.0),))
    assert slice_charge(TENTH, 1_000 * WAD, sick, auction(-650, -600), WAD) == ninth(600)
    # 100 of the 500 are reserved: they pay in cash, and the bidder who owed 900 owes 400 still
    sick = replace(sick, cash=500 * WAD)
    sale = auction(-150, -10, reserved=100 * WAD)
    assert slice_charge(TENTH, -900 * WAD, sick, sale, WAD) == 500 * WAD // 10


def test_bundle_charge_by_hand():
    """What it pays leaves where it repays a loan of the bidder, out of cash that the account has."""
    assert bundle_charge(TENTH, -900 * WAD, account(cash=500), 90 * WAD) == ninth(90) == 10 * WAD
    assert bundle_charge(TENTH, 900 * WAD, account(cash=500), 90 * WAD) == 0
    assert bundle_charge(NOTHING_IN_SIGHT, -900 * WAD, account(cash=500), 90 * WAD) == 0


amounts = st.integers(-(10**24), 10**24)
parts = st.integers(WAD // 100, WAD)


@given(
    cash=amounts,
    owned=amounts,
    price=amounts,
    reserved=st.integers(0, 10**24),
    gap=st.integers(0, 10**24),
    beyond=st.integers(1, 10**24),
    one=parts,
    other=parts,
)
def test_limit_has_room_for_every_larger_fraction(*, cash, owned, price, reserved, gap, beyond, one, other):
    """Never negative, never more than the part of what both had, and by fraction no more than the least one asks."""
    sight, least, more = InSight(gap, gap + beyond + 1), min(one, other), max(one, other)
    sale, sick = replace(auction(1 if price >= 0 else -1), price=price, reserved=reserved), account()
    sick = replace(sick, cash=owned)
    charge = slice_charge(sight, cash, sick, sale, more)
    lent = max(0, cash) + max(0, owned)
    assert 0 <= charge <= ceil_div(lent * gap, gap + beyond + 1)
    room = whole_charge(sight, cash, sick, sale, least)
    dust = (4 * gap // (beyond + 2) + 4) * WAD // least
    assert ceil_div(charge * WAD, more) <= room + dust


def sold(**changes):
    """Give one that owes 600 and is for sale at 600 of 900, its legs hedged by nobody."""
    sick = account(in_auction=True, equity=900, legs=((ETH_PERPETUAL, 1.0),), cash=-600)
    return sick, auction(600, 900, **changes)


def bids(sick, sale, cfg, sight, *, cash: float = 5_000, wish=None, parcel=None) -> list[Action]:
    """Decide for a bidder with so much cash."""
    rich = account(BIDDER, excess=50_000, equity=60_000, initial=40_000, cash=cash)
    snap = snapshot(sick, auctions={SICK: sale}, bidder=rich)
    snap = replace(snap, in_sight=sight, wishes=wish or {}, parcels={} if parcel is None else {SICK: (parcel,)})
    return [one for one in decide(snap, cfg) if one.kind in {ActionKind.BID, ActionKind.BUNDLE}]


def test_a_bid_counts_what_it_is_charged():
    """A loan of 600 for 600 takes 600 out of lent cash, since the rest stays with the account: 66.67 of the 300."""
    (plain,), (charged,) = (bids(*sold(), CFG, sight) for sight in (NOTHING_IN_SIGHT, TENTH))
    fee = ninth(600)
    assert plain.expected - charged.expected == pytest.approx(fee, abs=WAD // 10**6)
    assert charged.args[4] - plain.args[4] >= fee
    assert charged.args[4] <= 900 * WAD


def test_limit_has_room_for_what_the_least_fill_is_charged():
    """A bidder of 700 has nothing left at either fraction: half of it is charged the same, twice as much by part."""
    (found,) = bids(*sold(), FREE, TENTH, cash=700)
    assert (found.args[2], found.args[3]) == (WAD, WAD // 2)
    whole, half = (slice_charge(TENTH, 700 * WAD, *sold(), part) for part in (WAD, WAD // 2))
    assert found.args[4] == 600 * WAD + 2 * half > 600 * WAD + whole
    (found,) = bids(*sold(), FREE, NOTHING_IN_SIGHT, cash=700)
    assert found.args[4] == 600 * WAD


def test_nobody_bids_at_a_loss_for_the_charge():
    """With all that is lent in sight to be lost nothing of 5,000 would be left; whoever lends nothing bids as ever."""
    lost = InSight(10**24, 10**24)
    assert bids(*sold(), CFG, lost) == []
    (poor,) = bids(*sold(), CFG, lost, cash=-100)
    assert poor == bids(*sold(), CFG, NOTHING_IN_SIGHT, cash=-100)[0]
    sick, sale = sold()
    rich = account(BIDDER, excess=50_000, equity=60_000, initial=40_000, cash=5_000)
    snap = replace(snapshot(sick, auctions={SICK: sale}, bidder=rich), in_sight=lost)
    assert why_not(snap, sick, settings(hedge_cost_ppm=0)).endswith("5,000 charged for lent cash")
    assert "charged" not in why_not(replace(snap, in_sight=NOTHING_IN_SIGHT), sick, settings(hedge_cost_ppm=100_000))


def test_a_models_price_has_the_charge_in_it():
    """A limit of 650 lets 600 through, and not 600 with 66.67 beside."""
    wish = {SICK: Wish(WAD, 650 * WAD)}
    assert bids(*sold(), CFG, TENTH, wish=wish) == []
    (found,) = bids(*sold(), CFG, NOTHING_IN_SIGHT, wish=wish)
    assert found.args[4] <= 650 * WAD
    assert len(bids(*sold(), CFG, TENTH, wish={SICK: Wish(WAD, 670 * WAD)})) == 1


def test_a_bundle_is_asked_for_what_is_left_of_it():
    """The least give-up counts less the charge: costs and gain stay as they are, what is expected is less."""
    legs = ((ETH_PERPETUAL, 1.0), (ETH_CALL, -20.0))
    sick = account(in_auction=True, equity=900, legs=legs, cash=500)
    parcel = Parcel(SICK, ((ETH_PERPETUAL, WAD),), 90 * WAD)
    dear = settings(hedge_cost_ppm=5_000, patience_ppm=0, min_margin_ppm=0)
    found = [bids(sick, auction(790), dear, sight, cash=-900, parcel=parcel)[0] for sight in (NOTHING_IN_SIGHT, TENTH)]
    assert [one.kind for one in found] == [ActionKind.BUNDLE, ActionKind.BUNDLE]
    plain, charged = found
    assert plain.args[0][6] == charged.args[0][6]
    assert plain.expected - charged.expected == pytest.approx(10 * WAD, abs=WAD // 10**6)


def test_the_own_contract_is_charged_for_what_it_has_kept():
    """With no cash of its own it never is. Earnings that it has kept pay, with the part of the loan that it takes."""
    sick = borrower()
    snap = snapshot(sick, contract=CONTRACT, bidder=POOR)
    (plain,) = decide(snap, CFG)
    assert plain.args[0][0][0].args[1] == OWN
    small = InSight(10**21, 10**24)
    (charged,) = decide(replace(snap, in_sight=small, own_cash=50_000 * WAD), CFG)
    pay = starter_pay(sick, snap.params)
    rest = Rest(9_000 * WAD - pay, -1_000 * WAD - pay, 10_000 * WAD)
    price = whole_price(TERMS, rest, 0)
    leaves = largest_fraction(TERMS, rest, price) * (91_000 * WAD + pay + price) // WAD
    assert leaves < 50_000 * WAD
    assert plain.expected - charged.expected == pytest.approx(leaves / 999, rel=1e-9)
    assert charged.args[0][1][0].args[4] > plain.args[0][1][0].args[4]
    (without,) = decide(replace(snap, in_sight=small), CFG)
    assert plain.expected - without.expected < WAD
    assert ActionKind.EXECUTE not in {
        one.kind for one in decide(replace(snap, in_sight=InSight(10**24, 10**24), own_cash=50_000 * WAD), CFG)
    }


def charge_of(amount: int, transaction: str = "tx") -> VenueEvent:
    """Say what somebody was charged in the auction of the account."""
    args = {"bidder": BIDDER, "id": 1, "amount": amount * WAD}
    return VenueEvent("LiquidationAuction", "LeavingCharged", 5, 0, transaction, args)


def bid_of(payment: int, transaction: str = "tx") -> VenueEvent:
    """Say that the keeper took half of 100."""
    args = {"account": SICK, "id": 1, "bidder": BIDDER, "fraction": WAD // 2, "payment": payment * WAD}
    return VenueEvent("LiquidationAuction", "Bid", 5, 1, transaction, {**args, "value": 100 * WAD})


def test_what_was_charged_is_a_part_of_what_was_paid():
    """Of a bid and of a bundle in receipts, once; the vault's event of the same name is another's withdrawal."""
    row = type("Row", (), {"kind": ActionKind.BID.value, "account": SICK})()
    bid = {"account": SICK, "id": 1, "bidder": 7, "fraction": WAD // 2, "payment": 40 * WAD, "value": 100 * WAD}
    bundle = {"account": SICK, "id": 1, "bidder": 7, "giveUp": 30 * WAD, "excessBefore": -WAD, "excessAfter": WAD}
    logs = (
        log_of("MarginVault", "LeavingCharged", account=9, amount=99 * WAD),
        log_of("LiquidationAuction", "LeavingCharged", index=1, bidder=7, id=1, amount=3 * WAD),
    )
    for kind, name, fields, paid, value in (
        (ActionKind.BID, "Bid", {**bid, "excess": 0}, 43, 50),
        (ActionKind.BUNDLE, "BundleBid", bundle, 3, 30),
    ):
        receipt = Receipt("0xt", 5, "0xb", True, 0, 0, (*logs, log_of("LiquidationAuction", name, **fields)), 0, 0)
        row.kind = kind.value
        outcome = read_outcome(paper_venue(), row, receipt, 2_000 * WAD)
        assert (outcome.result.paid, outcome.result.value) == (paid * WAD, value * WAD)
        assert outcome.take == (value - paid) * WAD


def test_hindsight_and_rehearsals_count_it_too():
    """Of the bid that follows in the same transaction, and of no other."""
    events = [charge_of(3), bid_of(40), charge_of(2, "other"), bid_of(40)]
    (past,) = look_back(events, [], BIDDER)
    assert past.ours == (10 - 3 + 10) * WAD
    (row,) = judge([account(equity=900)], events, BIDDER, live=frozenset(), why={})
    assert (row.paid, row.profit) == (83 * WAD, 17 * WAD)


def test_losses_in_sight_are_asked_for_with_the_terms_of_sales(monkeypatch):
    """In one request; a part of more than all is no answer."""
    lens = Lens(FakeChain().node(), paper_venue(), 40)
    names = ("starterShare", "starterFlat", "starterCap", "startReward", "kneeReward", "fastDuration", "slowDuration")
    names += ("targetBuffer", "smallAccount", "insolventDuration", "insolventFlat", "bundleShare")
    sight = [0, 5, 7]
    asked = []

    async def read(_block, *calls):
        asked.append([(function, args) for _, function, args in calls])
        answers = {"params": (dict.fromkeys(names, 1),), "payableCash": tuple(sight), "cashOf": (11,)}
        return [answers[function] for _, function, _ in calls]

    monkeypatch.setattr(lens, "read", read)
    assert asyncio.run(lens.sales("0xb", 1, 2))[1:] == (InSight(5, 7), 11)
    assert asyncio.run(lens.sales("0xb", 1, None))[1:] == (InSight(5, 7), 0)
    assert asked[0] == [("params", ()), ("payableCash", (1,)), ("cashOf", (2,))]
    assert len(asked) == 2
    for wrong in ([0, 8, 7], [0, 0, 0]):
        sight[:] = wrong
        with pytest.raises(ResponseError):
            asyncio.run(lens.sales("0xb", 1, 2))
