"""What an account seems worth by risk arrays that admit new risk, when it pays one of several markets.

Docstrings have the numbers that were seen.
"""

from typing import Any

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import equity
from tests.helpers.markets import BITCOIN, sell, try_to_settle, wealth
from tests.helpers.option_desk import CALL, post_surfaces, refresh_arrays, series
from tests.helpers.venue import Venue


def test_no_market_is_paid_first_along_a_tangent(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any, liquidator: Any
) -> None:
    """Nine minutes before trading ends; ether has risen by 0.95 % since the array of 1,500 short calls was refreshed.

    Along the tangent of then a call is worth 5.44 less than at its mark of 19.1. New risk pays for that by what widens
    old arrays, which is a part of the requirement; who pays a market is asked for what it is worth before requirements.
    The trader seemed worth 42 and was worth 8,156 less than nothing: the owner's winner of bitcoin was paid all of
    726,300, the honest holder of the calls got 7,259 of 15,415, where 15,245 are its part.
    """
    expiry = series(desk, CALL).expiry or 0
    desk.warp(expiry - 3 * 3600 - desk.node.now)
    post_surfaces(desk)
    desk.deposit(trader, "USDC", 735_000)
    desk.trade(trader, maker, BITCOIN, 60)
    desk.trade(other, trader, CALL, 1_500)
    before = wealth(desk, other)
    desk.warp(expiry - 2400 - desk.node.now)
    post_surfaces(desk)
    desk.warp(5)
    refresh_arrays(desk, CALL, sender=keeper)
    desk.warp(55)
    desk.set_prices({"ETH": 2019, "BTC": 47_895})
    try_to_settle(desk, trader, BITCOIN, keeper)
    refresh_arrays(desk, CALL, sender=keeper)
    assert equity(desk, trader) < -wad(8_000)
    sell(desk, trader, keeper, liquidator)
    assert wealth(desk, other) - before >= wad(15_000)
