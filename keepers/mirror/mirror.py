"""The mirror as the keeper uses it: who is near liquidation, and whether the copy agrees with the chain.

Reads the ledger it is given; asks no chain. What it makes of a block goes out as `Marks` and is not kept.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossmargin.model.units import PPM, WAD, AccountId, Seconds
from keepers.mirror.health import HealthFactors, Prices, evaluate
from keepers.mirror.ledger import Ledger
from keepers.settings import MirrorSettings
from keepers.units import FloatUsd
from keepers.views import ExpiryState, Screened

__all__ = ["Marks", "Mirror", "Mismatch"]

_DUST: Final = 1e-3  # USD: roundings and the float's own error are far below


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An account whose margin excess differs between mirror and chain."""

    account: AccountId
    mirror: FloatUsd
    chain: FloatUsd


@dataclass(frozen=True, slots=True)
class Marks:
    """All accounts at one block's prices.

    `near` are those near liquidation, worst first, without those that have open options: only the chain can value them,
    and `with_options` names them. `ending` are the expiries of what is held that are averaged now, or should have been.
    By the ledger's rows: the factors, and who is compared with the chain.
    """

    near: list[AccountId]
    with_options: list[AccountId]
    ending: list[ExpiryState]
    factors: HealthFactors
    comparable: NDArray[np.bool_]


class Mirror:
    """Screens all accounts and compares some."""

    def __init__(self, ledger: Ledger, settings: MirrorSettings, seed: int | None = None) -> None:
        """Look at the given ledger; the seed fixes which accounts are audited."""
        self.ledger = ledger
        self._settings = settings
        self._dice = random.Random(seed)  # noqa: S311 - a sample, not a secret
        self._next_heal = 0

    @property
    def size(self) -> int:
        """Number of accounts."""
        return len(self.ledger.accounts)

    def screen(self, prices: Prices, now: Seconds) -> Marks:
        """Re-mark every account; near liquidation is a health factor below 1 + margin."""
        factors = evaluate(self.ledger, prices, now)
        margin = 1 + self._settings.screen_margin_ppm / PPM
        optional = self.ledger.accounts.legs.holders(set(self.ledger.open_options()), self.size)
        unsafe = factors.numerator < factors.denominator * margin + np.where(factors.denominator > 0, _DUST, 0)
        near = np.flatnonzero(unsafe & ~optional)
        return Marks(
            near=self._accounts(near[np.argsort(factors.excess[near])]),
            with_options=self._accounts(np.flatnonzero(optional)),
            ending=self.ledger.ending(self.ledger.accounts.legs.held(), now),
            factors=factors,
            comparable=~optional,
        )

    def _accounts(self, rows: NDArray[np.intp]) -> list[AccountId]:
        return [self.ledger.accounts.ids[row] for row in rows]

    def sample(self) -> list[AccountId]:
        """Pick accounts to audit."""
        accounts = self.ledger.accounts.ids
        return self._dice.sample(accounts, min(len(accounts), self._settings.audit_sample))

    def to_heal(self) -> list[AccountId]:
        """Pick the accounts to take from the chain anew: the stale ones, then the next in turn."""
        chunk = self._settings.chunk
        stale = sorted(self.ledger.accounts.stale)[:chunk]
        accounts = self.ledger.accounts.ids
        turn = [accounts[(self._next_heal + i) % len(accounts)] for i in range(min(chunk - len(stale), len(accounts)))]
        self._next_heal += len(turn)
        return list(dict.fromkeys([*stale, *turn]))

    def mismatches(self, marks: Marks, exact: Iterable[Screened]) -> list[Mismatch]:
        """Compare marks with exact margins of the same block; accounts with open options are not compared."""
        factors, excess, found = marks.factors, marks.factors.excess, []
        for one in exact:
            row = self.ledger.accounts.row_of(one.account)
            if (
                row is None
                or row >= len(excess)
                or not one.ok
                or one.account in self.ledger.accounts.stale
                or not marks.comparable[row]
            ):
                continue
            mine, theirs = float(excess[row]), one.excess / WAD
            scale = float(factors.numerator[row] + factors.denominator[row])
            if abs(mine - theirs) > _DUST + scale * self._settings.audit_tolerance_ppm / PPM:
                found.append(Mismatch(one.account, FloatUsd(mine), FloatUsd(theirs)))
        return found
