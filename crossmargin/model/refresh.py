"""What a refresh writes: the risk array of a series, from index, slice, parameters and time.

Mirrors contracts/pricing/SeriesMath.sol and contracts/pricing/RiskArray.sol, to the bit.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from crossmargin.model.arrays import NOW, TAIL_DOWN, TAIL_UP, RiskArray, rounded_ref, tail_move
from crossmargin.model.black76 import MAX_PRICE, call, deviation, ln_wad, log_moneyness, root_time
from crossmargin.model.prices import PriceStatus
from crossmargin.model.surface import (
    MAX_VOLATILITY,
    MIN_VOLATILITY,
    OptionParams,
    PostedSlice,
    forward,
    tenor_scale,
    volatility,
)
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

__all__ = ["Series", "View", "mark_of", "refreshed"]

_MAX_FALL: Final = 999_999
_TAIL_VOLATILITY: Final = 6 * WAD // 10
"""What volatility rises by in the tails at a tenor of 30 days and below [wad a year]."""
_ROOT_TWO_PI: Final = 2_506_628_274_631_000_502
"""sqrt(2 pi) [wad]."""
_UNIT_SHIFT: Final = 14
_MAX_EXPONENT: Final = 15
_MAX_LANE: Final = 2**15 - 1
_MAX_GAP: Final = 2**14 - 1
_MAX_DRIFT: Final = 2**12 - 1
_REACH_BITS: Final = 7
_MANTISSA_BITS: Final = 26
_MAX_MARK_EXPONENT: Final = 63

_UP, _DOWN, _UP_INITIAL, _DOWN_INITIAL, _SAME, _TAIL = range(6)
"""Places of volatilities among those after a move."""
_NODES: Final = (
    *((0, spread) for spread in (_UP, _DOWN)),
    *((move, spread) for move in (1, 2) for spread in (_UP, _DOWN, _SAME)),
    *((0, spread) for spread in (_UP_INITIAL, _DOWN_INITIAL)),
    *((move, spread) for move in (3, 4) for spread in (_UP_INITIAL, _DOWN_INITIAL, _SAME)),
    (5, _TAIL),
    (6, _TAIL),
)
"""Of each lane: places of its move among the moves, and of its volatility among those after it."""
_FALLS: Final = (5, 6, 7, 13, 14, 15, TAIL_DOWN)
_RISES: Final = (2, 3, 4, 10, 11, 12, TAIL_UP)
"""Lanes of a fall and of a rise: the least and the greatest delta of a call are among them."""
_MAINTENANCE_INTERVALS: Final = ((5, 0), (0, 2), (6, 1), (1, 3), (7, NOW), (NOW, 4))
_INITIAL_INTERVALS: Final = ((13, 8), (8, 10), (14, 9), (9, 11), (15, NOW), (NOW, 12))
"""Lanes next to each other in price, of the same volatility."""
_MAINTENANCE_SPREADS: Final = ((1, NOW), (NOW, 0), (3, 4), (4, 2), (6, 7), (7, 5))
_INITIAL_SPREADS: Final = ((9, NOW), (NOW, 8), (11, 12), (12, 10), (14, 15), (15, 13))
"""Lanes next to each other in volatility, at the same price."""


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
class _Smile:
    """A volatility and by how much it grows with log-moneyness [wad a year]."""

    volatility: Wad
    slope: Wad

    def times(self, numerator: int, denominator: int) -> "_Smile":
        """Give a multiple, toward zero."""
        return _Smile(
            Wad(self.volatility * numerator // denominator), Wad(trunc_div(self.slope * numerator, denominator))
        )

    def within(self, least: Wad, most: Wad) -> "_Smile":
        """Give what is nearest within limits: at a limit there is no slope."""
        if least <= self.volatility <= most:
            return self
        return _Smile(Wad(clamp(self.volatility, least, most)), Wad(0))


@dataclass(frozen=True, slots=True)
class _Node:
    """A series at a forward: price [wad USD], delta of a call, standard deviation, exp(-d1^2 / 2), ln(F / K) [wad].

    The delta is that of a price whose strike keeps its place on the smile, from 0 to 1.
    """

    forward: Wad
    price: Wad
    delta: Wad
    sd: Wad
    density: Wad
    log: Wad


def mark_of(series: Series, view: View) -> Wad:
    """Price a series now [wad USD]."""
    return _Pricer(series, view).now().price


def refreshed(series: Series, view: View) -> RiskArray:
    """Compute the risk array of a series."""
    view = replace(view, index=rounded_ref(view.index))
    pricer = _Pricer(series, view)
    now = pricer.now()
    ends = [*pricer.scenarios(), now]
    profits = [node.price - now.price for node in ends[:NOW]]
    gaps, bows = _curvatures(ends, series.strike)
    scale = _Scale(view.index)
    exponent = scale.exponent(profits, max(*gaps, *bows))
    mark_exponent = max(now.price.bit_length() - _MANTISSA_BITS, 0)
    delta, drift = _slopes(series, view, ends)
    saturated = mark_exponent > _MAX_MARK_EXPONENT
    return RiskArray(
        time=view.now,
        ref=view.index,
        mark_mantissa=2**_MANTISSA_BITS - 1 if saturated else now.price >> mark_exponent,
        mark_exponent=_MAX_MARK_EXPONENT if saturated else mark_exponent,
        delta=floor_div((delta << 14) + WAD // 2, WAD),
        lanes=tuple(scale.lane(profit, exponent) for profit in profits),
        gap_maintenance=scale.gap(gaps[0], exponent),
        gap_initial=scale.gap(gaps[1], exponent),
        bow_maintenance=scale.gap(bows[0], exponent),
        bow_initial=scale.gap(bows[1], exponent),
        drift=min(drift, _MAX_DRIFT),
        exponent=exponent,
        reach=ceil_div(max(0, now.forward - view.index) << _REACH_BITS, view.index),
        valid=view.status is PriceStatus.VALID and view.slice_status(series.expiry) is PriceStatus.VALID,
    )


@dataclass(frozen=True)
class _Pricer:
    """Prices a series after moves of the price, its strike keeping its place on the smile."""

    series: Series
    view: View

    @cached_property
    def _tau(self) -> Seconds:
        return Seconds(max(self.series.expiry - self.view.now, 0))

    @cached_property
    def _root(self) -> Wad:
        return root_time(self._tau)

    @cached_property
    def _forward(self) -> Wad:
        posted = self.view.posted
        return forward(self.view.index, posted.slice.carry if posted else NO_PPM, self._tau)

    @cached_property
    def _log(self) -> Wad:
        return log_moneyness(self._forward, self.series.strike)

    def now(self) -> _Node:
        """Price the series at the index."""
        return self._node(self._forward, self._log, self._smile(self._log))

    def scenarios(self) -> list[_Node]:
        """Price the series in each lane and tail."""
        now, log = self._forward, self._log
        moves = _moves(self.view)
        logs = [Wad(log + (ln_wad(Wad((PPM + move) * PPM_TO_WAD)) if move else 0)) for move in moves]
        forwards = [Wad(min(now + trunc_div(now * move, PPM), MAX_PRICE)) for move in moves]
        # in the tails volatility rises from what it is after the moves of initial margin
        smiles = [self._shocked(self._smile(each)) for each in (*logs[:5], *logs[3:5])]
        return [self._node(forwards[move], logs[move], smiles[move][spread]) for move, spread in _NODES]

    def _smile(self, log: Wad) -> _Smile:
        """Read the slice where the strike lies, by ln(F / K)."""
        if not self.view.posted:
            return _Smile(Wad(self.view.params.default_volatility * PPM_TO_WAD), Wad(0))
        annual = self.view.posted.slice.variance(Wad(-log))
        level = volatility(annual)
        if not MIN_VOLATILITY < level < MAX_VOLATILITY:
            return _Smile(level, Wad(0))
        return _Smile(level, Wad(trunc_div(self.view.posted.slice.variance_slope(Wad(-log)) * WAD, 2 * level)))

    def _shocked(self, smile: _Smile) -> tuple[_Smile, ...]:
        """Give volatility up and down, for maintenance, then for initial margin, unchanged, and in the tails."""
        params, status = self.view.params, self.view.slice_status(self.series.expiry)
        scale = tenor_scale(self._tau)
        far = _TAIL_VOLATILITY * min(scale, WAD) // WAD
        if status is not PriceStatus.VALID:
            scale = Wad(2 * scale)
        normal = Wad(params.default_volatility * PPM_TO_WAD)
        uncertain = status is PriceStatus.UNCERTAIN
        least, most = (normal, Wad(normal // 2)) if uncertain else (MIN_VOLATILITY, MAX_VOLATILITY)
        shocked = []
        for shock in (params.vol_shock_maintenance, params.vol_shock_initial):
            factor = WAD + shock * scale // PPM
            shocked += [
                smile.times(factor, WAD).within(least, MAX_VOLATILITY),
                smile.times(WAD, factor).within(MIN_VOLATILITY, most),
            ]
        tail = _Smile(Wad(smile.volatility + far), smile.slope).within(least, MAX_VOLATILITY)
        return (*shocked, smile, tail)

    def _node(self, at: Wad, log: Wad, smile: _Smile) -> _Node:
        """Price the series at a forward [wad USD] with its ln(F / K) and smile."""
        sd = deviation(smile.volatility, self._root)
        value, nd1, density = call(at, self.series.strike, log, sd)
        delta = clamp(nd1 - trunc_div(density * trunc_div(smile.slope * self._root, WAD), _ROOT_TWO_PI), 0, WAD)
        price = Wad(value + self.series.strike - at) if self.series.is_put else value
        return _Node(at, price, Wad(delta), sd, density, log)


def _moves(view: View) -> tuple[int, ...]:
    """List the moves of the price: none, x_M either way, x_I either way, the tails [ppm]."""
    moves = [0]
    for move in (view.shock_maintenance, view.shock_initial):
        moves += [move, -min(move, _MAX_FALL)]
    tail = tail_move(view.shock_initial)
    return (*moves, tail, -min(tail, _MAX_FALL))


def _curvatures(ends: list[_Node], strike: Wad) -> tuple[tuple[int, int], tuple[int, int]]:
    """Bound how far a price lies below what is between its nodes, and above, in both sets [wad USD], up.

    Below, by the price it is a quarter of the distance times what the slope grows by, and by volatility a quarter of
    the distance times what vega grows by from the lower node on; both add up. Above, it is a quarter of the distance
    times what vega falls by to the upper node: in the price no option is concave.
    """
    bend, below, above = _curvature(ends, strike, _MAINTENANCE_INTERVALS, _MAINTENANCE_SPREADS)
    gap, bow = ceil_div(bend + below, 4 * WAD), ceil_div(above, 4 * WAD)
    bend, below, above = _curvature(ends, strike, _INITIAL_INTERVALS, _INITIAL_SPREADS)
    return (gap, max(gap, ceil_div(bend + below, 4 * WAD))), (bow, max(bow, ceil_div(above, 4 * WAD)))


def _curvature(
    ends: list[_Node], strike: Wad, intervals: tuple[tuple[int, int], ...], spreads: tuple[tuple[int, int], ...]
) -> tuple[int, int, int]:
    """Give the most of distance times growth of the slope, of growth of vega, and of its fall [wad^2 USD]."""
    bend = max(0, *((ends[b].forward - ends[a].forward) * (ends[b].delta - ends[a].delta) for a, b in intervals))
    swings = [_swings(ends[a], ends[b], strike) for a, b in spreads]
    return bend, max(below for below, _ in swings), max(above for _, above in swings)


def _swings(low: _Node, high: _Node, strike: Wad) -> tuple[int, int]:
    """Give distance times growth of vega between two volatilities, and times its fall [wad^2 USD].

    Vega is greatest where the deviation is sqrt(2 |ln(F / K)|): there it is the lower of forward and strike.
    """
    most: int = max(low.density, high.density)
    if low.sd**2 < 2 * abs(low.log) * WAD < high.sd**2:
        most = max(most, min(WAD, ceil_div(strike * WAD, low.forward)))
    width = high.sd - low.sd
    below, above = (width * (most - end.density) * low.forward // _ROOT_TWO_PI for end in (low, high))
    return below, above


def _slopes(series: Series, view: View, ends: list[_Node]) -> tuple[int, int]:
    """Give the delta to the index [wad], and the drift [2**-10]."""
    now = ends[NOW]
    least = min(now.delta, *(ends[lane].delta for lane in _FALLS))
    most = max(now.delta, *(ends[lane].delta for lane in _RISES))
    reach = WAD - least if series.is_put else most
    drift = (2 * PPM * max(most - now.delta, now.delta - least) + view.shock_initial * reach) * now.forward << 10
    slope = now.delta - WAD if series.is_put else now.delta
    return trunc_div(slope * now.forward, view.index), ceil_div(drift, view.index * PPM * WAD)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Units of an array, by its index [wad USD]."""

    ref: Wad

    def exponent(self, profits: list[int], gap: int) -> int:
        """Find the largest exponent with which everything fits; 0 if none."""
        for exponent in range(_MAX_EXPONENT, 0, -1):
            ends = (self._units(profit, exponent) for profit in (min(profits), max(profits)))
            if all(-_MAX_LANE - 1 <= lane <= _MAX_LANE for lane in ends) and self._gap(gap, exponent) <= _MAX_GAP:
                return exponent
        return 0

    def lane(self, profit: int, exponent: int) -> int:
        """Round a profit down, and saturate."""
        return clamp(self._units(profit, exponent), -_MAX_LANE - 1, _MAX_LANE)

    def gap(self, gap: int, exponent: int) -> int:
        """Round a gap up, and saturate."""
        return min(self._gap(gap, exponent), _MAX_GAP)

    def _units(self, profit: int, exponent: int) -> int:
        return floor_div(profit << _UNIT_SHIFT + exponent, self.ref)

    def _gap(self, gap: int, exponent: int) -> int:
        return ceil_div(gap << _UNIT_SHIFT + exponent, self.ref)
