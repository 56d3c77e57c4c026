"""Funding and positions on the chain equal the reference model, to the wei."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.funding import (
    INDEX_LIMIT,
    Fill,
    FundingTerms,
    decay,
    index_at,
    limit_of,
    premium_after,
    rate_of,
    reach_of,
)
from crossmargin.model.positions import Leg, fill_basis, raw_value
from crossmargin.model.units import WAD, ceil_div, trunc_div

prices = st.integers(10**6, 10**27)
sizes = st.integers(-(2**96), 2**96)
times = st.integers(0, 10 * 365 * 86_400)
premiums = st.integers(-WAD // 20, WAD // 20)
rates = st.integers(-150_000, 150_000)
indices = st.integers(-INDEX_LIMIT, INDEX_LIMIT - 1)


@pytest.fixture(scope="module")
def probe(node, deployer):
    """Deploy the pure library."""
    return node.deploy("FundingProbe", sender=deployer)


@given(index=indices, rate=rates, price=prices, elapsed=times)
def test_funding_index_matches_the_model(probe, index, rate, price, elapsed):
    """The index accrues toward zero, and stops at the end of its range."""
    actual = probe.indexAt(index, rate, 1000, price, 1000 + elapsed)

    assert actual == index_at(index, rate, price, elapsed)


@given(
    premium=premiums,
    fill=st.builds(Fill, st.integers(1, 2**96 - 1), prices, st.integers(0, 20_000)),
    index=prices,
    depth=st.integers(0, 10**28),
    interest=st.integers(0, 2**96 - 1),
    max_rate=st.integers(0, 150_000),
)
def test_premium_matches_the_model(probe, *, premium, fill, index, depth, interest, max_rate):
    """INV-41: a fill moves the premium as far as half its fees reach."""
    terms = FundingTerms(depth=depth, max_rate=max_rate)
    reach = reach_of(terms, fill, index, interest)
    shown = trunc_div((fill.price - index) * WAD, index)

    actual = probe.reachOf(ceil_div(fill.size * fill.price, WAD) * fill.fee, interest + fill.size, index, depth)
    moved = probe.premiumAfter(premium, fill.price, index, reach, max_rate)

    assert actual == reach
    assert moved == premium_after(premium, shown, reach, limit_of(max_rate))


@given(premium=premiums, elapsed=times)
def test_decay_and_rate_match_the_model(probe, premium, elapsed):
    """Toward zero; three payments a day."""
    assert probe.decayed(premium, elapsed) == trunc_div(premium * decay(elapsed), WAD)
    assert probe.rateOf(premium) == rate_of(premium)


@given(size=sizes, price=prices, index=indices)
def test_value_and_basis_match_the_model(probe, size, price, index):
    """INV-06: value is rounded down and basis up, so a fill at the mark is worth nothing or a wei less."""
    value = probe.valueDown(size, price - index)
    basis = probe.basisUp(size, price - index)

    assert value == raw_value(Leg(0, size, 0), price, index)
    assert basis == fill_basis(size, price, index)
    assert 0 <= basis - value <= 1
