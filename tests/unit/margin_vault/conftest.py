"""What the vault's tests share: hostile tokens, batches, and a book with a debt."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.helpers.handles import Handle
from tests.helpers.venue import Venue

DEPOSIT, WITHDRAW, TRANSFER, TRADE, BID = 1, 2, 4, 8, 16
EVERYTHING = 31
FOREVER = 2**48 - 1


@dataclass(frozen=True)
class Batch:
    """Runs calls inside one operation, for owners who made it their operator."""

    venue: Venue
    batcher: Handle

    def run(self, sender: Any, *calls: tuple[Handle, str, tuple[Any, ...]], tried: bool = False) -> Any:
        """Send the calls in one `unlock`; with `tried`, failures are only recorded."""
        encoded = [
            (target.address, getattr(target, name).encode(*arguments), tried) for target, name, arguments in calls
        ]
        return self.batcher.run(self.venue.vault, encoded, sender=sender)

    def outcome(self, index: int) -> tuple[bool, bytes]:
        """Success and return data of a call of all batches so far."""
        found = self.batcher.outcome(index)
        return found["success"], bytes(found["result"])


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
