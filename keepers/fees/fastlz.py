"""How long bytes are when FastLZ (level 1) has compressed them: what OP-stack chains charge by since Fjord. Pure."""

from functools import lru_cache
from typing import Final

__all__ = ["fastlz_length"]

_HASH_FACTOR: Final = 2654435769
_HASH_SHIFT: Final = 19
_TABLE: Final = 8192
_FARTHEST: Final = 8191
_LITERALS: Final = 32  # that share one byte of overhead
_MATCH: Final = 262  # bytes that one copy takes up at most
_SHORT: Final = 6
_TAIL: Final = 13  # bytes at the end that start no copy
_COMPARED: Final = 9  # of those, bytes that a copy may still cover


@lru_cache(maxsize=1024)
def fastlz_length(data: bytes) -> int:
    """Count the bytes of the compressed form, which is not written."""
    last = max(0, len(data) - _TAIL)
    seen = [0] * _TABLE
    length, literal, at = 0, 0, 2
    while at < last:
        at, match = _find(data, seen, at, last)
        if match < 0:
            break
        length += _literals(at - literal)
        copied = _equal(data, match + 3, at + 3, last + _COMPARED)
        length += _copy(copied)
        at += copied
        for _ in range(2):
            seen[_slot(data, at)] = at
            at += 1
        literal = at
    return length + _literals(len(data) - literal)


def _find(data: bytes, seen: list[int], at: int, last: int) -> tuple[int, int]:
    """Give the next place whose three bytes stood before, and where; below zero where there is none."""
    while True:
        slot = _slot(data, at)
        before, seen[slot] = seen[slot], at
        if at >= last:
            return at, -1
        if at - before <= _FARTHEST and data[at : at + 3] == data[before : before + 3]:
            return (at, before) if at + 1 < last else (at, -1)
        at += 1


def _slot(data: bytes, at: int) -> int:
    word = int.from_bytes(data[at : at + 3], "little")
    return (_HASH_FACTOR * word & 0xFFFFFFFF) >> _HASH_SHIFT


def _equal(data: bytes, one: int, other: int, end: int) -> int:
    """Count equal bytes of two places; the first that differs is counted in, as the compressor does."""
    for count in range(end - other):
        if data[one + count] != data[other + count]:
            return count + 1
    return max(0, end - other)


def _literals(count: int) -> int:
    whole, rest = divmod(count, _LITERALS)
    return whole * (_LITERALS + 1) + (rest + 1 if rest else 0)


def _copy(count: int) -> int:
    whole, rest = divmod(count - 1, _MATCH)
    return 3 * whole + (3 if rest >= _SHORT else 2)
