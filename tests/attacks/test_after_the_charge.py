"""What the charge of sales, losses in sight, and the rule that no market is paid first left open.

The docstrings have the numbers that were seen. Where a test fails as it is expected to, that is so still.
"""

from typing import Any

import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import MAX_INT256, ROUNDING, bid, borrow, equity, open_long, start
from tests.helpers.lenders import DOLLAR, LENT, gap_of
from tests.helpers.markets import FUTURE, PERPETUAL, try_to_settle, wealth, worth
from tests.helpers.option_desk import CALL, SETTLEMENT_WINDOW, observe, post_surfaces, series
from tests.helpers.venue import MAX_UINT256, Venue

# ------------------------------------------------------------ the charge of a sale


def test_a_payout_that_a_market_credits_is_no_lent_cash(
    lent: Venue, lender: Any, trader: Any, maker: Any, keeper: Any, liquidator: Any
) -> None:
    """A lender of 600,000 buys his own bankrupt, which owes its market, and so its owner's winner, 780,000.

    The payout of 469,624 is credited inside that market, where the owner's winner bears it: no cash. It was taken for
    cash that the bidder has lent, so that a loan of 469,000 was repaid with lent cash for a charge of 1 wei. He lost
    30,079 where 108,878 is his part; the lender who stays lost 138,428 of 600,000.
    """
    lent.deposit(lender, "WBTC", 13, sub_id=1)
    lent.deposit(lender, "USDC", 1_000, sub_id=1)
    lent.deposit(lender, "WBTC", 20, sub_id=2)
    lent.trade(lender, lender, PERPETUAL, 780, sub_ids=(1, 2))
    borrow(lent, trader, maker, 1_000, 1_500_000)
    lent.withdraw(lender, "USDC", 470_000, sub_id=1)
    lent.set_price("ETH", 1000)
    start(lent, trader, keeper)
    gap, all_lent = gap_of(lent)
    before = worth(lent, lender, 3)
    sold, bidder = lent.account(lender, 1), lent.account(lender)
    lent.auction.start(sold, lent.account(keeper), sender=keeper)
    bid(lent, sold, bidder, sender=lender)
    bid(lent, trader, liquidator)
    assert worth(lent, lender, 3) - before <= -wad(LENT) * gap // all_lent * 99 // 100


# ------------------------------------------------------------ losses that are hidden


def spread_beside_a_loan(venue: Venue, owner: Any, maker: Any, keeper: Any) -> None:
    """Let somebody owe 1,400,000 against 1,000 ether, and hold a spread of 400 ether against an account of his own.

    Of a fall by a half the account is owed 400,000 by the one market and owes them to the other. It is worth 398,000
    less than nothing, all of it for its loan. The other account has 60,000 of bitcoin.
    """
    venue.deposit(owner, "WETH", 1_000)
    venue.deposit(owner, "USDC", 1_000)
    venue.deposit(owner, "WBTC", 1, sub_id=1)
    venue.deposit(owner, "USDC", 1_000, sub_id=1)
    for _ in range(8):
        venue.trade(owner, owner, FUTURE, 50, sub_ids=(0, 1))
        venue.trade(owner, owner, PERPETUAL, 50, sub_ids=(1, 0))
    borrow(venue, owner, maker, 1, 1_400_000)
    venue.set_price("ETH", 1000)
    start(venue, owner, keeper)


def test_a_spread_against_an_own_account_hides_no_loss_of_a_loan(
    lent: Venue, lender: Any, trader: Any, maker: Any, keeper: Any
) -> None:
    """A lender gets 518,764 of 600,000, as without the spread. No loss was in sight, and he took out all."""
    spread_beside_a_loan(lent, trader, maker, keeper)
    assert equity(lent, trader) < -wad(390_000)
    lent.withdraw(lender, "USDC", "all")
    assert 510_000 * DOLLAR <= lent.tokens["USDC"].balanceOf(lender) <= 540_000 * DOLLAR


def test_a_loan_of_who_has_a_spread_is_borne_by_fund_and_lenders(
    lent: Venue, trader: Any, maker: Any, keeper: Any, liquidator: Any
) -> None:
    """Whoever holds the other side of both legs bears what his 1,000 of cash do, 81; the bidder nothing.

    It was credited to the bidder in the one market, so that the other side, stranger or not, lost 398,000 of what it
    had won there, and could not pay what it had lost in the other: the bidder lost 337,800, fund and lenders nothing.
    """
    spread_beside_a_loan(lent, trader, maker, keeper)
    before, won, missing = equity(lent, liquidator), equity(lent, trader, 1), -equity(lent, trader)
    found = bid(lent, trader, liquidator).event("LossAllocated")
    lent.settle(liquidator)
    assert (found.markets, found.deficit) == (0, 0)
    assert found.fund + found.lenders == pytest.approx(missing, abs=wad(500))
    assert equity(lent, liquidator) - before >= -ROUNDING
    assert equity(lent, trader, 1) - won >= -wad(100)


def test_nobody_makes_the_profit_of_others_bear_a_loss_that_is_in_sight(
    lent: Venue, lender: Any, other: Any, trader: Any, maker: Any, keeper: Any, liquidator: Any
) -> None:
    """An honest winner has 600,000 in the pool of its market and 600,000 of cash, as the lender who attacks has.

    Losses in sight stopped cash on its way into pools, not out of them. The lender settled the winner, whose profit was
    lent then: the winner lost 165,287 where 104,198 are the part of its cash, the lender 82,652 instead of 104,218.
    Now a pool pays only who asks himself, while they are in sight.
    """
    lent.deposit(keeper, "USDC", 700_000)
    lent.trade(keeper, other, PERPETUAL, 600)
    borrow(lent, trader, maker, 1_000, 1_500_000)
    lent.set_price("ETH", 1000)
    lent.settle(keeper)
    before = equity(lent, other)
    start(lent, trader, lender)
    market, cash = lent.instrument(PERPETUAL), lent.vault.cashOf(lent.account(other))
    lent.settler.settle(market, [lent.account(other)], sender=lender)
    lent.clearinghouse.settleBetween(market, lent.account(other), lent.account(keeper), sender=lender)
    assert lent.vault.cashOf(lent.account(other)) == cash
    bid(lent, trader, liquidator)
    assert equity(lent, other) - before >= -wad(105_000)


def test_a_winner_who_asks_is_paid_while_losses_are_in_sight(
    lent: Venue, lender: Any, other: Any, trader: Any, maker: Any, keeper: Any
) -> None:
    """What pools have is there for him; nobody else may decide that it bears a loss."""
    lent.deposit(keeper, "USDC", 700_000)
    lent.trade(keeper, other, PERPETUAL, 600)
    borrow(lent, trader, maker, 1_000, 1_500_000)
    lent.set_price("ETH", 1000)
    lent.settle(keeper)
    start(lent, trader, lender)
    market, cash = lent.instrument(PERPETUAL), lent.vault.cashOf(lent.account(other))
    lent.clearinghouse.settle(lent.account(other), [market], sender=other)
    assert lent.vault.cashOf(lent.account(other)) >= cash + wad(590_000)


# ------------------------------------------------------------ who is kept from working


def test_losses_in_sight_stop_no_liquidation_without_capital(
    venue: Venue, lender: Any, other: Any, trader: Any, maker: Any, keeper: Any, liquidator: Any
) -> None:
    """A loan of 880,000 against 20 bitcoins that are worth 720,000, 60,000 of it beyond the insurance, is in auction.

    A long of 20 ether that fell ill then was not taken by the keepers' contract: `NotFlat`, a debt of 4,559 beside
    cash that is enough for it. Without the loan the same job earned 35.
    """
    executor = venue.node.deploy(
        "KeeperExecutor", liquidator, keeper, venue.vault, venue.clearinghouse, venue.vault, sender=liquidator
    )
    sick = open_long(venue, trader, maker)
    venue.deposit(other, "USDC", 1_000_000)
    venue.deposit(lender, "WBTC", 20)
    venue.withdraw(lender, "USDC", 880_000)
    venue.set_prices({"ETH": 1560, "BTC": 36_000})
    start(venue, lender, other)
    order, mine = venue.order(maker, PERPETUAL, 20, 1559), executor.account()
    opening = venue.auction.start.encode(sick, mine)
    offer = venue.auction.bid.encode(sick, mine, wad(1), 0, MAX_INT256, MAX_UINT256, MAX_UINT256)
    job = ([opening], [offer], [], [(order.encode(), venue.sign(order), wad(20))], 0)
    assert executor.execute(job, sender=keeper).event("Executed").profit > 0


# ------------------------------------------------------------ who is paid first


def test_no_market_is_paid_first_at_an_old_price_of_another(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any, liquidator: Any
) -> None:
    """The trader and the maker are one owner. Both markets have fallen by a fifth, ten minutes ago for bitcoin.

    `settle` refreshed no price of another market: at the stored one bitcoin was not owed, nothing was asked at the
    close, and the future of the owner's winner was paid in full. The honest winner got 23,568 of 108,000, where
    65,784 are its part; in the next block the debtor was worth 84,432 less than nothing.
    """
    desk.deposit(trader, "USDC", 132_000)
    desk.trade(trader, maker, FUTURE, 270)
    desk.trade(trader, other, "BTC-PERP", 9)
    before = wealth(desk, other)
    desk.say("BTC", 48_000)
    desk.warp(600, refresh=False)
    desk.set_price("ETH", 1600)
    try_to_settle(desk, trader, FUTURE, keeper)
    desk.refresh()
    start(desk, trader, keeper)
    bid(desk, trader, liquidator)
    assert wealth(desk, other) - before >= 65_000 * 10**18


def test_no_market_is_paid_first_while_another_waits_for_its_average(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any, liquidator: Any
) -> None:
    """The debtor is short of 500 calls of 2,000, which will pay an average of 2,200; the index is at 1,990 again.

    Its perpetual of bitcoin has lost 360,000 to its owner's winner. An auction fixes the average before it looks at
    anything; `settle` did not, and found no other debt. The winner had all, and the debtor was worth 35,927 less than
    nothing once the average was fixed: the honest holder of the calls won 39,278 where 68,996 are its part.
    """
    desk.deposit(trader, "USDC", 400_000)
    post_surfaces(desk)
    desk.trade(trader, maker, "BTC-PERP", 30)
    desk.trade(other, trader, CALL, 500)
    before = wealth(desk, other)
    expiry = series(desk, CALL).expiry or 0
    desk.warp(expiry - SETTLEMENT_WINDOW - desk.node.now)
    desk.set_price("ETH", 2200)
    observe(desk, CALL, sender=keeper)
    desk.set_prices({"ETH": 1990, "BTC": 48_000})
    try_to_settle(desk, trader, "BTC-PERP", keeper)
    if not desk.clearinghouse.settlementOf(desk.instrument(CALL))["finished"]:
        desk.clearinghouse.finishSettlement(desk.instrument(CALL), sender=keeper)
    start(desk, trader, keeper)
    bid(desk, trader, liquidator)
    desk.settle(liquidator)
    assert wealth(desk, other) - before >= wad(68_000)
