"""A bankrupt who is given what has a dead price, once his auction runs."""

from typing import Any

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import start
from tests.helpers.disputes import fall_silent
from tests.helpers.markets import lost_in_a_falling_market
from tests.helpers.venue import Venue


def test_a_deposit_at_a_dead_price_keeps_nobody_waiting_for_a_bankrupt(
    lent: Venue, lender: Any, other: Any, trader: Any, keeper: Any, liquidator: Any
) -> None:
    """Everybody knows that LINK, Stale at 15, is worth 1. The bankrupt, who has none, adds 760 of it to 30 bitcoin.

    A bidder may lose 10,640 by it, and is paid up to 101,963. Bitcoin falls by thirty every ten minutes. Insurance and
    lenders lost 46,089 while the clock crawled for it from the beginning; now 16,523 after ten minutes.
    """
    lent.deposit(trader, "WBTC", 30)
    lent.withdraw(trader, "USDC", 1_250_000)
    fall_silent(lent, {"ETH": 2000, "BTC": 41_000}, feed="LINK")
    start(lent, trader, keeper)
    lent.deposit(trader, "LINK", 760)
    assert lost_in_a_falling_market(lent, trader, keeper, liquidator, (lender, other), {"ETH": 2000}) < wad(25_000)
