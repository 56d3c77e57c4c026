"""An option leg against the risk array of its series: mark, profit in each scenario, directional size, floors.

Formulas and roundings are those of "Options" in docs/margin-model.md.
"""

from dataclasses import dataclass
from typing import Final

from crossmargin.model.account import State
from crossmargin.model.arrays import NOW, RiskArray
from crossmargin.model.instruments import Kind
from crossmargin.model.parameters import RiskParams, RiskSet
from crossmargin.model.positions import Leg
from crossmargin.model.units import EPOCH, PPM, WAD, ZERO, InstrumentId, Seconds, Wad, ceil_div, floor_div, wad_of_ppm

__all__ = ["OptionLeg", "array_counts", "option_leg", "option_mark"]

_AGE_GRACE: Final = 600
"""Age of a risk array up to which nothing is charged for it [s]."""
_HOUR: Final = 3_600
_DELTA_UNIT: Final = 2**14
_DRIFT_UNIT: Final = 2**10
_UNIT_BITS: Final = 14


@dataclass(frozen=True, slots=True)
class OptionLeg:
    """An open option leg at the prices of one set, beside its array.

    `notional` is at mid, `gap` that of the set, `widening` what multiplier, age and move of the index take from its
    profit in every scenario [10**-36 USD].
    """

    expiry: Seconds
    size: Wad
    array: RiskArray
    mark: Wad
    notional: Wad
    gap: int
    widening: int

    def profit(self, place: int) -> int:
        """Give the profit in the scenario at a place of the array [10**-36 USD], rounded down.

        A long leg never loses more than its mark.
        """
        if self.size < 0:
            return self.node(place) - self.widening
        gap = ceil_div(self.gap * self.size * self.array.ref, self._unit)
        return max(-self.size * self.mark, self.node(place) - gap - self.widening)

    def node(self, place: int) -> int:
        """Give the profit that the array says at one place, without any add-on [10**-36 USD], rounded down."""
        if place == NOW:
            return 0
        lane = self.array.lanes[place]
        units = -(lane + 1) if self.size < 0 else lane
        return floor_div(units * abs(self.size) * self.array.ref, self._unit)

    @property
    def _unit(self) -> int:
        return 1 << _UNIT_BITS + self.array.exponent

    @property
    def delta_notional(self) -> Wad:
        """Give the notional that moves with the index, positive where a rise gains [wad USD], rounded up in size."""
        moves = _moving(self.notional, self.array)
        return Wad(moves if self.size * self.array.delta > 0 else -moves)

    def short_floor(self, shock: Wad, params: RiskParams) -> Wad:
        """Give the least a short leg is charged at a derivative shock [wad USD], rounded up; nothing for a long one."""
        if self.size > 0:
            return ZERO
        return Wad(ceil_div(self.notional * ceil_div(shock * params.short_floor, PPM), WAD))

    def delta_floor(self, shock: Wad, params: RiskParams) -> Wad:
        """Give the least the leg's delta is charged [wad USD], rounded up: for a long leg at most what it is worth."""
        charge = ceil_div(abs(self.delta_notional) * ceil_div(shock * params.min_delta, PPM), WAD)
        return Wad(min(charge, floor_div(self.size * self.mark, WAD)) if self.size > 0 else charge)


def option_leg(leg: Leg, state: State, which: RiskSet) -> OptionLeg:
    """Take an open option leg apart at the prices and shocks of a set."""
    array, underlying = state.array(leg.instrument), state.market(leg.instrument).terms.underlying
    mid = state.price(underlying).mid
    notional = Wad(ceil_div(abs(leg.size) * mid, WAD))
    configured = wad_of_ppm(state.params.underlying(underlying).of(which).derivative_shock)
    age = max(0, state.now - array.time - _AGE_GRACE)
    aged = ceil_div(configured * min(PPM, floor_div(state.params.age_charge * age, _HOUR)), PPM)
    beyond = state.shocks(underlying, which)[1] - configured + aged
    move = ceil_div(abs(leg.size) * abs(mid - array.ref) * array.drift, _DRIFT_UNIT)
    return OptionLeg(
        expiry=state.market(leg.instrument).terms.expiry or EPOCH,
        size=leg.size,
        array=array,
        mark=option_mark(leg, state, which),
        notional=notional,
        gap=array.gap_maintenance if which is RiskSet.MAINTENANCE else array.gap_initial,
        widening=max(notional, _moving(notional, array)) * beyond + move,
    )


def _moving(notional: Wad, array: RiskArray) -> Wad:
    """Give what of a notional moves with the index [wad USD], up."""
    return Wad(ceil_div(notional * abs(array.delta), _DELTA_UNIT))


def option_mark(leg: Leg, state: State, which: RiskSet) -> Wad:
    """Give the mark of an open option leg at the price of a set [wad USD]: down for a long leg, up for a short one."""
    array, terms = state.array(leg.instrument), state.market(leg.instrument).terms
    rises = (leg.size > 0) is (terms.kind is Kind.CALL)
    tangent = array.delta * (state.edge(terms.underlying, which, owned=rises) - array.ref)
    if leg.size > 0:
        return Wad(max(0, array.mark_floor + floor_div(tangent, _DELTA_UNIT)))
    return Wad(max(0, array.mark_ceil + ceil_div(tangent, _DELTA_UNIT)))


def array_counts(instrument: InstrumentId, state: State) -> bool:
    """Tell whether a series' array was Valid at its refresh, is young enough, and the index has not left it."""
    array, params = state.array(instrument), state.params
    mid = state.price(state.market(instrument).terms.underlying).mid
    near = abs(mid - array.ref) * PPM <= array.ref * params.array_max_move
    return array.valid and state.now - array.time <= params.array_max_age and near
