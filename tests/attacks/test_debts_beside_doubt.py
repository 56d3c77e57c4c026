"""At a price in doubt a hedge is closed of what is owed at Valid prices: profit of nobody seems to cover that."""

from typing import Any

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import bid, equity, start
from tests.helpers.disputes import dispute
from tests.helpers.markets import FUTURE, try_to_settle, wealth
from tests.helpers.venue import Venue


def test_no_hedge_of_what_is_owed_at_valid_prices_is_given_away(
    desk: Venue, trader: Any, maker: Any, other: Any, lender: Any, keeper: Any, liquidator: Any
) -> None:
    """The trader, the maker and the lender are one owner's. Ether is held at 2,000 while everybody knows 1,500.

    In the block of a gap the trader owes an honest one 672,000 in bitcoin, and has 480,000 and 233,000 of profit on
    LINK, of which the lender had 133,000. Its short of 550 of the future will pay 275,000; the maker buys it back at
    1,999, beside nothing else in doubt. Where debts at Valid prices were not looked at the honest one got 611,640 of
    672,000, and the owner lost 612,190.
    """
    desk.deposit(trader, "USDC", 480_000)
    desk.deposit(other, "USDC", 400_000)
    desk.withdraw(lender, "USDC", 67_000)
    desk.trade(trader, other, "BTC-PERP", 40)
    desk.trade(lender, trader, "LINK-PERP", 33_333)
    desk.trade(maker, trader, FUTURE, 550)
    before = wealth(desk, other)
    dispute(desk, 1500)
    desk.set_prices({"BTC": 43_200, "LINK": 8})
    sell = desk.order(maker, FUTURE, -550, 1999, reduce_only=True)
    owed, has = wad(672_000), wad("478830.001")
    with desk.refuses("DebtsNotCovered", trader, maker, account=desk.account(trader), owed=owed, has=has):
        desk.fill(sell, desk.order(trader, FUTURE, 550, 1999, reduce_only=True))
    desk.set_price("ETH", 1500)
    for _ in range(2):
        for each in (maker, lender, other, trader):
            for instrument in desk.clearinghouse.legIds(desk.account(each)):
                try_to_settle(desk, each, instrument, keeper)
    for each in (lender, trader):
        if equity(desk, each) < 0 or desk.margin(each)[1].excess < 0:
            start(desk, each, keeper)
            bid(desk, each, liquidator)
            desk.settle(liquidator)
    assert wealth(desk, other) - before >= wad(671_000)
