"""A search for the books of options that lose most beside their requirement: linear programmes over a venue's series.

What a book loses is the difference of the venue's own marks: after a move of the index and of each slice's volatility
the surface is posted anew and every series priced again. Sizes are such that no scenario loses more than 1 USD; a
programme then finds the book of most loss at one point of prices and volatilities. What is not convex (floors, the most
that can be lost) the exact model adds afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import permutations, product
from math import exp, hypot, log, sqrt

import numpy as np
import QuantLib
from scipy.optimize import linprog

from crossmargin.model.account import State
from crossmargin.model.instruments import Instrument, Kind, encode, strike_code
from crossmargin.model.options import option_leg
from crossmargin.model.parameters import RiskSet
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import Price, PriceStatus
from crossmargin.model.refresh import Series, View, mark_of, refreshed
from crossmargin.model.scenarios import SCENARIOS, ScenarioTerms, scenario_terms
from crossmargin.model.surface import PostedSlice, Slice
from crossmargin.model.units import PPM, WAD, YEAR
from tests.helpers.classes import MAJORS, default_parameters
from tests.helpers.options import DAY, HOUR, PARAMS

MM, IM = RiskSet.MAINTENANCE, RiskSet.INITIAL
KEY = 1
HOURS = 500_000
NOW = HOURS * HOUR
USD = 2_000
INDEX = USD * WAD
MOST = 20.0
"""Most contracts of a book, all sizes together."""
DUST = 1e-6
STEPS = 21
"""Prices within the shock of a set."""


@dataclass(frozen=True)
class Point:
    """A move of the index, and by hours to expiry what volatility is multiplied by.

    Volatility is read where a strike then lies, or by strike: then the smile has not moved with the price.
    """

    move: float
    factors: Mapping[int, float]
    by_strike: bool = False

    def slice(self, posted, hours):
        """Give the slice that is posted after the move."""
        factor = self.factors[hours] ** 2
        shift = log(1 + self.move) if self.by_strike else 0
        return replace(posted, a=round(posted.a * factor), b=round(posted.b * factor), m=round(posted.m - shift * PPM))


@dataclass(frozen=True)
class Found:
    """The book that loses most beside what it requires: contracts by series, the last number linear ones."""

    ratio: float
    loss: float
    point: Point
    sizes: np.ndarray
    terms: ScenarioTerms

    def __str__(self):
        """Say what was found."""
        return f"{self.loss:.4f} USD lost, {self.ratio:.4f} of what is required, at {self.point}"


class Venue:
    """Series around the money of some slices, by hours to expiry, and their arrays."""

    def __init__(self, slices, listed=None):
        """List what is named as (hours, strike [wad USD], is put).

        Otherwise strikes within a seventh of the index and within three deviations, puts and calls near the money.
        """
        self.slices = slices
        if listed is None:
            listed = [(hours, *each) for hours, slice_ in slices.items() for each in _strikes(hours, slice_)]
        self.hours = np.array([hours for hours, *_ in listed])
        self.terms = [
            Instrument(Kind.PUT if is_put else Kind.CALL, KEY, HOURS + hours, strike_code(strike))
            for hours, strike, is_put in listed
        ]
        self.series = [Series(is_put, strike, NOW + hours * HOUR) for hours, strike, is_put in listed]
        self.ids = [encode(each) for each in self.terms]
        arrays = {id_: refreshed(each, self._view(each)) for id_, each in zip(self.ids, self.series, strict=True)}
        markets = {id_: Market(id_) for id_ in self.ids}
        params = default_parameters({KEY: MAJORS})
        self.state = State(params, {KEY: Price(INDEX, INDEX, INDEX)}, markets, {}, NOW, arrays)

    def _view(self, series, index=INDEX, moved=None):
        moved = moved or self.slices[(series.expiry - NOW) // HOUR]
        shocks = (MAJORS.maintenance.derivative_shock, MAJORS.initial.derivative_shock)
        return View(index, PriceStatus.VALID, PostedSlice(moved, series.expiry, NOW), PARAMS, *shocks, NOW)

    @cached_property
    def marks(self):
        """Give the marks now [USD]."""
        return np.array([mark_of(each, self._view(each)) / WAD for each in self.series])

    def changes(self, points):
        """Give by how much each point changes the mark of each series [USD]."""
        known = {}
        changes = np.zeros((len(points), len(self.series)))
        for row, point in enumerate(points):
            index = round(INDEX * (1 + point.move))
            for column, (each, hours) in enumerate(zip(self.series, self.hours, strict=True)):
                key = column, index, point.slice(self.slices[hours], hours)
                if key not in known:
                    known[key] = mark_of(each, self._view(each, index, key[-1])) / WAD
                changes[row, column] = known[key] - self.marks[column]
        return changes

    def required(self, which, sizes):
        """Give the scenario terms of a book."""
        legs = tuple(
            option_leg(Leg(id_, round(size * WAD), 0), self.state, which)
            for id_, size in zip(self.ids, sizes, strict=False)
            if round(size * WAD)
        )
        return scenario_terms(KEY, round(sizes[-1] * WAD) * USD, legs, self.state, which)


def _strikes(hours, slice_):
    """List (strike, is put) of a slice: the closest to round shares of the index, then of deviations."""
    deviation = sqrt(slice_.variance(0) / WAD * hours * HOUR / YEAR)
    shares = {round(share, 4) for share in (*np.linspace(-0.14, 0.14, 15), -0.25, 0.25)}
    shares |= {round(step * deviation, 4) for step in (-3, -2, -1.5, -1, -0.6, 0.6, 1, 1.5, 2, 3)}
    for share in sorted(share for share in shares if abs(share) < 2):
        strike = int(USD * exp(share) * 10) * WAD // 10
        if share <= 0.1 + 2 * deviation:
            yield strike, True
        if share >= -0.1 - 2 * deviation:
            yield strike, False


def shocked(hours, which, part):
    """Give what volatility is multiplied by after a part, from -1 to 1, of the shock of a set."""
    shock = (PARAMS.vol_shock_maintenance if which is MM else PARAMS.vol_shock_initial) / PPM
    up = 1 + shock * min(2, max(0.5, sqrt(30 * DAY / (hours * HOUR))))
    return 1 + (up - 1) * part if part >= 0 else 1 + (1 - 1 / up) * part


PARTS = (-1, -0.8, -0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6, 0.8, 1)


def together(venue, which):
    """List points within the shocks of a set at which the volatilities of all expiries move alike."""
    for move, part in product(_moves(which), PARTS):
        yield Point(move, {hours: shocked(hours, which, part) for hours in venue.slices})


def alone(venue, which):
    """List points within the shocks of a set at which the volatility of one expiry moves."""
    for move, moved, part in product(_moves(which), venue.slices, PARTS):
        yield Point(move, {each: shocked(each, which, part) if each == moved else 1.0 for each in venue.slices})


def by_strike(venue, which):
    """List moves within the shocks of a set after which each strike has the volatility that it had before."""
    for move in _moves(which):
        yield Point(move, dict.fromkeys(venue.slices, 1.0), by_strike=True)


def opposed(venue, which):
    """List points within the shocks of maintenance at which the volatilities of any two expiries move apart."""
    assert which is IM
    for move, (one, other), up, down in product(_moves(MM), permutations(venue.slices, 2), (0.5, 1), (-0.5, -1)):
        parts = {one: up, other: down}
        yield Point(move, {each: shocked(each, MM, parts.get(each, 0)) for each in venue.slices})


def every_way(venue, which):
    """List points within the shocks of a set at which the volatility of each expiry is shocked, either way."""
    for move, parts in product(_moves(which), product((-1, 1), repeat=len(venue.slices))):
        yield Point(move, {each: shocked(each, which, part) for each, part in zip(venue.slices, parts, strict=True)})


def _moves(which):
    shock = (MAJORS.maintenance if which is MM else MAJORS.initial).derivative_shock / PPM
    return np.linspace(-shock, shock, STEPS)


def worst(venue, which, points, *, programmes, seed):
    """Find the worst book of some programmes."""
    return max(books(venue, which, points, programmes=programmes, seed=seed), key=lambda each: each.ratio)


def books(venue, which, points, *, programmes, seed):
    """Find a book by each of some programmes, each of which looks at one of the points."""
    points = list(points)
    changes = venue.changes(points)
    matrix, limits = _constraints(venue, which)
    linear = np.array([point.move * USD for point in points])
    found = []
    for row in np.random.default_rng(seed).choice(len(points), min(programmes, len(points)), replace=False):
        goal = np.concatenate([changes[row], -changes[row], [linear[row], -linear[row]]])
        solved = linprog(goal, A_ub=matrix, b_ub=limits, bounds=(0, None), method="highs")
        if solved.status == 0:
            found.append(_judged(venue, which, points, changes, linear, solved.x))
    return found


def _judged(venue, which, points, changes, linear, solution):
    """Compare what a book loses at its worst point with what the exact model requires of it."""
    count = len(venue.ids)
    sizes = np.append(solution[:count] - solution[count : 2 * count], solution[-2] - solution[-1])
    sizes[np.abs(sizes) < DUST] = 0
    losses = -(changes @ sizes[:-1] + linear * sizes[-1])
    terms = venue.required(which, sizes)
    loss = float(losses.max())
    # a ratio of next to nothing is a matter of digits
    ratio = loss / max(terms.scenario / WAD, DUST) if loss > DUST else 0.0
    return Found(ratio, loss, points[int(losses.argmax())], sizes, terms)


def lost_by_quantlib(venue, found):
    """Give what a book loses at its worst point by another pricer, in floating point [USD]."""
    still = Point(0.0, dict.fromkeys(venue.slices, 1.0))
    before, after = (_values(venue, point) @ found.sizes[:-1] for point in (still, found.point))
    return before - after - found.sizes[-1] * USD * found.point.move


def _values(venue, point):
    """Price every series at a point with QuantLib, on the same slices [USD]."""
    values = []
    for series, hours in zip(venue.series, venue.hours, strict=True):
        years, posted = hours * HOUR / YEAR, venue.slices[hours]
        forward = USD * (1 + point.move) * (1 + posted.carry / PPM * years)
        moneyness = log(series.strike / WAD / forward) + (log(1 + point.move) if point.by_strike else 0)
        deviation = _volatility(posted, moneyness) * point.factors[hours] * sqrt(years)
        kind = QuantLib.Option.Put if series.is_put else QuantLib.Option.Call
        values.append(QuantLib.blackFormula(kind, series.strike / WAD, forward, deviation))
    return np.array(values)


def _volatility(posted, moneyness):
    """Read an SVI slice [a year]."""
    a, b, rho, m, sigma = (each / PPM for each in (posted.a, posted.b, posted.rho, posted.m, posted.sigma))
    return sqrt(a + b * (rho * (moneyness - m) + hypot(moneyness - m, sigma)))


def _constraints(venue, which):
    """Say that no scenario loses more than 1 USD, by contracts bought and sold of each series, then linear ones."""
    bought, sold = (_rows(venue, which, side) for side in (1, -1))
    lanes = np.concatenate([bought[0], sold[0]])
    charges = np.concatenate([bought[1], sold[1]])
    hours = np.concatenate([venue.hours, venue.hours])
    rows = []
    for scenario in SCENARIOS[which]:
        if scenario.is_tail:
            continue
        shock = (MAJORS.maintenance if scenario.shock is MM else MAJORS.initial).derivative_shock / PPM
        linear = scenario.direction * shock * USD
        rows += [
            np.concatenate([charges - each, [-linear, linear]]) for each in _profits(scenario, lanes, hours, which)
        ]
    rows.append(np.ones(2 * len(venue.ids) + 2))
    return np.vstack(rows), np.array([1.0] * (len(rows) - 1) + [MOST])


def _rows(venue, which, side):
    legs = [option_leg(Leg(id_, side * WAD, 0), venue.state, which) for id_ in venue.ids]
    nodes = [[leg.node(place) / WAD**2 for place in range(19)] for leg in legs]
    return np.array(nodes), np.array([leg.charge / WAD**2 for leg in legs])


def _profits(scenario, lanes, hours, which):
    """List what a scenario may make of each series: one way, or where volatilities move apart in every way."""
    if scenario.apart is None:
        yield lanes[:, scenario.place]
        return
    up, down, same = scenario.apart
    still = np.zeros(len(lanes)) if same is None else lanes[:, same]
    moves = {
        (each, lane): np.where(hours == each, lanes[:, lane] - still, 0) for each in set(hours) for lane in (up, down)
    }
    yield from (still + move for move in moves.values())
    if which is IM and scenario.shock is MM:
        for one, other in permutations(set(hours), 2):
            yield still + moves[one, up] + moves[other, down]


def flat(percent):
    """Give a flat slice."""
    return Slice(a=percent**2 * 100, b=0, rho=0, m=0, sigma=1)
