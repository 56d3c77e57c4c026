"""Who is paid first in the half hour before an expiry, while most of the average is known and no mark says so.

Docstrings have the numbers that were seen.
"""

from contextlib import suppress
from typing import Any

from crossmargin.chain.decimals import wad
from crossmargin.errors import ContractRevert
from crossmargin.model.positions import SETTLEMENT_WINDOW
from tests.attacks.test_after_the_charge import try_to_settle
from tests.attacks.test_asked_too_early import BITCOIN, sell
from tests.attacks.test_preference import FUTURE, desk, wealth
from tests.helpers.auctions import equity
from tests.helpers.option_desk import CALL, FAR_CALL, observe, post_surfaces, series
from tests.helpers.venue import Venue

__all__ = ["desk"]


def fallen_before_expiry(venue: Venue, debtor: Any, winner: Any, honest: Any, keeper: Any) -> int:
    """Let the debtor owe its owner's winner 360,000 of bitcoin, short of 500 calls of 2,000 in their last minutes.

    Twenty observations at 2,200 are made, which is what the calls will pay; the index is at 1,990 again.
    """
    venue.deposit(debtor, "USDC", 400_000)
    post_surfaces(venue)
    venue.trade(debtor, winner, BITCOIN, 30)
    venue.trade(honest, debtor, CALL, 500)
    expiry = series(venue, CALL).expiry or 0
    venue.warp(expiry - SETTLEMENT_WINDOW - venue.node.now)
    venue.set_price("ETH", 2200)
    observe(venue, CALL, sender=keeper)
    venue.set_prices({"ETH": 1990, "BTC": 48_000})
    return expiry


def test_no_market_is_paid_first_in_the_last_minutes_of_another(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any, liquidator: Any
) -> None:
    """Nine minutes before the expiry, when what the calls will pay is nearly known.

    The short calls are marked at nothing, less than they were sold for: no debt was seen, and the close asked nothing,
    although initial margin says that prices are not Valid. The owner's winner was paid all of 360,000; the honest
    holder of the calls won 39,268 where 68,986 are its part.
    """
    before = wealth(desk, other)
    expiry = fallen_before_expiry(desk, trader, maker, other, keeper)
    assert desk.node.now < expiry
    try_to_settle(desk, trader, BITCOIN, keeper)
    desk.warp(expiry + 60 - desk.node.now)
    if not desk.clearinghouse.settlementOf(desk.instrument(CALL))["finished"]:
        desk.clearinghouse.finishSettlement(desk.instrument(CALL), sender=keeper)
    sell(desk, trader, keeper, liquidator)
    assert wealth(desk, other) - before >= wad(68_900)


def test_a_reduction_pays_no_market_first_in_the_last_minutes_of_another(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any
) -> None:
    """A reduction pays none where another market is owed; here it paid all of 360,000."""
    fallen_before_expiry(desk, trader, maker, other, keeper)
    cash = desk.cash(trader)
    buy = desk.order(maker, BITCOIN, 30, 48_000)
    desk.fill(desk.order(trader, BITCOIN, -30, 48_000, reduce_only=True), buy)
    assert cash - desk.cash(trader) < wad(1_000), "no more than its fee"


def test_no_hedge_is_given_away_in_the_last_minutes(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any, liquidator: Any
) -> None:
    """Short of 500 calls of 2,500, hedged by a long of 500 of the future, both of which will pay an average of 2,700.

    The future's seller, of the same owner, owes 100,000 at the average and is owed 150,000 at the index of 2,200.
    There the calls are worth nothing, so that no excess falls where both close the future: it asks nothing else. The
    honest holder of the calls won 29,390 where 95,238 are its part; the owner lost 29,940 instead of 95,238.
    """
    expiry = series(desk, FAR_CALL).expiry or 0
    desk.warp(expiry - 7200 - desk.node.now)
    desk.set_price("ETH", 2500)
    post_surfaces(desk)
    desk.deposit(trader, "USDC", 180_000)
    desk.trade(trader, maker, FUTURE, 500)
    desk.trade(other, trader, FAR_CALL, 500)
    before = wealth(desk, other)
    desk.warp(expiry - SETTLEMENT_WINDOW - desk.node.now)
    desk.set_price("ETH", 2700)
    observe(desk, FAR_CALL, sender=keeper)
    desk.set_price("ETH", 2200)
    post_surfaces(desk)
    with suppress(ContractRevert):
        buy = desk.order(maker, FUTURE, 500, 2200, reduce_only=True)
        desk.fill(desk.order(trader, FUTURE, -500, 2200, reduce_only=True), buy)
    desk.warp(expiry + 60 - desk.node.now)
    for name in (FAR_CALL, FUTURE):
        desk.clearinghouse.finishSettlement(desk.instrument(name), sender=keeper)
        for owner in (maker, trader, other):
            try_to_settle(desk, owner, name, keeper)
    if equity(desk, trader) < 0:
        sell(desk, trader, keeper, liquidator)
    assert wealth(desk, other) - before >= wad(95_000)
