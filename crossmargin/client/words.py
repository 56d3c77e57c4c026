"""Words of the contracts, unpacked: what an account holds and what margin reads of a market. Touches nothing.

The layouts are those of contracts/types/SpotWord.sol, MarketWord.sol, PositionWord.sol and UnpaidWord.sol.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crossmargin.model.account import Spot
from crossmargin.model.ledger import Claim
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import Multipliers
from crossmargin.model.units import ZERO, AssetIndex, FeedId, InstrumentId, Ppm, Seconds, Wad

__all__ = ["HeldLeg", "HeldSpot", "legs_of", "market_of", "multipliers_of", "spot_of"]

_LEG_WORDS: Final = 4
_REDUCE_ONLY: Final = 2


@dataclass(frozen=True, slots=True)
class HeldSpot:
    """Collateral, and its place among the assets."""

    index: AssetIndex
    spot: Spot


@dataclass(frozen=True, slots=True)
class HeldLeg:
    """A leg with what closed longs and closed shorts are owed, and its market."""

    instrument: InstrumentId
    size: Wad
    basis: Wad
    long: Claim
    short: Claim
    market: Market

    @property
    def leg(self) -> Leg:
        """Give the leg as margin reads it."""
        owed = (self.long.amount, self.short.amount)
        claims, debts = (sum(max(sign * amount, 0) for amount in owed) for sign in (1, -1))
        return Leg(self.instrument, self.size, self.basis, Wad(claims), Wad(debts))


def spot_of(word: int) -> HeldSpot:
    """Unpack a balance."""
    fields = word >> 128, word >> 136, word >> 144, word >> 152
    decimals, feed, underlying, index = (each & 0xFF for each in fields)
    return HeldSpot(AssetIndex(index), Spot(word & 2**128 - 1, decimals, FeedId(feed), FeedId(underlying)))


def market_of(instrument: InstrumentId, word: int) -> tuple[Market, bool]:
    """Unpack a market, and whether only reductions trade in it."""
    market = Market(
        instrument=instrument,
        funding_index=Wad(_signed(word, 88)),
        open_interest=Wad(word >> 88 & 2**96 - 1),
        updated_at=Seconds(word >> 184 & 2**32 - 1),
        rate=Ppm(_signed(word >> 216, 24)),
        utilisation=word >> 240 & 0xFF,
    )
    return market, bool(word >> 248 & _REDUCE_ONLY)


def legs_of(words: Sequence[int]) -> tuple[HeldLeg, ...]:
    """Unpack the clearinghouse's legs: four words each."""
    found = []
    for first in range(0, len(words), _LEG_WORDS):
        packed, position, market, unpaid = words[first : first + _LEG_WORDS]
        instrument = InstrumentId(packed)
        leg = HeldLeg(
            instrument=instrument,
            size=Wad(_signed(position >> 100, 96)),
            basis=Wad(_signed(position, 100)),
            long=Claim(Wad(_signed(unpaid, 128)), ZERO),
            short=Claim(Wad(_signed(unpaid >> 128, 128)), ZERO),
            market=market_of(instrument, market)[0],
        )
        found.append(leg)
    return tuple(found)


def multipliers_of(word: int) -> Multipliers:
    """Unpack what the volatility source says."""
    return Multipliers(Wad(word & 2**128 - 1), Wad(word >> 128))


def _signed(word: int, bits: int) -> int:
    """Read the low bits as a signed number."""
    low = word & ((1 << bits) - 1)
    return low - (1 << bits) if low >> (bits - 1) else low
