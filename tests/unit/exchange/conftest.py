"""Two funded sides and a pair of orders that cross."""

from dataclasses import replace

import pytest

from crossmargin.client.orders import Order


@pytest.fixture
def ask(venue, trader, maker) -> Order:
    """Offer two ether of the maker at 2000; both sides have 100,000 USDC."""
    for owner in (trader, maker):
        venue.deposit(owner, "USDC", "100000")
    return venue.order(maker, "ETH-PERP", -2, 2000)


@pytest.fixture
def bid(venue, ask, trader) -> Order:
    """Ask for two ether at 2010 or less for the trader."""
    return venue.order(trader, "ETH-PERP", 2, 2010)


def changed(order: Order, **fields) -> Order:
    """Copy of an order with other fields."""
    return replace(order, **fields)
