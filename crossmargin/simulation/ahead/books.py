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

    # Books by look are products of matrices: books by assets, and assets by looks (ratios, multipliers).

    def gains(self, ratios: Floats, notionals: Floats) -> Floats:
        """Give what books gained when prices went by ratios, by book and look [USD]."""
        return np.asarray(notionals @ (ratios - 1).T, np.float64)

    def tolls_at(self, ratios: Floats, notionals: Floats) -> Floats:
        """Give what closing books costs at ratios of prices [USD]."""
        return np.asarray((np.abs(notionals) * self.tolls) @ ratios.T, np.float64)

    def impacts_at(self, ratios: Floats, multipliers: Floats, notionals: Floats) -> Floats:
        """Give the impact charge on whole books at ratios of prices [USD]."""
        size = np.abs(notionals)
        return np.asarray((size * np.sqrt(size)) @ self._charged(ratios, multipliers).T, np.float64)

    def cross_at(self, ratios: Floats, multipliers: Floats, notionals: Floats, which: RiskSet) -> Floats:
        """Give what `cross` gives at ratios of prices [USD]."""
        shocked = ratios * multipliers * self.shocks[which]
        total = np.abs(notionals) @ (shocked * self._apart(which)).T
        return np.asarray(self._together(total, shocked, notionals, which), np.float64)

    def lacking_at(self, ratios: Floats, multipliers: Floats, notionals: Floats, which: RiskSet) -> Floats:
        """Give what scenarios and impact ask of whole books, less what these gained, at ratios of prices [USD].

        That is `cross_at + impacts_at - gains`, most of it in one product.
        """
        size, shocked = np.abs(notionals), ratios * multipliers * self.shocks[which]
        books = np.concatenate([size, size * np.sqrt(size), notionals], axis=1)
        looks = np.concatenate([shocked * self._apart(which), self._charged(ratios, multipliers), 1 - ratios], axis=1)
        return np.asarray(self._together(books @ looks.T, shocked, notionals, which), np.float64)

    def lacking_alone(self, ratio: Floats, multipliers: Floats, notionals: Floats, asset: int) -> Floats:
        """Give the same of positions in one asset that stand alone, in maintenance margin [USD]."""
        size = np.abs(notionals)
        shock = self.shocks[RiskSet.MAINTENANCE][asset]
        books = np.stack([size, size * np.sqrt(size), notionals], axis=1)
        charged = ratio * np.sqrt(ratio) * multipliers * self.impacts[asset]
        return np.asarray(books @ np.stack([ratio * multipliers * shock, charged, 1 - ratio]), np.float64)

    def _charged(self, ratios: Floats, multipliers: Floats) -> Floats:
        return np.asarray(ratios * np.sqrt(ratios) * multipliers * self.impacts, np.float64)

    def _apart(self, which: RiskSet) -> Floats:
        """Give the part of each asset's loss that its group does not take off."""
        apart = np.ones(len(self.impacts))
        for members, rho in zip(self.groups, self.offsets[which], strict=True):
            apart[members] = 1 - rho
        return apart

    def _together(self, total: Floats, shocked: Floats, notionals: Floats, which: RiskSet) -> Floats:
        """Add what groups lose as one, in place."""
        for members, rho in zip(self.groups, self.offsets[which], strict=True):
            if rho:
                own = notionals[:, members] @ (rho * shocked[:, members]).T
                total += np.abs(own, out=own)
        return total
