"""What a shared loss does to a leg, as far as events tell: entry and units of claims are in none of them. Pure.

The model says what a leg bears with the entry that bears least, and with the one that bears most. Where both say the
same it is known; else the chain has to be asked.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from crossmargin.model.ledger import Claim, Losses, LossRecord, MarketLeg, kept_entry, to_bear
from crossmargin.model.units import ZERO, Wad
from keepers.mirror.state import Position

__all__ = ["after_loss", "record_of"]

_MOST_ENTRY: Final = Wad(2**128)
_MAX_PRICE: Final = Wad(2**96 - 1)
_MOST_UNITS: Final = Wad(2**96)
_NO_LIMIT: Final = Wad(2**127)


def record_of(per_unit: int, price: Wad, funding: Wad, *, longs_pay: bool) -> LossRecord:
    """Make the record that the market keeps of a loss shared at a mid price and a funding index."""
    return LossRecord(per_unit, kept_entry(min(price, _MAX_PRICE), up=not longs_pay), Wad(price - funding), longs_pay)


def after_loss(position: Position, record: LossRecord) -> Position | None:
    """Give the position after its share of a loss; None where that hangs on what no event tells."""
    outcomes = {_borne(leg, record) for leg in _possible(position)}
    return outcomes.pop() if len(outcomes) == 1 else None


def _borne(leg: MarketLeg, record: LossRecord) -> Position:
    left, _ = to_bear(leg, Losses(_NO_LIMIT, (record,)))
    return Position(left.size, left.basis, left.claims, left.debts)


def _possible(position: Position) -> Iterator[MarketLeg]:
    """Give the extremes of what the leg may be: where it began, which side its claim is of, and how many it counts."""
    leg = MarketLeg(position.size, position.basis)
    for entry in (ZERO, _MOST_ENTRY):
        begun = replace(leg, entry=entry)
        for longs in (True, False) if position.claims or position.debts else (True,):
            for units in (Wad(1), _MOST_UNITS) if position.claims else (ZERO,):
                other = begun.with_claim(Claim(position.claims, units), longs=longs)
                yield other.with_claim(Claim(Wad(-position.debts)), longs=not longs)
