"""The clearinghouse with a probe in the place of its exchange and its auction."""

from dataclasses import dataclass
from typing import Any

import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.handles import Handle, Receipt
from tests.helpers.venue import Venue

LIQUIDATED = 2
GATE, EXCHANGE, AUCTION = 1, 4, 8


@dataclass(frozen=True)
class Modules:
    """What only modules may do, each call an operation of its own."""

    venue: Venue
    probe: Handle
    sender: Any

    def run(self, owners: tuple[Any, ...], target: Handle, function: str, *arguments: Any) -> Receipt:
        """Call as a module, with the owners' accounts touched and nothing asked of them."""
        accounts = [self.venue.account(owner) for owner in owners]
        data = getattr(target, function).encode(*arguments)
        return self.probe.run(accounts, LIQUIDATED, target, data, sender=self.sender)

    def trade(self, instrument, buyer, seller, size, price, *reduces, fee=500) -> Receipt:
        """Fill without an order book; `reduces` flags buyer and seller as reduce-only, both say to pay `fee` [ppm]."""
        v = self.venue
        sides = (v.account(buyer), v.account(seller))
        arguments = (v.instrument(instrument), *sides, wad(size), wad(price), fee, *(reduces or (False, False)))
        return self.run((), v.clearinghouse, "trade", *arguments)

    def move_slice(self, giver, taker, fraction) -> Receipt:
        """Move a fraction of every leg."""
        arguments = (self.venue.account(giver), self.venue.account(taker), wad(fraction))
        return self.run((giver, taker), self.venue.clearinghouse, "moveSlice", *arguments)

    def move_at_mark(self, giver, taker, instrument, size) -> Receipt:
        """Move a leg at the index price."""
        v = self.venue
        arguments = (v.account(giver), v.account(taker), v.instrument(instrument), wad(size))
        return self.run((giver, taker), v.clearinghouse, "moveAtMark", *arguments)

    def share_loss(self, owner, instrument, amount, *, longs_pay) -> Receipt:
        """Share a loss among winners."""
        v = self.venue
        arguments = (v.account(owner), v.instrument(instrument), longs_pay, wad(amount))
        return self.run((owner,), v.clearinghouse, "shareLoss", *arguments)

    def set_in_auction(self, owner) -> Receipt:
        """Mark an account as in auction."""
        return self.run((owner,), self.venue.vault, "setInAuction", self.venue.account(owner), True)


@pytest.fixture
def modules(venue, node, trader, maker, deployer) -> Modules:
    """Install the probe and give trader and maker 100,000 USDC each."""
    probe = node.deploy("ModuleProbe", venue.vault, sender=deployer)
    venue.govern(venue.vault, "setModule", probe, GATE | EXCHANGE | AUCTION)
    venue.govern(venue.clearinghouse, "setModules", probe, probe)
    for owner in (trader, maker):
        venue.deposit(owner, "USDC", "100000")
    return Modules(venue, probe, deployer)


def market(venue: Venue, instrument: str | int) -> dict[str, int]:
    """Unpack what a market holds."""
    found = venue.instrument(instrument)
    word = venue.clearinghouse.marketWord(found)
    flows = venue.clearinghouse.flows(found)
    index = word & (2**88 - 1)
    rate = (word >> 216) & (2**24 - 1)
    return {
        "index": index - (index >> 87 << 88),
        "open_interest": (word >> 88) & (2**96 - 1),
        "updated_at": (word >> 184) & (2**32 - 1),
        "rate": rate - (rate >> 23 << 24),
        "utilisation": (word >> 240) & 0xFF,
        "flags": word >> 248,
        "long_basis": flows["longBasis"],
        "pool": flows["pool"],
    }


def unpriced(venue: Venue, feed: str) -> dict[str, int]:
    """Argument of PriceNotValid."""
    return {"feedId": venue.feed(feed)}
