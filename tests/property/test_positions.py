"""Funding and positions on the chain equal the reference model, to the wei."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.funding import Fill, FundingTerms, accrued_index, premium_after, rate_of
from crossmargin.model.positions import Leg, fill_basis, raw_value

WAD = 10**18
LIMIT_INDEX = 2**87 - 1

prices = st.integers(10**6, 10**27)
sizes = st.integers(-(2**96), 2**96)
times = st.integers(0, 10 * 365 * 86_400)
premiums = st.integers(-WAD // 20, WAD // 20)
rates = st.integers(-150_000, 150_000)
indices = st.integers(-LIMIT_INDEX // 2, LIMIT_INDEX // 2)


@pytest.fixture(scope="module")
def probe(node, deployer):
    """Deploy the pure library."""
    return node.deploy("FundingProbe", sender=deployer)


@given(index=indices, rate=rates, price=prices, elapsed=times)
def test_funding_index_matches_the_model(probe, index, rate, price, elapsed):
    """The index accrues toward zero, and stops at the end of its range."""
    expected = accrued_index(index, rate, price, elapsed)

    actual = probe.indexAt(index, rate, 1000, price, 1000 + elapsed)

    assert actual == max(-LIMIT_INDEX - 1, min(LIMIT_INDEX, expected))


@given(
    old=premiums,
    price=prices,
    index=prices,
    notional=st.integers(0, 10**28),
    impact=st.integers(1, 10**28),
    window=st.integers(1, 7 * 86_400),
    elapsed=times,
)
def test_premium_matches_the_model(probe, *, old, price, index, notional, impact, window, elapsed):
    """A fill teaches by its weight; without one the premium decays."""
    terms = FundingTerms(window=window, impact_notional=impact, max_rate=0)

    actual = probe.premiumAfter(old, price, index, notional, impact, window, elapsed)

    assert actual == premium_after(old, terms, elapsed, index, Fill(price, notional))


@given(premium=premiums, max_rate=st.integers(0, 150_000))
def test_rate_matches_the_model(probe, premium, max_rate):
    """Three payments a day, clamped."""
    assert probe.rateOf(premium, max_rate) == rate_of(premium, max_rate)


@given(size=sizes, price=prices, index=indices)
def test_value_and_basis_match_the_model(probe, size, price, index):
    """INV-06: value is rounded down and basis up, so a fill at the mark is worth nothing or a wei less."""
    value = probe.valueDown(size, price - index)
    basis = probe.basisUp(size, price - index)

    assert value == raw_value(Leg(0, size, 0), price, index)
    assert basis == fill_basis(size, price, index)
    assert 0 <= basis - value <= 1
