"""The mirror as the keeper uses it: who is near liquidation, and whether the copy agrees with the chain."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from keepers.mirror.health import Health, Prices, evaluate
from keepers.mirror.ledger import Ledger
from keepers.mirror.table import Table
from keepers.settings import MirrorSettings
from keepers.units import PPM
from keepers.views import ExpiryState, Screened

__all__ = ["Mirror", "Mismatch"]

_WAD: Final = 1e18
_DUST: Final = 1e-3  # USD: roundings and the float's own error are far below


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An account whose margin excess [USD] differs between mirror and chain."""

    account: int
    mirror: float
    chain: float


class Mirror:
    """Screens all accounts and audits some."""

    def __init__(self, ledger: Ledger, settings: MirrorSettings, seed: int | None = None) -> None:
        """Look at the given ledger; the seed fixes which accounts are audited."""
        self.ledger = ledger
        self._settings = settings
        self._table = Table()
        self._health = Health(np.zeros(0), np.zeros(0))
        self._beyond: NDArray[np.bool_] = np.zeros(0, dtype=bool)
        self._dice = random.Random(seed)  # noqa: S311 - a sample, not a secret
        self._next_heal = 0

    @property
    def size(self) -> int:
        """Number of accounts."""
        return len(self._table.accounts)

    def screen(self, prices: Prices, now: int) -> list[int]:
        """Re-mark every account; give those below a health factor of 1 + margin, worst first.

        Accounts with open options are left out: `beyond` names them, whom only the chain can value.
        """
        self._table.update(self.ledger)
        self._health = evaluate(self._table, self.ledger, prices, now)
        health = self._health
        margin = 1 + self._settings.screen_margin_ppm / PPM
        self._beyond = self._table.holders(set(self.ledger.open_options()))
        unsafe = health.numerator < health.denominator * margin + np.where(health.denominator > 0, _DUST, 0)
        near = np.flatnonzero(unsafe & ~self._beyond)
        worst = near[np.argsort(health.excess[near])]
        return [self._table.accounts[row] for row in worst]

    def beyond(self) -> list[int]:
        """Name the accounts that held open options at the last screen."""
        return [self._table.accounts[row] for row in np.flatnonzero(self._beyond)]

    def ending(self, now: int) -> list[ExpiryState]:
        """List the expiries of what was held at the last screen that are averaged at time `now` [s], or should be."""
        return self.ledger.ending(self._table.held(), now)

    def sample(self) -> list[int]:
        """Pick accounts to audit."""
        accounts = self._table.accounts
        return self._dice.sample(accounts, min(len(accounts), self._settings.audit_sample))

    def to_heal(self) -> list[int]:
        """Pick the accounts to take from the chain anew: the stale ones, then the next in turn."""
        chunk = self._settings.chunk
        stale = sorted(self.ledger.stale)[:chunk]
        accounts = self._table.accounts
        turn = [accounts[(self._next_heal + i) % len(accounts)] for i in range(min(chunk - len(stale), len(accounts)))]
        self._next_heal += len(turn)
        return list(dict.fromkeys([*stale, *turn]))

    def mismatches(self, exact: Iterable[Screened]) -> list[Mismatch]:
        """Compare the last screen with exact margins of the same block; accounts with open options are not compared."""
        rows = {account: row for row, account in enumerate(self._table.accounts)}
        found = []
        for one in exact:
            row = rows.get(one.account)
            if row is None or not one.ok or one.account in self.ledger.stale or self._beyond[row]:
                continue
            mine, theirs = float(self._health.excess[row]), one.excess / _WAD
            scale = float(self._health.numerator[row] + self._health.denominator[row])
            if abs(mine - theirs) > _DUST + scale * self._settings.audit_tolerance_ppm / PPM:
                found.append(Mismatch(one.account, mine, theirs))
        return found
