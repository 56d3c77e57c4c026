"""An option leg against the risk array of its series: mark, profit in each scenario, charges, directional size.

Formulas and roundings are those of "Options" in docs/margin-model.md.
"""

from dataclasses import dataclass
from typing import Final

from crossmargin.model.account import State
from crossmargin.model.arrays import NOW, RiskArray
from crossmargin.model.instruments import Instrument, Kind, strike_of
from crossmargin.model.parameters import RiskParams, RiskSet
from crossmargin.model.positions import Leg, is_over
from crossmargin.model.units import EPOCH, PPM, WAD, InstrumentId, Seconds, Wad, ceil_div, floor_div, wad_of_ppm

__all__ = ["FINEST_UNIT", "OptionLeg", "array_counts", "option_leg", "option_mark"]

_AGE_GRACE: Final = 600
"""Age of a risk array up to which nothing is charged for it [s]."""
_HOUR: Final = 3_600
_DELTA_UNIT: Final = 2**14
_DRIFT_UNIT: Final = 2**10
_REACH_UNIT: Final = 2**7
_UNIT_BITS: Final = 14
FINEST_UNIT: Final = 29
"""No unit of a lane is less than the index over 2 to this."""
_BEST: Final = {RiskSet.MAINTENANCE: (2, 5), RiskSet.INITIAL: (2, 5, 10, 13)}
"""Lanes in which a long leg is worth most: the furthest move either way, volatility up."""


@dataclass(frozen=True, slots=True)
class OptionLeg:
    """An open option leg at the prices of one set, beside its array.

    `index` and `notional` are at mid, `gap` is that of the set for who is long, and for who is short the bow,
    `widening` what multiplier, age and move of the index take from its profit in every scenario [10**-36 USD].
    `is_over` says that it has expired: it pays what an average says, and not the index.
    """

    instrument: Instrument
    size: Wad
    array: RiskArray
    mark: Wad
    index: Wad
    gap: int
    widening: int
    which: RiskSet
    is_over: bool

    @property
    def expiry(self) -> Seconds:
        """Give the time of expiry."""
        return self.instrument.expiry or EPOCH

    @property
    def strike(self) -> Wad:
        """Give the strike [wad USD]."""
        return strike_of(self.instrument.strike)

    @property
    def is_call(self) -> bool:
        """Tell calls from puts."""
        return self.instrument.kind is Kind.CALL

    @property
    def notional(self) -> Wad:
        """Give size at mid [wad USD], rounded up."""
        return Wad(ceil_div(abs(self.size) * self.index, WAD))

    @property
    def charge(self) -> int:
        """Give what is taken off in every scenario [10**-36 USD].

        For a long leg at most what it is worth in its best scenario: more is never there to be lost.
        """
        bent = ceil_div(self.gap * abs(self.size) * self.array.ref, self._unit)
        if self.size < 0:
            return bent + self.widening
        best = max(0, *(self.node(place) for place in _BEST[self.which]))
        return min(bent + self.widening, self.size * self.mark + best)

    def node(self, place: int) -> int:
        """Give the profit that the array says at one place, without any charge [10**-36 USD], rounded down."""
        return self.finest(place) >> FINEST_UNIT

    def finest(self, place: int) -> int:
        """Give the same [10**-36 USD / 2**FINEST_UNIT], not rounded."""
        if place == NOW:
            return 0
        lane = self.array.lanes[place]
        units = -(lane + 1) if self.size < 0 else lane
        return units * abs(self.size) * self.array.ref << FINEST_UNIT - _UNIT_BITS - self.array.exponent

    @property
    def _unit(self) -> int:
        return 1 << _UNIT_BITS + self.array.exponent

    @property
    def delta_notional(self) -> Wad:
        """Give the notional that moves with the index, positive where a rise gains [wad USD], rounded up in size."""
        moves = _moving(self.notional, self.array)
        return Wad(moves if self.size * self.array.delta > 0 else -moves)

    def delta_floor(self, shock: Wad, params: RiskParams) -> Wad:
        """Give the least the leg's delta is charged [wad USD], rounded up: for a long leg at most what it is worth."""
        charge = ceil_div(abs(self.delta_notional) * ceil_div(shock * params.min_delta, PPM), WAD)
        return Wad(min(charge, floor_div(self.size * self.mark, WAD)) if self.size > 0 else charge)


def option_leg(leg: Leg, state: State, which: RiskSet) -> OptionLeg:
    """Take an open option leg apart at the prices and shocks of a set."""
    terms = state.market(leg.instrument).terms
    array, underlying = state.array(leg.instrument), terms.underlying
    mid = state.price(underlying).mid
    notional = Wad(ceil_div(abs(leg.size) * mid, WAD))
    configured = wad_of_ppm(state.params.underlying(underlying).of(which).derivative_shock)
    age = max(0, state.now - array.time - _AGE_GRACE)
    aged = ceil_div(configured * min(PPM, floor_div(state.params.age_charge * age, _HOUR)), PPM)
    beyond = state.shocks(underlying, which)[1] - configured + aged
    move = ceil_div(abs(leg.size) * abs(mid - array.ref) * array.drift, _DRIFT_UNIT)
    exposed = ceil_div(notional * (_REACH_UNIT + array.reach), _REACH_UNIT)
    return OptionLeg(
        instrument=terms,
        size=leg.size,
        array=array,
        mark=option_mark(leg, state, which),
        index=mid,
        gap=_bent(array, which, long=leg.size > 0),
        widening=exposed * beyond + move,
        which=which,
        is_over=is_over(terms, state.now),
    )


def _bent(array: RiskArray, which: RiskSet, *, long: bool) -> int:
    """Give how far a price may lie below the lines between nodes, or for who is short above [units of a lane]."""
    if which is RiskSet.MAINTENANCE:
        return array.gap_maintenance if long else array.bow_maintenance
    return array.gap_initial if long else array.bow_initial


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
