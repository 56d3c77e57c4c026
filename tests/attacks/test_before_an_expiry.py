"""Who is paid first in the half hour before an expiry, while most of the average is known and no mark says so.

Docstrings have the numbers that were seen.
"""

from contextlib import suppress
from typing import Any

from crossmargin.chain.decimals import wad
from crossmargin.errors import ContractRevert
from tests.helpers.auctions import equity
from tests.helpers.markets import BITCOIN, FUTURE, sell, try_to_settle, wealth
from tests.helpers.option_desk import (
    CALL,
    FAR_CALL,
    deposit_before_the_quarter,
    nearly_average,
    observe,
    pay_out,
    post_surfaces,
    refresh_arrays,
    series,
)
from tests.helpers.reverts import ANY
from tests.helpers.venue import MAX_UINT256, Venue


def fallen_before_expiry(venue: Venue, debtor: Any, winner: Any, honest: Any) -> int:
    """Let the debtor owe its owner's winner 360,000 of bitcoin, short of 500 calls of 2,000 in their last minutes.

    The index averages 2,200 if it ends where it is, at 1,990: that is what the calls will pay.
    """
    venue.deposit(debtor, "USDC", 400_000)
    post_surfaces(venue)
    venue.trade(debtor, winner, BITCOIN, 30)
    venue.trade(honest, debtor, CALL, 500)
    nearly_average(venue, CALL, 2200, 1990)
    venue.set_prices({"ETH": 1990, "BTC": 48_000})
    return series(venue, CALL).expiry or 0


def test_no_market_is_paid_first_in_the_last_minutes_of_another(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any, liquidator: Any
) -> None:
    """Nine minutes before the expiry, when what the calls will pay is nearly known.

    The short calls are marked at nothing, less than they were sold for: no debt was seen, and the close asked nothing,
    although initial margin says that prices are not Valid. The owner's winner was paid all of 360,000; the honest
    holder of the calls won 39,268 where 68,986 are its part.
    """
    before = wealth(desk, other)
    expiry = fallen_before_expiry(desk, trader, maker, other)
    assert desk.node.now < expiry
    try_to_settle(desk, trader, BITCOIN, keeper)
    observe(desk, CALL, sender=keeper)
    if not desk.clearinghouse.settlementOf(desk.instrument(CALL))["finished"]:
        desk.clearinghouse.finishSettlement(desk.instrument(CALL), sender=keeper)
    sell(desk, trader, keeper, liquidator)
    assert wealth(desk, other) - before >= wad(68_900)


def test_a_reduction_pays_no_market_first_in_the_last_minutes_of_another(
    desk: Venue, trader: Any, maker: Any, other: Any
) -> None:
    """A reduction pays none where another market is owed; here it paid all of 360,000."""
    fallen_before_expiry(desk, trader, maker, other)
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
    deposit_before_the_quarter(desk, trader, 180_000)
    desk.trade(trader, maker, FUTURE, 500)
    desk.trade(other, trader, FAR_CALL, 500)
    before = wealth(desk, other)
    nearly_average(desk, FAR_CALL, 2700, 2200)
    desk.set_price("ETH", 2200)
    post_surfaces(desk)
    with suppress(ContractRevert):
        buy = desk.order(maker, FUTURE, 500, 2200, reduce_only=True)
        desk.fill(desk.order(trader, FUTURE, -500, 2200, reduce_only=True), buy)
    pay_out(desk, keeper, *map(desk.account, (maker, trader, other)))
    if equity(desk, trader) < 0:
        sell(desk, trader, keeper, liquidator)
    assert wealth(desk, other) - before >= wad(95_000)


def test_no_bid_spends_what_is_owed_at_an_average(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any, liquidator: Any
) -> None:
    """The maker's first account is short of 400 of the future against its second one, and sick by bitcoin.

    The trader, of the same owner, has 160,000 and owes 100,000 for 500 calls at the average of 2,700. At the index of
    2,100 they need a margin of 10,182, so that he may bid: he takes the short futures over at 2,100, which will pay
    2,700, and owes the owner's second account 240,000. The honest holder of the calls won 46,025 where 95,238 are its
    part; the owner lost 2,007 instead of 95,238, the rest of it out of who bid for the trader then.
    """
    deposit_before_the_quarter(desk, trader, 160_000)
    sold, long, bidder = desk.account(maker, 1), desk.account(maker, 2), desk.account(trader)
    for sub_id, cash in ((1, 350_000), (2, 600_000)):
        desk.deposit(maker, "USDC", cash, sub_id=sub_id)
    desk.trade(maker, maker, FUTURE, 400, sub_ids=(2, 1))
    desk.trade(maker, maker, BITCOIN, 30, sub_ids=(2, 1))
    desk.trade(other, trader, FAR_CALL, 500)
    before = wealth(desk, other)
    nearly_average(desk, FAR_CALL, 2700, 2100)
    desk.set_prices({"ETH": 2100, "BTC": 73_000})
    post_surfaces(desk)
    refresh_arrays(desk, FAR_CALL, sender=keeper)
    with suppress(ContractRevert):
        desk.auction.start(sold, long, sender=maker)
        wanted: tuple[Any, ...] = (
            sold,
            bidder,
            [desk.instrument(FUTURE)],
            [-wad(400)],
            [],
            [],
            0,
            MAX_UINT256,
            MAX_UINT256,
        )
        desk.auction.bidBundle(wanted, sender=trader)
    pay_out(desk, keeper, bidder, long, desk.account(other))
    if equity(desk, trader) < 0:
        sell(desk, trader, keeper, liquidator)
    assert wealth(desk, other) - before >= wad(95_000)


def test_nothing_is_sold_at_the_index_while_sources_prove_the_average(
    desk: Venue, trader: Any, maker: Any, keeper: Any
) -> None:
    """The index averages 2,000 and ends at 1,750. A second after expiry nobody has observed it yet.

    A long of 100 futures that was bought at 2,000 has lost 25,000 at the index and nothing at the average. Whoever
    started an auction first bought it at the index, and had the average proven in the same transaction.
    """
    desk.deposit(trader, "USDC", 27_000)
    desk.trade(trader, maker, FUTURE, 100)
    nearly_average(desk, FAR_CALL, 2000, 1750)
    desk.set_price("ETH", 1750)
    desk.warp((series(desk, FAR_CALL).expiry or 0) + 1 - desk.node.now)
    assert desk.margin(trader)[1].excess < 0
    with desk.refuses("Healthy", trader, account=desk.account(trader), excess=ANY):
        desk.auction.start(desk.account(trader), desk.account(keeper), sender=keeper)
    desk.clearinghouse.finishSettlement(desk.instrument(FUTURE), sender=keeper)
    assert desk.margin(trader)[1].excess >= 0
