"""Positions as columns: one entry for each that an account has had, none for those it has not.

Knows rows, not accounts. Pure.
"""

from collections.abc import Collection
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossmargin.model.units import InstrumentId, Wad
from keepers.mirror.column import Column, Floats, Ints
from keepers.mirror.state import Position
from keepers.mirror.undo import UndoLog

__all__ = ["Legs"]

_WAD: Final = 1e18
_NONE: Final = Position(Wad(0), Wad(0))
_FIRST: Final = 64


class Legs:
    """Entries of row and instrument; sizes in whole units, money in USD. `instruments` are those anybody has had."""

    def __init__(self, undo: UndoLog) -> None:
        """Start without entries; every write leaves its undo."""
        self.instruments: list[InstrumentId] = []
        self._undo = undo
        self._numbers: dict[InstrumentId, int] = {}
        self._entries: dict[tuple[int, int], int] = {}
        self._places: Ints = np.zeros((2, _FIRST), dtype=np.int64)
        self._columns = tuple(Column(_WAD) for _ in range(4))

    def __len__(self) -> int:
        """Count the entries."""
        return len(self._entries)

    @property
    def rows(self) -> Ints:
        """The row of every entry."""
        return self._places[0, : len(self)]

    @property
    def which(self) -> Ints:
        """The place in `instruments` of every entry."""
        return self._places[1, : len(self)]

    @property
    def size(self) -> Floats:
        """Sizes [base]."""
        return self._columns[0].floats(len(self))

    def paid_and_owed(self, entries: Ints) -> Floats:
        """Give what closed contracts of entries are owed, less what they owe and the basis of open ones [USD]."""
        _, basis, claims, debts = (one.floats(len(self))[entries] for one in self._columns)
        return np.asarray(claims - debts - basis)

    def get(self, row: int, instrument: InstrumentId) -> Position:
        """Give a position; none is an empty one."""
        entry = self._entries.get((row, self._numbers.get(instrument, -1)))
        return _NONE if entry is None else self._at(entry)

    def put(self, row: int, instrument: InstrumentId, position: Position) -> None:
        """Write a position so that it can be undone."""
        entry = self._entry(row, instrument)
        old = self._at(entry)
        self._undo.note(lambda: self._write(entry, old))
        self._write(entry, position)

    def of(self, row: int) -> list[InstrumentId]:
        """List the instruments that a row has had."""
        return [one for number, one in enumerate(self.instruments) if (row, number) in self._entries]

    def bearers(self, instrument: InstrumentId, *, longs_pay: bool) -> list[tuple[int, Position]]:
        """List rows and positions of an instrument that a loss of a side may fall on; of a claim no side is told."""
        entries = self._of([instrument])
        size, claims = self.size[entries], self._columns[2].floats(len(self))[entries]
        bears = (claims > 0) | (size > 0 if longs_pay else size < 0)
        return [(int(self.rows[at]), self._at(int(at))) for at in entries[bears]]

    def open(self, instrument: InstrumentId) -> list[tuple[int, Position]]:
        """List rows and positions of those who hold a size of an instrument."""
        entries = self._of([instrument])
        return [(int(self.rows[at]), self._at(int(at))) for at in entries[self.size[entries] != 0]]

    def holders(self, instruments: Collection[InstrumentId], rows: int) -> NDArray[np.bool_]:
        """Tell, by row, who holds a size of any of the instruments."""
        found = np.zeros(rows, dtype=np.bool_)
        entries = self._of(instruments)
        found[self.rows[entries[self.size[entries] != 0]]] = True
        return found

    def counts(self, rows: int) -> Ints:
        """Count the legs of each row that hold, are owed or owe something."""
        live = self.size != 0
        for column in self._columns[2:]:
            live |= column.floats(len(self)) != 0
        return np.asarray(np.bincount(self.rows[live], minlength=rows), np.int64)

    def held(self) -> list[InstrumentId]:
        """List the instruments of which somebody holds a size."""
        return [self.instruments[number] for number in np.unique(self.which[self.size != 0])]

    def dump(self) -> tuple[list[InstrumentId], bytes, list[bytes]]:
        """Write all entries down: instruments, places, columns."""
        return self.instruments, self._places[:, : len(self)].tobytes(), [one.dump() for one in self._columns]

    def load(self, instruments: list[InstrumentId], places: bytes, columns: list[bytes]) -> None:
        """Take entries as they were written down."""
        self.instruments = list(instruments)
        self._numbers = {one: number for number, one in enumerate(instruments)}
        self._places = np.frombuffer(places, dtype=np.int64).reshape(2, -1).copy()
        pairs = zip(*self._places.tolist(), strict=True)
        self._entries = {(row, number): entry for entry, (row, number) in enumerate(pairs)}
        for column, content in zip(self._columns, columns, strict=True):
            column.load(content)

    def _of(self, instruments: Collection[InstrumentId]) -> NDArray[np.intp]:
        wanted = np.fromiter((one in instruments for one in self.instruments), np.bool_, len(self.instruments))
        return np.flatnonzero(wanted[self.which]) if len(self) else np.zeros(0, np.intp)

    def _at(self, entry: int) -> Position:
        return Position(*(Wad(one.get(entry)) for one in self._columns))

    def _write(self, entry: int, position: Position) -> None:
        values = position.size, position.basis, position.claims, position.debts
        for column, value in zip(self._columns, values, strict=True):
            column.set(entry, value)

    def _entry(self, row: int, instrument: InstrumentId) -> int:
        number = self._numbers.get(instrument)
        if number is None:
            number = self._numbers[instrument] = len(self.instruments)
            self.instruments.append(instrument)
        entry = self._entries.get((row, number))
        if entry is None:
            entry = self._entries[row, number] = len(self._entries)
            if entry >= self._places.shape[1]:
                more = np.zeros((2, max(_FIRST, self._places.shape[1])), dtype=np.int64)
                self._places = np.concatenate([self._places, more], axis=1)
            self._places[:, entry] = row, number
        return entry
