"""A price that is read through its sources, which somebody pushes to in the middle of an operation."""

from contextlib import suppress
from typing import Any

from crossmargin.chain.decimals import parse_units, wad
from crossmargin.errors import ContractRevert
from tests.helpers.auctions import bid, start
from tests.helpers.batches import Batch
from tests.helpers.markets import LINK, sale, wealth
from tests.helpers.venue import Venue


def test_a_price_that_is_pushed_in_the_middle_pays_for_no_reduction(
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
    """Staked ether is read through its sources; of ether, on which it stands, anybody pushes the price.

    The trader has 700 staked ether, which a push to 1,560 makes worth 50,400 more than at 1,500, while ether stays
    where it was acted at. For as much he sells LINK to his owner's maker, below its price. The honest winner got
    1,557,718 of 1,605,980; the owner had 47,901 more.
    """
    config = {**desk.oracle.feedConfig(desk.feed("stETH")), "readThrough": True}
    desk.govern(desk.oracle, "setFeed", desk.feed("stETH"), config)
    batch = Batch(desk, node.deploy("Batcher", sender=deployer))
    desk.deposit(trader, "USDC", 20_000)
    desk.deposit(trader, "stETH", 700)
    desk.deposit(lender, "USDC", 80_000)
    desk.deposit(other, "USDC", 700_000)
    desk.trade(trader, other, "ETH-PERP", 3_650)
    desk.trade(lender, trader, "BTC-PERP", 40)
    desk.trade(trader, maker, LINK, 33_333)
    before = wealth(desk, other)
    desk.set_prices({"ETH": 1500, "BTC": 45_000})
    desk.node.pass_time(2)
    feeds = [desk.record.address(f"feed:ETH:{place}") for place in ("primary", "secondary")]
    push = (desk.board, "post", (feeds, [parse_units(1560, 8)] * 2, desk.oracle.address, []))
    dear = sale(desk, trader, maker, 33_332, "13.51")
    with suppress(ContractRevert):
        batch.run(keeper, sale(desk, trader, maker, 1, str(desk.prices["LINK"])), push, dear)
    desk.set_price("ETH", 1560)
    desk.refresh()
    for each in (lender, trader):
        start(desk, each, keeper)
        bid(desk, each, liquidator)
        desk.settle(liquidator)
    assert wealth(desk, other) - before >= wad(1_605_000)
