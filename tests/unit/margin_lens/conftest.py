"""A trader with collateral, debt and a position."""

import pytest


@pytest.fixture
def account(venue, trader, maker) -> int:
    """Give the trader 3 WETH, 1,000 USDC and 2 ETH long; the maker the other side."""
    venue.mint(trader, "WETH", 3)
    venue.deposit(trader, "WETH", 3)
    venue.deposit(trader, "USDC", 1_000)
    venue.deposit(maker, "USDC", 100_000)
    venue.trade(trader, maker, "ETH-PERP", 2)
    return venue.account(trader)
