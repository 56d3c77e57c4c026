"""Risk arrays from a pricer in floating point, scaled and rounded as "Risk array" in docs/options.md says."""

from dataclasses import dataclass
from math import ceil, erf, exp, floor, log, pi, sqrt

from crossmargin.model.arrays import RiskArray, rounded_ref
from crossmargin.model.units import PPM

YEAR = 365 * 86_400
MONTH = 30 * 86_400


@dataclass(frozen=True)
class Series:
    """An option as its array sees it: strike over index, years to expiry, volatility, carry, whether it is a call."""

    strike: float
    years: float
    volatility: float
    carry: float
    call: bool


@dataclass(frozen=True)
class Shifts:
    """What an array is made for: price shocks and volatility shocks of both sets."""

    price_maintenance: float
    price_initial: float
    volatility_maintenance: float
    volatility_initial: float

    @property
    def tail(self):
        """Give how far the price moves in the tails."""
        return max(0.2, self.price_initial * 9 / 8)


def normal(x):
    """Give the normal distribution function."""
    return (1 + erf(x / sqrt(2))) / 2


def price(series, move, volatility):
    """Give mark and delta of a series after a relative move of the index, both in units of the index before."""
    forward = (1 + move) * (1 + series.carry * series.years)
    slope = 1 + series.carry * series.years
    sd = volatility * sqrt(series.years)
    sign = 1 if series.call else -1
    if sd == 0:
        inside = sign * (forward - series.strike) > 0
        return (sign * (forward - series.strike), sign * slope) if inside else (0.0, 0.0)
    d1 = log(forward / series.strike) / sd + sd / 2
    mark = sign * (forward * normal(sign * d1) - series.strike * normal(sign * (d1 - sd)))
    return max(0.0, mark), sign * slope * normal(sign * d1)


def array(series, shifts, ref, time, *, valid=True):
    """Make the array of a series at an index `ref` [wad USD]."""
    ref = rounded_ref(ref)
    own, tails, now = _nodes(series, shifts)
    mark, delta = now[1:]
    (gap_m, gap_i), (bow_m, bow_i) = _curvatures(series, shifts)
    nodes = [*own[0], *own[1]]
    lanes = [value - mark for _, value, _ in nodes]
    lanes += [value - mark for _, value, _ in tails]
    exponent = max(
        (e for e in range(16) if _fits(lanes, (gap_m, gap_i, bow_m, bow_i), 2 ** (14 + e))),
        default=0,
    )
    unit = 2 ** (14 + exponent)
    slopes = [slope for _, _, slope in (*nodes, *tails)]
    drift = 2 * max(abs(slope - delta) for slope in slopes) + shifts.price_initial * max(abs(s) for s in slopes)
    mantissa = floor(mark * ref)
    bits = max(0, mantissa.bit_length() - 26)
    return RiskArray(
        time=time,
        ref=ref,
        mark_mantissa=mantissa >> bits,
        mark_exponent=bits,
        delta=max(-(2**15), min(2**15 - 1, round(delta * 2**14))),
        lanes=tuple(max(-(2**15), min(2**15 - 1, floor(lane * unit))) for lane in lanes),
        gap_maintenance=min(2**14 - 1, ceil(gap_m * unit)),
        gap_initial=min(2**14 - 1, ceil(gap_i * unit)),
        bow_maintenance=min(2**14 - 1, ceil(bow_m * unit)),
        bow_initial=min(2**14 - 1, ceil(bow_i * unit)),
        drift=min(2**12 - 1, ceil(drift * 2**10)),
        exponent=exponent,
        reach=ceil(max(0.0, series.carry * series.years) * 2**7),
        valid=valid,
    )


def _fits(lanes, gaps, unit):
    return all(-(2**15) <= floor(lane * unit) < 2**15 for lane in lanes) and all(ceil(g * unit) < 2**14 for g in gaps)


def _over_time(series, most):
    return min(most, max(0.5, sqrt(MONTH / max(1.0, series.years * YEAR))))


def _volatilities(series, shock):
    """Give volatility up and down by a shock over time."""
    over_time = shock * _over_time(series, 2.0)
    return tuple(min(10.0, max(0.01, series.volatility * factor)) for factor in (1 + over_time, 1 / (1 + over_time)))


def _nodes(series, shifts):
    """Give (move, mark, delta) of the eight nodes of both sets, of both tails, and of now."""

    def node(move, volatility):
        return move, *price(series, move, volatility)

    def own(x, up, down):
        moved = [node(move, vol) for move in (x, -x) for vol in (up, down, series.volatility)]
        return [node(0, up), node(0, down), *moved]

    maintenance, initial = (
        _volatilities(series, s) for s in (shifts.volatility_maintenance, shifts.volatility_initial)
    )
    sets = own(shifts.price_maintenance, *maintenance), own(shifts.price_initial, *initial)
    far = min(10.0, series.volatility + 0.6 * _over_time(series, 1.0))
    tails = [node(move, far) for move in (shifts.tail, max(-shifts.tail, -1 + 1e-6))]
    return sets, tails, node(0, series.volatility)


def _curvatures(series, shifts):
    """Give what long legs and short legs are charged for what bends between nodes, by sets."""
    sets = [
        _curvature(series, _volatilities(series, shock), x)
        for shock, x in zip(
            (shifts.volatility_maintenance, shifts.volatility_initial),
            (shifts.price_maintenance, shifts.price_initial),
            strict=True,
        )
    ]
    return [(each[0], max(each)) for each in zip(*sets, strict=True)]


def _curvature(series, shocked, x):
    """Give a quarter of the largest bend between prices and swing between volatilities together; of the fall alone."""
    up, down = shocked
    same = series.volatility
    slopes = {vol: [price(series, move, vol)[1] for move in (-x, 0, x)] for vol in (up, down, same)}
    bend = max(x * max(at[1] - at[0], at[2] - at[1]) for at in slopes.values())
    swings = [_swings(series, move, low, high) for move in (-x, 0, x) for low, high in ((down, same), (same, up))]
    below, above = (max(each) for each in zip(*swings, strict=True))
    return (max(0.0, bend) + below) / 4, above / 4


def _swings(series, move, low, high):
    """Give what vega grows by from the lower volatility, and falls by to the higher, times the distance."""
    root = sqrt(series.years)
    ends = [vega(series, move, volatility) for volatility in (low, high)]
    forward = (1 + move) * (1 + series.carry * series.years)
    if (low * root) ** 2 < 2 * abs(log(forward / series.strike)) < (high * root) ** 2:
        ends.append(min(forward, series.strike) / sqrt(2 * pi))
    return [(high - low) * root * (max(ends) - end) for end in ends[:2]]


def vega(series, move, volatility):
    """Give what a price grows by with the standard deviation to expiry, in units of the index before the move."""
    forward, sd = (1 + move) * (1 + series.carry * series.years), volatility * sqrt(series.years)
    if sd == 0:
        return 0.0
    d1 = log(forward / series.strike) / sd + sd / 2
    return forward * exp(-d1 * d1 / 2) / sqrt(2 * pi)


def shifts_of(params, volatility_maintenance, volatility_initial):
    """Take the price shocks from an underlying's parameters."""
    m, i = (values.derivative_shock / PPM for values in (params.maintenance, params.initial))
    return Shifts(m, i, volatility_maintenance, volatility_initial)
