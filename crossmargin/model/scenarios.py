"""The scenarios of an underlying with options: profit in each, the loss they ask for, what offsets others.

Formulas and roundings are those of "Options" in docs/margin-model.md.
"""

from dataclasses import dataclass
from itertools import permutations
from typing import Final

from crossmargin.model.account import State
from crossmargin.model.arrays import NOW, TAIL_DOWN, TAIL_UP, tail_move
from crossmargin.model.expiries import ExpiryBook, by_expiry
from crossmargin.model.options import OptionLeg
from crossmargin.model.parameters import RiskSet
from crossmargin.model.units import PPM, WAD, ZERO, FeedId, Ppm, Wad, ceil_div, floor_div, wad_of_ppm

__all__ = ["SCENARIOS", "Scenario", "ScenarioTerms", "scenario_terms"]

MM: Final = RiskSet.MAINTENANCE
IM: Final = RiskSet.INITIAL
_TAIL_CAP: Final = Ppm(100_000)
"""Most that a tail asks for, of the notional of the options sold that lose there [ppm]."""
_TAIL_PART: Final = {MM: 4, IM: 1}
"""Maintenance margin asks for one part in so many of what a tail loses."""


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """A lane or tail of a risk array: its `place` there, and the move it stands for; NOW, behind them, is no move.

    The move is `direction` (-1, 0, 1) times the derivative shock of the set `shock`. Behind NOW are scenarios `apart`:
    the lanes of volatility up, down and unchanged (None: nothing moves) whose volatility moves for an expiry alone, or
    for two against each other. There is one of each, so that comparing and hashing looks at nothing inside.
    """

    place: int
    direction: int = 0
    shock: RiskSet = MM
    apart: tuple[int, int, int | None] | None = None

    @property
    def is_tail(self) -> bool:
        """Tell tails, which offset nothing elsewhere."""
        return self.place in {TAIL_UP, TAIL_DOWN}


_DIRECTIONS: Final = (0, 0, 1, 1, 1, -1, -1, -1)
"""Of the lanes of a set: volatility up and down at no move, then up, down and the same at a rise and at a fall."""


def _lanes(first: int, shock: RiskSet) -> tuple[Scenario, ...]:
    """List the lanes of a set's own shock, from its first place in the array on."""
    return tuple(Scenario(first + step, direction, shock) for step, direction in enumerate(_DIRECTIONS))


def _apart(place: int, first: int, shock: RiskSet) -> tuple[Scenario, ...]:
    """List the scenarios of a set's own shock in which volatilities move apart: no move, a rise, a fall."""
    return (
        Scenario(place, 0, shock, (first, first + 1, None)),
        Scenario(place + 1, 1, shock, (first + 2, first + 3, first + 4)),
        Scenario(place + 2, -1, shock, (first + 5, first + 6, first + 7)),
    )


_APART: Final = NOW + 1
_MAINTENANCE: Final = (
    *(*_lanes(0, MM), Scenario(TAIL_UP, 1), Scenario(TAIL_DOWN, -1), Scenario(NOW)),
    *_apart(_APART, 0, MM),
)
_INITIAL: Final = (*_lanes(8, IM), *_apart(_APART + 3, 8, IM))
SCENARIOS: Final = {MM: _MAINTENANCE, IM: (*_MAINTENANCE, *_INITIAL)}
"""What each set reads, in the order of UnderlyingMargin.scenarios: initial all that maintenance does, and more."""


@dataclass(frozen=True, slots=True)
class ScenarioTerms:
    """What an underlying's scenarios ask for [wad USD].

    `profits` are those of the set's SCENARIOS, rounded down; none without options. `binding` is the place of the
    scenario that decides, the first one of equals, None where a floor or the limit does or nothing is asked. `limit` is
    the most that can be lost, None where there is none. `directional` is the signed number s of offsets; `up` and
    `down` are what the nodes alone win or lose in each direction. `open_vega` is twice the notional that a derivative
    shock moves as far as volatility and bend move the options.
    """

    scenario: Wad
    directional: Wad
    profits: tuple[Wad, ...] = ()
    binding: int | None = None
    limit: Wad | None = None
    short_floor: Wad = ZERO
    delta_floor: Wad = ZERO
    delta_long: Wad = ZERO
    delta_short: Wad = ZERO
    up: Wad = ZERO
    down: Wad = ZERO
    open_vega: Wad = ZERO


@dataclass(frozen=True, slots=True)
class _Book:
    """Spot and linear legs as net exposure [wad USD], options by expiry, and the shocks they meet.

    What has expired pays what an average says: no scenario counts on it, and each loses what it may lose in any.
    """

    underlying: FeedId
    exposure: Wad
    expiries: tuple[ExpiryBook, ...]
    state: State
    which: RiskSet

    def configured(self, shock: RiskSet) -> Wad:
        """Give the derivative shock of a set [wad]."""
        return wad_of_ppm(self.state.params.underlying(self.underlying).of(shock).derivative_shock)

    def multiplied(self, move: Wad) -> Wad:
        """Give a move with the set's multiplier [wad]."""
        return Wad(ceil_div(move * self.state.multiplier(self.underlying, self.which), WAD))

    @property
    def alive(self) -> tuple[ExpiryBook, ...]:
        """Give the options that have not expired."""
        return tuple(each for each in self.expiries if not each.is_over)

    def profits(self) -> dict[Scenario, int]:
        """Give P_j of every scenario of the set [10**-36 USD]."""
        places = [s.place for s in SCENARIOS[self.which] if s.place < TAIL_UP]
        charge = sum(each.charge for each in self.expiries)
        charge += sum(each.worst(places) for each in self.expiries if each.is_over)
        return {scenario: self._profit(scenario, charge) for scenario in SCENARIOS[self.which]}

    def nodes(self) -> dict[Scenario, int]:
        """Give Q_j of every lane of the set [10**-36 USD]: what arrays and configured shock say, without charges."""
        return {
            scenario: sum(each.node(scenario.place) for each in self.alive) + self._gain(scenario)
            for scenario in SCENARIOS[self.which]
            if scenario.place < TAIL_UP
        }

    def floors(self) -> tuple[Wad, Wad]:
        """Give the least charges on shorts and on deltas [wad USD]."""
        shock, params = self.state.shocks(self.underlying, self.which)[1], self.state.params
        return (
            self._short_floor(ceil_div(shock * params.short_floor, PPM)),
            Wad(sum(each.delta_floor(shock, params) for each in self.expiries)),
        )

    def _short_floor(self, rate: int) -> Wad:
        """Give what a rate [wad] asks for on what is sold [wad USD]."""
        notional = ceil_div(sum(each.short for each in self.expiries) * self.state.price(self.underlying).mid, WAD)
        return Wad(ceil_div(notional * rate, WAD))

    def _profit(self, scenario: Scenario, charge: int) -> int:
        if scenario.apart is not None:
            options = self._apart(scenario, scenario.apart)
        else:
            options = sum(each.node(scenario.place) for each in self.alive)
        options += self._linear(scenario) - charge
        return self._in_tail(scenario, options) if scenario.is_tail else options

    def _move(self, scenario: Scenario) -> Wad:
        if scenario.is_tail:
            return wad_of_ppm(tail_move(self.state.params.underlying(self.underlying).initial.derivative_shock))
        return self.configured(scenario.shock)

    def _gain(self, scenario: Scenario) -> int:
        return self.exposure * scenario.direction * self._move(scenario)

    def _linear(self, scenario: Scenario) -> int:
        """Give what the exposure makes: it gains at the configured shock and loses at the multiplied one."""
        gain = self._gain(scenario)
        return gain if gain >= 0 else -abs(self.exposure) * self.multiplied(self._move(scenario))

    def _in_tail(self, scenario: Scenario, profit: int) -> int:
        """Limit what a tail loses by the options sold that lose there, and take the set's part of a loss, down."""
        sold = sum(each.short_notional(calls=scenario.direction > 0) for each in self.expiries)
        kept = max(profit, -sold * wad_of_ppm(_TAIL_CAP))
        return floor_div(kept, _TAIL_PART[self.which]) if kept < 0 else kept

    def _apart(self, scenario: Scenario, lanes: tuple[int, int, int | None]) -> int:
        """Give the worst of one expiry's volatility alone; for maintenance shocks in initial margin, of any two."""
        up, down, same = lanes
        still = [0 if same is None else each.node(same) for each in self.alive]
        moves = [
            tuple(min(0, each.node(lane) - base) for lane in (up, down))
            for each, base in zip(self.alive, still, strict=True)
        ]
        worst = min((least for move in moves for least in move), default=0)
        if self.which is IM and scenario.shock is MM:
            worst = min([worst, *(one[0] + other[1] for one, other in permutations(moves, 2))])
        return sum(still) + worst


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a book makes in every scenario of its set [10**-36 USD]: worked out once, read in both directions."""

    book: _Book
    nodes: dict[Scenario, int]
    profits: dict[Scenario, int]

    def loss(self, which: RiskSet) -> int:
        """Give the most that a scenario of a set loses [wad USD], rounded up; negative where all of them win."""
        return -floor_div(min(self.profits[scenario] for scenario in SCENARIOS[which]), WAD)

    def least(self, direction: int, which: RiskSet) -> int:
        """Give the least Q_j in a direction, scaled to a set's whole shock [wad USD], rounded down; no tails."""
        return self._scaled(which, self._lanes(direction, which))

    def gain(self, direction: int, which: RiskSet) -> int:
        """Give the least of Q_j and P_j in a direction, scaled alike, tails as they are [wad USD], rounded down."""
        found = [(s, min(q, self.profits[s])) for s, q in self._lanes(direction, which)]
        found += [(s, self.profits[s]) for s in SCENARIOS[which] if s.apart and s.direction == direction]
        tail = next(p for s, p in self.profits.items() if s.is_tail and s.direction == direction)
        return min(self._scaled(which, found), floor_div(tail, WAD))

    def _lanes(self, direction: int, which: RiskSet) -> list[tuple[Scenario, int]]:
        return [(s, q) for s, q in self.nodes.items() if s in SCENARIOS[which] and s.direction == direction]

    def _scaled(self, which: RiskSet, found: list[tuple[Scenario, int]]) -> int:
        whole = self.book.configured(which)
        scaled = [floor_div(profit * whole, self.book.configured(scenario.shock)) for scenario, profit in found]
        return floor_div(min(scaled), WAD)


def scenario_terms(
    underlying: FeedId, exposure: Wad, legs: tuple[OptionLeg, ...], state: State, which: RiskSet
) -> ScenarioTerms:
    """Compute the scenario terms of spot and linear legs, net `exposure` [wad USD], together with option legs."""
    shock = state.shocks(underlying, which)[1]
    if not legs:
        scenario = ceil_div(abs(exposure) * shock, WAD)
        return ScenarioTerms(Wad(scenario), Wad(scenario if exposure > 0 else -scenario))
    book = _Book(underlying, exposure, by_expiry(legs), state, which)
    outcome = _Outcome(book, book.nodes(), book.profits())
    short_floor, delta_floor = book.floors()
    least = max(0, short_floor, delta_floor)
    limit = _limit(book)
    loss = outcome.loss(which)
    required, inner = (
        max(least, lost) if limit is None else min(max(least, lost), limit) for lost in (loss, outcome.loss(MM))
    )
    worst = [s.place for s, profit in outcome.profits.items() if -floor_div(profit, WAD) == loss]
    deltas = [each.delta for each in book.expiries]
    return ScenarioTerms(
        scenario=Wad(required),
        directional=_directional(outcome, required, inner),
        profits=tuple(Wad(floor_div(profit, WAD)) for profit in outcome.profits.values()),
        binding=min(worst) if required == loss > least else None,
        limit=limit,
        short_floor=short_floor,
        delta_floor=delta_floor,
        delta_long=Wad(sum(max(0, delta) for delta in deltas)),
        delta_short=Wad(sum(max(0, -delta) for delta in deltas)),
        up=Wad(outcome.least(1, which)),
        down=Wad(outcome.least(-1, which)),
        open_vega=_open_vega(book),
    )


def _limit(book: _Book) -> Wad | None:
    """Give the most that can be lost [wad USD], up; None where nothing was bought.

    Each expiry can lose so much and no more, without the calls sold beyond those bought: these lose what scenarios say.
    Linear legs and spot have no end with options: the forward moves beside the index.
    """
    if all(leg.size < 0 for each in book.expiries for leg in each.legs):
        return None
    spares = [each.spare(book.state, book.which) for each in book.expiries]
    most = sum(each.most_lost(spare) for each, spare in zip(book.expiries, spares, strict=True))
    left = tuple(ExpiryBook((spare,)) for spare in spares if spare is not None)
    rest = _Book(book.underlying, book.exposure, left, book.state, book.which)
    loss = -floor_div(min(rest.profits().values()), WAD)
    return Wad(ceil_div(most, WAD) + max(0, loss, *rest.floors()))


def _open_vega(book: _Book) -> Wad:
    """Give twice the notional that a maintenance shock moves as volatility and bend move options [wad USD].

    That is, of each expiry, what lies between volatility up and down, and between a rise, a fall and their mean.
    """
    moved = sum(abs(each.node(0) - each.node(1)) + abs(each.node(4) + each.node(7)) for each in book.expiries)
    return Wad(ceil_div(moved, book.configured(MM)))


def _directional(outcome: _Outcome, required: int, inner: int) -> Wad:
    """Give the signed number s: what one direction wins, at most what the other loses, and what is required.

    That of initial exceeds that of the maintenance lanes by at most what its own lanes add to the requirement.
    """
    directional = _limited(outcome, inner, MM)
    if outcome.book.which is MM:
        return Wad(directional)
    return Wad(_limited(outcome, abs(directional) + required - inner, IM))


def _limited(outcome: _Outcome, limit: int, which: RiskSet) -> int:
    up, down = outcome.least(1, which), outcome.least(-1, which)
    if down < 0 < (won := outcome.gain(1, which)):
        return min(limit, -down, won)
    if up < 0 < (won := outcome.gain(-1, which)):
        return -min(limit, -up, won)
    return 0
