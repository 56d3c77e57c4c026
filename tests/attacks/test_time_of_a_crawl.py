"""Time that a crawl counts, or leaves, which belongs to a halt or to another phase."""

from typing import Any

from tests.helpers.auctions import bid, equity
from tests.helpers.markets import start_in_doubt
from tests.helpers.venue import Venue


def test_what_a_crawl_leaves_uncounted_raises_no_reward_of_a_solvent_account(
    lent: Venue, trader: Any, maker: Any, keeper: Any, liquidator: Any
) -> None:
    """An honest debtor with 7 ether at a dead price is insolvent for 83 seconds, then bitcoin rises: he has 54,820.

    The solvent phase has lasted for no second, so a bidder may earn 5 % of 105,276 at most. Where the 83 seconds that
    no crawl had counted went into the new phase, who looked first and bid in the same second took 16,799 of the
    debtor's money, 18.8 %, instead of 4,194.
    """
    lent.deposit(liquidator, "USDC", 3_000_000)
    start_in_doubt(lent, trader, maker, keeper)
    account = lent.account(trader)
    lent.warp(lent.auction.auctionOf(account).seenAt + 82 - lent.node.now, refresh=False)
    lent.set_price("BTC", 43_500)
    quote = lent.auction.quote(account)
    lent.auction.poke(account, sender=liquidator)
    had = equity(lent, liquidator)
    bid(lent, trader, liquidator)
    assert equity(lent, liquidator) - had <= quote.value - quote.price


def test_a_crawl_goes_on_in_a_halt_that_ends_in_doubt(
    lent: Venue, trader: Any, maker: Any, keeper: Any, guardian: Any
) -> None:
    """Of an hour 42 seconds count: what began halted may have been in doubt for most of it, and crawls."""
    start_in_doubt(lent, trader, maker, keeper)
    lent.oracle.forceHalt(lent.feed("BTC"), 3600, sender=guardian)
    halted = lent.auction.poke(lent.account(trader), sender=keeper).time
    counted = lent.auction.auctionOf(lent.account(trader)).insolventTime
    lent.warp(3600, refresh=False)
    lent.set_price("BTC", 41_000)
    looked = lent.auction.poke(lent.account(trader), sender=keeper).time
    assert lent.auction.auctionOf(lent.account(trader)).insolventTime - counted == (looked - halted) // 84
