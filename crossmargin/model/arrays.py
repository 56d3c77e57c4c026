"""Risk arrays of option series: the two words that a refresh writes, unpacked."""

from dataclasses import dataclass
from typing import Final

from crossmargin.model.units import Ppm, Seconds, Wad

__all__ = ["LANES", "NOW", "TAIL_DOWN", "TAIL_UP", "RiskArray", "rounded_ref", "tail_move"]

LANES: Final = 18
"""Scenarios of an array: sixteen lanes and two tails."""
TAIL_UP: Final = 16
TAIL_DOWN: Final = 17
"""Places of the tails among the lanes."""
NOW: Final = LANES
"""Place of the scenario in which nothing moves: no array has a lane for it."""

_LEAST_TAIL_MOVE: Final = 200_000
"""The price moves in the tails by this or more [ppm]."""
_EXPONENT_BITS: Final = 6
_REF_BITS: Final = 58
_NODES: Final = 16


@dataclass(frozen=True, slots=True)
class RiskArray:
    """One series' array, as "Risk array" in docs/options.md defines it.

    `ref` is the index at the refresh [wad USD], the mark lies in [mark_mantissa, mark_mantissa + 1) * 2**mark_exponent
    [wad USD], `delta` in 2**-14, lanes, gaps and bows in units of ref / 2**(14 + exponent), `drift` in 2**-10, `reach`
    beyond 1 in 2**-7.
    """

    time: Seconds
    ref: Wad
    mark_mantissa: int
    mark_exponent: int
    delta: int
    lanes: tuple[int, ...]
    gap_maintenance: int
    gap_initial: int
    bow_maintenance: int
    bow_initial: int
    drift: int
    exponent: int
    reach: int
    valid: bool

    @property
    def mark_floor(self) -> Wad:
        """Give the mark for who is long [wad USD]."""
        return Wad(self.mark_mantissa << self.mark_exponent)

    @property
    def mark_ceil(self) -> Wad:
        """Give the mark for who is short [wad USD]."""
        return Wad(self.mark_mantissa + 1 << self.mark_exponent)

    def pack(self) -> tuple[int, int]:
        """Give the words meta and nodes; `ref` is one that `rounded_ref` gives."""
        places = _places(self.ref)
        meta = (
            self.time
            | places << 32
            | self.ref >> places << 32 + _EXPONENT_BITS
            | self.mark_exponent << 96
            | self.mark_mantissa << 96 + _EXPONENT_BITS
            | self.delta % 2**16 << 128
            | self.lanes[TAIL_UP] % 2**16 << 144
            | self.lanes[TAIL_DOWN] % 2**16 << 160
            | self.gap_maintenance << 176
            | self.gap_initial << 190
            | self.bow_maintenance << 204
            | self.bow_initial << 218
            | self.drift << 232
            | self.exponent << 244
            | self.reach << 248
            | int(self.valid) << 255
        )
        return meta, sum(lane % 2**16 << 16 * place for place, lane in enumerate(self.lanes[:_NODES]))

    @classmethod
    def unpack(cls, meta: int, nodes: int) -> "RiskArray":
        """Read the words meta and nodes."""
        tails = _signed(meta >> 144), _signed(meta >> 160)
        return cls(
            time=Seconds(meta & 2**32 - 1),
            ref=Wad((meta >> 38 & 2**58 - 1) << (meta >> 32 & 2**6 - 1)),
            mark_mantissa=meta >> 102 & 2**26 - 1,
            mark_exponent=meta >> 96 & 2**6 - 1,
            delta=_signed(meta >> 128),
            lanes=(*(_signed(nodes >> 16 * place) for place in range(_NODES)), *tails),
            gap_maintenance=meta >> 176 & 2**14 - 1,
            gap_initial=meta >> 190 & 2**14 - 1,
            bow_maintenance=meta >> 204 & 2**14 - 1,
            bow_initial=meta >> 218 & 2**14 - 1,
            drift=meta >> 232 & 2**12 - 1,
            exponent=meta >> 244 & 2**4 - 1,
            reach=meta >> 248 & 2**7 - 1,
            valid=bool(meta >> 255),
        )


def rounded_ref(index: Wad) -> Wad:
    """Give the index that an array is made at: the 58 leading bits, down [wad USD]."""
    places = _places(index)
    return Wad(index >> places << places)


def _places(ref: Wad) -> int:
    """Count the bits that an index has beyond those that are kept."""
    return max(0, ref.bit_length() - _REF_BITS)


def tail_move(shock_initial: Ppm) -> Ppm:
    """Give how far the price moves in the tails: an eighth beyond the derivative shock of initial margin [ppm]."""
    return Ppm(max(_LEAST_TAIL_MOVE, shock_initial + shock_initial // 8))


def _signed(word: int) -> int:
    """Read the low 16 bits as a signed number."""
    low = word & 2**16 - 1
    return low - 2**16 if low >> 15 else low
