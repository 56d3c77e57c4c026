"""The vault's interest and the reference model answer alike, to the wei and to the last bit of an index."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.interest import (
    LAST_INDEX,
    MAX_SCALED,
    SCALED_ONE,
    RateCurve,
    Reserves,
    accrued,
    cash_of,
    compact_down,
    compact_up,
    rate_per_year,
    scaled_of,
    total_debt,
    total_supply,
    utilisation,
)
from crossmargin.model.units import PPM, RAY, YEAR

INDICES = st.one_of(st.integers(RAY // 1_000, 100 * RAY), st.integers(RAY, LAST_INDEX)).map(compact_down)
BORROW_INDICES = st.one_of(st.integers(RAY, 100 * RAY), st.integers(RAY, LAST_INDEX)).map(compact_down)
AMOUNTS = st.one_of(st.integers(0, 10**6), st.integers(0, 10**30))
TOTALS = AMOUNTS.map(lambda wei: wei * SCALED_ONE)
DEBTS = AMOUNTS.map(lambda wei: (wei + 1) * SCALED_ONE)  # interest is asked for only where somebody owes some
CASH = st.one_of(st.integers(-(10**6), 10**6), st.integers(-(2**98), 2**98))
SCALED = st.one_of(st.integers(-(10**6), 10**6), st.integers(-MAX_SCALED, MAX_SCALED))


@st.composite
def cases(draw) -> tuple:
    """Draw totals, rates within the setter's limit, a time, and a balance."""
    state = (draw(INDICES), draw(BORROW_INDICES), draw(TOTALS), draw(DEBTS), draw(AMOUNTS))
    base = draw(st.integers(0, PPM))
    slope = draw(st.integers(0, PPM - base))
    kink, reserve = draw(st.integers(0, PPM - 1)), draw(st.integers(0, PPM))
    curve = (base, slope, PPM - base - slope, kink, reserve)
    time = draw(st.one_of(st.integers(0, 100), st.integers(0, 100 * YEAR)))
    return state, curve, time, draw(CASH), draw(SCALED), draw(st.integers(0, 2**255))


@pytest.fixture(scope="module")
def probe(node, deployer):
    """Deploy the library behind a contract."""
    return node.deploy("InterestProbe", sender=deployer)


def expected(case: tuple) -> tuple:
    """Compute what the model answers."""
    (supply_index, borrow_index, supply, borrow, pools), rates, elapsed, cash, scaled, number = case
    before, curve = Reserves(supply, borrow, supply_index, borrow_index, pools), RateCurve(*rates)
    after, used = accrued(before, curve, elapsed), utilisation(before)
    return (
        used,
        rate_per_year(curve, used),
        after.supply_index,
        after.borrow_index,
        total_supply(before),
        total_debt(before),
        cash_of(scaled, supply_index, borrow_index),
        scaled_of(cash, supply_index, borrow_index),
        compact_down(number),
        compact_up(number),
    )


@given(st.lists(cases(), min_size=1, max_size=40))
def test_interest_is_the_models(probe, many):
    """INV-42: utilisation, rates, indices, totals and balances, with their roundings."""
    answers = [tuple(answer.values()) for answer in probe.answer(many)]

    assert answers == [expected(case) for case in many]
