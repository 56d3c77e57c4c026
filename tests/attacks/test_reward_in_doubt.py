"""Contracts at a dead price, against an account of one's own, keep others from bidding while the reward rises."""

from typing import Any

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import bid, equity, start
from tests.helpers.disputes import fall_silent
from tests.helpers.markets import PERPETUAL, insured_and_lent, lost_by_who_was_paid
from tests.helpers.venue import Venue


def dead_and_insolvent(venue: Venue, debtor: Any, winner: Any, keeper: Any) -> None:
    """Let a debtor of 1,500,000 have 40 bitcoin and a long of 1,500 ether, whose sources fall silent at 2,000.

    Bitcoin falls until a little of the loan is missing. Then two hours pass.
    """
    venue.deposit(winner, "USDC", 1_000_000)
    venue.deposit(debtor, "WBTC", 40)
    for _ in range(6):
        venue.trade(debtor, winner, PERPETUAL, 250)
    venue.withdraw(debtor, "USDC", 1_500_000)
    fall_silent(venue, {"BTC": 37_480})
    start(venue, debtor, keeper)
    venue.warp(7_200, refresh=False)
    venue.set_price("BTC", 37_480)


def test_who_lent_pays_no_reward_for_contracts_that_nobody_else_wants(
    lent: Venue, lender: Any, other: Any, trader: Any, maker: Any, keeper: Any
) -> None:
    """The maker, of one owner with the trader, holds the other side of the long, and closes it by the bid.

    Of the loan 2,263 are missing. Where time in doubt counted, insurance and lenders paid 311,972 after two hours, and
    the owner had 309,710 more than before: whether ether is at 2,000 or at 1,500 is nothing to him. Now it is 21,232,
    with 5 % of what is required, and 1.1 for what crawled.
    """
    dead_and_insolvent(lent, trader, maker, keeper)
    before = insured_and_lent(lent, lender, other)
    bid(lent, trader, maker)
    after = insured_and_lent(lent, lender, other)
    assert after - before >= -wad(24_000)


def test_nobody_else_bids_for_contracts_at_a_dead_price(lent: Venue, trader: Any, maker: Any, keeper: Any) -> None:
    """Where everybody knows 1,500 whoever else bids has lost 525,518 by the last second, and 750,000 by the first."""
    lent.deposit(keeper, "USDC", 3_000_000)
    dead_and_insolvent(lent, trader, maker, keeper)
    had = equity(lent, keeper)
    bid(lent, trader, keeper)
    lent.set_price("ETH", 1500)
    assert equity(lent, keeper) - had < -wad(500_000)


def test_who_was_paid_by_others_pays_no_reward_for_contracts_that_nobody_else_wants(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any, liquidator: Any
) -> None:
    """The trader has 600,000, no loan, and lost all of it, and 2,160, in 40 bitcoin to the maker, his owner's.

    An honest one has won 900,000 in 60 bitcoin of somebody who has paid them. After two hours the maker takes the
    trader, with 1,500 ether that it is short of itself. The reward of 280,200 is for the ether; the market of bitcoin
    bears it, by contracts: where time counted, the honest one had 169,416 less, and the owner as much more.
    """
    desk.deposit(trader, "USDC", 600_000)
    desk.deposit(other, "USDC", 500_000)
    for _ in range(6):
        desk.trade(trader, maker, PERPETUAL, 250)
    assert lost_by_who_was_paid(desk, trader, maker, liquidator, other, keeper) <= wad(15_000)
