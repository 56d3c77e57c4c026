"""Time that a crawl counts, or leaves, which belongs to a halt or to another phase."""

from typing import Any

import pytest

from tests.attacks.test_waiting_in_doubt import fall_silent
from tests.helpers.auctions import bid, equity, start
from tests.helpers.markets import PERPETUAL
from tests.helpers.venue import Venue


@pytest.mark.xfail(strict=True, reason="what a crawl has left uncounted counts in full for the solvent phase")
def test_what_a_crawl_leaves_uncounted_raises_no_reward_of_a_solvent_account(
    lent: Venue, trader: Any, maker: Any, keeper: Any, liquidator: Any
) -> None:
    """An honest debtor with 7 ether at a dead price is insolvent for 83 seconds, then bitcoin rises: he has 54,820.

    The solvent phase has lasted for no second, so a bidder may earn 5 % of 105,276 at most. He looks first, which
    moves the 83 seconds that no crawl has counted into the new phase, and bids in the same second: for 18.8 %. He
    takes 16,799 of the debtor's money instead of 4,194.
    Three such swings bring the phase to 248 seconds, none its own.
    """
    lent.deposit(maker, "USDC", 1_000_000)
    lent.deposit(liquidator, "USDC", 3_000_000)
    lent.deposit(trader, "WBTC", 30)
    lent.trade(trader, maker, PERPETUAL, 7)
    lent.withdraw(trader, "USDC", 1_250_000)
    fall_silent(lent)
    start(lent, trader, keeper)
    account = lent.account(trader)
    lent.warp(lent.auction.auctionOf(account).seenAt + 82 - lent.node.now, refresh=False)
    lent.set_price("BTC", 43_500)
    quote = lent.auction.quote(account)
    lent.auction.poke(account, sender=liquidator)
    had = equity(lent, liquidator)
    bid(lent, trader, liquidator)
    assert equity(lent, liquidator) - had <= quote.value - quote.price


@pytest.mark.xfail(strict=True, reason="a crawl counts the time of a halt that ends in doubt")
def test_no_crawl_counts_the_time_of_a_halt(lent: Venue, trader: Any, maker: Any, keeper: Any, guardian: Any) -> None:
    """By the manual time counts nothing where the first look found Halted prices; 42 seconds of an hour do."""
    lent.deposit(maker, "USDC", 1_000_000)
    lent.deposit(trader, "WBTC", 30)
    lent.trade(trader, maker, PERPETUAL, 7)
    lent.withdraw(trader, "USDC", 1_250_000)
    fall_silent(lent)
    start(lent, trader, keeper)
    lent.oracle.forceHalt(lent.feed("BTC"), 3600, sender=guardian)
    lent.auction.poke(lent.account(trader), sender=keeper)
    lent.warp(3600, refresh=False)
    lent.set_price("BTC", 41_000)
    lent.auction.poke(lent.account(trader), sender=keeper)
    assert lent.auction.auctionOf(lent.account(trader)).insolventTime == 0
