"""Records for people, each beside the exact one that it was made of: every field says how it is read from that.

    size: Annotated[Decimal, of("size", of_wad)]
    market: Annotated[str, named("id", Names.instrument)]

The exact record is a frozen view of the client's, or the arguments of an event. Asks no node.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, Self, TypeVar, get_type_hints

__all__ = ["Read", "Shown", "named", "of"]

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Read:
    """Makes a field of the whole exact record and the names of what it is about."""

    make: Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Shown(Generic[E]):
    """What people read, and `exact`, which programs compute with."""

    exact: E

    @classmethod
    def of(cls, exact: E, names: Any = None) -> Self:  # noqa: ANN401 (whoever names what the record is about)
        """Make it of the exact record, with the names that its fields ask for."""
        kind: Any = cls  # mypy takes the class of a frozen record for unhashable
        return cls(exact=exact, **{name: each.make(exact, names) for name, each in _reads(kind).items()})


def of(name: str, write: Callable[[Any], Any]) -> Read:
    """Make a field of one field of the record, or argument of the event."""
    return Read(lambda exact, _: write(_field(exact, name)))


def named(name: str, lookup: Callable[[Any, Any], Any]) -> Read:
    """Make a field of one field of the record by looking it up among the names."""
    return Read(lambda exact, names: lookup(names, _field(exact, name)))


@cache
def _reads(kind: type[Shown[Any]]) -> dict[str, Read]:
    hints = get_type_hints(kind, include_extras=True)
    said = ((name, getattr(hint, "__metadata__", ())) for name, hint in hints.items())
    return {name: each for name, metadata in said for each in metadata if isinstance(each, Read)}


def _field(exact: Any, name: str) -> Any:  # noqa: ANN401 (a record's field)
    return exact[name] if isinstance(exact, Mapping) else getattr(exact, name)
