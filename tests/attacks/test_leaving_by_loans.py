"""Who has lent and owes in another account of his own takes lent cash out by what meets the loan.

Each test fails as it is expected to; its docstring has the number that was seen.
"""

from typing import Any

import pytest

from crossmargin.chain.decimals import wad
from tests.attacks.test_losses_in_sight import ALL, DOLLAR, LENT, PERPETUAL, lent, worth
from tests.helpers.auctions import bid, borrow, equity, start
from tests.helpers.venue import Venue

__all__ = ["lent"]

LOSS = wad(109_091)
"""What the lender loses of 600,000 where he does nothing."""
FUTURE = "ETH-FUTURE"


@pytest.mark.xfail(strict=True, reason="settleBetween takes lent cash for a loan of the loser's")
def test_a_loan_that_lent_cash_repays_through_a_market_bears_its_part(
    lent: Venue, lender: Any, other: Any, trader: Any, maker: Any, keeper: Any, liquidator: Any
) -> None:
    """Of 109,000 that should be lost he loses 130; the lender who stays loses 40,825 more."""
    for sub_id in (1, 2):
        lent.deposit(lender, "WBTC", 40, sub_id=sub_id)
    lent.deposit(lender, "USDC", 1_000, sub_id=1)
    lent.trade(lender, lender, PERPETUAL, 600, sub_ids=(1, 2))
    borrow(lent, trader, maker, 1_000, 1_500_000)
    lent.set_price("ETH", 1000)
    start(lent, trader, keeper)
    before, had = worth(lent, lender, 3), lent.tokens["USDC"].balanceOf(lender)
    lent.vault.transfer(lent.account(lender), lent.account(lender, 1), lent.tokens["USDC"], ALL, sender=lender)
    lent.withdraw(lender, "USDC", LENT, sub_id=2)
    winner, loser = lent.account(lender, 2), lent.account(lender, 1)
    lent.clearinghouse.settleBetween(lent.instrument(PERPETUAL), winner, loser, sender=lender)
    bid(lent, trader, liquidator)
    out = (lent.tokens["USDC"].balanceOf(lender) - had) * 10**18 // DOLLAR
    assert worth(lent, lender, 3) + out - before <= -LOSS * 99 // 100


@pytest.mark.xfail(strict=True, reason="a bid's payment and the slice's loan meet without a charge")
def test_a_bid_for_an_own_account_that_owes_bears_its_part(
    lent: Venue, lender: Any, trader: Any, maker: Any, keeper: Any, liquidator: Any
) -> None:
    """Of 109,091 that should be lost he loses 60,992; the other lender loses 18,037 more."""
    lent.deposit(lender, "WETH", 620, sub_id=1)
    lent.withdraw(lender, "USDC", 560_000, sub_id=1)
    borrow(lent, trader, maker, 1_000, 1_500_000)
    lent.set_price("ETH", 1000)
    start(lent, trader, keeper)
    before = worth(lent, lender, 2)
    sold, bidder = lent.account(lender, 1), lent.account(lender)
    lent.auction.start(sold, bidder, sender=lender)
    lent.auction.bid(sold, bidder, wad(1), 0, 2**255 - 1, ALL, ALL, sender=lender)
    bid(lent, trader, liquidator)
    assert worth(lent, lender, 2) - before <= -LOSS * 99 // 100


@pytest.mark.xfail(strict=True, reason="what an account is worth when it pays counts profit that nobody can pay")
def test_profit_against_a_bankrupt_of_ones_own_lets_no_market_be_paid_first(
    venue: Venue, trader: Any, maker: Any, other: Any, lender: Any, keeper: Any, liquidator: Any
) -> None:
    """The trader, the maker and the lender are one owner's. The honest winner gets 58,538 of 108,649."""
    venue.deposit(liquidator, "USDC", 5_000_000)
    venue.deposit(maker, "USDC", 1_000_000)
    venue.deposit(other, "USDC", 400_000)
    venue.deposit(trader, "USDC", 162_000)
    venue.deposit(lender, "USDC", 56_000)
    bitcoin = float(venue.prices["BTC"])
    venue.trade(trader, maker, FUTURE, 270)
    venue.trade(trader, other, PERPETUAL, 270)
    venue.trade(lender, trader, "BTC-PERP", str(round(540_000 / bitcoin, 3)))
    before = equity(venue, other)
    venue.set_prices({"ETH": "1412", "BTC": str(round(bitcoin * 0.706, 2))})
    venue.settle(lender)
    venue.settle(trader, "BTC-PERP", FUTURE)
    venue.settle(maker)
    start(venue, lender, keeper)
    bid(venue, lender, liquidator)
    venue.clearinghouse.collectShares(venue.account(trader), venue.instrument("BTC-PERP"), 100, sender=keeper)
    start(venue, trader, keeper)
    bid(venue, trader, liquidator)
    venue.settle(other)
    assert equity(venue, other) - before >= wad(108_000)
