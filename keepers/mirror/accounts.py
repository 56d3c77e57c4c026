"""What every account holds, in columns, undone when its block is. Exact integers; knows no event and no price.

Assets are columns of all rows, positions entries of those who have had one: a million accounts fit into a gigabyte.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final

from crossmargin.model.units import ZERO, AccountId, AssetIndex, InstrumentId, Ray, TokenUnits, Wad
from keepers.mirror.column import Column, Floats
from keepers.mirror.legs import Legs
from keepers.mirror.state import Cash, Position
from keepers.mirror.undo import UndoLog
from keepers.views import AccountState

__all__ = ["Accounts", "AccountsImage"]

_WAD: Final = 1e18
_ID_BYTES: Final = 32
_NONE: Final = Position(ZERO, ZERO)
_NO_CASH: Final = Cash(ZERO, Ray(0))


@dataclass(frozen=True, slots=True)
class AccountsImage:
    """All columns as bytes."""

    ids: bytes
    stale: list[AccountId]
    cash: bytes
    index: bytes
    collateral: dict[AssetIndex, bytes]
    instruments: list[InstrumentId]
    places: bytes
    legs: list[bytes]


class Accounts:
    """Rows of accounts, in the order in which they came.

    `stale` collects accounts for the healer, `written` the rows that changed since somebody cleared it.
    """

    def __init__(self, undo: UndoLog) -> None:
        """Start empty; every write leaves its undo."""
        self.ids: list[AccountId] = []
        self.stale: set[AccountId] = set()
        self.written: set[int] = set()
        self.legs = Legs(undo)
        self._undo = undo
        self._rows: dict[AccountId, int] = {}
        self._cash = Column(_WAD)
        self._index = Column(blank=1.0)
        self._collateral: dict[AssetIndex, Column] = {}

    def __len__(self) -> int:
        """Count the accounts."""
        return len(self.ids)

    @property
    def cells(self) -> int:
        """Count what is kept."""
        return len(self) + sum(map(len, self._collateral.values())) + len(self.legs)

    @property
    def cash_floats(self) -> Floats:
        """Cash [USD] when it was written, by row."""
        return self._cash.floats(len(self))

    @property
    def index_floats(self) -> Floats:
        """Interest index of that moment, by row."""
        return self._index.floats(len(self))

    def collateral_floats(self, asset: AssetIndex) -> Floats | None:
        """Give holdings of an asset [token units] by row; None where nobody has had any."""
        column = self._collateral.get(asset)
        return None if column is None else column.floats(len(self))

    def row_of(self, account: AccountId) -> int | None:
        """Give the row of an account; it never changes."""
        return self._rows.get(account)

    def cash(self, account: AccountId) -> Cash:
        """Give a balance and its index."""
        row = self._rows.get(account)
        return _NO_CASH if row is None else Cash(Wad(self._cash.get(row)), Ray(self._index.get(row)))

    def collateral(self, account: AccountId, asset: AssetIndex) -> TokenUnits:
        """Give a holding."""
        column, row = self._collateral.get(asset), self._rows.get(account)
        return TokenUnits(0 if column is None or row is None else column.get(row))

    def position(self, account: AccountId, instrument: InstrumentId) -> Position:
        """Give a position; none is an empty one."""
        row = self._rows.get(account)
        return _NONE if row is None else self.legs.get(row, instrument)

    def heal(self, state: AccountState, index: Ray) -> None:
        """Take an account as the chain has it; the index is that of its cash now."""
        account = state.account
        self.set_cash(account, state.cash, index)
        held = {spot.asset: spot.amount for spot in state.spot}
        for asset in self._collateral.keys() | held.keys():
            self.set_collateral(account, asset, held.get(asset, TokenUnits(0)))
        legs = {leg.instrument: Position(leg.size, leg.basis, leg.claims, leg.debts) for leg in state.legs}
        for instrument in {*self.legs.of(self._row(account)), *legs}:
            self.set_position(account, instrument, legs.get(instrument, _NONE))
        self.stale.discard(account)

    def set_cash(self, account: AccountId, amount: Wad, index: Ray) -> None:
        """Write a balance, and the interest index it grows from."""
        row = self._touched(account)
        self._put(self._cash, row, amount)
        self._put(self._index, row, index)

    def set_collateral(self, account: AccountId, asset: AssetIndex, amount: TokenUnits) -> None:
        """Write a holding."""
        if amount == self.collateral(account, asset):
            return
        self._put(self._collateral.setdefault(asset, Column()), self._touched(account), amount)

    def add_collateral(self, account: AccountId, asset: AssetIndex, change: TokenUnits) -> None:
        """Change a holding."""
        self.set_collateral(account, asset, TokenUnits(self.collateral(account, asset) + change))

    def set_position(self, account: AccountId, instrument: InstrumentId, position: Position) -> None:
        """Write a position."""
        self.legs.put(self._touched(account), instrument, position)

    def dump(self) -> AccountsImage:
        """Write all columns down."""
        instruments, places, legs = self.legs.dump()
        return AccountsImage(
            ids=b"".join(one.to_bytes(_ID_BYTES) for one in self.ids),
            stale=sorted(self.stale),
            cash=self._cash.dump(),
            index=self._index.dump(),
            collateral={asset: column.dump() for asset, column in self._collateral.items()},
            instruments=instruments,
            places=places,
            legs=legs,
        )

    def load(self, image: AccountsImage) -> None:
        """Take all columns as they were written down."""
        starts = range(0, len(image.ids), _ID_BYTES)
        self.ids = [AccountId(int.from_bytes(image.ids[at : at + _ID_BYTES])) for at in starts]
        self._rows = {account: row for row, account in enumerate(self.ids)}
        self.stale = set(image.stale)
        self._cash.load(image.cash)
        self._index.load(image.index)
        for asset, content in image.collateral.items():
            self._collateral.setdefault(asset, Column()).load(content)
        self.legs.load(image.instruments, image.places, image.legs)

    def _put(self, column: Column, row: int, value: int) -> None:
        self._undo.note(partial(column.set, row, column.get(row)))
        column.set(row, value)

    def _touched(self, account: AccountId) -> int:
        """Give the row of an account that is written to; undone, it is to be healed."""
        row = self._row(account)
        self.written.add(row)
        self._undo.note(partial(self._undone, account, row))
        return row

    def _undone(self, account: AccountId, row: int) -> None:
        self.stale.add(account)
        self.written.add(row)

    def _row(self, account: AccountId) -> int:
        row = self._rows.get(account)
        if row is None:
            row = self._rows[account] = len(self.ids)
            self.ids.append(account)
        return row
