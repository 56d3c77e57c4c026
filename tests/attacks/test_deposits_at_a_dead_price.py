"""A bankrupt who is given what has a dead price, once his auction runs."""

from typing import Any

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import bid, reward, start
from tests.helpers.venue import Venue

STALE = 2


def go_on(venue: Venue, seconds: int, bitcoin: int) -> None:
    """Let time pass in which the sources of LINK alone are silent."""
    venue.warp(seconds, refresh=False)
    venue.set_prices({"ETH": 2000, "BTC": bitcoin})


def test_a_deposit_at_a_dead_price_keeps_nobody_waiting_for_a_bankrupt(
    lent: Venue, lender: Any, other: Any, trader: Any, keeper: Any, liquidator: Any
) -> None:
    """Everybody knows that LINK, Stale at 15, is worth 1. The bankrupt, who has none, adds 760 of it to 30 bitcoin.

    A bidder may lose 10,640 by it, and is paid up to 101,963. Bitcoin falls by thirty every ten minutes. Insurance and
    lenders lost 46,089 while the clock crawled for it from the beginning; now 16,523 after ten minutes.
    """
    lent.deposit(trader, "WBTC", 30)
    lent.withdraw(trader, "USDC", 1_250_000)
    for _ in range(2):
        go_on(lent, lent.oracle.feedConfig(lent.feed("LINK")).primary.maxAge // 2 + 10, 41_000)
    assert lent.oracle.price(lent.feed("LINK")).status == STALE
    start(lent, trader, keeper)
    lent.deposit(trader, "LINK", 760)
    before = lent.vault.insuranceCash() + sum(lent.cash(each) for each in (lender, other))
    for looks in range(1, 145):
        go_on(lent, 600, 41_000 - 30 * looks)
        lent.auction.poke(lent.account(trader), sender=keeper)
        if reward(lent, trader) >= wad("0.0499"):
            break
    bid(lent, trader, liquidator)
    lost = before - lent.vault.insuranceCash() - sum(lent.cash(each) for each in (lender, other))
    assert lost < wad(25_000)
