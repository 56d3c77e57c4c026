"""Books of perpetuals, many at once: who is drawn, and what their margins ask for. Floats, equal to the exact model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crossmargin.model.parameters import RiskSet
from crossmargin.model.units import PPM
from crossmargin.simulation.liquidations.bars import Floats
from crossmargin.simulation.liquidations.books import toll_of
from crossmargin.simulation.liquidations.venue import Venue, dollars

__all__ = ["Margins", "draw", "room"]

_MOST_LEGS: Final = 3
_LONG: Final = 0.65
"""Share of accounts that lean to the bought side, as traders do."""
_ALIKE: Final = 0.8
"""Share of an account's legs on the side that it leans to."""
_SIZE: Final = (np.log(20_000), 1.2)
"""Notional of a leg: mean and deviation of its logarithm [USD]."""


def draw(random: Generator, count: int, assets: int) -> Floats:
    """Draw notionals at the opening, by book and asset, bought above 0 [USD]."""
    chosen = np.argsort(random.random((count, assets)), axis=1) < random.integers(1, _MOST_LEGS + 1, (count, 1))
    lean = np.where(random.random((count, 1)) < _LONG, 1.0, -1.0)
    with_it = np.where(random.random((count, assets)) < _ALIKE, lean, -lean)
    return np.asarray(chosen * with_it * random.lognormal(*_SIZE, (count, assets)), np.float64)


def room(random: Generator, count: int, mean: float) -> Floats:
    """Draw equity over initial margin at the opening, so much more than 1 on average: often little, sometimes much."""
    return 1 + random.exponential(mean, count)


@dataclass(frozen=True, eq=False)
class Margins:
    """Parameters of the assets, as arrays in their order."""

    shocks: dict[RiskSet, Floats]
    impacts: Floats
    groups: tuple[NDArray[np.int64], ...]
    offsets: dict[RiskSet, tuple[float, ...]]
    tolls: Floats

    @classmethod
    def of(cls, venue: Venue, assets: Sequence[str]) -> "Margins":
        """Read them from a venue."""
        rows = [venue.params.underlying(venue.feeds[asset]) for asset in assets]
        numbers = sorted({row.group for row in rows})
        return cls(
            {which: np.array([row.of(which).derivative_shock for row in rows]) / PPM for which in RiskSet},
            np.array([dollars(row.impact_coefficient) for row in rows]),
            tuple(np.flatnonzero([row.group == number for row in rows]) for number in numbers),
            {which: tuple(venue.params.offset(number, which) / PPM for number in numbers) for which in RiskSet},
            np.array([toll_of(asset) for asset in assets]),
        )

    def cross(self, notionals: Floats, multipliers: Floats, which: RiskSet) -> Floats:
        """Give what scenarios ask of whole accounts by a set [USD]; the last axis is of assets."""
        signed = notionals * (self.shocks[which] * multipliers)
        total = np.zeros(notionals.shape[:-1])
        for members, rho in zip(self.groups, self.offsets[which], strict=True):
            own = signed[..., members]
            lost = np.abs(own).sum(axis=-1)
            total += lost - rho * (lost - np.abs(own.sum(axis=-1)))
        return total

    def isolated(self, notionals: Floats, multipliers: Floats, which: RiskSet) -> Floats:
        """Give what they ask of each position alone [USD]."""
        return np.asarray(np.abs(notionals) * (self.shocks[which] * multipliers), np.float64)

    def impact(self, notionals: Floats, multipliers: Floats) -> Floats:
        """Give the impact charge on each position [USD]; multipliers are those of the set in work."""
        size = np.abs(notionals)
        return np.asarray(self.impacts * multipliers * size * np.sqrt(size), np.float64)

    def opening(self, notionals: Floats, multipliers: Floats) -> Floats:
        """Give the initial margin of whole accounts [USD]."""
        scenarios = self.cross(notionals, multipliers, RiskSet.INITIAL)
        return np.asarray(scenarios + self.impact(notionals, multipliers).sum(axis=-1), np.float64)

    # Books by look are products of matrices: looks by assets (ratios, multipliers), and assets by books.

    def gains(self, ratios: Floats, notionals: Floats) -> Floats:
        """Give what books gained when prices went by ratios, by look [USD]."""
        return np.asarray((ratios - 1) @ notionals.T, np.float64)

    def tolls_at(self, ratios: Floats, notionals: Floats) -> Floats:
        """Give what closing books costs at ratios of prices [USD]."""
        return np.asarray(ratios @ (np.abs(notionals) * self.tolls).T, np.float64)

    def impacts_at(self, ratios: Floats, multipliers: Floats, notionals: Floats) -> Floats:
        """Give the impact charge on whole books at ratios of prices [USD]."""
        weights, size = ratios * np.sqrt(ratios) * multipliers * self.impacts, np.abs(notionals)
        return np.asarray(weights @ (size * np.sqrt(size)).T, np.float64)

    def cross_at(self, ratios: Floats, multipliers: Floats, notionals: Floats, which: RiskSet) -> Floats:
        """Give what `cross` gives at ratios of prices [USD]."""
        shocked, size = ratios * multipliers * self.shocks[which], np.abs(notionals)
        apart = np.ones(shocked.shape[1])
        for members, rho in zip(self.groups, self.offsets[which], strict=True):
            apart[members] = 1 - rho
        total = (shocked * apart) @ size.T
        for members, rho in zip(self.groups, self.offsets[which], strict=True):
            if rho:
                total += rho * np.abs(shocked[:, members] @ notionals[:, members].T)
        return np.asarray(total, np.float64)
