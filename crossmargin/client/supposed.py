"""A what-if, as the simulator takes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crossmargin.client.names import Asset
from crossmargin.model.units import ZERO, FeedId, InstrumentId, TokenUnits, Wad

__all__ = ["Supposed"]


@dataclass(frozen=True, slots=True)
class Supposed:
    """A what-if: instrument, size [wad base], price [wad USD]; asset, amount [token units]; cash [wad USD]; moves."""

    trades: Sequence[tuple[InstrumentId, Wad, Wad]] = ()
    collateral: Sequence[tuple[Asset, TokenUnits]] = ()
    cash: Wad = ZERO
    shocks: Mapping[FeedId, Wad] = field(default_factory=dict)

    @property
    def arguments(self) -> tuple[Any, ...]:
        """Give the simulator's `Change` struct, and the shocks."""
        instruments, sizes, prices = ([each[place] for each in self.trades] for place in range(3))
        indices, amounts = [asset.index for asset, _ in self.collateral], [amount for _, amount in self.collateral]
        return (instruments, sizes, prices, indices, amounts, self.cash), list(self.shocks.items())
