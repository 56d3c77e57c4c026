"""What counts as doubt beyond what a bidder has to fear of it, and may not keep him waiting."""

from typing import Any

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import start
from tests.helpers.disputes import fall_silent
from tests.helpers.markets import PERPETUAL, lost_in_a_falling_market
from tests.helpers.option_desk import start_with_old_calls
from tests.helpers.venue import Venue


def test_sold_calls_keep_nobody_waiting_for_their_strikes(
    lent: Venue, lender: Any, other: Any, trader: Any, maker: Any, keeper: Any, liquidator: Any
) -> None:
    """Six sold calls of 2,500, for which the debtor got 151, and which raise his requirement of 98,400 by 312.

    Nobody posts volatility; ether is Valid at 1,600. Its arrays are old, so 15,000 count as what a bidder may lose.
    Insurance and lenders lost 55,444 while the clock crawled for it from the beginning; now 25,862 after ten minutes.
    """
    start_with_old_calls(lent, trader, maker, trader, keeper)
    assert lost_in_a_falling_market(lent, trader, keeper, liquidator, (lender, other), {"ETH": 1600}) < wad(35_000)


def test_staked_ether_that_is_sold_short_keeps_nobody_waiting(
    lent: Venue, lender: Any, other: Any, trader: Any, maker: Any, keeper: Any, liquidator: Any
) -> None:
    """Four staked ether, priced by their token's own rate, under a short of 4 in perpetuals.

    At a dead price of ether insurance and lenders lost 46,022 while the clock crawled for it from the beginning; now
    16,439 after ten minutes.
    """
    lent.deposit(maker, "USDC", 1_000_000)
    lent.deposit(trader, "WBTC", 30)
    lent.deposit(trader, "stETH", 4)
    lent.trade(maker, trader, PERPETUAL, 4)
    lent.withdraw(trader, "USDC", 1_250_000)
    fall_silent(lent, {"BTC": 41_000})
    start(lent, trader, keeper)
    assert lost_in_a_falling_market(lent, trader, keeper, liquidator, (lender, other), {}) < wad(25_000)
