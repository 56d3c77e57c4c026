"""The clearinghouse with a probe in the place of its exchange and its auction."""

from dataclasses import dataclass
from typing import Any

import pytest
from web3.datastructures import AttributeDict

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

    def settle_between(self, instrument, winner, loser, *, sender=None) -> Receipt:
        """Settle a loser, then a winner; anyone may."""
        v = self.venue
        arguments = (v.instrument(instrument), v.account(winner), v.account(loser))
        return v.clearinghouse.settleBetween(*arguments, sender=sender or self.sender)

    def set_in_auction(self, owner) -> Receipt:
        """Mark an account as in auction."""
        return self.run((owner,), self.venue.vault, "setInAuction", self.venue.account(owner), True, 0)


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
    index = word & (2**88 - 1)
    rate = (word >> 216) & (2**24 - 1)
    return {
        "index": index - (index >> 87 << 88),
        "open_interest": (word >> 88) & (2**96 - 1),
        "updated_at": (word >> 184) & (2**32 - 1),
        "rate": rate - (rate >> 23 << 24),
        "utilisation": (word >> 240) & 0xFF,
        "flags": word >> 248,
        "pool": venue.clearinghouse.poolOf(found),
    }


def losses(venue: Venue, instrument: str | int = "ETH-PERP") -> dict[str, Any]:
    """Read losses and claims of a market; contracts by side: longs, shorts."""
    found = venue.instrument(instrument)
    return {
        "epoch": venue.losses.epochOf(found),
        "shortfall": venue.losses.shortfallOf(found),
        "units": tuple(venue.losses.unitsOf(found).values()),
        "kept": tuple(venue.losses.keptUnitsOf(found).values()),
    }


def claim(venue: Venue, owner: Any, instrument: str | int = "ETH-PERP", *, longs: bool) -> tuple[int, int]:
    """Read what closed longs or shorts are owed, negative for a debt [wad USD], and their contracts [wad base]."""
    return tuple(venue.losses.claimOf(venue.instrument(instrument), venue.account(owner), longs).values())


def pending(venue: Venue, owner: Any) -> tuple[int, int, int, int]:
    """Read the only leg of an account after its shares: size, basis, owed to closed longs and shorts."""
    _, held, _, unpaid = venue.clearinghouse.legs(venue.account(owner))
    return (*_position(held), _signed(unpaid, 128), _signed(unpaid >> 128, 128))


def _position(word: int) -> tuple[int, int]:
    """Unpack size and basis of a position."""
    return _signed(word >> 100, 96), _signed(word, 100)


def _signed(word: int, bits: int) -> int:
    """Read the lowest bits as a signed number."""
    value = word % 2**bits
    return value - (value >> (bits - 1) << bits)


def smooth(venue: Venue, feed: str = "ETH", window: int = 3600) -> None:
    """Smooth a feed: its edges reach from the price to the smoothed one, which a jump leaves behind."""
    config = {**venue.oracle.feedConfig(venue.feed(feed)), "smoothingWindow": window}
    venue.govern(venue.oracle, "setFeed", venue.feed(feed), AttributeDict(config))


def unpriced(venue: Venue, feed: str) -> dict[str, int]:
    """Argument of PriceNotValid."""
    return {"feedId": venue.feed(feed)}
