"""The scenarios of an underlying with options: profit in each, the loss they ask for, what offsets others.

Formulas and roundings are those of "Options" in docs/margin-model.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from crossmargin.model.account import State
from crossmargin.model.arrays import TAIL_DOWN, TAIL_UP
from crossmargin.model.options import OptionLeg
from crossmargin.model.parameters import RiskSet
from crossmargin.model.units import WAD, ZERO, FeedId, Wad, ceil_div, floor_div, wad_of_ppm

__all__ = ["SCENARIOS", "Scenario", "ScenarioTerms", "scenario_terms"]

MM, IM = RiskSet.MAINTENANCE, RiskSet.INITIAL


@dataclass(frozen=True, slots=True)
class Scenario:
    """A lane or tail of a risk array: its `place` there, and the move it stands for.

    The move is `direction` (-1, 0, 1) times `halves` halves of the derivative shock of the set `shock`.
    """

    place: int
    direction: int = 0
    halves: int = 0
    shock: RiskSet = MM

    @property
    def is_tail(self) -> bool:
        """Tell tails, which offset nothing elsewhere."""
        return self.place in {TAIL_UP, TAIL_DOWN}


def _pairs(first: int, moves: Iterable[tuple[int, int]], shock: RiskSet) -> tuple[Scenario, ...]:
    """Give each move two places of the array: volatility up, down."""
    return tuple(
        Scenario(first + 2 * step + volatility, direction, halves, shock)
        for step, (direction, halves) in enumerate(moves)
        for volatility in (0, 1)
    )


_MAINTENANCE: Final = (
    *_pairs(0, ((0, 0), (1, 1), (-1, 1), (1, 2), (-1, 2)), MM),
    Scenario(TAIL_UP, 1, 2),
    Scenario(TAIL_DOWN, -1, 2),
)
SCENARIOS: Final = {MM: _MAINTENANCE, IM: (*_MAINTENANCE, *_pairs(10, ((0, 0), (1, 2), (-1, 2)), IM))}
"""What each set reads, in the order of UnderlyingMargin.scenarios: initial all that maintenance does, and more."""


@dataclass(frozen=True, slots=True)
class ScenarioTerms:
    """What an underlying's scenarios ask for [wad USD].

    `profits` are those of the set's SCENARIOS, rounded down; none without options. `binding` is the place of the
    scenario that decides, None where a floor does or nothing is asked. `directional` is the signed number s of
    offsets; `up` and `down` are what it is made of.
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


def scenario_terms(
    underlying: FeedId, exposure: Wad, legs: tuple[OptionLeg, ...], state: State, which: RiskSet
) -> ScenarioTerms:
    """Compute the scenario terms of spot and linear legs, net `exposure` [wad USD], together with option legs."""
    shock, params = state.shocks(underlying, which)[1], state.params
    if not legs:
        scenario = ceil_div(abs(exposure) * shock, WAD)
        return ScenarioTerms(Wad(scenario), Wad(scenario if exposure > 0 else -scenario))
    exact = [
        sum(leg.profit(scenario.place) for leg in legs) + _linear(scenario, underlying, exposure, state, which)
        for scenario in SCENARIOS[which]
    ]
    worst = min(range(len(exact)), key=lambda place: exact[place])
    short_floor = sum(leg.short_floor(shock, params) for leg in legs)
    delta_floor = sum(leg.delta_floor(shock, params) for leg in legs)
    loss = -floor_div(exact[worst], WAD)
    required = max(0, short_floor, delta_floor, loss)
    up, down = (_least(direction, underlying, exact, state, which) for direction in (1, -1))
    deltas = [leg.delta_notional for leg in legs]
    return ScenarioTerms(
        scenario=Wad(required),
        directional=_directional(required, up, down),
        profits=tuple(Wad(floor_div(profit, WAD)) for profit in exact),
        binding=SCENARIOS[which][worst].place if 0 < loss == required else None,
        short_floor=Wad(short_floor),
        delta_floor=Wad(delta_floor),
        delta_long=Wad(sum(max(0, delta) for delta in deltas)),
        delta_short=Wad(sum(max(0, -delta) for delta in deltas)),
        up=Wad(up),
        down=Wad(down),
    )


def _linear(scenario: Scenario, underlying: FeedId, exposure: Wad, state: State, which: RiskSet) -> int:
    """Give what the net exposure makes in a scenario [10**-36 USD]: a loss at the multiplied shock, a gain without."""
    configured = _configured(scenario, underlying, state)
    if exposure * scenario.direction >= 0:
        return abs(exposure) * floor_div(configured * scenario.halves, 2)
    multiplied = ceil_div(configured * state.multiplier(underlying, which), WAD)
    return -abs(exposure) * ceil_div(multiplied * scenario.halves, 2)


def _configured(scenario: Scenario, underlying: FeedId, state: State) -> Wad:
    return wad_of_ppm(state.params.underlying(underlying).of(scenario.shock).derivative_shock)


def _least(direction: int, underlying: FeedId, exact: list[int], state: State, which: RiskSet) -> int:
    """Give the least profit in a direction at the set's whole shock [wad USD], rounded down; tails left out."""
    whole = wad_of_ppm(state.params.underlying(underlying).of(which).derivative_shock)
    scaled = [
        floor_div(profit * whole * 2, _configured(scenario, underlying, state) * scenario.halves)
        for scenario, profit in zip(SCENARIOS[which], exact, strict=True)
        if scenario.direction == direction and not scenario.is_tail
    ]
    return floor_div(min(scaled), WAD)


def _directional(required: int, up: int, down: int) -> Wad:
    """Give the signed number s: what a move one way wins, at most what the other way loses, and what is required."""
    if down < 0 < up:
        return Wad(min(required, -down, up))
    if up < 0 < down:
        return Wad(-min(required, -up, down))
    return ZERO
