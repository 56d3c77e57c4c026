"""Auctions: the venue's, to the wei as the model says, and others that are compared with it.

All give a reward for the whole rest and sell the fraction that restores the account to its target; what the venue's
does not say of them is the venue's. Where a keeper decides, rewards are floats; where a bid is made, integers.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from crossmargin.model.auction import (
    LEAST_PART,
    AuctionTerms,
    Rest,
    insolvent_payout,
    largest_fraction,
    reward,
)
from crossmargin.model.units import WAD, Seconds, Wad
from crossmargin.simulation.liquidations.bars import Floats
from crossmargin.simulation.liquidations.sight import Sight
from crossmargin.simulation.liquidations.venue import dollars, wad_of

__all__ = [
    "FORMER_TERMS",
    "AtCost",
    "Auction",
    "Discount",
    "GrossAuction",
    "Ramp",
    "Rule",
    "VenueAuction",
    "VolatilityAuction",
]

FORMER_TERMS: Final = AuctionTerms(
    start_reward=Wad(0),
    knee_reward=Wad(0),
    fast=Seconds(900),
    slow=Seconds(7_200),
    target_buffer=Wad(WAD // 4),
    small_account=Wad(500 * WAD),
    length=Seconds(3_600),
)
"""Of the discount on equity that the venue had; its rewards do not come from here."""
_RAMP_START: Final = 0.05
_RAMP_LENGTH: Final = 600.0
_START_PRICE: Final = 0.98
_FLOOR_PRICE: Final = 0.80
_SIGMAS: Final = 5.0
_MINUTE: Final = 60
_TOLLS: Final = 25.0
_ROUNDS: Final = 12
_CENT: Final = 0.01


class Rule(Protocol):
    """A rule of liquidation."""

    @property
    def name(self) -> str:
        """Name it in tables."""

    @property
    def reserves(self) -> bool:
        """Tell whether what a bidder pays is kept from the next one."""

    @property
    def exact(self) -> bool:
        """Tell whether accounts are sold by the model's integers; else by floats, rounded to a wei."""

    def offer(self, sight: Sight) -> tuple[Floats, Floats]:
        """Give at each look which fraction is for sale, and the reward for the whole [USD]."""

    def bid(self, rest: Rest, look: Sight) -> tuple[Wad, Wad]:
        """Give the fraction that one bid takes [wad], and what the reward of the whole is [wad USD]."""


@dataclass(frozen=True)
class Auction(ABC):
    """An auction of slices: a reward below the rest's value while it has any, beyond that one that a fund pays."""

    name: str
    terms: AuctionTerms
    reserves: bool = True
    exact: bool = False

    @abstractmethod
    def solvent_reward(self, sight: Sight) -> Floats:
        """Give the reward of a whole rest that is worth something, before the limit of its value [USD]."""

    def offer(self, sight: Sight) -> tuple[Floats, Floats]:
        """Give fraction and reward, as floats."""
        rest = sight.rest
        paid = rest.requirement * np.minimum(sight.insolvent_time / self.terms.length, 1.0)
        rewards = np.where(sight.solvent, np.minimum(rest.value, self.solvent_reward(sight)), paid)
        return np.where(sight.solvent, self._largest(sight, rewards), 1.0), rewards

    def bid(self, rest: Rest, look: Sight) -> tuple[Wad, Wad]:
        """Give fraction and reward by the model's integers."""
        if rest.value <= 0:
            payout = insolvent_payout(self.terms, rest, Seconds(int(look.insolvent_time[0])))
            return Wad(WAD), Wad(rest.value + payout)
        given = self.exact_reward(rest, look)
        return largest_fraction(self.terms, rest, Wad(rest.value - given)), given

    def exact_reward(self, rest: Rest, look: Sight) -> Wad:
        """Give the reward of a whole solvent rest [wad USD]."""
        return Wad(min(rest.value, wad_of(float(self.solvent_reward(look)[0]))))

    def _largest(self, sight: Sight, rewards: Floats) -> Floats:
        """Give the largest fraction as the model does, in floats."""
        rest = sight.rest
        missing = dollars(self.terms.target_buffer) * rest.requirement - rest.excess
        need = missing - sight.reserved
        fraction = need / np.maximum(rest.value - rewards + missing, 1e-9)
        least = dollars(LEAST_PART)
        fraction = np.where(fraction > 1 - least, 1.0, np.maximum(fraction, least))
        whole = rest.value <= dollars(self.terms.small_account)
        return np.where(need <= 0, 0.0, np.where(whole, 1.0, fraction))


@dataclass(frozen=True)
class VenueAuction(Auction):
    """The venue's auction: a reward by the requirement, fast at first, then slow."""

    exact: bool = True

    def solvent_reward(self, sight: Sight) -> Floats:
        """Give the model's reward in floats."""
        return self._curve(sight, sight.rest.requirement)

    def exact_reward(self, rest: Rest, look: Sight) -> Wad:
        """Give the model's reward."""
        return reward(self.terms, rest, Seconds(int(look.solvent_time[0])))

    def _curve(self, sight: Sight, base: Floats) -> Floats:
        start, knee = dollars(self.terms.start_reward), dollars(self.terms.knee_reward)
        fast = np.minimum(sight.solvent_time / self.terms.fast, 1.0)
        slow = np.clip((sight.solvent_time - self.terms.fast) / self.terms.slow, 0.0, 1.0)
        held_back = np.maximum(base, sight.rest.value - sight.rest.excess)
        curve: Floats = base * (start + (knee - start) * fast) + (held_back - knee * base) * slow
        return curve


@dataclass(frozen=True)
class VolatilityAuction(VenueAuction):
    """The same by the larger of the requirement and five standard deviations a minute of the gross notional."""

    exact: bool = False

    def solvent_reward(self, sight: Sight) -> Floats:
        """Give the reward."""
        return self._curve(sight, np.maximum(sight.rest.requirement, _SIGMAS * _MINUTE**0.5 * sight.rest.swing))

    def exact_reward(self, rest: Rest, look: Sight) -> Wad:
        """Give the reward, rounded to a wei: no integer model has it."""
        return Auction.exact_reward(self, rest, look)


@dataclass(frozen=True)
class GrossAuction(VenueAuction):
    """The same by the larger of the requirement and 25 times what closing costs: of majors 2.5 % of gross notional."""

    exact: bool = False

    def solvent_reward(self, sight: Sight) -> Floats:
        """Give the reward."""
        return self._curve(sight, np.maximum(sight.rest.requirement, _TOLLS * sight.rest.toll))

    def exact_reward(self, rest: Rest, look: Sight) -> Wad:
        """Give the reward, rounded to a wei: no integer model has it."""
        return Auction.exact_reward(self, rest, look)


@dataclass(frozen=True)
class AtCost(Auction):
    """What no auction can undercut: at every look the largest slice earns just what its keeper asks."""

    def solvent_reward(self, sight: Sight) -> Floats:
        """Give the reward by which slice and costs agree; each depends on the other."""
        rewards = sight.cost
        for _ in range(_ROUNDS):
            sold = self._largest(sight, np.minimum(sight.rest.value, rewards))
            fraction = np.where(sold > 0, sold, 1.0)
            rewards = (sight.asked(fraction) + _CENT) / fraction
        return rewards


@dataclass(frozen=True)
class Ramp(Auction):
    """One ramp of the requirement: a twentieth, and all of it within ten minutes."""

    def solvent_reward(self, sight: Sight) -> Floats:
        """Give the reward."""
        return sight.rest.requirement * (_RAMP_START + sight.solvent_time / _RAMP_LENGTH)


@dataclass(frozen=True)
class Discount(Auction):
    """The rule before: a price that falls from 98 % of the value to 80 % and then to nothing."""

    terms: AuctionTerms = FORMER_TERMS

    def solvent_reward(self, sight: Sight) -> Floats:
        """Give the discount on the value."""
        fast = np.minimum(sight.solvent_time / self.terms.fast, 1.0)
        slow = np.clip((sight.solvent_time - self.terms.fast) / self.terms.slow, 0.0, 1.0)
        price = (_START_PRICE - (_START_PRICE - _FLOOR_PRICE) * fast) * (1 - slow)
        return sight.rest.value * (1 - price)
