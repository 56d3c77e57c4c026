"""Fixed rules like those of other venues, from their public descriptions, in the terms of this one.

They say what each kind of rule does to the same accounts; they are no models of these venues, whose margins, caps and
order books differ.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from crossmargin.model.auction import Rest
from crossmargin.model.units import Wad
from crossmargin.simulation.liquidations.bars import Floats
from crossmargin.simulation.liquidations.sight import Sight
from crossmargin.simulation.liquidations.venue import wad_of

__all__ = ["FixedBonus", "FixedPenalty", "MarketThenBackstop"]

_BONUS: Final = 0.05
_OTHER_BONUS: Final = 0.10
_CLOSE_FACTOR: Final = 0.5
_DEEP: Final = 0.05
_PENALTY: Final = 0.015
_BACKSTOP: Final = 2 / 3


@dataclass(frozen=True)
class _Fixed:
    """A rule without a clock: what it offers a keeper sees in floats, and gets."""

    name: str
    reserves: bool = False
    exact: bool = False

    def offer(self, sight: Sight) -> tuple[Floats, Floats]:
        """Give fraction and reward."""
        raise NotImplementedError

    def bid(self, rest: Rest, look: Sight) -> tuple[Wad, Wad]:
        """Give what was offered, rounded to a wei."""
        del rest
        fraction, reward = self.offer(look)
        return wad_of(float(fraction[0])), wad_of(float(reward[0]))


class FixedBonus(_Fixed):
    """Like Aave: half of the account may be taken for 5 % of its notional, of others than majors 10 %.

    All of it where the excess is short by more than a twentieth of the notional. The bonus is paid whether or not the
    account still has it.
    """

    def offer(self, sight: Sight) -> tuple[Floats, Floats]:
        """Give fraction and reward."""
        deep = sight.rest.excess < -_DEEP * sight.rest.gross
        bonus = _BONUS if sight.major else _OTHER_BONUS
        return np.where(deep, 1.0, _CLOSE_FACTOR), bonus * sight.rest.gross


class FixedPenalty(_Fixed):
    """Like dYdX: the whole is closed at once, and the account pays 1.5 % of its notional, or what it has.

    Where that does not pay for closing, an insurance fund adds the rest.
    """

    def offer(self, sight: Sight) -> tuple[Floats, Floats]:
        """Give fraction and reward."""
        penalty = np.clip(sight.rest.value, 0.0, _PENALTY * sight.rest.gross)
        return np.ones_like(penalty), np.maximum(penalty, sight.cost)


class MarketThenBackstop(_Fixed):
    """Like Hyperliquid: the whole is closed in the market, at cost, while two thirds of the requirement are there.

    Below that a backstop takes account and equity.
    """

    def offer(self, sight: Sight) -> tuple[Floats, Floats]:
        """Give fraction and reward."""
        value = sight.rest.value
        taken = np.where(value >= _BACKSTOP * sight.rest.requirement, sight.cost, np.maximum(value, sight.cost))
        return np.ones_like(taken), taken
