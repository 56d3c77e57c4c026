"""What the model says an account may do is what the contracts let it do, to the unit."""

from dataclasses import replace
from decimal import Decimal

import pytest

from crossmargin.chain.decimals import parse_units, wad
from crossmargin.client import snapshot
from crossmargin.client.limits import Bound
from crossmargin.errors import ContractRevert, ModelError
from crossmargin.model.margin import margin
from crossmargin.model.units import WAD
from tests.helpers.option_desk import CALL, FAR_PUT, PUT, mark, post_surfaces, series

PRICE = wad(2_000)


@pytest.fixture
def deep(venue, pair, maker):
    """Give the maker much more than the trader, and the trader ether and staked ether."""
    buyer, seller = pair
    venue.mint(maker, "USDC", 40_000_000)
    seller.deposit_with_permit("USDC", parse_units(40_000_000, 6))
    seller.transfer(seller.account(1), "USDC", parse_units(20_000_000, 6))
    for token, amount in (("WETH", "2"), ("stETH", "1.5")):
        buyer.mint(token, parse_units(amount, 18))
        buyer.approve(token, parse_units(amount, 18))
        buyer.deposit(token, parse_units(amount, 18))
    return buyer, seller


def trade(buyer, seller, name, size, price, *, fresh=False):
    """Let the buyer take what the seller signed, perhaps for an account without positions; a negative size sells."""
    ask = seller.order(name, -size, price, account=seller.account(1) if fresh else None)
    bid = buyer.order(name, size, price)
    return buyer.fill(ask, seller.sign(ask), bid, abs(size))


def book(venue, buyer, seller):
    """Give the trader perpetuals of two underlyings, options of two expiries, and a claim."""
    post_surfaces(venue)
    trade(buyer, seller, "ETH-PERP", wad(5), PRICE)
    trade(buyer, seller, "BTC-PERP", -wad("0.1"), wad(60_000))
    trade(buyer, seller, CALL, -wad(3), mark(venue, CALL))
    trade(buyer, seller, FAR_PUT, wad(2), mark(venue, FAR_PUT))
    trade(buyer, seller, "ETH-PERP", -wad(1), PRICE + wad(20))
    buyer.refresh_stale()


@pytest.mark.parametrize(("asset", "unit"), [("USDC", 6), ("stETH", 18)])
def test_the_most_leaves_and_one_unit_more_does_not(venue, deep, asset, unit):
    """Cash to the millionth, collateral to the wei; margin is what stops more of it."""
    buyer, seller = deep
    book(venue, buyer, seller)
    trade(buyer, seller, "ETH-PERP", buyer.max_size(None, "ETH-PERP", "buy", PRICE).exact * 99 // 100, PRICE)
    limit = buyer.max_withdraw(None, asset)

    assert limit.bound is Bound.MARGIN
    assert limit.amount.scaleb(unit) == limit.exact > 0
    with pytest.raises(ContractRevert, match="BelowInitialMargin"):
        buyer.withdraw(asset, limit.exact + 1)
    buyer.withdraw(asset, limit.exact)


def test_a_loan_goes_as_far_as_collateral(venue, deep):
    """Without asking for a loan no more than the cash leaves; with it, what collateral backs."""
    buyer, _ = deep
    own, lent = buyer.max_withdraw(None, "USDC"), buyer.max_withdraw(None, "USDC", with_loan=True)
    assert (own.exact, own.bound) == (parse_units(10_000, 6), Bound.BALANCE)
    assert own.exact < lent.exact
    assert lent.bound is Bound.MARGIN
    with pytest.raises(ContractRevert, match="BelowInitialMargin"):
        buyer.withdraw("USDC", lent.exact + 1)
    buyer.withdraw("USDC", lent.exact)
    assert buyer.max_withdraw(None, "USDC").exact == 0


def test_free_accounts_take_all_out_and_others_wait_for_prices(venue, deep):
    """Nothing is asked of who has neither debt nor contracts; else every price must be Valid, and no auction run."""
    buyer, seller = deep
    assert buyer.max_withdraw(None, "WETH").bound is Bound.BALANCE
    book(venue, buyer, seller)
    venue.warp(venue.config.engine.array_max_age + 1)
    assert (buyer.max_withdraw(None, "USDC").exact, buyer.max_withdraw(None, "USDC").bound) == (0, Bound.PRICES)


def test_limits_wait_for_the_sequencer(venue, deep, keeper):
    """While it is down, and for its grace after it, who has contracts takes nothing out and adds none."""
    buyer, seller = deep
    book(venue, buyer, seller)
    uptime = venue.node.deploy("MockAggregator", 0, "L2 Sequencer Uptime Status Feed", 0, sender=keeper)
    venue.govern(venue.oracle, "setSequencerFeed", uptime.address, 3_600)
    for down in (1, 0):
        uptime.setRound(down, venue.node.now, venue.node.now, sender=keeper)
        assert (buyer.max_withdraw(None, "USDC").exact, buyer.max_withdraw(None, "USDC").bound) == (0, Bound.SEQUENCER)
        assert buyer.max_size(None, "ETH-PERP", "buy", PRICE).bound is Bound.SEQUENCER
        with pytest.raises(ContractRevert, match="PricesNotValid"):
            buyer.withdraw("USDC", 1)
    venue.warp(3_601)
    assert buyer.max_withdraw(None, "USDC").bound is not Bound.SEQUENCER


def test_the_outflow_limit_counts(venue, deep):
    """More collateral than leaves in an hour is there, and not to be had at once."""
    buyer, _ = deep
    venue.mint(buyer.address, "WBTC", 1_500)
    buyer.approve("WBTC", parse_units(1_500, 8))
    buyer.deposit("WBTC", parse_units(1_500, 8))
    venue.warp(3_600)
    limit = buyer.max_withdraw(None, "WBTC")
    assert (limit.amount, limit.bound) == (1_000, Bound.OUTFLOW)
    with pytest.raises(ContractRevert, match="OutflowLimitExceeded"):
        buyer.withdraw("WBTC", limit.exact + 1)
    buyer.withdraw("WBTC", limit.exact)


@pytest.mark.parametrize(
    ("name", "side", "away"),
    [
        ("ETH-PERP", "sell", 30),
        ("BTC-PERP", "buy", -500),
        (CALL, "buy", 0),
        (PUT, "sell", 1),
    ],
)
def test_the_largest_trade_passes_and_a_wei_more_does_not(venue, deep, name, side, away):
    """Through the position, beyond it, at the mark and beside it, with fee and crowding."""
    buyer, seller = deep
    book(venue, buyer, seller)
    price = (mark(venue, name) if name in (CALL, PUT) else int(venue.prices[name[:3]]) * WAD) + away * WAD
    sign = 1 if side == "buy" else -1
    limit = buyer.max_size(None, name, side, price)

    assert limit.bound is Bound.MARGIN
    with pytest.raises(ContractRevert, match="BelowInitialMargin"):
        trade(buyer, seller, name, sign * (limit.exact + 1), price, fresh=True)
    trade(buyer, seller, name, sign * limit.exact, price, fresh=True)


def test_what_else_bounds_a_trade(venue, deep):
    """The cap of the market, the band, and prices that are not Valid."""
    buyer, seller = deep
    cap = seller.max_size(None, "ETH-PERP", "buy", PRICE)
    assert (cap.bound, cap.amount) in [(Bound.OPEN_INTEREST, 50_000), (Bound.MARGIN, cap.amount)]
    assert buyer.max_size(None, "ETH-PERP", "buy", wad(2_101)).bound is Bound.BAND
    assert buyer.max_size(None, "ETH-PERP", "buy", wad(2_100)).exact > 0
    venue.warp(venue.config.options["ETH"].max_age + 1)
    assert buyer.max_size(None, CALL, "buy", wad(20)).bound is Bound.PRICES
    venue.warp(series(venue, CALL).expiry - venue.node.now)
    assert buyer.max_size(None, CALL, "buy", wad(20)).bound is Bound.EXPIRED


def test_what_a_guardian_stopped_only_reduces(venue, deep, guardian):
    """For as long as it said, though no view tells of it; other markets are not stopped."""
    buyer, seller = deep
    trade(buyer, seller, "ETH-PERP", wad(2), PRICE)
    assert buyer.max_size(None, "ETH-PERP", "buy", PRICE).exact > 0
    venue.clearinghouse.setReduceOnly(venue.instrument("ETH-PERP"), 3_600, sender=guardian)

    assert (buyer.max_size(None, "ETH-PERP", "buy", PRICE).exact, Bound.REDUCE_ONLY) == (
        0,
        buyer.max_size(None, "ETH-PERP", "buy", PRICE).bound,
    )
    with pytest.raises(ContractRevert, match="ReduceOnlyMarket"):
        trade(buyer, seller, "ETH-PERP", 1, PRICE)
    reduced = buyer.max_size(None, "ETH-PERP", "sell", PRICE)
    assert (reduced.amount, reduced.bound) == (2, Bound.REDUCE_ONLY)
    assert buyer.max_size(None, "BTC-PERP", "buy", wad(60_000)).exact > 0
    venue.warp(3_600)
    buyer.refresh("ETH-PERP")
    assert buyer.max_size(None, "ETH-PERP", "buy", PRICE).exact > 0
    assert buyer.reduce_only_until("ETH-PERP") < venue.node.now


@pytest.mark.parametrize("underlying", ["ETH", "BTC"])
def test_health_crosses_one_at_the_liquidation_price(venue, deep, underlying):
    """At this block to the last digit of a shock, and a second later to a millionth, with arrays made anew."""
    buyer, seller = deep
    book(venue, buyer, seller)
    for side, name in (("buy", "ETH-PERP"), ("sell", "BTC-PERP")):
        price = int(venue.prices[name[:3]]) * WAD
        size = buyer.max_size(None, name, side, price).exact // 2
        trade(buyer, seller, name, size if side == "buy" else -size, price)
    found = buyer.liquidation_prices()[underlying]
    falls = underlying == "ETH"
    price = found.exact[0 if falls else 1]
    feeds = [venue.feed(each) for each in (("ETH", "stETH") if falls else ("BTC",))]

    assert found.index == venue.prices[underlying]
    assert (found.below is None, found.above is None) == (not falls, falls)
    move = price * WAD // (int(found.index) * WAD) - WAD
    for away, stands in ((-10, not falls), (10, falls)):
        _, maintenance = buyer.simulate(shocks=dict.fromkeys(feeds, move + away))
        assert (maintenance.excess >= 0) is stands
    for part, stands in (("0.999999", not falls), ("1.000001", falls)):
        venue.set_price(underlying, round(Decimal(price) / WAD * Decimal(part), 8))
        buyer.refresh_arrays(
            *(each.instrument for each in buyer.portfolio().positions if each.instrument.endswith(("-C", "-P")))
        )
        assert (buyer.health() >= WAD) is stands


def test_an_account_below_one_is_sold_at_once(venue, deep):
    """At the index itself; and what owes nothing has no such price."""
    buyer, seller = deep
    assert buyer.liquidation_prices()["ETH"].exact == (None, None)
    trade(buyer, seller, "ETH-PERP", buyer.max_size(None, "ETH-PERP", "buy", PRICE).exact, PRICE)
    venue.set_price("ETH", 1_700)
    assert buyer.health() < WAD
    assert buyer.liquidation_prices()["ETH"].exact == (wad(1_700), wad(1_700))


@pytest.mark.parametrize("initial", [True, False])
def test_scenarios_ask_what_the_simulator_says(venue, deep, initial):
    """The binding one and the requirement of each underlying; without options it is a rise or a fall."""
    buyer, seller = deep
    book(venue, buyer, seller)
    found = buyer.requirement_by_scenario(initial=initial)
    theirs = {venue_name(buyer, each): each for each in buyer.scenarios(initial=initial)}

    ether, bitcoin = found["ETH"], found["BTC"]
    assert found.keys() == theirs.keys()
    assert ether.requirement * WAD == theirs["ETH"].requirement
    assert ether.add_ons * WAD == theirs["ETH"].add_ons
    assert ether.binding == theirs["ETH"].binding
    assert {k: v * WAD for k, v in ether.losses.items()} == {k: max(0, -v) for k, v in theirs["ETH"].profits.items()}
    assert bitcoin.binding == "rise"
    assert bitcoin.losses == {"rise": bitcoin.requirement, "fall": 0}
    assert bitcoin.requirement * WAD == theirs["BTC"].requirement


def venue_name(client, view):
    """Name the underlying of a view."""
    return client.names.underlying(view.underlying)


def test_a_venue_with_another_engine_is_refused(venue, deep, monkeypatch):
    """The model never speaks for formulas it does not know."""
    buyer, seller = deep
    trade(buyer, seller, "ETH-PERP", wad(1), PRICE)
    monkeypatch.setattr(
        snapshot, "margin", lambda *arguments: replace(margin(*arguments), excess=margin(*arguments).excess - 1)
    )
    with pytest.raises(ModelError, match="does not compute margin as this client"):
        buyer.max_withdraw(None, "USDC")
