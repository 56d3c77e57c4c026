"""What a keeper sees of an account at its looks, and what taking it over costs."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np

from crossmargin.simulation.liquidations.bars import Floats
from crossmargin.simulation.liquidations.books import Profile

__all__ = ["FLAT", "Keeper", "Sight", "scaled"]

FLAT: Final = 5.0
"""What any bid costs [USD]."""


@dataclass(frozen=True)
class Sight:
    """The rest of an account at each look, that is all but the reserved cash [USD], and the time of both phases [s].

    `cost` is what taking the whole costs. `major`: it holds majors only.
    """

    rest: Profile
    reserved: float
    solvent_time: Floats
    insolvent_time: Floats
    cost: Floats
    major: bool

    @property
    def solvent(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether the rest is worth something."""
        return np.asarray(self.rest.value > 0)

    @property
    def healthy(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether the account is at or above maintenance."""
        return np.asarray(self.rest.excess + self.reserved >= 0)

    def at(self, look: int) -> "Sight":
        """Give one look."""
        rest = self.rest.part(look, look + 1)
        times = (self.solvent_time[look : look + 1], self.insolvent_time[look : look + 1])
        return Sight(rest, self.reserved, *times, self.cost[look : look + 1], self.major)

    def asked(self, fraction: Floats) -> Floats:
        """Give what a keeper asks for a fraction [USD]: impact grows with its power 3/2, and 5 USD are for any."""
        impact = 2 * self.rest.impact
        asked: Floats = fraction * (self.cost - impact - FLAT) + fraction**1.5 * impact + FLAT
        return asked

    def later(self, seconds: int) -> "Sight":
        """Give what it would be had each look's phase run for longer."""
        return replace(
            self,
            solvent_time=self.solvent_time + seconds * self.solvent,
            insolvent_time=self.insolvent_time + seconds * ~self.solvent,
        )


@dataclass(frozen=True)
class Keeper:
    """A kind of bidder: seconds between looks, and what it asks for risk in standard deviations over one of them.

    With `patience` it has no rival and waits: it bids once its profit would grow by less, until the next look, than the
    part of it that an event of this mean time takes away [s].
    """

    latency: int
    risk_price: float = 0.0
    patience: float | None = None

    def cost(self, rest: Profile, fraction: Floats) -> Floats:
        """Give what a fraction of the rest costs: closing it, twice the impact, the risk until the next look."""
        risk = self.risk_price * self.latency**0.5 * rest.risk
        cost: Floats = fraction * (rest.toll + risk) + 2 * fraction**1.5 * rest.impact + FLAT
        return cost

    def bids(
        self, sight: Sight, offer: Callable[[Sight], tuple[Floats, Floats]]
    ) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Tell at which looks it bids; `offer` gives fraction and reward of the whole."""
        now = self._profit(sight, offer)
        if self.patience is None:
            return np.asarray(now >= 0)
        later = self._profit(sight.later(self.latency), offer)
        return np.asarray((now >= 0) & (now >= later * (1 - self.latency / self.patience)))

    def _profit(self, sight: Sight, offer: Callable[[Sight], tuple[Floats, Floats]]) -> Floats:
        fraction, reward = offer(sight)
        profit = fraction * reward - self.cost(sight.rest, fraction)
        return np.where(fraction > 0, profit, -1.0)


def scaled(whole: Profile, share: float, cash: float) -> Profile:
    """Give what is left of a book: a share of it, and cash of its own [USD]."""
    amounts = {each.name: getattr(whole, each.name) * share for each in fields(whole)}
    impact = whole.impact * share**1.5
    amounts["requirement"] = amounts["requirement"] + impact - amounts["impact"]
    return Profile(**{**amounts, "impact": impact, "value": amounts["value"] + cash})
