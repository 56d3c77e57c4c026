"""The options' library and the reference model answer alike, to the wei."""

from math import isqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.black76 import call, exp_wad, ln_wad, price
from crossmargin.model.units import WAD, YEAR

PRICES = st.one_of(st.integers(10**14, 10**24), st.integers(0, 2**96 - 1), st.integers(0, 2**256 - 1))
VOLATILITIES = st.one_of(st.integers(WAD // 100, 5 * WAD), st.integers(0, 2**64), st.integers(0, 2**256 - 1))
TIMES = st.one_of(st.integers(60, 2 * YEAR), st.integers(0, 60), st.integers(0, 2**256 - 1))
LOGS = st.one_of(st.integers(-3 * WAD, 3 * WAD), st.integers(-(2**68), 2**68))
DEVIATIONS = st.one_of(st.integers(0, 10 * WAD), st.integers(0, 10**15), st.integers(0, 2**120))


@st.composite
def options(draw) -> tuple:
    """Draw an option, half of them near the money."""
    forward = draw(PRICES)
    near = st.integers(forward * 9 // 10, min(forward * 11 // 10, 2**256 - 1))
    return (draw(st.booleans()), forward, draw(st.one_of(near, PRICES)), draw(VOLATILITIES), draw(TIMES))


@pytest.fixture(scope="module")
def probe(node, deployer):
    """Deploy the library behind a contract."""
    return node.deploy("OptionMathProbe", sender=deployer)


@given(st.lists(options(), min_size=1, max_size=60))
def test_prices_are_the_models(probe, many):
    """Any price of any option."""
    expected = [
        price(is_put=is_put, forward=forward, strike=strike, volatility=volatility, tau=tau)
        for is_put, forward, strike, volatility, tau in many
    ]

    assert probe.prices(many) == expected


@given(st.lists(st.tuples(*[st.integers(0, 2**96 - 1)] * 2, LOGS, DEVIATIONS), min_size=1, max_size=60))
def test_calls_are_the_models(probe, many):
    """Any logarithm and deviation, even those that no price has."""
    found = probe.calls(many)

    assert list(zip(found["values"], found.nd1s, strict=True)) == [call(*each)[:2] for each in many]


@given(
    st.lists(st.integers(1, 2**255 - 1), max_size=60),
    st.lists(st.one_of(st.integers(-50 * WAD, 50 * WAD), st.integers(-(2**255), 135 * WAD)), max_size=60),
    st.lists(st.integers(0, 2**256 - 1), max_size=60),
)
def test_elementary_functions_are_the_models(probe, positives, exponents, squares):
    """Logarithm, exponential and root, wherever they are defined."""
    found = probe.elementary(positives, exponents, squares)

    assert found.logs == [ln_wad(value) for value in positives]
    assert found.exps == [exp_wad(value) for value in exponents]
    assert found.roots == [isqrt(value) for value in squares]
