"""Whoever settles an account chooses which of its markets its cash goes to, and so whose winners are not paid."""

import pytest

from tests.helpers.auctions import ROUNDING, bid, equity, start
from tests.helpers.reverts import ANY
from tests.helpers.venue import Venue

FUTURE = "ETH-FUTURE"


@pytest.fixture
def desk(venue, trader, maker, other, lender, liquidator) -> Venue:
    """Give everybody cash: the trader and the maker, who are one owner, and two honest ones."""
    venue.deposit(liquidator, "USDC", 5_000_000)
    venue.deposit(maker, "USDC", 1_000_000)
    for each in (other, lender):
        venue.deposit(each, "USDC", 200_000)
    return venue


def wealth(venue: Venue, *owners) -> int:
    """Add up what accounts are worth, once they have borne their parts [wad USD]."""
    for each in owners:
        venue.settle(each)
    return sum(equity(venue, each) for each in owners)


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
    with desk.refuses("NoEquity", trader, account=desk.account(trader), equity=ANY):
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
    with desk.refuses("NoEquity", trader, account=desk.account(trader), equity=ANY):
        desk.settle(trader, FUTURE)
    start(desk, trader, keeper)
    desk.warp(120)
    bid(desk, trader, liquidator)
    assert before - wealth(desk, lender, other) <= 200 * 10**18


def test_what_was_paid_weighs_in_the_reward(desk, trader, maker, other, lender, keeper, liquidator):
    """The same, with the future settled at 1,801, when the account could pay all of it.

    Of the reward of 3,840 the perpetual would pay 284, for 200 of the 2,700 that are owed are its; of the 500,200 that
    were lost they are next to nothing.
    """
    desk.deposit(trader, "USDC", 502_100)
    desk.trade(trader, maker, FUTURE, 2_500)
    desk.trade(trader, other, "ETH-PERP", 1)
    desk.trade(lender, other, "ETH-PERP", 500)
    desk.set_price("ETH", 1801)
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
    with desk.refuses("NoEquity", trader, account=account, equity=ANY):
        desk.clearinghouse.settleBetween(desk.instrument(FUTURE), desk.account(maker), account, sender=keeper)
    assert desk.cash(trader) == cash
