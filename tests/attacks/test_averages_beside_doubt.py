"""At a price in doubt a hedge is closed of what is owed at an average, which no mark shows."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

from crossmargin.chain.decimals import wad
from crossmargin.client.option_views import Slice
from crossmargin.errors import ContractRevert
from tests.helpers.auctions import bid, equity, start
from tests.helpers.disputes import says
from tests.helpers.markets import BITCOIN, try_to_settle, wealth
from tests.helpers.option_desk import (
    FAR_CALL,
    deposit_before_the_quarter,
    pay_out,
    post_slice,
    post_surfaces,
    refresh_arrays,
    series,
)
from tests.helpers.venue import Venue


def averaged_beside_a_dispute(venue: Venue, keeper: Any) -> None:
    """Nine minutes before the quarter expires at 2,700 in the mean ether is at 2,100, and bitcoin held at 60,000."""
    expiry = series(venue, FAR_CALL).expiry or 0
    venue.warp(expiry - 2700 - venue.node.now)
    says(venue, primary=60_000, secondary=45_000, after=12, feed="BTC")
    venue.warp(expiry - 1800 - venue.node.now, refresh=False)
    venue.set_price("ETH", 2957)
    venue.warp(expiry - 540 - venue.node.now, refresh=False)
    says(venue, primary=60_000, secondary=45_000, after=12, feed="BTC")
    venue.set_prices({"ETH": 2100, "LINK": "3.5"})
    post_slice(venue, "ETH", expiry, Slice(*venue.config.surfaces["ETH"]["quarterly"].encode()))
    refresh_arrays(venue, FAR_CALL, sender=keeper)


def test_no_hedge_of_what_an_average_will_ask_is_given_away(
    desk: Venue, trader: Any, maker: Any, other: Any, lender: Any, keeper: Any, liquidator: Any
) -> None:
    """The trader, the maker and the lender are one owner's. Bitcoin is held at 60,000 while everybody knows 45,000.

    The trader has 166,000, owes the lender 149,500 for LINK, and an honest one 100,000 for 500 calls at an average that
    is nearly known; at the index they are worth nothing. Its short of 8 bitcoin will pay 120,000; the maker buys it
    back at 60,000. Where contracts that are being averaged did not count the honest one got 66,370 of 99,950, and the
    owner kept 33,390 more.
    """
    deposit_before_the_quarter(desk, trader, 166_000)
    desk.set_price("ETH", 2200)
    post_surfaces(desk)
    desk.trade(other, trader, FAR_CALL, 500)
    desk.trade(trader, lender, "LINK-PERP", 13_000)
    desk.trade(maker, trader, BITCOIN, 8)
    before = wealth(desk, other)
    averaged_beside_a_dispute(desk, keeper)
    sell = desk.order(maker, BITCOIN, -8, 60_000, reduce_only=True)
    with suppress(ContractRevert):
        desk.fill(sell, desk.order(trader, BITCOIN, 8, 60_000, reduce_only=True))
    desk.prices["BTC"] = Decimal(45_000)
    desk.refresh()
    pay_out(desk, keeper, *map(desk.account, (trader, maker, other)))
    for each in (maker, lender, trader, other):
        for instrument in desk.clearinghouse.legIds(desk.account(each)):
            try_to_settle(desk, each, instrument, keeper)
    if equity(desk, trader) < 0 or desk.margin(trader)[1].excess < 0:
        start(desk, trader, keeper)
        bid(desk, trader, liquidator)
        desk.settle(liquidator)
    assert wealth(desk, other) - before >= wad(99_900)
