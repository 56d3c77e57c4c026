"""Whoever settles an account chooses which of its markets its cash goes to, and so whose winners are not paid."""

from decimal import Decimal

import pytest

from tests.helpers.auctions import ROUNDING, bid, equity, start
from tests.helpers.markets import FUTURE, wealth
from tests.helpers.reverts import ANY
from tests.helpers.venue import Venue


def long_of_two_markets(venue: Venue, owner, winner, honest) -> None:
    """Open longs of 270 ether in each of two markets: a future against an own account, a perpetual against another."""
    venue.deposit(owner, "USDC", 102_000)
    venue.trade(owner, winner, FUTURE, 270)
    venue.trade(owner, honest, "ETH-PERP", 270)


def test_winners_of_all_markets_bear_a_bankruptcy_by_what_they_won(desk, trader, maker, other, keeper, liquidator):
    """Both winners of 81,000 bear 30,216 of the 60,432 that are missing, where nobody settles before the bid."""
    long_of_two_markets(desk, trader, maker, other)
    before = wealth(desk, other)
    desk.set_price("ETH", 1700)
    start(desk, trader, keeper)
    bid(desk, trader, liquidator)
    assert wealth(desk, other) - before == pytest.approx(50_784 * 10**18, abs=ROUNDING)


def test_the_owner_of_a_bankrupt_does_not_choose_whom_its_cash_goes_to(desk, trader, maker, other, keeper, liquidator):
    """Its cash would be settled into the market of its own winner. It waits for the bid, which shares what is missing.

    Where it did not, that winner kept all of 81,000, the honest one 20,568 of them: the owner gained 30,216.
    """
    long_of_two_markets(desk, trader, maker, other)
    before = wealth(desk, trader, maker), wealth(desk, other)
    desk.set_price("ETH", 1700)
    with desk.refuses("EquityTooLow", trader, account=desk.account(trader), equity=ANY, least=ANY):
        desk.settle(trader, FUTURE)
    start(desk, trader, keeper)
    bid(desk, trader, liquidator)
    after = wealth(desk, trader, maker), wealth(desk, other)
    assert after[1] - before[1] == pytest.approx(50_784 * 10**18, abs=ROUNDING)
    assert after[0] - before[0] == pytest.approx(-50_784 * 10**18, abs=ROUNDING)


def test_a_market_does_not_pay_for_the_liquidation_of_another(desk, trader, maker, other, lender, keeper, liquidator):
    """A future of 2,500 ether, settled to nothing, beside a perpetual of 1: whose winners pay the reward of both.

    They were owed 200 by the account, of which 101 are missing. Where the future was settled first they had paid 3,940
    after two minutes, which the owner, who bids for himself, gained; unsettled they would have paid 2.
    """
    desk.deposit(trader, "USDC", 502_100)
    desk.trade(trader, maker, FUTURE, 2_500)
    desk.trade(trader, other, "ETH-PERP", 1)
    desk.trade(lender, other, "ETH-PERP", 500)
    desk.set_price("ETH", 1800)
    before = wealth(desk, lender, other)
    with desk.refuses("EquityTooLow", trader, account=desk.account(trader), equity=ANY, least=ANY):
        desk.settle(trader, FUTURE)
    start(desk, trader, keeper)
    desk.warp(120)
    bid(desk, trader, liquidator)
    assert before - wealth(desk, lender, other) <= 200 * 10**18


def test_what_was_paid_weighs_in_the_reward(desk, trader, maker, other, lender, keeper, liquidator):
    """The same, with the future settled at 1,900, when the account met maintenance margin.

    Of the reward of 3,840 the perpetual would pay 284, for 200 of the 2,700 that are owed are its; of the 500,200 that
    were lost they are next to nothing.
    """
    desk.deposit(trader, "USDC", 502_100)
    desk.trade(trader, maker, FUTURE, 2_500)
    desk.trade(trader, other, "ETH-PERP", 1)
    desk.trade(lender, other, "ETH-PERP", 500)
    desk.set_price("ETH", 1900)
    desk.settle(trader, FUTURE)
    desk.set_price("ETH", 1800)
    before = wealth(desk, lender, other)
    start(desk, trader, keeper)
    desk.warp(120)
    receipt = bid(desk, trader, liquidator)
    assert receipt.event("LossAllocated").markets > 3_000 * 10**18
    assert before - wealth(desk, lender, other) <= 20 * 10**18


def test_cash_of_one_market_pays_it_however_little_is_left(desk, trader, maker):
    """There is nobody else to prefer."""
    desk.deposit(trader, "USDC", 51_000)
    desk.trade(trader, maker, FUTURE, 270)
    desk.set_price("ETH", 1700)
    assert equity(desk, trader) < 0
    desk.settle(trader, FUTURE)
    assert desk.cash(trader) == 0


def test_no_winner_is_named_that_a_bankrupt_pays(desk, trader, maker, other, keeper):
    """`settleBetween` settles the loser first."""
    long_of_two_markets(desk, trader, maker, other)
    desk.set_price("ETH", 1700)
    start(desk, trader, keeper)
    account, cash = desk.account(trader), desk.cash(trader)
    with desk.refuses("EquityTooLow", trader, account=account, equity=ANY, least=ANY):
        desk.clearinghouse.settleBetween(desk.instrument(FUTURE), desk.account(maker), account, sender=keeper)
    assert desk.cash(trader) == cash


def test_profit_against_a_bankrupt_of_ones_own_lets_no_market_be_paid_first(
    venue, trader, maker, other, lender, keeper, liquidator
):
    """The trader, the maker and the lender are one owner's. The honest winner got 58,538 of 108,649."""
    venue.deposit(liquidator, "USDC", 5_000_000)
    venue.deposit(maker, "USDC", 1_000_000)
    venue.deposit(other, "USDC", 400_000)
    venue.deposit(trader, "USDC", 162_000)
    venue.deposit(lender, "USDC", 56_000)
    bitcoin = float(venue.prices["BTC"])
    venue.trade(trader, maker, FUTURE, 270)
    venue.trade(trader, other, "ETH-PERP", 270)
    venue.trade(lender, trader, "BTC-PERP", str(round(540_000 / bitcoin, 3)))
    before = equity(venue, other)
    venue.set_prices({"ETH": "1412", "BTC": str(round(bitcoin * 0.706, 2))})
    venue.settle(lender)
    with venue.refuses("EquityTooLow", trader, account=venue.account(trader), equity=ANY, least=ANY):
        venue.settle(trader, "BTC-PERP", FUTURE)
    start(venue, lender, keeper)
    bid(venue, lender, liquidator)
    venue.clearinghouse.collectShares(venue.account(trader), venue.instrument("BTC-PERP"), 100, sender=keeper)
    start(venue, trader, keeper)
    bid(venue, trader, liquidator)
    venue.settle(other)
    assert equity(venue, other) - before >= 108_000 * 10**18


def test_profit_against_a_bankrupt_of_ones_own_buys_no_dear_reduction(
    desk, trader, maker, other, lender, keeper, liquidator
):
    """The trader, the maker and the lender are one owner's. In the block of a gap all of the trader's cash is owed.

    It seemed to meet maintenance margin by 750,000 of profit on bitcoin, of which the lender had 280,000. So it closed
    LINK against the maker at the end of the band: 49,666 more were owed there. The honest winner got 364,386, where it
    gets 386,366 of 400,000 without that; the owner lost 364,746 instead of 386,366.
    """
    desk.deposit(trader, "USDC", 520_000)
    desk.deposit(lender, "USDC", 80_000)
    desk.trade(trader, other, "ETH-PERP", 800)
    desk.trade(trader, maker, FUTURE, 850)
    desk.trade(lender, trader, "BTC-PERP", 50)
    desk.trade(trader, maker, "LINK-PERP", 33_333)
    before = wealth(desk, other)
    desk.set_prices({"ETH": 1500, "BTC": 45_000})
    assert desk.margin(trader)[1].excess > 200_000 * 10**18
    sale = desk.order(trader, "LINK-PERP", -33_333, "13.51", reduce_only=True)
    with desk.refuses("ReductionTooDear", trader, maker, account=desk.account(trader), cost=ANY, limit=ANY):
        desk.fill(sale, desk.order(maker, "LINK-PERP", 33_333, "13.51"))
    for each in (lender, trader):
        start(desk, each, keeper)
        bid(desk, each, liquidator)
        desk.settle(liquidator)
    assert wealth(desk, other) - before >= 386_000 * 10**18


def pair_of_spreads(venue: Venue, one, two) -> None:
    """Let the price fall after one went long the future and short the perpetual against the other."""
    for each in (one, two):
        venue.deposit(each, "USDC", 60_000)
    venue.trade(one, two, FUTURE, 270)
    venue.trade(two, one, "ETH-PERP", 270)
    venue.set_price("ETH", 1500)


def test_who_owes_one_market_pays_it_with_profit_unpaid_elsewhere(venue, trader, maker, keeper):
    """Two spreads against each other: each owes one market 135,000, and has 60,000. Both are paid in a few rounds."""
    pair_of_spreads(venue, trader, maker)
    before = [equity(venue, each) for each in (trader, maker)]
    for _ in range(8):
        venue.settle(trader, FUTURE)
        venue.settle(maker, FUTURE, "ETH-PERP")
        venue.settle(trader, "ETH-PERP")
    for each, worth in zip((trader, maker), before, strict=True):
        assert venue.cash(each) == pytest.approx(worth, abs=ROUNDING)


def reduce(venue: Venue, owner, buyer, size, price=None):
    """Let the owner sell a part of its future, and nothing more."""
    price = venue.prices["ETH"] if price is None else price
    bid_ = venue.order(buyer, FUTURE, size, price)
    return venue.fill(venue.order(owner, FUTURE, -size, price, reduce_only=True), bid_)


def test_a_reduction_pays_no_market_first(desk, trader, maker, other):
    """Who owes two markets closes contracts of one, and what is realised is a debt; whoever settles it has it paid."""
    long_of_two_markets(desk, trader, maker, other)
    desk.set_price("ETH", 1900)
    cash = desk.cash(trader)
    reduce(desk, trader, maker, 100)
    assert cash - desk.cash(trader) < 200 * 10**18, "no more than its fee"
    desk.settle(trader, FUTURE)
    assert cash - desk.cash(trader) > 26_000 * 10**18


def test_a_reduction_costs_no_more_than_the_account_is_worth(desk, trader, maker, other):
    """A twentieth of the 29,000 that it frees would leave the account 850 below nothing."""
    long_of_two_markets(desk, trader, maker, other)
    desk.set_price("ETH", "1812.6")
    account, before = desk.account(trader), equity(desk, trader)
    assert 0 < before < 1_350 * 10**18
    with desk.refuses("EquityTooLow", trader, maker, account=account, equity=ANY, least=ANY):
        reduce(desk, trader, maker, 270, Decimal("1807.6"))
    assert equity(desk, trader) == pytest.approx(before, abs=ROUNDING)
