"""Profit against an own bankrupt beside a loan: who pays what is missing, and the reward for the account."""

from typing import Any

import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import bid, equity, start
from tests.helpers.markets import FUTURE, insured_and_lent
from tests.helpers.venue import Venue

TWO_HOURS = 7_200
LOAN = 1_500_000


def spread_against_two(venue: Venue, owner: Any, winner: Any, keeper: Any) -> tuple[int, int]:
    """Let an owner owe 1,500,000 against 1,000 ether, and fall by a quarter; give this account and its loser.

    He is short of 300 ether of the future against an account of his own with 70,000, and long of 10 bitcoin of the
    winner's, who is one with him. Of the fall he is owed 150,000, of which 80,270 are not there, and owes 150,000. His
    loan is 300 more than his ether.
    """
    venue.deposit(owner, "WETH", 1_000)
    venue.deposit(owner, "USDC", 100)
    venue.deposit(owner, "USDC", 70_000, sub_id=1)
    venue.deposit(winner, "USDC", 400_000)
    venue.deposit(winner, "USDC", 500_000, sub_id=1)
    for _ in range(6):
        venue.trade(owner, owner, FUTURE, 50, sub_ids=(1, 0))
        venue.trade(owner, winner, "BTC-PERP", "1.6666666")
    venue.withdraw(owner, "USDC", LOAN)
    venue.set_prices({"ETH": "1499.90", "BTC": "44997.00"})
    sold, loser = venue.account(owner), venue.account(owner, 1)
    start(venue, owner, keeper)
    venue.auction.start(loser, venue.account(keeper), sender=keeper)
    return sold, loser


def test_the_reward_for_bets_is_not_paid_by_who_lent(
    lent: Venue, lender: Any, other: Any, trader: Any, maker: Any, keeper: Any
) -> None:
    """After two hours an own bidder is owed a reward of 125,580, and the owner's winner bears it; of the loan 300 lack.

    Where markets bore of a reward no more than of what is missing, fund and lenders paid 125,880.
    """
    sold, _ = spread_against_two(lent, trader, maker, keeper)
    before = insured_and_lent(lent, lender, other)
    lent.warp(TWO_HOURS)
    bid(lent, sold, maker, sub_id=1)
    assert insured_and_lent(lent, lender, other) - before >= -wad(1_000)


@pytest.mark.parametrize(("loser_first", "lost"), [(False, 80_270), (True, 0)])
def test_who_takes_the_loser_first_loses_nothing(
    lent: Venue,
    lender: Any,
    other: Any,
    trader: Any,
    maker: Any,
    keeper: Any,
    liquidator: Any,
    *,
    loser_first: bool,
    lost: int,
) -> None:
    """An honest bidder loses what his claim on the loser lacks, or nothing; fund and lenders bear 300 either way."""
    sold, loser = spread_against_two(lent, trader, maker, keeper)
    before, had = insured_and_lent(lent, lender, other), equity(lent, liquidator)
    for each in (loser, sold) if loser_first else (sold, loser):
        bid(lent, each, liquidator)
    lent.settle(liquidator)
    assert equity(lent, liquidator) - had == pytest.approx(-wad(lost), abs=wad(1))
    assert insured_and_lent(lent, lender, other) - before == pytest.approx(-wad(300), abs=wad(1))
