"""Writing and reading ABI data by plans made once for each type: the general codecs take ten times as long.

A plan knows how many words the head of its type takes. Structs come as dictionaries, addresses as lower-case hex. What
is out of range, cut off or padded with anything but zeros is an error. Pure.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from keepers.errors import AbiError

__all__ = ["Entry", "Plan", "plan", "plan_of", "type_of"]

Entry = dict[str, Any]
Read = Callable[[bytes, int], Any]
"""Reads a value whose head lies at a place; a head of one word is known to be within the data."""
Write = Callable[[Any], bytes]

_WORD: Final = 32
_ARRAY: Final = re.compile(r"(.*)\[(\d*)\]")
_INTEGER: Final = re.compile(r"(u?)int(\d+)")
_SHORT: Final = re.compile(r"bytes(\d+)")


@dataclass(frozen=True, slots=True)
class Plan:
    """How a type is read and written; `words` are those of its head, and `dynamic` has its content elsewhere."""

    words: int
    dynamic: bool
    read: Read
    write: Write


def type_of(entry: Entry) -> str:
    """Name a type as signatures do."""
    kind: str = entry["type"]
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(type_of(one) for one in entry['components'])}){kind.removeprefix('tuple')}"


def plan_of(entries: Sequence[Entry]) -> Plan:
    """Make the plan of parameters in order; they are read as a tuple."""
    return _sequence([plan(one) for one in entries], tuple)


def plan(entry: Entry) -> Plan:
    """Make the plan of one type."""
    kind: str = entry["type"]
    array = _ARRAY.fullmatch(kind)
    if array:
        of = plan({**entry, "type": array[1]})
        return _sequence([of] * int(array[2]), list) if array[2] else _list(of)
    if kind == "tuple":
        names = [one["name"] for one in entry["components"]]
        return _struct(names, _sequence([plan(one) for one in entry["components"]], tuple))
    if kind in {"bytes", "string"}:
        return _blob(text=kind == "string")
    return Plan(1, False, *_word(kind))


def _word(kind: str) -> tuple[Read, Write]:
    """Give how a type of one word is read and written."""
    integer, short = _INTEGER.fullmatch(kind), _SHORT.fullmatch(kind)
    if integer:
        bits = int(integer[2])
        return _integer(0, 1 << bits) if integer[1] else _integer(-1 << bits - 1, 1 << bits - 1)
    if kind == "bool":
        read, write = _integer(0, 2)
        return lambda data, at: bool(read(data, at)), write
    if kind == "address":
        read, write = _integer(0, 1 << 160)
        return lambda data, at: f"0x{read(data, at):040x}", lambda value: write(int(value, 16))
    if short:
        return _short(int(short[1]))
    msg = f"no type of the ABI: {kind}"
    raise AbiError(msg)


def _integer(least: int, end: int) -> tuple[Read, Write]:
    signed, whole = least < 0, end - least == 1 << 8 * _WORD
    from_bytes = int.from_bytes

    def read_whole(data: bytes, at: int) -> int:
        return from_bytes(data[at : at + _WORD], signed=signed)

    def read(data: bytes, at: int) -> int:
        value = from_bytes(data[at : at + _WORD], signed=signed)
        if not least <= value < end:
            msg = f"{value} is not a number of {least}..{end - 1}"
            raise AbiError(msg)
        return value

    def write(value: int) -> bytes:
        if not least <= value < end:
            msg = f"{value} is not within {least}..{end - 1}"
            raise AbiError(msg)
        return int(value).to_bytes(_WORD, signed=signed)

    return read_whole if whole else read, write


def _short(size: int) -> tuple[Read, Write]:
    def read(data: bytes, at: int) -> bytes:
        word = data[at : at + _WORD]
        if any(word[size:]):
            msg = f"{word.hex()} is no bytes{size}"
            raise AbiError(msg)
        return word[:size]

    def write(value: bytes) -> bytes:
        if len(value) != size:
            msg = f"{len(value)} bytes, not {size}"
            raise AbiError(msg)
        return value.ljust(_WORD, b"\0")

    return read, write


def _count(data: bytes, at: int, least_size: int) -> int:
    """Read how many follow; more than the data has room for is an error."""
    count = int.from_bytes(data[at : at + _WORD])
    if at + _WORD > len(data) or count * least_size > len(data) - at - _WORD:
        msg = f"{count} of {least_size} bytes at {at} in {len(data)}"
        raise AbiError(msg)
    return count


def _blob(*, text: bool) -> Plan:
    def read(data: bytes, at: int) -> bytes | str:
        content = data[at + _WORD : at + _WORD + _count(data, at, 1)]
        return content.decode(errors="replace") if text else content

    def write(value: bytes | str) -> bytes:
        content = value.encode() if isinstance(value, str) else value
        return len(content).to_bytes(_WORD) + content + bytes(-len(content) % _WORD)

    return Plan(1, True, read, write)


def _list(of: Plan) -> Plan:
    size = _WORD * of.words

    def read(data: bytes, at: int) -> list[Any]:
        first = at + _WORD
        places = range(first, first + size * _count(data, at, size), size)
        if not of.dynamic:
            return [of.read(data, place) for place in places]
        return [of.read(data, _elsewhere(data, first, place)) for place in places]

    def write(values: Sequence[Any]) -> bytes:
        return len(values).to_bytes(_WORD) + _joined([(of, value) for value in values])

    return Plan(1, True, read, write)


def _sequence(plans: Sequence[Plan], make: Callable[[list[Any]], Any]) -> Plan:
    """Make the plan of values of different types, one behind the other."""
    heads = [_WORD * sum(one.words for one in plans[:number]) for number in range(len(plans))]
    steps = [(one.read, head, one.dynamic) for one, head in zip(plans, heads, strict=True)]
    dynamic, words = any(one.dynamic for one in plans), sum(one.words for one in plans)
    size = _WORD * words

    def read(data: bytes, at: int) -> Any:  # noqa: ANN401 - a decoded value may be anything
        if at + size > len(data):
            msg = f"{size} bytes at {at} in {len(data)}"
            raise AbiError(msg)
        return make([f(data, _elsewhere(data, at, at + head) if far else at + head) for f, head, far in steps])

    def write(values: Sequence[Any]) -> bytes:
        return _joined(list(zip(plans, values, strict=True)))

    return Plan(1 if dynamic else words, dynamic, read, write)


def _struct(names: Sequence[str], of: Plan) -> Plan:
    def read(data: bytes, at: int) -> dict[str, Any]:
        return dict(zip(names, of.read(data, at), strict=True))

    def write(value: dict[str, Any] | Sequence[Any]) -> bytes:
        return of.write([value[name] for name in names] if isinstance(value, dict) else value)

    return Plan(of.words, of.dynamic, read, write)


def _elsewhere(data: bytes, base: int, at: int) -> int:
    """Follow an offset; one that leads out of the data is an error."""
    place = base + int.from_bytes(data[at : at + _WORD])
    if at + _WORD > len(data) or place + _WORD > len(data):
        msg = f"an offset at {at} leads to {place}, behind {len(data)} bytes"
        raise AbiError(msg)
    return place


def _joined(parts: Sequence[tuple[Plan, Any]]) -> bytes:
    """Write heads, with offsets of what is dynamic, and then the contents."""
    written = [(one.dynamic, one.write(value)) for one, value in parts]
    place = sum(_WORD if dynamic else len(content) for dynamic, content in written)
    heads, tails = [], []
    for dynamic, content in written:
        heads.append(place.to_bytes(_WORD) if dynamic else content)
        if dynamic:
            tails.append(content)
            place += len(content)
    return b"".join([*heads, *tails])
