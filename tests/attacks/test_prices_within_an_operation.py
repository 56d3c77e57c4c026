"""A reduction is judged by what its account was worth before it: who brings another price in the middle of it.

Docstrings have the numbers that were seen.
"""

from contextlib import suppress
from typing import Any

from crossmargin.chain.decimals import wad
from crossmargin.errors import ContractRevert
from tests.helpers.auctions import bid, start
from tests.helpers.batches import Batch
from tests.helpers.markets import FUTURE, LINK, sale, wealth
from tests.helpers.venue import Venue


def test_a_price_that_comes_in_the_middle_pays_for_no_reduction(
    node: Any,
    desk: Venue,
    deployer: Any,
    trader: Any,
    maker: Any,
    other: Any,
    lender: Any,
    keeper: Any,
    liquidator: Any,
) -> None:
    """The trader, the maker and the lender are one owner's; after a gap all of the trader's cash is owed.

    Ether is stored at 1,500, and its sources say 1,531 now. In one operation a LINK is sold at its price, ether is
    refreshed, and 33,332 LINK go to the maker at the end of the band, for 49,755 less than they are worth: as much as
    ether had brought the trader meanwhile. The honest winner got 363,024 of 375,200, the owner lost 363,384 instead of
    386,506.
    """
    batch = Batch(desk, node.deploy("Batcher", sender=deployer))
    desk.deposit(trader, "USDC", 520_000)
    desk.deposit(lender, "USDC", 80_000)
    desk.trade(trader, other, "ETH-PERP", 800)
    desk.trade(trader, maker, FUTURE, 850)
    desk.trade(lender, trader, "BTC-PERP", 50)
    desk.trade(trader, maker, LINK, 33_333)
    before = wealth(desk, other)
    desk.set_prices({"ETH": 1500, "BTC": 45_000})
    desk.say("ETH", 1531)
    refresh = (desk.oracle, "refresh", ([desk.feed("ETH")],))
    dear = sale(desk, trader, maker, 33_332, "13.51")
    with suppress(ContractRevert):
        batch.run(keeper, sale(desk, trader, maker, 1, str(desk.prices["LINK"])), refresh, dear)
    desk.refresh()
    for each in (lender, trader):
        start(desk, each, keeper)
        bid(desk, each, liquidator)
        desk.settle(liquidator)
    assert wealth(desk, other) - before >= wad(375_000)
