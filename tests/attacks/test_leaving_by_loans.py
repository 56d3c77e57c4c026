"""Who has lent and owes in another account of his own takes lent cash out by what meets the loan.

The docstrings have the numbers that were seen before it was charged.
"""

from typing import Any

import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import bid
from tests.helpers.lenders import DOLLAR, LENT, fall, gap_of, lender_beside_a_debtor
from tests.helpers.markets import PERPETUAL, worth
from tests.helpers.reverts import ANY
from tests.helpers.venue import MAX_UINT256, Venue

LOSS = wad(109_091)
"""What the lender loses of 600,000 where he does nothing."""


def test_a_loan_that_lent_cash_repays_through_a_market_bears_its_part(
    lent: Venue, lender: Any, other: Any, trader: Any, maker: Any, keeper: Any, liquidator: Any
) -> None:
    """Of 109,000 that should be lost he lost 130; the lender who stays lost 40,825 more."""
    for sub_id in (1, 2):
        lent.deposit(lender, "WBTC", 40, sub_id=sub_id)
    lent.deposit(lender, "USDC", 1_000, sub_id=1)
    lent.trade(lender, lender, PERPETUAL, 600, sub_ids=(1, 2))
    fall(lent, trader, maker, keeper)
    before, had = worth(lent, lender, 3), lent.tokens["USDC"].balanceOf(lender)
    lent.vault.transfer(lent.account(lender), lent.account(lender, 1), lent.tokens["USDC"], MAX_UINT256, sender=lender)
    lent.withdraw(lender, "USDC", LENT, sub_id=2)
    winner, loser = lent.account(lender, 2), lent.account(lender, 1)
    lent.clearinghouse.settleBetween(lent.instrument(PERPETUAL), winner, loser, sender=lender)
    bid(lent, trader, liquidator)
    out = (lent.tokens["USDC"].balanceOf(lender) - had) * 10**18 // DOLLAR
    assert worth(lent, lender, 3) + out - before <= -LOSS * 99 // 100


def test_a_bid_for_an_own_account_that_owes_bears_its_part(
    lent: Venue, lender: Any, trader: Any, maker: Any, keeper: Any, liquidator: Any
) -> None:
    """Of 109,091 that should be lost he lost 60,992; the other lender lost 18,037 more."""
    lent.deposit(lender, "WETH", 620, sub_id=1)
    lent.withdraw(lender, "USDC", 560_000, sub_id=1)
    fall(lent, trader, maker, keeper)
    before = worth(lent, lender, 2)
    sold, bidder = lent.account(lender, 1), lent.account(lender)
    lent.auction.start(sold, bidder, sender=lender)
    bid(lent, sold, bidder, sender=lender)
    bid(lent, trader, liquidator)
    assert worth(lent, lender, 2) - before <= -LOSS * 99 // 100


def test_cash_of_an_account_that_meets_a_loan_of_its_bidder_bears_its_part(
    lent: Venue, lender: Any, trader: Any, maker: Any, keeper: Any, liquidator: Any
) -> None:
    """The other way round: the account that is sold has lent, its bidder, of the same owner, owes."""
    sold, bidder = lender_beside_a_debtor(lent, lender, trader, maker, keeper)
    lent.auction.start(sold, lent.account(keeper), sender=keeper)
    gap, all_lent = gap_of(lent)
    before = lent_by(lent, sold, bidder)
    charged = bid(lent, sold, bidder, sender=lender).event("LeavingCharged")
    assert charged.bidder == bidder
    uncharged = max(0, int(lent.vault.cashOf(bidder)) + charged.amount)
    out = before - lent_by(lent, sold) - uncharged
    assert out > wad(400_000)
    asked = min(out * gap // (all_lent - gap), before * gap // all_lent)
    assert charged.amount == pytest.approx(asked, rel=1e-6)


def test_a_bid_of_nobody_who_has_lent_is_not_charged(
    lent: Venue, trader: Any, maker: Any, keeper: Any, liquidator: Any
) -> None:
    """With a loan of its own a bidder takes over the loan that it pays."""
    fall(lent, trader, maker, keeper)
    assert gap_of(lent)[0] > 0
    assert not bid(lent, trader, liquidator).events("LeavingCharged")


def test_what_a_bidder_is_charged_is_within_its_limit(
    lent: Venue, lender: Any, other: Any, trader: Any, maker: Any, keeper: Any
) -> None:
    """The limit is of the whole with the charge; without room for it the bid is refused, and nothing has changed."""
    lent.deposit(other, "WETH", 620, sub_id=1)
    lent.withdraw(other, "USDC", 560_000, sub_id=1)
    fall(lent, trader, maker, keeper)
    sold, bidder = lent.account(other, 1), lent.account(lender)
    lent.auction.start(sold, lent.account(keeper), sender=keeper)
    gap, all_lent = gap_of(lent)
    price = lent.auction.quote(sold).price
    cash = lent.cash(lender)
    with lent.refuses("PriceLimit", lender, payment=ANY, limit=price):
        bid(lent, sold, bidder, limit=price, sender=lender)
    assert lent.cash(lender) == cash
    receipt = bid(lent, sold, bidder, sender=lender)
    charged, paid = receipt.event("LeavingCharged").amount, receipt.event("Bid").payment
    assert 0 < charged <= wad(LENT) * gap // all_lent + wad(1)
    assert cash - lent.cash(lender) >= paid + charged


def lent_by(venue: Venue, *accounts: int) -> int:
    """Add up positive cash of accounts [wad USD]."""
    return sum(max(0, int(venue.vault.cashOf(each))) for each in accounts)
