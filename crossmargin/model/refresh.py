"""What a refresh writes: the risk array of a series, from index, slice, parameters and time.

Mirrors contracts/pricing/SeriesMath.sol and contracts/pricing/RiskArray.sol, to the bit.
"""

from dataclasses import dataclass
from math import isqrt
from typing import Final

from crossmargin.model.arrays import NOW, TAIL_DOWN, TAIL_UP, RiskArray
from crossmargin.model.black76 import MAX_PRICE, call, deviation, ln_wad, log_moneyness, root_time
from crossmargin.model.prices import PriceStatus
from crossmargin.model.surface import MAX_VOLATILITY, MIN_VOLATILITY, OptionParams, PostedSlice, forward, volatility
from crossmargin.model.units import (
    EPOCH,
    NO_PPM,
    PPM,
    PPM_TO_WAD,
    WAD,
    Ppm,
    Seconds,
    Wad,
    ceil_div,
    clamp,
    floor_div,
    trunc_div,
)

__all__ = ["MAX_TAIL_FALL", "Series", "View", "mark_of", "refreshed"]

MAX_TAIL_FALL: Final = 900_000
"""Falls in the tail are priced no deeper [ppm]."""
_SHOCK_TENOR: Final = 30 * 86_400
_MIN_TENOR_SCALE: Final = WAD // 2
_MAX_TENOR_SCALE: Final = 2 * WAD
_MAX_FALL: Final = 999_999
_UNIT_SHIFT: Final = 14
_MAX_EXPONENT: Final = 15
_MAX_LANE: Final = 2**15 - 1
_MAX_GAP: Final = 2**14 - 1
_MAX_DRIFT: Final = 2**12 - 1
_MANTISSA_BITS: Final = 26
_MAX_MARK_EXPONENT: Final = 63

_UP, _DOWN, _UP_INITIAL, _DOWN_INITIAL, _SAME = range(5)
"""Places of volatilities among the deviations."""
_NODES: Final = (
    *((0, spread) for spread in (_UP, _DOWN)),
    *((move, spread) for move in (1, 2) for spread in (_UP, _DOWN, _SAME)),
    *((0, spread) for spread in (_UP_INITIAL, _DOWN_INITIAL)),
    *((move, spread) for move in (3, 4) for spread in (_UP_INITIAL, _DOWN_INITIAL, _SAME)),
    (5, _UP),
    (6, _UP),
)
"""Of each lane: places of its move among the moves, and of its volatility among the deviations."""
_MAINTENANCE_INTERVALS: Final = ((5, 0), (0, 2), (6, 1), (1, 3), (7, NOW), (NOW, 4))
_INITIAL_INTERVALS: Final = ((13, 8), (8, 10), (14, 9), (9, 11), (15, NOW), (NOW, 12))
"""Lanes next to each other in price, of the same volatility."""
_FURTHEST: Final = (10, 11, 13, 14, TAIL_UP, TAIL_DOWN)
"""Lanes among which the least and the greatest profit are, and the tails."""
_FALLS: Final = (5, 6, 13, 14, 15, TAIL_DOWN)
_RISES: Final = (2, 3, 10, 11, 12, TAIL_UP)
"""Lanes furthest down and up of each volatility: the least and the greatest N(d1) are among them."""


@dataclass(frozen=True, slots=True)
class Series:
    """A call or put: strike [wad USD], expiry [s]."""

    is_put: bool
    strike: Wad
    expiry: Seconds


@dataclass(frozen=True, slots=True)
class View:
    """What a series is priced with: index [wad USD], its status, slice if any, parameters, shocks [ppm], time [s].

    `uncertain_until` is the end of the guardian's distrust of the surface [s].
    """

    index: Wad
    status: PriceStatus
    posted: PostedSlice | None
    params: OptionParams
    shock_maintenance: Ppm
    shock_initial: Ppm
    now: Seconds
    uncertain_until: Seconds = EPOCH

    def slice_status(self, expiry: Seconds) -> PriceStatus:
        """Tell how far the slice may be trusted."""
        if self.posted is None:
            return PriceStatus.UNCERTAIN if self.now < expiry else PriceStatus.VALID
        return self.posted.status(self.params, self.now, self.uncertain_until)


@dataclass(frozen=True, slots=True)
class _Priced:
    """A series at the index: forward, mark [wad USD], N(d1), ln(F / K), volatility and root of time [wad]."""

    forward: Wad
    mark: Wad
    nd1: Wad
    log: Wad
    volatility: Wad
    root: Wad


@dataclass(frozen=True, slots=True)
class _Node:
    """A scenario: forward, profit [wad USD], N(d1) [wad]."""

    forward: Wad
    profit: int
    nd1: Wad


def mark_of(series: Series, view: View) -> Wad:
    """Price a series now [wad USD]."""
    return _priced(series, view).mark


def refreshed(series: Series, view: View) -> RiskArray:
    """Compute the risk array of a series."""
    priced = _priced(series, view)
    nodes = _scenarios(series, view, priced)
    ends = [*nodes, _Node(priced.forward, 0, priced.nd1)]
    gaps = _gaps(ends, priced.mark, is_put=series.is_put)
    scale = _Scale(view.index, view.params.tail_multiple)
    exponent = scale.exponent([node.profit for node in nodes], max(gaps))
    mark_exponent = max(priced.mark.bit_length() - _MANTISSA_BITS, 0)
    delta, drift = _slopes(series, view, priced, nodes)
    saturated = mark_exponent > _MAX_MARK_EXPONENT
    return RiskArray(
        time=view.now,
        ref=view.index,
        mark_mantissa=2**_MANTISSA_BITS - 1 if saturated else priced.mark >> mark_exponent,
        mark_exponent=_MAX_MARK_EXPONENT if saturated else mark_exponent,
        delta=floor_div((delta << 14) + WAD // 2, WAD),
        lanes=tuple(scale.lane(place, node.profit, exponent) for place, node in enumerate(nodes)),
        gap_maintenance=scale.gap(gaps[0], exponent),
        gap_initial=scale.gap(gaps[1], exponent),
        drift=min(drift, _MAX_DRIFT),
        exponent=exponent,
        valid=view.status is PriceStatus.VALID and view.slice_status(series.expiry) is PriceStatus.VALID,
    )


def _priced(series: Series, view: View) -> _Priced:
    tau = Seconds(max(series.expiry - view.now, 0))
    at = forward(view.index, view.posted.slice.carry if view.posted else NO_PPM, tau)
    log, root = log_moneyness(at, series.strike), root_time(tau)
    vol = Wad(view.params.default_volatility * PPM_TO_WAD)
    if view.posted:
        vol = volatility(view.posted.slice.variance(Wad(-log)))
    value, nd1 = _value(series, at, log, deviation(vol, root))
    return _Priced(at, value, nd1, log, vol, root)


def _value(series: Series, at: Wad, log: Wad, sd: Wad) -> tuple[Wad, Wad]:
    """Price the series at a forward [wad USD] and give N(d1) [wad]."""
    value, nd1 = call(at, series.strike, log, sd)
    return Wad(value + series.strike - at) if series.is_put else value, nd1


def _scenarios(series: Series, view: View, priced: _Priced) -> list[_Node]:
    moves = _moves(view)
    logs = [ln_wad(Wad((PPM + move) * PPM_TO_WAD)) for move in moves]
    deviations = _deviations(series, view, priced)
    nodes = []
    for move, spread in _NODES:
        at = Wad(min(priced.forward + trunc_div(priced.forward * moves[move], PPM), MAX_PRICE))
        value, nd1 = _value(series, at, Wad(priced.log + logs[move]), deviations[spread])
        nodes.append(_Node(at, value - priced.mark, nd1))
    return nodes


def _moves(view: View) -> tuple[int, ...]:
    """List the moves of the price: none, x_M either way, x_I either way, the tails [ppm]."""
    tail = view.shock_maintenance * view.params.tail_multiple // PPM
    moves = [0]
    for move in (view.shock_maintenance, view.shock_initial):
        moves += [move, -min(move, _MAX_FALL)]
    return (*moves, tail, -min(tail, MAX_TAIL_FALL))


def _deviations(series: Series, view: View, priced: _Priced) -> tuple[Wad, ...]:
    """Give standard deviations at volatility up and down, for maintenance, then for initial margin, and now [wad]."""
    tau = max(series.expiry - view.now, 0)
    scale = isqrt(_SHOCK_TENOR * WAD**2 // tau) if tau else _MAX_TENOR_SCALE
    scale = clamp(scale, _MIN_TENOR_SCALE, _MAX_TENOR_SCALE)
    status = view.slice_status(series.expiry)
    if status is not PriceStatus.VALID:
        scale *= 2
    normal = view.params.default_volatility * PPM_TO_WAD
    deviations = []
    for shock in (view.params.vol_shock_maintenance, view.params.vol_shock_initial):
        factor = WAD + shock * scale // PPM
        high, low = priced.volatility * factor // WAD, priced.volatility * WAD // factor
        if status is PriceStatus.UNCERTAIN:
            high, low = max(high, normal), min(low, normal // 2)
        deviations += [
            deviation(min(Wad(high), MAX_VOLATILITY), priced.root),
            deviation(max(Wad(low), MIN_VOLATILITY), priced.root),
        ]
    return (*deviations, deviation(priced.volatility, priced.root))


def _gaps(ends: list[_Node], mark: Wad, *, is_put: bool) -> tuple[int, int]:
    """Bound how far a convex price lies below the lines between nodes, for maintenance and initial margin [wad USD].

    A quarter of the bend, up; where a long leg may be at the limit of its loss in a node, at least the sag, or what no
    price that bends so needs more than.
    """
    maintenance = _gap(ends, _MAINTENANCE_INTERVALS, 0, mark, is_put=is_put)
    return maintenance, max(maintenance, _gap(ends, _INITIAL_INTERVALS, 8, mark, is_put=is_put))


def _gap(ends: list[_Node], intervals: tuple[tuple[int, int], ...], first: int, mark: Wad, *, is_put: bool) -> int:
    """Bound it for one set, whose lanes begin at `first`; intervals of falls and rises take turns."""
    pairs = [(ends[low], ends[high]) for low, high in intervals]
    bend = max(0, *((high.forward - low.forward) * (high.nd1 - low.nd1) for low, high in pairs))
    gap = quarter = ceil_div(bend, 4 * WAD)
    falls, rises = pairs[::2], pairs[1::2]
    # prices grow with volatility and one way with the index: which node is the cheapest of each side
    for side, worst in ((rises, 3), (falls, 1)) if is_put else ((falls, 6), (rises, 1)):
        left = mark + min(0, ends[first + worst].profit)
        if quarter > left:
            sag = max(0, *(_sag(low, high, is_put=is_put) for low, high in side))
            gap = max(gap, min(sag, 4 * quarter - 3 * left))
    return gap


def _sag(low: _Node, high: _Node, *, is_put: bool) -> int:
    """Tell how far the dearer of two nodes lies above the tangent at the cheaper one, up [wad USD]."""
    width, rise = high.forward - low.forward, high.profit - low.profit
    return -rise - width * (WAD - high.nd1) // WAD if is_put else rise - width * low.nd1 // WAD


def _slopes(series: Series, view: View, priced: _Priced, nodes: list[_Node]) -> tuple[int, int]:
    """Give the delta to the index [wad], and the drift [2**-10]."""
    least, most = min(nodes[lane].nd1 for lane in _FALLS), max(nodes[lane].nd1 for lane in _RISES)
    reach = WAD - least if series.is_put else most
    apart = max(most - priced.nd1, priced.nd1 - least, 0)
    drift = (2 * PPM * apart + view.shock_initial * reach) * priced.forward << 10
    slope = priced.nd1 - WAD if series.is_put else priced.nd1
    return trunc_div(slope * priced.forward, view.index), ceil_div(drift, view.index * PPM * WAD)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Units of an array: index [wad USD], and what tails are divided by [ppm]."""

    ref: Wad
    tail_multiple: Ppm

    def exponent(self, profits: list[int], gap: int) -> int:
        """Find the largest exponent with which everything fits; 0 if none."""
        for exponent in range(_MAX_EXPONENT, 0, -1):
            lanes = (self._units(place, profits[place], exponent) for place in _FURTHEST)
            if all(-_MAX_LANE - 1 <= lane <= _MAX_LANE for lane in lanes) and self._gap(gap, exponent) <= _MAX_GAP:
                return exponent
        return 0

    def lane(self, place: int, profit: int, exponent: int) -> int:
        """Round a profit down, and saturate."""
        return clamp(self._units(place, profit, exponent), -_MAX_LANE - 1, _MAX_LANE)

    def gap(self, gap: int, exponent: int) -> int:
        """Round a gap up, and saturate."""
        return min(self._gap(gap, exponent), _MAX_GAP)

    def _units(self, place: int, profit: int, exponent: int) -> int:
        scaled = profit << _UNIT_SHIFT + exponent
        if place in (TAIL_UP, TAIL_DOWN):
            return floor_div(scaled * PPM, self.ref * self.tail_multiple)
        return floor_div(scaled, self.ref)

    def _gap(self, gap: int, exponent: int) -> int:
        return ceil_div(gap << _UNIT_SHIFT + exponent, self.ref)
