"""Whoever settles an account chooses which of its markets its cash goes to, and so whose winners are not paid."""

import pytest

from tests.helpers.auctions import ROUNDING, bid, equity, start
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


@pytest.mark.xfail(strict=True, raises=AssertionError, reason="cash goes to the market that is settled first")
def test_the_owner_of_a_bankrupt_does_not_choose_whom_its_cash_goes_to(desk, trader, maker, other, keeper, liquidator):
    """Its cash is settled into the market of its own winner: that keeps all of 81,000, the honest one 20,568 of them.

    The owner gains the 30,216 that the honest winner loses.
    """
    long_of_two_markets(desk, trader, maker, other)
    before = wealth(desk, trader, maker), wealth(desk, other)
    desk.set_price("ETH", 1700)
    desk.settle(trader, FUTURE)
    start(desk, trader, keeper)
    bid(desk, trader, liquidator)
    after = wealth(desk, trader, maker), wealth(desk, other)
    assert after[1] - before[1] == pytest.approx(50_784 * 10**18, abs=ROUNDING)
    assert after[0] - before[0] == pytest.approx(-50_784 * 10**18, abs=ROUNDING)


@pytest.mark.xfail(strict=True, raises=AssertionError, reason="a leg that was settled weighs nothing in the reward")
def test_a_market_does_not_pay_for_the_liquidation_of_another(desk, trader, maker, other, lender, keeper, liquidator):
    """A future of 2,500 ether, settled to nothing, beside a perpetual of 1: whose winners pay the reward of both.

    They were owed 200 by the account, of which 101 are missing. After two minutes they have paid 3,940, which the
    owner, who bids for himself, gains; unsettled they would have paid 2.
    """
    desk.deposit(trader, "USDC", 502_100)
    desk.trade(trader, maker, FUTURE, 2_500)
    desk.trade(trader, other, "ETH-PERP", 1)
    desk.trade(lender, other, "ETH-PERP", 500)
    desk.set_price("ETH", 1800)
    before = wealth(desk, lender, other)
    desk.settle(trader, FUTURE)
    start(desk, trader, keeper)
    desk.warp(120)
    bid(desk, trader, liquidator)
    assert before - wealth(desk, lender, other) <= 200 * 10**18
