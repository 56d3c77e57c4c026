"""Calls of the venue as decisions write them: names and arguments, a call inside a call too. Values only."""

from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Argument", "Call"]


@dataclass(frozen=True, slots=True)
class Call:
    """A call that is an argument of another: what its data are is not decided here."""

    contract: str
    function: str
    args: tuple["Argument", ...]


Argument: TypeAlias = "int | str | bytes | Call | tuple[Argument, ...]"
