"""What every account holds, cell by cell, undone when its block is. Exact integers; knows no event and no price."""

from collections.abc import Iterator

from crossmargin.model.units import ZERO, AccountId, AssetIndex, InstrumentId, Ray, TokenUnits, Wad
from keepers.mirror.state import Cash, Position
from keepers.mirror.undo import UndoLog
from keepers.views import AccountState

__all__ = ["Accounts"]

_NONE = Position(ZERO, ZERO)


class Accounts:
    """Cash, collateral and positions. `touched` and `stale` collect accounts for the screen and for the healer."""

    def __init__(self, undo: UndoLog) -> None:
        """Start empty; every write leaves its undo."""
        self.cash: dict[AccountId, Cash] = {}
        self.collateral: dict[tuple[AccountId, AssetIndex], TokenUnits] = {}
        self.positions: dict[tuple[AccountId, InstrumentId], Position] = {}
        self.touched: set[AccountId] = set()
        self.stale: set[AccountId] = set()
        self._assets_of: dict[AccountId, set[AssetIndex]] = {}
        self._legs_of: dict[AccountId, set[InstrumentId]] = {}
        self._undo = undo

    def assets_of(self, account: AccountId) -> set[AssetIndex]:
        """Assets the account has held."""
        return self._assets_of.get(account, set())

    def legs_of(self, account: AccountId) -> set[InstrumentId]:
        """Instruments the account has held."""
        return self._legs_of.get(account, set())

    def holding(self, instrument: InstrumentId) -> Iterator[tuple[AccountId, Position]]:
        """Give who has or had a position in an instrument."""
        for (account, key), position in self.positions.items():
            if key == instrument:
                yield account, position

    def heal(self, state: AccountState, index: Ray) -> None:
        """Take an account as the chain has it; the index is that of its cash now."""
        account = state.account
        self.set_cash(account, state.cash, index)
        held = {spot.asset: spot.amount for spot in state.spot}
        for asset in self.assets_of(account) | held.keys():
            self.set_collateral(account, asset, held.get(asset, TokenUnits(0)))
        legs = {leg.instrument: Position(leg.size, leg.basis, leg.claims, leg.debts) for leg in state.legs}
        for instrument in self.legs_of(account) | legs.keys():
            self.set_position(account, instrument, legs.get(instrument, _NONE))
        self.stale.discard(account)

    def set_cash(self, account: AccountId, amount: Wad, index: Ray) -> None:
        """Write a balance, and the interest index it grows from."""
        self._undo.put(self.cash, account, Cash(amount, index))
        self._touch(account)

    def set_collateral(self, account: AccountId, asset: AssetIndex, amount: TokenUnits) -> None:
        """Write a holding."""
        self._undo.put(self.collateral, (account, asset), amount)
        self._assets_of.setdefault(account, set()).add(asset)
        self._touch(account)

    def add_collateral(self, account: AccountId, asset: AssetIndex, change: TokenUnits) -> None:
        """Change a holding."""
        self.set_collateral(account, asset, TokenUnits(self.collateral.get((account, asset), 0) + change))

    def position(self, account: AccountId, instrument: InstrumentId) -> Position:
        """Give a position; none is an empty one."""
        return self.positions.get((account, instrument), _NONE)

    def set_position(self, account: AccountId, instrument: InstrumentId, position: Position) -> None:
        """Write a position."""
        self._undo.put(self.positions, (account, instrument), position)
        self._legs_of.setdefault(account, set()).add(instrument)
        self._touch(account)

    def _touch(self, account: AccountId) -> None:
        self.touched.add(account)
        self._undo.note(lambda: self._restored(account))

    def _restored(self, account: AccountId) -> None:
        self.touched.add(account)
        self.stale.add(account)
