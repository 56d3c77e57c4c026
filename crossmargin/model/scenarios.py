"""The scenarios of an underlying with options: profit in each, the loss they ask for, what offsets others.

Formulas and roundings are those of "Options" in docs/margin-model.md.
"""

from dataclasses import dataclass
from typing import Final

from crossmargin.model.account import State
from crossmargin.model.arrays import NOW, TAIL_DOWN, TAIL_UP
from crossmargin.model.options import OptionLeg
from crossmargin.model.parameters import RiskSet
from crossmargin.model.units import WAD, ZERO, FeedId, Wad, ceil_div, floor_div, wad_of_ppm

__all__ = ["SCENARIOS", "Scenario", "ScenarioTerms", "scenario_terms"]

MM: Final = RiskSet.MAINTENANCE
IM: Final = RiskSet.INITIAL


@dataclass(frozen=True, slots=True)
class Scenario:
    """A lane or tail of a risk array: its `place` there, and the move it stands for; NOW, behind them, is no move.

    The move is `direction` (-1, 0, 1) times the derivative shock of the set `shock`.
    """

    place: int
    direction: int = 0
    shock: RiskSet = MM

    @property
    def is_tail(self) -> bool:
        """Tell tails, which offset nothing elsewhere."""
        return self.place in {TAIL_UP, TAIL_DOWN}


_DIRECTIONS: Final = (0, 0, 1, 1, 1, -1, -1, -1)
"""Of the lanes of a set: volatility up and down at no move, then up, down and the same at a rise and at a fall."""


def _lanes(first: int, shock: RiskSet) -> tuple[Scenario, ...]:
    """List the lanes of a set's own shock, from its first place in the array on."""
    return tuple(Scenario(first + step, direction, shock) for step, direction in enumerate(_DIRECTIONS))


_MAINTENANCE: Final = (*_lanes(0, MM), Scenario(TAIL_UP, 1), Scenario(TAIL_DOWN, -1), Scenario(NOW))
SCENARIOS: Final = {MM: _MAINTENANCE, IM: (*_MAINTENANCE, *_lanes(len(_DIRECTIONS), IM))}
"""What each set reads, in the order of UnderlyingMargin.scenarios: initial all that maintenance does, and more."""


@dataclass(frozen=True, slots=True)
class ScenarioTerms:
    """What an underlying's scenarios ask for [wad USD].

    `profits` are those of the set's SCENARIOS, rounded down; none without options. `binding` is the place of the
    scenario that decides, the first one of equals, None where a floor does or nothing is asked. `directional` is the
    signed number s of offsets; `up` and `down` are what the nodes alone win or lose in each direction.
    """

    scenario: Wad
    directional: Wad
    profits: tuple[Wad, ...] = ()
    binding: int | None = None
    short_floor: Wad = ZERO
    delta_floor: Wad = ZERO
    delta_long: Wad = ZERO
    delta_short: Wad = ZERO
    up: Wad = ZERO
    down: Wad = ZERO


@dataclass(frozen=True, slots=True)
class _Book:
    """Spot and linear legs as net exposure [wad USD], option legs, and the shocks they meet."""

    underlying: FeedId
    exposure: Wad
    legs: tuple[OptionLeg, ...]
    state: State
    which: RiskSet

    def configured(self, shock: RiskSet) -> Wad:
        """Give the derivative shock of a set [wad]."""
        return wad_of_ppm(self.state.params.underlying(self.underlying).of(shock).derivative_shock)

    def profit(self, scenario: Scenario) -> int:
        """Give P_j [10**-36 USD]: exposure gains at the configured shock and loses at the multiplied one."""
        multiplied = ceil_div(self.configured(scenario.shock) * self.state.multiplier(self.underlying, self.which), WAD)
        linear = self._gain(scenario)
        if linear < 0:
            linear = -abs(self.exposure) * multiplied
        return sum(leg.profit(scenario.place) for leg in self.legs) + linear

    def node(self, scenario: Scenario) -> int:
        """Give Q_j [10**-36 USD]: what arrays and configured shock say, without any add-on."""
        return sum(leg.node(scenario.place) for leg in self.legs) + self._gain(scenario)

    def _gain(self, scenario: Scenario) -> int:
        return self.exposure * scenario.direction * self.configured(scenario.shock)

    def nodes(self) -> dict[Scenario, int]:
        """Give Q_j of every scenario of the set [10**-36 USD]."""
        return {scenario: self.node(scenario) for scenario in SCENARIOS[self.which]}

    def profits(self) -> dict[Scenario, int]:
        """Give P_j of every scenario of the set [10**-36 USD]."""
        return {scenario: self.profit(scenario) for scenario in SCENARIOS[self.which]}


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a book makes in every scenario of its set [10**-36 USD]: worked out once, read in both directions."""

    book: _Book
    nodes: dict[Scenario, int]
    profits: dict[Scenario, int]

    def least(self, direction: int, which: RiskSet) -> int:
        """Give the least Q_j in a direction, scaled to a set's whole shock [wad USD], rounded down; no tails."""
        return self._scaled(
            which,
            [(s, self.nodes[s]) for s in SCENARIOS[which] if s.direction == direction and not s.is_tail],
        )

    def gain(self, direction: int, which: RiskSet) -> int:
        """Give the least of Q_j and P_j in a direction, tails by P_j, scaled alike [wad USD], rounded down."""
        return self._scaled(
            which,
            [
                (s, self.profits[s] if s.is_tail else min(self.nodes[s], self.profits[s]))
                for s in SCENARIOS[which]
                if s.direction == direction
            ],
        )

    def _scaled(self, which: RiskSet, found: list[tuple[Scenario, int]]) -> int:
        whole = self.book.configured(which)
        scaled = [floor_div(profit * whole, self.book.configured(scenario.shock)) for scenario, profit in found]
        return floor_div(min(scaled), WAD)


def scenario_terms(
    underlying: FeedId, exposure: Wad, legs: tuple[OptionLeg, ...], state: State, which: RiskSet
) -> ScenarioTerms:
    """Compute the scenario terms of spot and linear legs, net `exposure` [wad USD], together with option legs."""
    shock, params = state.shocks(underlying, which)[1], state.params
    if not legs:
        scenario = ceil_div(abs(exposure) * shock, WAD)
        return ScenarioTerms(Wad(scenario), Wad(scenario if exposure > 0 else -scenario))
    book = _Book(underlying, exposure, legs, state, which)
    outcome = _Outcome(book, book.nodes(), book.profits())
    profits = [floor_div(profit, WAD) for profit in outcome.profits.values()]
    short_floor = sum(leg.short_floor(shock, params) for leg in legs)
    delta_floor = sum(leg.delta_floor(shock, params) for leg in legs)
    least = max(0, short_floor, delta_floor)
    loss, loss_maintenance = -min(profits), -min(profits[: len(_MAINTENANCE)])
    required, required_maintenance = max(least, loss), max(least, loss_maintenance)
    worst = [scenario.place for scenario, profit in zip(SCENARIOS[which], profits, strict=True) if profit == -loss]
    expiries = {leg.expiry for leg in legs}
    deltas = [sum(leg.delta_notional for leg in legs if leg.expiry == expiry) for expiry in expiries]
    return ScenarioTerms(
        scenario=Wad(required),
        directional=_directional(outcome, required, required_maintenance),
        profits=tuple(Wad(profit) for profit in profits),
        binding=min(worst) if loss > least else None,
        short_floor=Wad(short_floor),
        delta_floor=Wad(delta_floor),
        delta_long=Wad(sum(max(0, delta) for delta in deltas)),
        delta_short=Wad(sum(max(0, -delta) for delta in deltas)),
        up=Wad(outcome.least(1, which)),
        down=Wad(outcome.least(-1, which)),
    )


def _directional(outcome: _Outcome, required: int, required_maintenance: int) -> Wad:
    """Give the signed number s: what one direction wins, at most what the other loses, and what is required.

    That of initial exceeds that of the maintenance lanes by at most what its own lanes add to the requirement.
    """
    directional = _limited(outcome, required_maintenance, MM)
    if outcome.book.which is MM:
        return Wad(directional)
    return Wad(_limited(outcome, abs(directional) + required - required_maintenance, IM))


def _limited(outcome: _Outcome, limit: int, which: RiskSet) -> int:
    up, down = outcome.least(1, which), outcome.least(-1, which)
    if down < 0 < (won := outcome.gain(1, which)):
        return min(limit, -down, won)
    if up < 0 < (won := outcome.gain(-1, which)):
        return -min(limit, -up, won)
    return 0
