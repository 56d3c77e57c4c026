"""Who has what before an attack."""

from typing import Any

import pytest

from tests.helpers.lenders import lend
from tests.helpers.venue import Venue


@pytest.fixture
def desk(venue: Venue, maker: Any, other: Any, lender: Any, liquidator: Any) -> Venue:
    """Give everybody cash but the trader: the maker, of the same owner, two honest ones, and a bidder."""
    venue.deposit(liquidator, "USDC", 5_000_000)
    venue.deposit(maker, "USDC", 1_000_000)
    for each in (other, lender):
        venue.deposit(each, "USDC", 200_000)
    return venue


@pytest.fixture
def lent(venue: Venue, lender: Any, other: Any, liquidator: Any) -> Venue:
    """Give two lenders 600,000 each, and a bidder what he needs."""
    return lend(venue, lender, other, bidder=liquidator)
