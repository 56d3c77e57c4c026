"""The mirror as the keeper uses it: who is near liquidation, and whether the copy agrees with the chain.

Reads the ledger it is given; asks no chain. What it makes of a block goes out as `Marks`; what is kept says whom the
next block cannot have brought near.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from crossmargin.model.freshness import array_aged
from crossmargin.model.units import PPM, WAD, ZERO, AccountId, InstrumentId, Ppm, Seconds
from keepers.mirror.board import Prices, board_of
from keepers.mirror.column import Floats, Ints
from keepers.mirror.health import HealthFactors, evaluate
from keepers.mirror.ledger import Ledger
from keepers.mirror.reach import Reach
from keepers.mirror.state import EngineLimits
from keepers.settings import MirrorSettings
from keepers.units import FloatUsd
from keepers.views import ExpiryState, Screened, underlying_of

__all__ = ["Marks", "Mirror", "Mismatch"]

_ALL: Final = Ppm(PPM)
_DUST: Final = 1e-3  # USD: roundings and the float's own error are far below


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An account whose margin excess differs between mirror and chain."""

    account: AccountId
    mirror: FloatUsd
    chain: FloatUsd


@dataclass(frozen=True, slots=True)
class Marks:
    """The accounts that matter at one block's prices.

    `near` are those near liquidation, worst first, of which `sick` may be beyond it already. `outdated` are those of
    them with options whose risk arrays have aged or been left behind. `ending` are the expiries of what is held that
    are averaged now, or should have been. `factors` are those of `rows`, in order.
    """

    near: list[AccountId]
    sick: list[AccountId]
    outdated: list[AccountId]
    ending: list[ExpiryState]
    rows: Ints
    factors: HealthFactors


class Mirror:
    """Screens all accounts and compares some."""

    def __init__(self, ledger: Ledger, settings: MirrorSettings, seed: int | None = None) -> None:
        """Look at the given ledger; the seed fixes which accounts are audited."""
        self.ledger = ledger
        self._settings = settings
        self._dice = random.Random(seed)  # noqa: S311 - a sample, not a secret
        self._next_heal = 0
        self._margin = settings.screen_margin_ppm / PPM
        self._reach = Reach(self._margin)

    @property
    def size(self) -> int:
        """Number of accounts."""
        return len(self.ledger.accounts)

    def screen(self, prices: Prices, now: Seconds, also: Iterable[AccountId] = (), *, used_up: Ppm = _ALL) -> Marks:
        """Mark every account that may be near liquidation, a health factor below 1 + margin, and others.

        A risk array is outdated once it has used up a part of the engine's limits.
        """
        board = board_of(self.ledger, prices, now)
        accounts = self.ledger.accounts
        rows = self._reach.may_be_near(self.ledger, board, accounts.written)
        accounts.written.clear()
        others = [row for row in map(accounts.row_of, also) if row is not None]
        rows = np.unique(np.append(rows, np.array(others, np.int64)))
        factors = evaluate(self.ledger, board, rows)
        least = factors.denominator * (1 + self._margin) + np.where(factors.denominator > 0, _DUST, 0)
        near = np.flatnonzero(~(factors.numerator >= least))
        near = near[np.argsort(factors.excess[near])]
        held = accounts.legs.held()
        outdated = self._outdated(held, prices, now, used_up)
        optional = accounts.legs.holders(outdated, self.size)[rows[near]]
        return Marks(
            near=self._accounts(rows[near]),
            sick=self._accounts(rows[near[~(factors.excess[near] > self._tolerated(factors)[near])]]),
            outdated=self._accounts(rows[near[optional]]),
            ending=self.ledger.ending(held, now),
            rows=rows,
            factors=factors,
        )

    def _outdated(self, held: Iterable[InstrumentId], prices: Prices, now: Seconds, used_up: Ppm) -> set[InstrumentId]:
        """Pick the options whose arrays were not made at Valid prices, are old, or were left behind by the index."""
        series = self.ledger.open_options(held)
        limits = self.ledger.venue.known_limits() if series else None
        return {one for one in series if limits and not self._counts(one, prices, now, limits, used_up)}

    def _counts(self, series: InstrumentId, prices: Prices, now: Seconds, limits: EngineLimits, used_up: Ppm) -> bool:
        array = self.ledger.arrays.get(series)
        if array is None or not array.valid:
            return False
        index = prices.mids.get(underlying_of(series), ZERO)
        return not array_aged(
            array.ref,
            now - array.time,
            index,
            max_age=limits.array_max_age,
            max_move=limits.array_max_move,
            part=used_up,
        )

    def _tolerated(self, factors: HealthFactors) -> Floats:
        """Give by how much mirror and chain may differ [USD]."""
        scale = factors.numerator + factors.denominator
        return np.asarray(_DUST + scale * self._settings.audit_tolerance_ppm / PPM)

    def _accounts(self, rows: Ints) -> list[AccountId]:
        return [self.ledger.accounts.ids[row] for row in rows.tolist()]

    def sample(self) -> list[AccountId]:
        """Pick accounts to audit."""
        accounts = self.ledger.accounts.ids
        return self._dice.sample(accounts, min(len(accounts), self._settings.audit_sample))

    def turn(self) -> list[AccountId]:
        """Pick the next accounts to take from the chain anew, in doubt or not."""
        accounts = self.ledger.accounts.ids
        count = min(self._settings.chunk, len(accounts))
        picked = [accounts[(self._next_heal + i) % len(accounts)] for i in range(count)]
        self._next_heal += count
        return picked

    def mismatches(self, marks: Marks, exact: Iterable[Screened]) -> list[Mismatch]:
        """Compare marks with exact margins of the same block; accounts in doubt or not valued are not compared."""
        excess, tolerated, found = marks.factors.excess, self._tolerated(marks.factors), []
        for one in exact:
            row = self.ledger.accounts.row_of(one.account)
            if row is None or not one.ok or one.account in self.ledger.accounts.stale:
                continue
            place = int(np.searchsorted(marks.rows, row))
            if place == len(marks.rows) or marks.rows[place] != row:
                continue
            mine, theirs = float(excess[place]), one.excess / WAD
            if abs(mine - theirs) > tolerated[place]:
                found.append(Mismatch(one.account, FloatUsd(mine), FloatUsd(theirs)))
        return found
