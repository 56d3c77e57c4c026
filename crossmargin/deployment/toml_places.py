"""Where an entry of a TOML file is: tomllib reads the values, and forgets the lines they were in."""

import re
from pathlib import Path
from typing import Final

__all__ = ["Place", "line_of", "lines_of", "not_toml"]

Place = tuple[str | int, ...]
"""The way to an entry: names of tables and fields, positions in arrays of tables."""

_PART: Final = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_NAME: Final = rf"{_PART}(?:\s*\.\s*{_PART})*"
_TABLE: Final = re.compile(rf"\s*(\[\[?)\s*({_NAME})\s*\]")
_ENTRY: Final = re.compile(rf"\s*({_NAME})\s*=\s*(.*)")
_INLINE: Final = re.compile(rf"(?<=[{{,])\s*({_NAME})\s*=")
_AT: Final = re.compile(r"(?P<what>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)", re.DOTALL)
_QUOTES: Final = ('"' * 3, "'" * 3)


def lines_of(text: str) -> dict[Place, int]:
    """Find the line of every table and entry, those of inline tables too."""
    lines: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    open_quote = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if open_quote:
            open_quote = "" if open_quote in line else open_quote
        elif found := _TABLE.match(line):
            table = _table(found[2], counts, array=found[1] == "[[")
            lines.setdefault(table, number)
        elif found := _ENTRY.match(line):
            place = (*table, *_parts(found[1]))
            lines[place] = number
            lines.update({(*place, *_parts(name)): number for name in _INLINE.findall(found[2])})
            open_quote = next((each for each in _QUOTES if found[2].count(each) == 1), "")
    return lines


def line_of(lines: dict[Place, int], place: Place) -> int | None:
    """Find the line of an entry, or of the nearest that holds it."""
    for end in range(len(place), 0, -1):
        if place[:end] in lines:
            return lines[place[:end]]
    return None


def not_toml(path: Path, error: ValueError) -> str:
    """Say where a file is no TOML, as editors open it; the parser names the line behind what it says."""
    found = _AT.fullmatch(str(error))
    if found is None:
        return f"{path}: not TOML: {error}"
    return (
        f"{path}:{found['line']}: not TOML: {found['what'][:1].lower()}{found['what'][1:]}, in column {found['column']}"
    )


def _table(name: str, counts: dict[Place, int], *, array: bool) -> Place:
    """Complete a table's name by the positions in the arrays that it is in."""
    place: Place = ()
    parts = _parts(name)
    for index, part in enumerate(parts):
        place = (*place, part)
        if array and index == len(parts) - 1:
            counts[place] = counts.get(place, 0) + 1
        if place in counts:
            place = (*place, counts[place] - 1)
    return place


def _parts(name: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(_PART, name)]
