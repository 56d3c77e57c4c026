"""A loss becomes a loan only of an account that could take that loan by itself."""

import pytest

from tests.helpers.auctions import open_long
from tests.helpers.reverts import reverts

STALE = 2


@pytest.fixture
def may_borrow(venue):
    """Ask as the clearinghouse does, which alone is answered."""
    return lambda account: venue.vault.mayBorrow.call(account, sender=venue.clearinghouse)


def test_may_borrow_answers_the_clearinghouse_only(venue, trader):
    """Nobody else learns in the middle of an operation how an account stands."""
    for caller in (trader, venue.auction):
        with reverts("NotModule", caller=caller):
            venue.vault.mayBorrow.call(venue.account(trader), sender=caller)


def test_may_borrow_above_initial_margin(venue, may_borrow, trader):
    """Without anything required, and with."""
    assert may_borrow(venue.account(trader))
    venue.deposit(trader, "WETH", 1)
    assert may_borrow(venue.account(trader))


def test_may_not_borrow_below_initial_margin(venue, may_borrow, trader, maker):
    """Though above maintenance margin."""
    account = open_long(venue, trader, maker)
    assert may_borrow(account)
    venue.set_price("ETH", 1620)
    margin = venue.engine.margin(account)
    assert margin.initial.excess < 0 <= margin.maintenance.excess
    assert not may_borrow(account)


def test_may_not_borrow_against_unpaid_profit(venue, may_borrow, trader, maker):
    """A loan is cash of lenders: what a loser has not paid yet secures none."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 8000)
    initial = venue.engine.margin(account).initial
    assert initial.paidExcess < 0 < initial.excess
    assert not may_borrow(account)


def test_may_not_borrow_at_prices_that_are_not_valid(venue, may_borrow, trader, maker):
    """As nobody else may."""
    account = open_long(venue, trader, maker)
    venue.warp(86_401, refresh=False)
    assert venue.oracle.price(venue.feed("ETH")).status == STALE
    assert not may_borrow(account)
