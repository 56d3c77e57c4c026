"""Marks follow index and surface, and say how far they may be trusted."""

import pytest

from crossmargin.model.black76 import price
from crossmargin.model.surface import forward
from tests.helpers.options import DAY, PARAMS, SMILE
from tests.helpers.reverts import reverts
from tests.unit.option_oracle.conftest import ETH, PRICE

VALID, STALE, UNCERTAIN, HALTED = 1, 2, 3, 4


def test_mark_is_the_price_at_the_forward(oracle, node, post, option, start, warp):
    """With the slice's carry and its volatility at the strike."""
    warp(start)
    post(30)
    id_ = option(2_200, is_put=True)
    with node.calls_at(start + DAY):
        at = forward(PRICE, SMILE.carry, 29 * DAY)
        found = oracle.volatilityOf(id_)
        assert (found.forward, found.status) == (at, VALID if PARAMS.max_age >= DAY else UNCERTAIN)
        expected = price(is_put=True, forward=at, strike=2_200 * 10**18, volatility=found.volatility, tau=29 * DAY)
        marked = oracle.mark(id_)
    assert (marked.price, marked.index) == (expected, PRICE)


def test_status_falls_with_the_age_of_the_slice(oracle, node, post, option, start, warp):
    """Valid to the maximal age, Stale to the expiry age, then Uncertain; after the option's expiry Valid."""
    warp(start)
    post(30)
    for age, status in (
        (0, VALID),
        (PARAMS.max_age, VALID),
        (PARAMS.max_age + 1, STALE),
        (PARAMS.expiry_age, STALE),
        (PARAMS.expiry_age + 1, UNCERTAIN),
        (30 * DAY - 1, UNCERTAIN),
        (30 * DAY, VALID),
    ):
        with node.calls_at(start + age):
            assert oracle.mark(option()).status == status
            assert oracle.volatilityOf(option()).status == status


@pytest.mark.parametrize("status", [VALID, STALE, UNCERTAIN, HALTED])
def test_status_is_the_worse_of_index_and_slice(oracle, node, probe, post, option, start, warp, other, status):
    """A Stale slice does not mend an Uncertain index."""
    warp(start)
    post(30)
    probe.setPrice(ETH, PRICE, status, sender=other)
    with node.calls_at(start + PARAMS.max_age + 1):
        assert oracle.mark(option()).status == max(status, STALE)
    with node.calls_at(start + PARAMS.max_age):
        assert oracle.mark(option()).status == status


def test_mark_without_a_slice_is_at_the_default_volatility(oracle, node, option, start):
    """Uncertain, with the index as forward."""
    with node.calls_at(start):
        found = oracle.volatilityOf(option())
        assert tuple(found.values()) == (PARAMS.default_volatility * 10**12, PRICE, UNCERTAIN)
        assert oracle.mark(option()).status == UNCERTAIN


def test_mark_after_expiry_is_the_payoff_at_the_index(oracle, node, post, option, start, warp):
    """Carry and volatility end there."""
    warp(start)
    post(30)
    with node.calls_at(start + 30 * DAY):
        assert oracle.mark(option(1_700)).price == 300 * 10**18
        assert oracle.mark(option(1_700, is_put=True)).price == 0
        assert oracle.mark(option(2_100, is_put=True)).price == 100 * 10**18


def test_mark_reverts_for_what_is_no_option(oracle):
    """A future has another mark."""
    with reverts("NotAnOption", id=2 << 60 | ETH << 48):
        oracle.mark(2 << 60 | ETH << 48)


def test_mark_reverts_without_parameters_or_price(oracle, probe, option, other):
    """Nothing is known of such an underlying."""
    with reverts("UnknownUnderlying", underlying=3):
        oracle.mark(option(underlying=3))
    probe.setPrice(ETH, 0, 0, sender=other)
    with reverts("PriceNotValid", feedId=ETH):
        oracle.mark(option())


def test_index_saturates(oracle, probe, option, other):
    """At 2^96 - 1, as everywhere."""
    probe.setPrice(ETH, 2**200, VALID, sender=other)

    assert oracle.mark(option()).index == 2**96 - 1
