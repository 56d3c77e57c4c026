"""What common books are asked for beside what they can lose: by the venue's own marks, within the shocks of a set.

Of the scenarios alone: basis, depth, impact and the haircut of spot are charged beside them.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from crossmargin.model.parameters import RiskSet
from crossmargin.model.units import WAD
from tests.offchain.model.option_search import USD, Venue, alone, flat, opposed, together

MM, IM = RiskSet.MAINTENANCE, RiskSet.INITIAL
WEEK, MONTH, QUARTER = 24 * 7, 24 * 30, 24 * 90
CALL, PUT = False, True


@dataclass(frozen=True)
class Book:
    """Options as (hours to expiry, strike [USD], is put, contracts), and contracts of a perpetual."""

    options: tuple[tuple[int, int, bool, int], ...]
    perpetuals: int = 0

    def measured(self, which: RiskSet) -> tuple[float, float]:
        """Give what its scenarios ask for and the most that it loses [percent of the index]."""
        hours = sorted({each[0] for each in self.options})
        listed = [(each[0], each[1] * WAD, each[2]) for each in self.options]
        venue = Venue({each: flat(60) for each in hours}, listed)
        sizes = np.array([*(each[3] for each in self.options), self.perpetuals], dtype=float)
        points = [*together(venue, which), *alone(venue, which)]
        if which is IM:
            points += opposed(venue, which)
        linear = np.array([point.move * USD for point in points])
        lost = -(venue.changes(points) @ sizes[:-1] + linear * sizes[-1])
        return venue.required(which, sizes).scenario / WAD * 100 / USD, max(0.0, float(lost.max())) * 100 / USD


def vertical(hours: int, low: int, high: int, sign: int) -> Book:
    """Give a spread of calls, bought (1) or sold."""
    return Book(((hours, low, CALL, sign), (hours, high, CALL, -sign)))


def fly(hours: int, width: int, sign: int) -> Book:
    """Give a fly of calls around the index, bought (1) or sold."""
    wings = ((hours, USD + side * width, CALL, sign) for side in (-1, 1))
    return Book((*wings, (hours, USD, CALL, -2 * sign)))


def condor(hours: int, inner: int, outer: int) -> Book:
    """Give an iron condor, sold: its wings are bought."""
    inside = ((hours, USD - inner, PUT, -1), (hours, USD + inner, CALL, -1))
    return Book((*inside, (hours, USD - outer, PUT, 1), (hours, USD + outer, CALL, 1)))


def box(hours: int) -> Book:
    """Give a box of 400 dollars: it pays them whatever comes."""
    return Book(
        ((hours, 1_800, CALL, 1), (hours, 1_800, PUT, -1), (hours, 2_200, CALL, -1), (hours, 2_200, PUT, 1)),
    )


BOOKS = {
    "box, month": box(MONTH),
    "conversion, month": Book(((MONTH, 2_000, PUT, 1), (MONTH, 2_000, CALL, -1)), 1),
    "reversal, month": Book(((MONTH, 2_000, PUT, -1), (MONTH, 2_000, CALL, 1)), -1),
    "covered call 2,200, month": Book(((MONTH, 2_200, CALL, -1),), 1),
    "covered call 2,000, week": Book(((WEEK, 2_000, CALL, -1),), 1),
    "vertical 2,000 / 2,200 bought, month": vertical(MONTH, 2_000, 2_200, 1),
    "vertical 2,000 / 2,200 sold, month": vertical(MONTH, 2_000, 2_200, -1),
    "vertical 2,000 / 2,100 sold, week": vertical(WEEK, 2_000, 2_100, -1),
    "fly of 5 %, week": fly(WEEK, 100, 1),
    "fly of 10 %, month": fly(MONTH, 200, 1),
    "fly of 10 % sold, month": fly(MONTH, 200, -1),
    "condor 5 % / 10 %, week": condor(WEEK, 100, 200),
    "condor 10 % / 20 %, month": condor(MONTH, 200, 400),
    "calendar -week +month": Book(((WEEK, 2_000, CALL, -1), (MONTH, 2_000, CALL, 1))),
    "calendar -month +quarter": Book(((MONTH, 2_000, CALL, -1), (QUARTER, 2_000, CALL, 1))),
}


ASKED = {
    "box, month": (0.00, 0.00),
    "conversion, month": (0.50, 0.90),
    "reversal, month": (0.50, 0.90),
    "covered call 2,200, month": (4.96, 8.68),
    "covered call 2,000, week": (4.44, 7.97),
    "vertical 2,000 / 2,200 bought, month": (1.59, 3.12),
    "vertical 2,000 / 2,200 sold, month": (1.36, 3.07),
    "vertical 2,000 / 2,100 sold, week": (1.91, 3.15),
    "fly of 5 %, week": (1.17, 1.17),
    "fly of 10 %, month": (0.93, 2.25),
    "fly of 10 % sold, month": (0.91, 2.22),
    "condor 5 % / 10 %, week": (1.71, 3.13),
    "condor 10 % / 20 %, month": (1.48, 4.55),
    "calendar -week +month": (2.01, 3.77),
    "calendar -month +quarter": (1.96, 3.64),
}
"""What maintenance and initial margin ask for [percent of the index]; docs/options.md has them too."""
BEYOND = {
    "conversion, month",
    "reversal, month",
    "vertical 2,000 / 2,100 sold, week",
    "fly of 5 %, week",
    "fly of 10 %, month",
    "condor 5 % / 10 %, week",
}
"""Books whose maintenance margin is more than wanted: a quarter, or 0.4 % of the index, beyond what they lose."""


@pytest.mark.parametrize("name", BOOKS)
def test_common_books_are_asked_for_about_what_they_lose(name):
    """Never for less than that; the goal of maintenance margin is met by nine books of fifteen."""
    for which, expected in zip((MM, IM), ASKED[name], strict=True):
        asked, lost = BOOKS[name].measured(which)
        assert asked == pytest.approx(expected, abs=0.006)
        assert asked >= lost - 0.001
        if which is MM:
            assert (asked > max(1.25 * lost, lost + 0.4)) is (name in BEYOND)
