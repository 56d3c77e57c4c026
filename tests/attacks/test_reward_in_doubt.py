"""Contracts at a dead price, against an account of one's own, keep others from bidding while the reward rises."""

from typing import Any

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import bid, equity, start
from tests.helpers.markets import PERPETUAL
from tests.helpers.venue import Venue

STALE = 2


def dead_and_insolvent(venue: Venue, debtor: Any, winner: Any, keeper: Any) -> None:
    """Let a debtor of 1,500,000 have 40 bitcoin and a long of 1,500 ether; ether's sources fall silent at 2,000.

    Bitcoin falls until a little of the loan is missing. Then two hours pass, in which nobody bids.
    """
    venue.deposit(winner, "USDC", 1_000_000)
    venue.deposit(debtor, "WBTC", 40)
    for _ in range(6):
        venue.trade(debtor, winner, PERPETUAL, 250)
    venue.withdraw(debtor, "USDC", 1_500_000)
    for _ in range(2):
        venue.warp(venue.oracle.feedConfig(venue.feed("ETH")).primary.maxAge // 2 + 10, refresh=False)
        venue.set_price("BTC", 37_480)
    assert venue.oracle.price(venue.feed("ETH")).status == STALE
    start(venue, debtor, keeper)
    venue.warp(7_200, refresh=False)
    venue.set_price("BTC", 37_480)


def test_who_lent_pays_no_reward_for_contracts_that_nobody_else_wants(
    lent: Venue, lender: Any, other: Any, trader: Any, maker: Any, keeper: Any
) -> None:
    """The maker, of one owner with the trader, holds the other side of the long, and closes it by the bid.

    Of the loan 2,263 are missing. The insurance pays 101,537 and the lenders 210,436; the owner has 309,710 more than
    before. Whether ether is at 2,000 or at 1,500 is nothing to him.
    """
    dead_and_insolvent(lent, trader, maker, keeper)
    before = lent.vault.insuranceCash() + sum(lent.cash(each) for each in (lender, other))
    bid(lent, trader, maker)
    after = lent.vault.insuranceCash() + sum(lent.cash(each) for each in (lender, other))
    assert after - before >= -wad(5_000)


def test_nobody_else_bids_for_contracts_at_a_dead_price(lent: Venue, trader: Any, maker: Any, keeper: Any) -> None:
    """Where everybody knows 1,500 whoever else bids has lost 525,518 by the last second, and 750,000 by the first."""
    lent.deposit(keeper, "USDC", 3_000_000)
    dead_and_insolvent(lent, trader, maker, keeper)
    had = equity(lent, keeper)
    bid(lent, trader, keeper)
    lent.set_price("ETH", 1500)
    assert equity(lent, keeper) - had < -wad(500_000)
