"""The worst books that searches have found, as they are kept beside this file.

`python -m tests.offchain.model.stored_books --programmes 20 --seed 1` finds and keeps them anew.
"""

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from rich.console import Console

from crossmargin.model.units import WAD
from tests.offchain.model.option_search import INDEX, Point, Venue, books, opposed
from tests.offchain.model.option_surfaces import COLUMNS, FURTHER, SURFACES

FILE = Path(__file__).with_name("worst_books.json")


@dataclass(frozen=True)
class Stored:
    """A book: contracts by (hours to expiry, strike [wad USD], is put), and linear ones; where it loses most."""

    surface: str
    column: str
    found: float
    """Loss over requirement when it was found."""
    options: list[tuple[int, int, bool, float]]
    linear: float
    move: float
    factors: dict[str, float]

    def __str__(self):
        """Name it."""
        return f"{self.surface}: {self.column}"

    def ratio(self):
        """Give what it loses at its point, by the venue's marks, over what the exact model requires."""
        which, _ = COLUMNS[self.column]
        slices = {**SURFACES, **FURTHER}[self.surface]
        venue = Venue(slices, [(hours, strike, is_put) for hours, strike, is_put, _ in self.options])
        sizes = np.array([*(size for *_, size in self.options), self.linear])
        point = Point(self.move, {int(hours): factor for hours, factor in self.factors.items()})
        lost = -(venue.changes([point])[0] @ sizes[:-1] + sizes[-1] * point.move * INDEX / WAD)
        return lost / (venue.required(which, sizes).scenario / WAD)


def read():
    """Read all that are kept."""
    return [Stored(**each) for each in json.loads(FILE.read_text())]


def search(name, column, programmes, seed):
    """Find the worst book of a surface in a column, or none where one expiry is alone."""
    slices = {**SURFACES, **FURTHER}[name]
    which, points = COLUMNS[column]
    if points is opposed and len(slices) == 1:
        return None
    venue = Venue(slices)
    every = books(venue, which, points(venue, which), programmes=programmes, seed=seed)
    # a perpetual alone loses all that it requires: of books that do the one with the most options says more
    found = max(every, key=lambda each: (round(each.ratio, 2), np.count_nonzero(each.sizes[:-1])))
    options = [
        (int(hours), int(series.strike), series.is_put, float(size))
        for hours, series, size in zip(venue.hours, venue.series, found.sizes[:-1], strict=True)
        if size
    ]
    factors = {str(hours): factor for hours, factor in found.point.factors.items()}
    return Stored(name, column, found.ratio, options, float(found.sizes[-1]), float(found.point.move), factors)


def main():
    """Search every surface and column, and keep the worst book of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programmes", type=int, default=20, help="of each surface and column")
    parser.add_argument("--seed", type=int, default=1, help="which of the points they look at")
    options = parser.parse_args()
    kept, console = [], Console()
    for name in {**SURFACES, **FURTHER}:
        for column in COLUMNS:
            book = search(name, column, options.programmes, options.seed)
            if book:
                console.print(f"{book}: {book.found:.4f}")
                kept.append(asdict(book))
    FILE.write_text(json.dumps(kept) + "\n")


if __name__ == "__main__":
    main()
