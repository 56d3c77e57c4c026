"""At a price in doubt who can pay leaves, and an account of his own that cannot is left to owe."""

from contextlib import suppress
from typing import Any

import pytest

from crossmargin.chain.decimals import wad
from crossmargin.errors import ContractRevert
from tests.helpers.auctions import bid, equity
from tests.helpers.disputes import dispute
from tests.helpers.markets import FUTURE, try_to_settle, wealth
from tests.helpers.venue import Venue


@pytest.mark.xfail(strict=True, reason="who hedges nothing may reduce at any price: known issue 52")
def test_no_debtor_is_replaced_at_a_price_in_doubt(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any, liquidator: Any
) -> None:
    """Ether is held at 2,000 while everybody knows 1,500. All but an honest one, who is short of 300, are one owner's.

    The trader has 300,000 and is long of them. Two accounts with 60,000 each hold 300 against each other. The trader
    sells his to the short one: both only reduce, and hedge nothing. Who is left to owe 150,000 is the long one: the
    honest one gets 59,760, the trader keeps all.
    """
    desk.deposit(trader, "USDC", 300_000)
    short, poor = desk.account(maker, 1), desk.account(maker, 2)
    for sub_id in (1, 2):
        desk.deposit(maker, "USDC", 60_000, sub_id=sub_id)
    for _ in range(6):
        desk.trade(maker, maker, FUTURE, 50, sub_ids=(2, 1))
    desk.trade(trader, other, FUTURE, 300)
    before = wealth(desk, other)
    dispute(desk, 1500)
    buy = desk.order(maker, FUTURE, 300, 2000, reduce_only=True, sub_id=1)
    with suppress(ContractRevert):
        desk.fill(desk.order(trader, FUTURE, -300, 2000, reduce_only=True), buy)
    desk.set_price("ETH", 1500)
    for each in (desk.account(trader), poor, short, desk.account(other)):
        try_to_settle(desk, each, FUTURE, keeper)
    if equity(desk, poor) < 0:
        desk.auction.start(poor, desk.account(keeper), sender=keeper)
        bid(desk, poor, liquidator)
        desk.settle(liquidator)
    assert wealth(desk, other) - before >= wad(149_000)
