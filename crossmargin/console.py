"""Where commands print."""

import os
from collections.abc import Iterable, Iterator
from copy import copy
from typing import Final

from rich.console import Console, ConsoleOptions, RenderableType
from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Column, Table

__all__ = ["FittingConsole", "file_fault", "standard_output"]

_WIDTH: Final = 200
_PROSE: Final = 30
"""A column wider than this may wrap between its words [characters]."""
_EDGES: Final = 3
"""Room that a column takes beside what is in it, of which the table's last edge has one more [characters]."""


class FittingConsole(Console):
    """Draws a table that is too wide in several below each other, the first column in each: nothing is cut off."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Render anything, tables also where others hold them."""
        room = options or self.options
        if isinstance(renderable, Table) and renderable.show_header and renderable.width is None:
            for part in self._parts(renderable, room):
                yield from super().render(part, room)
        else:
            yield from super().render(renderable, room)

    def _parts(self, table: Table, room: ConsoleOptions) -> Iterator[Table]:
        """Split a table's columns so that each part fits; one that fits stays as it is."""
        widths = [self._widest(column, room) for column in table.columns]
        if sum(widths) + _EDGES * len(widths) < room.max_width:
            yield table
            return
        needs = [width if column.no_wrap else min(width, max(_PROSE, self._word(column, room)))
                 for column, width in zip(table.columns, widths, strict=True)]  # fmt: skip
        groups: list[list[int]] = [[0]]
        for index in range(1, len(needs)):
            taken = sum(needs[each] + _EDGES for each in groups[-1])
            if len(groups[-1]) > 1 and taken + needs[index] + _EDGES >= room.max_width:
                groups.append([0])
            groups[-1].append(index)
        for number, group in enumerate(groups):
            part = _part(table, [(table.columns[each], needs[each] == widths[each]) for each in group])
            part.title = None if number else table.title
            part.caption = table.caption if number == len(groups) - 1 else None
            if sum(needs[each] + _EDGES for each in group) >= room.max_width:
                part.box = None
            yield part

    def _widest(self, column: Column, room: ConsoleOptions) -> int:
        return max(Measurement.get(self, room, each).maximum for each in (column.header, *column.cells))

    def _word(self, column: Column, room: ConsoleOptions) -> int:
        return max(Measurement.get(self, room, each).minimum for each in (column.header, *column.cells))


def _part(table: Table, columns: list[tuple[Column, bool]]) -> Table:
    """Copy some columns of a table; of each is said whether its cells stay on one line."""
    part = copy(table)
    part.columns, part.rows = [], []
    for column, whole in columns:
        part.add_column(
            column.header,
            header_style=column.header_style,
            style=column.style,
            justify=column.justify,
            overflow=column.overflow,
            no_wrap=whole,
        )
    for cells in zip(*(column.cells for column, _ in columns), strict=True):
        part.add_row(*cells)
    return part


def file_fault(error: OSError) -> str:
    """Say which file or folder cannot be read or written, and why. What is about no file is raised again."""
    if error.filename is None:
        raise error
    return f"{error.filename}: {error.strerror}"


def standard_output() -> Console:
    """Give the standard output. Where nobody looks at a window, and COLUMNS names no width, tables get some room.

    A pipe would have 80 columns, where a table of many is drawn in several.
    """
    console = FittingConsole(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = max(console.width, _WIDTH)
    return console
