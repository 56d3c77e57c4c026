"""A borrower below maintenance margin, a real Uniswap pool for the collateral, and an executor without a cent."""

import pytest

from tests.helpers.auctions import borrow
from tests.helpers.uniswap import Uniswap


@pytest.fixture(scope="module")
def uniswap(venue, deployer) -> Uniswap:
    """Deploy Uniswap v3, with a deep pool of ether at 1,740."""
    found = Uniswap(venue, deployer)
    found.pool("WETH", "USDC", 1740, 20_000)
    return found


@pytest.fixture(scope="module")
def executor(venue, uniswap, keeper, liquidator):
    """Deploy the executor: the liquidator owns it, the keeper works it."""
    return venue.node.deploy(
        "KeeperExecutor", liquidator, keeper, venue.vault, venue.clearinghouse, uniswap.factory, sender=liquidator
    )


@pytest.fixture
def account(venue, trader, lender):
    """Let the trader owe 150,000 dollars against 100 ether, which then fall to 1,740."""
    found = borrow(venue, trader, lender)
    venue.set_price("ETH", 1740)
    return found
