"""Prices of the model against exact arithmetic of 50 digits, against QuantLib, and against the C library's erfc."""

import math
from itertools import product

import pytest
import QuantLib
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

from crossmargin.model.black76 import call, deviation, exp_wad, ln_wad, log_moneyness, mills, price, root_time
from crossmargin.model.units import WAD, YEAR

MINUTE = 60
FORWARD = 2_000 * WAD
TOLERANCE = 1e-10
"""Of the forward: what the specification allows."""
MEASURED = 1.2e-13
"""Of the forward: what is reached; docs/options.md says so."""
NOISE = 2e-14
"""Of the forward: how far rounding may turn a price that ought to grow."""
WEI = 2
"""What the last divisions may take besides, which shows where forwards are small."""

FORWARDS = st.integers(10**12, 10**26)
RATIOS = st.one_of(st.integers(WAD * 99 // 100, WAD * 101 // 100), st.integers(WAD // 20, 20 * WAD))
VOLATILITIES = st.integers(WAD // 100, 5 * WAD)
TIMES = st.one_of(st.integers(MINUTE, 86_400), st.integers(MINUTE, 2 * YEAR))


def exact(forward: int, strike: int, volatility: int, tau: int) -> mpf:
    """Price a call to 50 digits."""
    with mp.workdps(50):
        sd = mpf(volatility) / WAD * mp.sqrt(mpf(tau) / YEAR)
        d1 = mp.log(mpf(forward) / strike) / sd + sd / 2
        return forward * mp.ncdf(d1) - strike * mp.ncdf(d1 - sd)


def floating(forward: float, strike: float, volatility: float, tau: float) -> float:
    """Price a call in floating point, out of the money and by parity, so that no digits cancel."""
    sd = volatility * math.sqrt(tau)
    d1 = math.log(forward / strike) / sd + sd / 2
    sign = 1 if forward <= strike else -1
    tail = [math.erfc(-sign * d / math.sqrt(2)) / 2 for d in (d1, d1 - sd)]
    return sign * (forward * tail[0] - strike * tail[1]) + max(forward - strike, 0.0)


def model_call(forward: int, strike: int, volatility: int, tau: int) -> int:
    """Price a call by the model."""
    return price(is_put=False, forward=forward, strike=strike, volatility=volatility, tau=tau)


def error(forward: int, strike: int, volatility: int, tau: int) -> float:
    """Give the model's error as a part of the forward."""
    found = model_call(forward, strike, volatility, tau)
    return abs(float((mpf(found) - exact(forward, strike, volatility, tau)) / forward))


@given(FORWARDS, RATIOS, VOLATILITIES, TIMES)
def test_error_is_within_the_tolerance(forward, ratio, volatility, tau):
    """Over the whole domain."""
    assert error(forward, max(forward * ratio // WAD, 1), volatility, tau) <= MEASURED + WEI / forward < TOLERANCE


@given(FORWARDS, RATIOS, VOLATILITIES, TIMES, st.booleans())
def test_price_is_that_of_quantlib(forward, ratio, volatility, tau, is_put):
    """A library of its own, in floating point, for calls and puts alike."""
    strike = max(forward * ratio // WAD, 1)
    kind = QuantLib.Option.Put if is_put else QuantLib.Option.Call
    theirs = QuantLib.blackFormula(kind, strike / forward, 1.0, volatility / WAD * math.sqrt(tau / YEAR))
    ours = price(is_put=is_put, forward=forward, strike=strike, volatility=volatility, tau=tau) / forward
    assert abs(ours - theirs) <= TOLERANCE + WEI / forward


@pytest.mark.parametrize("volatility", [WAD // 100, WAD // 10, WAD, 5 * WAD])
@pytest.mark.parametrize("tau", [MINUTE, 3_600, 86_400, 30 * 86_400, YEAR, 2 * YEAR])
def test_error_at_the_edges(volatility, tau):
    """Where the domain ends, at the money, and across the last five standard deviations either way."""
    sd = volatility / WAD * math.sqrt(tau / YEAR)
    near = [math.exp(i * sd / 4) for i in range(-30, 31) if abs(i * sd / 4) < math.log(20)]
    for ratio in (0.05, 20.0, 1.0, *near):
        assert error(FORWARD, int(FORWARD * ratio), volatility, tau) <= MEASURED, ratio


@given(RATIOS, VOLATILITIES, TIMES)
def test_price_is_that_of_floating_point(ratio, volatility, tau):
    """An independent implementation, by the C library's complementary error function."""
    strike = FORWARD * ratio // WAD
    expected = floating(1.0, strike / FORWARD, volatility / WAD, tau / YEAR)
    found = model_call(FORWARD, strike, volatility, tau) / FORWARD

    assert found == pytest.approx(expected, abs=1e-12)


@given(FORWARDS, RATIOS, VOLATILITIES, TIMES)
def test_put_call_parity_is_exact(forward, ratio, volatility, tau):
    """A call less its put is F - K, to the wei."""
    strike = max(forward * ratio // WAD, 1)
    put = price(is_put=True, forward=forward, strike=strike, volatility=volatility, tau=tau)

    assert model_call(forward, strike, volatility, tau) - put == forward - strike


@given(FORWARDS, RATIOS, st.tuples(VOLATILITIES, VOLATILITIES), TIMES)
def test_price_grows_with_volatility(forward, ratio, volatilities, tau):
    """But for rounding."""
    strike = max(forward * ratio // WAD, 1)
    low, high = (model_call(forward, strike, volatility, tau) for volatility in sorted(volatilities))

    assert high >= low - NOISE * forward - WEI


@given(FORWARDS, st.tuples(RATIOS, RATIOS), VOLATILITIES, TIMES)
def test_call_falls_with_the_strike(forward, ratios, volatility, tau):
    """By at most what the strike rises."""
    low, high = sorted(max(forward * ratio // WAD, 1) for ratio in ratios)
    dear, cheap = (model_call(forward, strike, volatility, tau) for strike in (low, high))

    slack = NOISE * forward + WEI
    assert -slack <= dear - cheap <= high - low + slack


@given(st.integers(0, 2**100), st.integers(0, 2**100), st.integers(0, 2**70), st.integers(0, 2**40))
def test_price_stays_within_bounds(forward, strike, volatility, tau):
    """Whatever the input."""
    found = model_call(forward, strike, volatility, tau)
    forward, strike = (min(each, 2**96 - 1) for each in (forward, strike))

    assert max(forward - strike, 0) <= found <= forward


@pytest.mark.parametrize("volatility", [0, WAD])
def test_price_without_time_or_volatility_is_the_payoff(volatility):
    """An option that is over is worth what it pays."""
    tau = 0 if volatility else YEAR
    for strike in (FORWARD - WAD, FORWARD, FORWARD + WAD):
        assert model_call(FORWARD, strike, volatility, tau) == max(FORWARD - strike, 0)


@given(RATIOS, VOLATILITIES, TIMES)
def test_call_gives_nd1(ratio, volatility, tau):
    """N(d1), the delta to the forward, and exp(-d1^2 / 2), to 14 digits."""
    strike = FORWARD * ratio // WAD
    log, sd = log_moneyness(FORWARD, strike), deviation(volatility, root_time(tau))
    _, nd1, density = call(FORWARD, strike, log, sd)
    with mp.workdps(50):
        d1 = mpf(log) / sd + mpf(sd) / WAD / 2
        expected = mp.ncdf(d1), mp.exp(-(d1**2) / 2)

    for found, value in zip((nd1, density), expected, strict=True):
        assert abs(mpf(found) / WAD - value) <= mpf(10) ** -14


def test_mills_ratio_is_within_its_error():
    """exp(x^2 / 2) N(-x) where it was fitted: the weighted error is below 5.0e-15; beyond, it goes on falling."""
    with mp.workdps(50):
        for i in range(7501):
            x = mpf(i) / 1000
            found = mpf(mills(i * 2**96 // 1000)) / 2**96
            scale = mp.exp(-x * x / 2)
            assert abs(found * scale - mp.ncdf(-x)) <= mpf("5.0e-15")
    values = [mills(i << 96) for i in range(75)]
    assert values == sorted(values, reverse=True)


@given(st.integers(1, 2**255 - 1), st.integers(-41 * WAD, 100 * WAD))
def test_elementary_functions(value, exponent):
    """Logarithm to a wei or two, exponential to 18 digits."""
    with mp.workdps(80):
        assert abs(ln_wad(value) - mp.log(mpf(value) / WAD) * WAD) <= 2
        expected = mp.exp(mpf(exponent) / WAD) * WAD
        assert abs(exp_wad(exponent) - expected) <= 1 + expected / 10**18


@pytest.mark.parametrize(("forward", "strike"), product((0, 1, 2**96 - 1), repeat=2))
def test_log_moneyness_is_finite(forward, strike):
    """Nothing is undefined."""
    assert abs(log_moneyness(forward, strike)) < 2**68
