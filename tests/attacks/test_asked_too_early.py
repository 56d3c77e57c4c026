"""Where the question whether an account can pay everybody is asked at the wrong prices, or of the wrong account.

No market is paid first by who is worth less than nothing. The docstrings have the numbers that were seen.
"""

from typing import Any

import pytest
from web3.datastructures import AttributeDict

from crossmargin.chain.decimals import wad
from crossmargin.model.positions import SETTLEMENT_WINDOW
from tests.helpers.auctions import equity
from tests.helpers.markets import BITCOIN, FUTURE, sell, try_to_settle, wealth
from tests.helpers.option_desk import CALL, observe, post_surfaces, refresh_arrays, series
from tests.helpers.venue import Venue


def test_a_debt_of_dust_hides_no_contract_whose_average_is_not_known(
    desk: Venue, trader: Any, maker: Any, other: Any, lender: Any, keeper: Any, liquidator: Any
) -> None:
    """As attack 150; beside it the debtor holds one LINK, opened last, that has lost a dollar.

    Markets are looked at from the last to the first, and no further than to the first one that is owed: nothing is said
    of the expired calls, and at the close they count at the index. The owner's winner had all, the honest holder of the
    calls 39,277 where 68,995 are its part.
    """
    desk.deposit(trader, "USDC", 400_000)
    post_surfaces(desk)
    desk.trade(trader, maker, BITCOIN, 30)
    desk.trade(other, trader, CALL, 500)
    desk.trade(trader, lender, "LINK-PERP", 1)
    before = wealth(desk, other)
    expiry = series(desk, CALL).expiry or 0
    desk.warp(expiry - SETTLEMENT_WINDOW - desk.node.now)
    desk.set_price("ETH", 2200)
    observe(desk, CALL, sender=keeper)
    desk.set_prices({"ETH": 1990, "BTC": 48_000, "LINK": 14})
    try_to_settle(desk, trader, BITCOIN, keeper)
    if not desk.clearinghouse.settlementOf(desk.instrument(CALL))["finished"]:
        desk.clearinghouse.finishSettlement(desk.instrument(CALL), sender=keeper)
    sell(desk, trader, keeper, liquidator)
    assert wealth(desk, other) - before >= wad(68_000)


def test_what_is_being_paid_is_not_forgotten_when_it_is_asked(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any, liquidator: Any
) -> None:
    """Contracts closed by a reduction owe 250,000 in the market of the maker, and those of a perpetual the honest one.

    The account is worth 89,465 less than nothing. Debts of closed contracts are written down before it is asked whether
    the account meets initial margin, and the cash that pays them is taken off after: it seemed to, and nothing was
    asked at the close. The debtor need not belong to anybody: its winner settles it. The honest one won 120,535
    where 169,157 are its part.
    """
    desk.deposit(trader, "USDC", 372_000)
    desk.trade(trader, maker, FUTURE, 1_250)
    desk.trade(trader, other, "ETH-PERP", 300)
    before = wealth(desk, other)
    desk.set_price("ETH", 1800)
    buy = desk.order(maker, FUTURE, 1_250, 1800)
    desk.fill(desk.order(trader, FUTURE, -1_250, 1800, reduce_only=True), buy)
    desk.set_price("ETH", 1300)
    assert equity(desk, trader) < -wad(80_000)
    try_to_settle(desk, trader, FUTURE, maker)
    sell(desk, trader, keeper, liquidator)
    assert wealth(desk, other) - before >= wad(169_000)


@pytest.mark.parametrize("last", [1_990, 2_000], ids=["owed at the old price", "not owed at it"])
def test_no_market_is_paid_first_at_a_halted_price_of_another(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any, liquidator: Any, last: int
) -> None:
    """Ether has one source, which says 1,490: the breaker keeps the price of before for its bound, as all can see.

    Bitcoin has fallen by a tenth, and its market is the own winner's: it was paid in full. Where the perpetual was owed
    10 a contract at the old price the close took that for all it was owed; where it was not owed nothing was asked. The
    honest winner got 49,424 where 84,315 are its part.
    """
    config = {**desk.oracle.feedConfig(desk.feed("ETH")), "breakerLimit": 250_000, "deviationLimit": 10_000}
    config["secondary"] = AttributeDict({**config["secondary"], "reader": "0x" + 40 * "0"})
    desk.govern(desk.oracle, "setFeed", desk.feed("ETH"), AttributeDict(config))
    desk.deposit(trader, "USDC", 140_000)
    desk.trade(trader, maker, BITCOIN, 15)
    desk.trade(trader, other, "ETH-PERP", 270)
    before = wealth(desk, other)
    desk.set_price("ETH", last)
    desk.set_prices({"ETH": 1490, "BTC": 54_000})
    assert desk.oracle.price(desk.feed("ETH"))["mid"] == wad(last)
    try_to_settle(desk, trader, BITCOIN, keeper)
    desk.warp(desk.oracle.feedConfig(desk.feed("ETH"))["haltBound"] + 60)
    desk.refresh()
    assert desk.oracle.price(desk.feed("ETH"))["mid"] <= wad(1500)
    sell(desk, trader, keeper, liquidator)
    assert wealth(desk, other) - before >= wad(84_000)


def test_no_market_is_paid_first_beside_an_array_of_another_index(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any, liquidator: Any
) -> None:
    """The debtor is short of 500 calls; ether has risen by a fifth since their array was refreshed.

    The check at the close follows the mark along its tangent of then, and does not ask whether that is good enough: the
    account seemed worth 26,000, and was worth 46,594 less than nothing. The honest holder won 129,277 where 157,492
    are its part.
    """
    desk.deposit(trader, "USDC", 400_000)
    post_surfaces(desk)
    desk.warp(5)
    refresh_arrays(desk, CALL, sender=keeper)
    desk.trade(trader, maker, BITCOIN, 30)
    desk.trade(other, trader, CALL, 500)
    before = wealth(desk, other)
    desk.set_prices({"ETH": 2400, "BTC": 51_000})
    try_to_settle(desk, trader, BITCOIN, keeper)
    refresh_arrays(desk, CALL, sender=keeper)
    sell(desk, trader, keeper, liquidator)
    assert wealth(desk, other) - before >= wad(157_000)


def test_a_wei_of_an_expired_option_keeps_nobody_from_closing_something_else(
    desk: Venue, trader: Any, maker: Any, other: Any
) -> None:
    """The average is known after twenty minutes, and where ether's source is in doubt after a day.

    Who is below initial margin could not close a third of its bitcoin meanwhile (`SettlementDue`).
    """
    desk.deposit(trader, "USDC", 100_000)
    post_surfaces(desk)
    desk.trade(trader, maker, BITCOIN, 15)
    desk.trade(trader, other, CALL, "0.000000000000000001")
    desk.warp((series(desk, CALL).expiry or 0) + 60 - desk.node.now)
    desk.set_price("BTC", 58_000)
    initial, maintenance = desk.margin(trader)
    assert initial.excess < 0 < maintenance.excess
    buy = desk.order(maker, BITCOIN, 5, 58_000)
    desk.fill(desk.order(trader, BITCOIN, -5, 58_000, reduce_only=True), buy)
    assert desk.position(trader, BITCOIN)[0] == wad(10)
