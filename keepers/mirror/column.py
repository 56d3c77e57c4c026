"""A number of every row, exact and as a float at once: sixteen bytes and eight, whatever the number. Pure."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from keepers.errors import MirrorError

__all__ = ["Column", "Flags", "Floats", "Ints", "summed"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
_BYTES: Final = 16
_EXACT: Final = np.dtype([("low", "<u8"), ("high", "<i8")])
_FIRST: Final = 64


class Column:
    """Signed integers of 128 bits; a row never written is 0, and 0 is `blank` as a float."""

    def __init__(self, unit: float = 1.0, blank: float = 0.0) -> None:
        """Start without rows; floats are in whole units."""
        self._unit = unit
        self._blank = blank
        self._exact = bytearray()
        self._floats: Floats = np.full(_FIRST, blank)

    def __len__(self) -> int:
        """Count the rows up to the last that was written."""
        return len(self._exact) // _BYTES

    def get(self, row: int) -> int:
        """Give a row's number."""
        return int.from_bytes(self._exact[_BYTES * row : _BYTES * (row + 1)], "little", signed=True)

    def set(self, row: int, value: int) -> None:
        """Write a row's number."""
        try:
            written = value.to_bytes(_BYTES, "little", signed=True)
        except OverflowError as error:
            msg = f"{value} is no amount of a venue"
            raise MirrorError(msg) from error
        missing = _BYTES * (row + 1) - len(self._exact)
        if missing > 0:
            self._exact.extend(bytes(missing))
            self._lengthen(row + 1)
        self._exact[_BYTES * row : _BYTES * (row + 1)] = written
        self._floats[row] = value / self._unit if value else self._blank

    def floats(self, rows: int) -> Floats:
        """Give the first so many rows as floats; a view, not to be written to."""
        self._lengthen(rows)
        return self._floats[:rows]

    def dump(self) -> bytes:
        """Write all rows down."""
        return bytes(self._exact)

    def load(self, content: bytes) -> None:
        """Take rows as they were written down."""
        self._exact = bytearray(content)
        floats = _as_floats(np.frombuffer(content, _EXACT)) / self._unit
        self._lengthen(len(floats))
        self._floats[: len(floats)] = np.where(floats == 0.0, self._blank, floats)

    def _lengthen(self, rows: int) -> None:
        if rows > len(self._floats):
            more = np.full(max(rows, 2 * len(self._floats)) - len(self._floats), self._blank)
            self._floats = np.concatenate([self._floats, more])


def summed(places: Ints, values: Floats, count: int) -> Floats:
    """Add up values by their place."""
    return np.asarray(np.bincount(places, values, count), dtype=np.float64)


def _as_floats(exact: NDArray[np.void]) -> Floats:
    """Round by magnitude and sign: two halves of a small negative number would cancel out."""
    low, high = exact["low"], exact["high"]
    negative = high < 0
    magnitude_low = np.where(negative, ~low + np.uint64(1), low)
    magnitude_high = np.where(negative, ~high + (low == 0), high).astype(np.uint64)
    return np.asarray(np.where(negative, -1.0, 1.0) * (magnitude_high * 2.0**64 + magnitude_low))
