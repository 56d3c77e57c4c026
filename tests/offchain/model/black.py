"""Risk arrays from a pricer in floating point, scaled and rounded as "Risk array" in docs/options.md says."""

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, erf, floor, log, sqrt

from crossmargin.model.arrays import RiskArray
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
    """What an array is made for: price shocks and volatility shocks of both sets, and the tail multiple."""

    price_maintenance: float
    price_initial: float
    volatility_maintenance: float
    volatility_initial: float
    tail: float


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
    nodes, tails, (mark, delta) = _nodes(series, shifts)
    gap_m, gap_i = (min(gap, mark) for gap in _gaps(nodes, shifts))
    lanes = [value - mark for _, value, _ in nodes]
    lanes += [(value - mark) / shifts.tail for value, _ in tails]
    exponent = max(
        (e for e in range(16) if _fits(lanes, (gap_m, gap_i), 2 ** (14 + e))),
        default=0,
    )
    unit = 2 ** (14 + exponent)
    slopes = [slope for _, _, slope in nodes] + [slope for _, slope in tails]
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
        drift=min(2**12 - 1, ceil(drift * 2**10)),
        exponent=exponent,
        valid=valid,
    )


def _fits(lanes, gaps, unit):
    return all(-(2**15) <= floor(lane * unit) < 2**15 for lane in lanes) and all(ceil(g * unit) < 2**14 for g in gaps)


def _volatilities(series, shock):
    """Give volatility up and down by a shock over time."""
    over_time = shock * min(2.0, max(0.5, sqrt(MONTH / max(1.0, series.years * YEAR))))
    return tuple(min(5.0, max(0.01, series.volatility * factor)) for factor in (1 + over_time, 1 / (1 + over_time)))


def _nodes(series, shifts):
    """Give (move, mark, delta) of the sixteen nodes, (mark, delta) of both tails and of now."""
    maintenance, initial = (
        _volatilities(series, s) for s in (shifts.volatility_maintenance, shifts.volatility_initial)
    )
    m, i = shifts.price_maintenance, shifts.price_initial
    nodes = [(move, *price(series, move, vol)) for move in (0, m / 2, -m / 2, m, -m) for vol in maintenance]
    nodes += [(move, *price(series, move, vol)) for move in (0, i, -i) for vol in initial]
    far = shifts.tail * m
    tails = [price(series, move, maintenance[0]) for move in (far, max(-far, -0.9))]
    return nodes, tails, price(series, 0, series.volatility)


def _gaps(nodes, shifts):
    """Give the convexity add-ons of both sets, before the limit of the mark."""

    def widest(chosen):
        return max((b[0] - a[0]) * (b[2] - a[2]) / 4 for a, b in pairwise(sorted(chosen)))

    maintenance = max(widest([nodes[j] for j in range(v, 10, 2)]) for v in (0, 1))
    initial = max(widest([nodes[j] for j in range(10 + v, 16, 2)]) for v in (0, 1))
    return max(0.0, maintenance), max(0.0, maintenance, initial)


def shifts_of(params, tail, volatility_maintenance, volatility_initial):
    """Take the price shocks from an underlying's parameters."""
    m, i = (values.derivative_shock / PPM for values in (params.maintenance, params.initial))
    return Shifts(m, i, volatility_maintenance, volatility_initial, tail)
