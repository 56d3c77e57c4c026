"""What an error's arguments say, for people: accounts, amounts with units, times and names. Touches nothing.

Units are those of the interfaces: `error_units.json`, written by tools/manual.py.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

from crossmargin.chain.accounts import account_name
from crossmargin.chain.decimals import PPM_DECIMALS, WAD_DECIMALS, format_units
from crossmargin.chain.times import time_text
from crossmargin.model.units import MAX_UINT256, AccountId

__all__ = ["Vocabulary", "described", "whole"]

_LEAST_ACCOUNT: Final = 2**200
"""No amount is as large, and no account of a key's address as small."""
_LONG: Final = 10**15
"""Whole numbers from here on are read as so many 10^18."""
_IDS: Final = 2**64
"""Ids of instruments are smaller."""
_LEAST_TIME: Final = 10**9
"""Smaller numbers of seconds are durations."""
_MOST_TIME: Final = 2**32
"""The contracts know no later time: what is greater is a limit."""
_MAX_INT256: Final = 2**255 - 1


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names of a venue: symbol and decimals by token's address in lower case, names of instruments by id."""

    tokens: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    instruments: Mapping[int, str] = field(default_factory=dict)


def described(error: str, arguments: Mapping[str, Any], words: Vocabulary) -> dict[str, str]:
    """Write each argument of an error for people."""
    units = _units().get(error, {})
    token = next((words.tokens.get(v.lower()) for k, v in arguments.items() if k == "token"), None)
    shown = {}
    for name, value in arguments.items():
        if isinstance(value, bool) or not isinstance(value, int | str | bytes):
            shown[name] = str(value)
        elif isinstance(value, bytes):
            shown[name] = "0x" + value.hex()
        elif isinstance(value, str):
            shown[name] = words.tokens.get(value.lower(), (value,))[0]
        elif (unit := units.get(name)) is not None:
            shown[name] = _amount(value, unit, token)
        else:
            shown[name] = words.instruments.get(value) or _plain(value)
    return shown


def whole(value: int) -> str:
    """Write a whole number of no known unit for people, exactly: 25,000, or 1,000,000e18; an account by its owner."""
    if abs(value) < _LONG:
        return f"{value:,}"
    if value < _IDS and value % 10**6:
        return str(value)  # an instrument's id: no amount is as odd
    if value >= _LEAST_ACCOUNT:
        return "2^256 - 1" if value == MAX_UINT256 else account_name(AccountId(value))
    units, point, part = format_units(abs(value), WAD_DECIMALS).partition(".")
    return f"{'-' if value < 0 else ''}{int(units):,}{point}{part}e18"


def _plain(value: int) -> str:
    return account_name(AccountId(value)) if _LEAST_ACCOUNT <= value < MAX_UINT256 else str(value)


def _amount(value: int, unit: str, token: tuple[str, int] | None) -> str:
    """Write a number of a unit."""
    if value in {MAX_UINT256, _MAX_INT256}:
        return "everything"
    if unit == "token units" and token is not None:
        return f"{format_units(value, token[1])} {token[0]}"
    for start, write in _WRITERS.items():
        if unit.startswith(start):
            return write(value)
    return f"{value} {unit}"


def _time(value: int) -> str:
    """Write a time of a block for people; a duration, or a limit beyond every date, in seconds."""
    if not _LEAST_TIME <= value < _MOST_TIME:
        return f"{value} s"
    return time_text(value)


_WRITERS: Final[dict[str, Callable[[int], str]]] = {
    "wad USD": lambda value: f"{format_units(value, WAD_DECIMALS)} USD",
    "wad": lambda value: format_units(value, WAD_DECIMALS),
    "ppm": lambda value: format_units(value, PPM_DECIMALS),
    "s": _time,
}


@cache
def _units() -> dict[str, dict[str, str]]:
    content: dict[str, dict[str, str]] = json.loads((files("crossmargin.chain") / "error_units.json").read_text())
    return content
