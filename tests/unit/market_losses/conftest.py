"""A second book of claims and losses, kept by a probe in the place of the clearinghouse."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest

from crossmargin.chain.decimals import wad
from crossmargin.model.ledger import kept_entry
from crossmargin.model.units import WAD
from tests.helpers.handles import Handle, Receipt
from tests.helpers.venue import Venue

GATE, CLEARINGHOUSE = 1, 2
LIQUIDATED = 2
MARKET = 77
"""A market of the book; it need not be listed."""
ALICE, BOB = 1, 2
"""Accounts; they need not exist."""


def stored_leg(size=0, entry=0, epoch=0, basis=None) -> int:
    """Pack a leg as the clearinghouse stores it; it has cost what its entry says, unless told otherwise."""
    held = wad(size)
    cost = held * wad(entry) // WAD if basis is None else wad(basis)
    price = kept_entry(wad(entry), up=held > 0)
    exponent = max(price.bit_length() - 27, 0)
    return cost % 2**100 | held % 2**96 << 100 | price >> exponent << 196 | exponent << 223 | epoch << 230


class Left(NamedTuple):
    """What a stored leg says, but for its size."""

    basis: int
    entry: int
    epoch: int
    claims: int


def left_of(word: int) -> Left:
    """Open a leg as the clearinghouse stores it."""
    basis = word % 2**100
    entry = (word >> 196) % 2**27 << (word >> 223) % 2**7
    return Left(basis - (basis >> 99 << 100), entry, (word >> 230) % 2**24, word >> 254)


@dataclass(frozen=True)
class Ledger:
    """What only the clearinghouse may do, amounts as decimals, and what there is, as integers."""

    venue: Venue
    probe: Handle
    sender: Any

    def run(self, function: str, *arguments: Any) -> Receipt:
        """Call as the clearinghouse."""
        data = getattr(self.venue.losses, function).encode(MARKET, *arguments)
        return self.probe.run([], LIQUIDATED, self.venue.losses, data, sender=self.sender)

    def credit(self, account, amount, units=0, *, longs=True, price=1) -> Receipt:
        """Add to what closed contracts are owed."""
        return self.run("credit", account, longs, wad(amount), wad(units), wad(price))

    def pay(self, account, cash, pool) -> Receipt:
        """Pay debts, then claims."""
        return self.run("pay", account, wad(cash), wad(pool))

    def share(self, account, amount, price, *, longs_pay=True, open_=0, kept=False) -> Receipt:
        """Share a loss among `open_` contracts of a side and its claims."""
        return self.run("share", account, longs_pay, wad(amount), wad(price), wad(price), wad(open_), kept)

    def bear(self, account, size=0, entry=0, epoch=0, most=100) -> Receipt:
        """Let a leg bear its shares."""
        return self.run("bear", account, stored_leg(size, entry, epoch), most)

    def claims(self, account) -> tuple[tuple[int, int], tuple[int, int]]:
        """Read amount and units of closed longs and of closed shorts."""
        long, short = (self.venue.losses.claimOf(MARKET, account, longs) for longs in (True, False))
        return tuple(long.values()), tuple(short.values())

    def units(self) -> tuple[int, int]:
        """Read the contracts that claims of the market are of."""
        return tuple(self.venue.losses.unitsOf(MARKET).values())

    def state(self) -> tuple[Any, ...]:
        """Read all about the market and both accounts."""
        losses = self.venue.losses
        kept = tuple(losses.keptUnitsOf(MARKET).values())
        accounts = (self.claims(ALICE), self.claims(BOB))
        return losses.epochOf(MARKET), losses.shortfallOf(MARKET), self.units(), kept, accounts


@pytest.fixture
def ledger(venue, node, deployer) -> Ledger:
    """Install the probe."""
    probe = node.deploy("ModuleProbe", venue.vault, sender=deployer)
    venue.govern(venue.vault, "setModule", probe, GATE | CLEARINGHOUSE)
    return Ledger(venue, probe, deployer)
