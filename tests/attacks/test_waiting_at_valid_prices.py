"""Whoever owes has others' waiting time forgotten, by a look in a second in which prices are in doubt."""

from typing import Any

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import start
from tests.helpers.venue import Venue


def elapsed(venue: Venue, owner: Any, sender: Any) -> int:
    """Auction time of an insolvent account after a look of somebody's [s]."""
    venue.auction.poke(venue.account(owner), sender=sender)
    return venue.auction.auctionOf(venue.account(owner)).insolventTime


def test_a_second_in_doubt_takes_little_waiting_time(lent: Venue, trader: Any, keeper: Any, guardian: Any) -> None:
    """Two hours passed at Valid prices. Then bitcoin is in doubt briefly, and the owner looks.

    Keepers have looked every ten minutes, so that only what was since is forgotten, but for two minutes. Where all
    time was forgotten that ends in doubt, 85 of 7,190 s were left.
    """
    lent.deposit(trader, "WBTC", 30)
    lent.withdraw(trader, "USDC", 1_250_000)
    lent.set_price("BTC", 41_000)
    start(lent, trader, keeper)
    for seconds in (600,) * 11 + (590,):
        lent.warp(seconds, refresh=False)
        lent.set_price("BTC", 41_000)
        looked = elapsed(lent, trader, keeper)
    assert looked >= 7_190
    lent.warp(590, refresh=False)
    lent.set_price("BTC", 41_000)
    lent.oracle.forceUncertain(lent.feed("BTC"), 10, sender=guardian)
    at_doubt = elapsed(lent, trader, trader)
    lent.warp(20, refresh=False)
    lent.set_price("BTC", 41_000)
    assert elapsed(lent, trader, keeper) >= at_doubt >= looked + 120
    assert lent.auction.quote(lent.account(trader)).price < -wad(1_250_000 - 41_000 * 30)
