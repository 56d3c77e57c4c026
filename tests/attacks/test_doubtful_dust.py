"""A debtor keeps winners waiting by dust at a price that is in doubt, and has his own winner catch up meanwhile.

Docstrings have the numbers that were seen.
"""

from typing import Any

import pytest

from crossmargin.chain.decimals import wad
from crossmargin.model.positions import SETTLEMENT_WINDOW
from tests.helpers.markets import BITCOIN, sell, try_to_settle, wealth
from tests.helpers.option_desk import CALL, post_surfaces, series
from tests.helpers.venue import Venue


@pytest.mark.parametrize("dust", [False, True], ids=["none", "a wei of an expired call"])
def test_dust_in_doubt_keeps_no_winner_waiting(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any, liquidator: Any, *, dust: bool
) -> None:
    """The trader, healthy, owes an honest one 81,000 and has 150,000; another market is against his own account.

    With a wei of a call that has expired, and that nobody has observed, he paid nobody for the twenty minutes that an
    average takes (`PricesNotValid`). A fall of bitcoin in that time made him owe his own winner too. The honest one
    got 58,527 where 81,000 were there to be paid; the own winner got the other 22,473. Each expiry of any series
    gave such a time, and no other price of the account was in doubt.
    """
    desk.deposit(trader, "USDC", 150_000)
    post_surfaces(desk)
    desk.trade(trader, other, "ETH-PERP", 270)
    desk.trade(trader, maker, BITCOIN, 9)
    if dust:
        desk.trade(trader, maker, CALL, "0.000000000000000001")
    before = wealth(desk, other)
    expiry = series(desk, CALL).expiry or 0
    desk.warp(expiry - SETTLEMENT_WINDOW - desk.node.now)
    desk.warp(expiry + 60 - desk.node.now)
    desk.set_price("ETH", 1700)
    assert desk.margin(trader)[1].excess > 0
    for each in (trader, other):
        try_to_settle(desk, each, "ETH-PERP", other)
    desk.set_price("BTC", 46_000)
    sell(desk, trader, keeper, liquidator)
    assert wealth(desk, other) - before >= wad(80_900)
