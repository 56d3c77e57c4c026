"""Lenders, a loan that is lost, and what of it is in sight."""

from typing import Any

from tests.helpers.auctions import borrow, start
from tests.helpers.markets import PERPETUAL
from tests.helpers.venue import Venue

DOLLAR = 10**6
LENT = 600_000
"""What each of two lenders has lent [USD]."""


def lend(venue: Venue, *lenders: Any, bidder: Any) -> Venue:
    """Give lenders 600,000 each, and a bidder what he needs."""
    for each in lenders:
        venue.deposit(each, "USDC", LENT)
    venue.deposit(bidder, "WETH", 5_000)
    return venue


def fall(venue: Venue, debtor: Any, maker: Any, keeper: Any) -> None:
    """Let somebody borrow 1,500,000 against 1,000 ether, and the price fall by a half; the loss of it is in sight."""
    borrow(venue, debtor, maker, 1_000, 1_500_000)
    venue.set_price("ETH", 1000)
    start(venue, debtor, keeper)


def lender_beside_a_debtor(lent: Venue, lender: Any, trader: Any, maker: Any, keeper: Any) -> tuple[int, int]:
    """Let a lender fall ill, and an account of the same owner owe; give both. A loss of a loan is in sight."""
    lent.deposit(lender, "WETH", 2_000, sub_id=1)
    lent.withdraw(lender, "USDC", 500_000, sub_id=1)
    borrow(lent, trader, maker, 1_000, 1_500_000)
    lent.trade(lender, maker, PERPETUAL, 590)
    lent.set_price("ETH", 1000)
    start(lent, trader, keeper)
    sold, bidder = lent.account(lender), lent.account(lender, 1)
    return sold, bidder


def gap_of(venue: Venue) -> tuple[int, int]:
    """Give losses in sight beyond the insurance, and what others than the fund have lent [wad USD]."""
    _, gap, all_lent = venue.vault.payableCash(0).values()
    return gap, all_lent
