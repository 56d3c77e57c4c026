"""What the vault's tests share: hostile tokens, a batch, and a book with a debt."""

import pytest

from tests.helpers.batches import Batch
from tests.helpers.handles import Handle


@pytest.fixture
def batch(node, venue, deployer) -> Batch:
    """Deploy a batcher."""
    return Batch(venue, node.deploy("Batcher", sender=deployer))


@pytest.fixture
def hook(node, venue, deployer) -> Handle:
    """List a hostile token that counts as ether."""
    token = node.deploy("HookToken", sender=deployer)
    venue.govern(venue.vault, "listAsset", token, 18, venue.feed("ETH"), venue.feed("ETH"), 10**24)
    return token


@pytest.fixture
def borrower(venue, trader, lender):
    """Give the trader 10 ether of collateral and a loan of 10,000."""
    venue.deposit(lender, "USDC", "100000")
    venue.deposit(trader, "WETH", "10")
    venue.withdraw(trader, "USDC", "10000")
    return trader
