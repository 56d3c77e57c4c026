"""Who owes an average that is nearly known spends what he has on accounts of his own, at the index.

Docstrings have the numbers that were seen.
"""

from contextlib import suppress
from typing import Any

from crossmargin.chain.decimals import wad
from crossmargin.errors import ContractRevert
from tests.helpers.auctions import bid, equity
from tests.helpers.markets import BITCOIN, FUTURE, sell, wealth
from tests.helpers.option_desk import (
    FAR_CALL,
    deposit_before_the_quarter,
    nearly_average,
    pay_out,
    post_surfaces,
    refresh_arrays,
)
from tests.helpers.venue import Venue


def test_no_slice_spends_what_is_owed_at_an_average(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any, liquidator: Any
) -> None:
    """Bundles move nothing that is being averaged, slices do.

    The maker's first account is short of 600 of the future and long as many perpetuals against its second one, and sick
    by bitcoin. The trader, of the same owner, has 160,000 and owes 100,000 for 500 calls at the average of 2,700. He
    bids for three fifths of it at the index of 2,100: the short futures, won 400 each there, will pay 2,700. He was
    worth 166,113 at the index, and 149,887 less than nothing at the average, which he owes the owner's second account.
    The honest holder of the calls won 55,831 where 95,238 are its part.
    """
    deposit_before_the_quarter(desk, trader, 160_000)
    sold, long, bidder = desk.account(maker, 1), desk.account(maker, 2), desk.account(trader)
    for sub_id, cash in ((1, 100_000), (2, 600_000)):
        desk.deposit(maker, "USDC", cash, sub_id=sub_id)
    for _ in range(6):
        desk.trade(maker, maker, FUTURE, 100, sub_ids=(2, 1))
        desk.trade(maker, maker, "ETH-PERP", 100, sub_ids=(1, 2))
    desk.trade(maker, maker, BITCOIN, 1, sub_ids=(2, 1))
    desk.trade(other, trader, FAR_CALL, 500)
    before = wealth(desk, other)
    nearly_average(desk, FAR_CALL, 2700, 2100)
    desk.set_prices({"ETH": 2100, "BTC": 145_000})
    post_surfaces(desk)
    refresh_arrays(desk, FAR_CALL, sender=keeper)
    desk.auction.start(sold, long, sender=maker)
    with suppress(ContractRevert):
        bid(desk, sold, bidder, "0.6", sender=trader)
    pay_out(desk, keeper, bidder, sold, long, desk.account(other))
    if equity(desk, trader) < 0:
        sell(desk, trader, keeper, liquidator)
    assert wealth(desk, other) - before >= wad(95_000)


def test_no_reduction_hands_out_what_is_owed_at_an_average(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any, liquidator: Any
) -> None:
    """Who owes 100,000 for calls at the average of 2,700, and has 127,000, is worth 127,000 at the index of 2,100.

    He holds 19 bitcoin against another account of his owner, and closes them by reduce-only fills at the lower end of
    the band: what that costs, 56,981, is less than the requirement that it frees, and nothing else limits what a
    reduction of an account above maintenance costs. It is owed to his owner. At the average he is worth 25,784 less
    than nothing: the honest holder of the calls won 83,868 of 100,000, which were there.
    """
    deposit_before_the_quarter(desk, trader, 127_000)
    desk.trade(other, trader, FAR_CALL, 500)
    desk.warp(2400)
    desk.set_price("ETH", 2100)
    post_surfaces(desk)
    desk.trade(trader, maker, BITCOIN, 19)
    before = wealth(desk, other)
    nearly_average(desk, FAR_CALL, 2700, 2100)
    desk.set_price("ETH", 2100)
    post_surfaces(desk)
    desk.warp(5)
    refresh_arrays(desk, FAR_CALL, sender=keeper)
    buy = desk.order(maker, BITCOIN, 19, 57_001, reduce_only=True)
    with suppress(ContractRevert):
        desk.fill(desk.order(trader, BITCOIN, -19, 57_001, reduce_only=True), buy)
    pay_out(desk, keeper, *map(desk.account, (trader, other)))
    if equity(desk, trader) < 0:
        sell(desk, trader, keeper, liquidator)
    assert wealth(desk, other) - before >= wad(99_000)
