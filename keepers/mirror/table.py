"""The ledger's accounts as float64 arrays: a row each, a column per asset and instrument; only touched rows change.

Reads the ledger, and clears its note of who was touched.
"""

from collections.abc import Collection
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossmargin.model.units import AccountId, AssetIndex, InstrumentId
from keepers.mirror.ledger import Ledger

__all__ = ["AccountTable", "Floats"]

Floats = NDArray[np.float64]
_WAD: Final = 1e18
_FIRST_ROWS: Final = 256


class AccountTable:
    """Rows of accounts. Cash at an index, amounts in whole tokens, sizes in whole units, bases in USD."""

    def __init__(self) -> None:
        """Start without rows."""
        self.accounts: list[AccountId] = []
        self.instruments: list[InstrumentId] = []
        self.assets: list[AssetIndex] = []
        self._rows: dict[AccountId, int] = {}
        self._cash = np.zeros(_FIRST_ROWS)
        self._index = np.ones(_FIRST_ROWS)
        self._spot = np.zeros((_FIRST_ROWS, 0))
        self._size = np.zeros((_FIRST_ROWS, 0))
        self._basis = np.zeros((_FIRST_ROWS, 0))
        self._unpaid = np.zeros((_FIRST_ROWS, 0))

    @property
    def cash(self) -> Floats:
        """Cash [USD] when it was written."""
        return self._cash[: len(self.accounts)]

    @property
    def index(self) -> Floats:
        """Interest index of that moment."""
        return self._index[: len(self.accounts)]

    @property
    def spot(self) -> Floats:
        """Collateral [tokens] by account and asset."""
        return self._spot[: len(self.accounts)]

    @property
    def size(self) -> Floats:
        """Position sizes [base] by account and instrument."""
        return self._size[: len(self.accounts)]

    @property
    def basis(self) -> Floats:
        """Position bases [USD] by account and instrument."""
        return self._basis[: len(self.accounts)]

    @property
    def unpaid(self) -> Floats:
        """What closed contracts are owed less what they owe [USD] by account and instrument."""
        return self._unpaid[: len(self.accounts)]

    def holders(self, instruments: Collection[InstrumentId]) -> NDArray[np.bool_]:
        """Tell, by account, who holds a size of any of the instruments."""
        columns = [column for column, instrument in enumerate(self.instruments) if instrument in instruments]
        return np.asarray((self.size[:, columns] != 0).any(axis=1))

    def held(self) -> list[InstrumentId]:
        """List the instruments of which somebody holds a size."""
        return [self.instruments[column] for column in np.flatnonzero((self.size != 0).any(axis=0))]

    def row_of(self, account: AccountId) -> int | None:
        """Give the row of an account that the ledger named; it never changes."""
        return self._rows.get(account)

    def update(self, ledger: Ledger) -> None:
        """Rewrite the rows of the accounts touched since the last time."""
        self._widen(ledger)
        for account in ledger.accounts.touched:
            self._write(self._row(account), account, ledger)
        ledger.accounts.touched.clear()

    def _row(self, account: AccountId) -> int:
        row = self._rows.get(account)
        if row is None:
            row = self._rows[account] = len(self.accounts)
            self.accounts.append(account)
            if row == len(self._cash):
                self._lengthen()
        return row

    def _write(self, row: int, account: AccountId, ledger: Ledger) -> None:
        cash = ledger.accounts.cash.get(account)
        self._cash[row] = 0.0 if cash is None else cash.amount / _WAD
        self._index[row] = 1.0 if cash is None else cash.index
        for asset in ledger.accounts.assets_of(account):
            listed = ledger.assets.get(asset)  # a reorganisation may have taken the listing back
            if listed is not None:
                amount = ledger.accounts.collateral.get((account, asset), 0)
                self._spot[row, self.assets.index(asset)] = amount / 10**listed.decimals
        for instrument in ledger.accounts.legs_of(account) & ledger.markets.keys():
            column = self.instruments.index(instrument)
            position = ledger.accounts.positions.get((account, instrument))
            self._size[row, column] = 0.0 if position is None else position.size / _WAD
            self._basis[row, column] = 0.0 if position is None else position.basis / _WAD
            self._unpaid[row, column] = 0.0 if position is None else (position.claims - position.debts) / _WAD

    def _lengthen(self) -> None:
        self._cash = np.concatenate([self._cash, np.zeros_like(self._cash)])
        self._index = np.concatenate([self._index, np.ones_like(self._index)])
        self._spot, self._size, self._basis, self._unpaid = (
            np.concatenate([one, np.zeros_like(one)]) for one in (self._spot, self._size, self._basis, self._unpaid)
        )

    def _widen(self, ledger: Ledger) -> None:
        for asset in ledger.assets:
            if asset not in self.assets:
                self.assets.append(asset)
                self._spot = _with_column(self._spot)
        for instrument in ledger.markets:
            if instrument not in self.instruments:
                self.instruments.append(instrument)
                self._size, self._basis, self._unpaid = map(_with_column, (self._size, self._basis, self._unpaid))


def _with_column(values: Floats) -> Floats:
    return np.concatenate([values, np.zeros((len(values), 1))], axis=1)
