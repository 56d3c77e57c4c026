from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.interest import (
    RateCurve,
    Reserves,
    accrued,
    cash_of,
    rate_per_year,
    scaled_of,
    total_debt,
    total_supply,
    utilisation,
)
from crossmargin.model.units import RAY, WAD, YEAR

CURVE = RateCurve(base=10**16, slope1=4 * 10**16, slope2=6 * 10**17, kink=8 * 10**17, reserve_factor=10**17)

indices = st.integers(RAY, 100 * RAY)
reserves = st.builds(Reserves, st.integers(0, 10**32), st.integers(0, 10**32), indices, indices)
curves = st.builds(
    RateCurve,
    st.integers(0, WAD),
    st.integers(0, WAD),
    st.integers(0, 5 * WAD),
    st.integers(1, WAD - 1),
    st.integers(0, WAD),
)


def test_rate_by_hand():
    """1 % idle, 3 % at half the kink, 5 % at the kink, 35 % half-way beyond, 65 % when all is lent."""
    used = [0, 4 * 10**17, 8 * 10**17, 9 * 10**17, WAD]
    assert [rate_per_year(CURVE, u) for u in used] == [n * 10**16 for n in (1, 3, 5, 35, 65)]


def test_year_at_the_kink_by_hand():
    """800 of 1,000 lent at 5 % for a year: 40 interest, 4 kept, 36 to suppliers."""
    after = accrued(Reserves(1_000 * WAD, 800 * WAD), CURVE, YEAR)
    assert after.borrow_index == RAY * 105 // 100
    assert after.supply_index == RAY * 1_036 // 1_000
    assert (total_debt(after), total_supply(after)) == (840 * WAD, 1_036 * WAD)


def test_accrual_rounds_the_borrow_index_up():
    """One second at 1 % of a ray is 317097919837645.8.. and becomes ..46."""
    tiny = Reserves(10**30, 1)
    assert accrued(tiny, CURVE, 1).borrow_index - RAY == 317_097_919_837_645_866


def test_accrual_of_dust_rounds_for_the_pool():
    """3 of 3 wei lent at 65 %: debt 4.95 is 5, interest 2, 0.2 kept is 1, a third of a ray to each supplier."""
    after = accrued(Reserves(3, 3), CURVE, YEAR)
    assert (after.borrow_index, after.supply_index) == (RAY * 165 // 100, RAY + RAY // 3)
    assert (total_debt(after), total_supply(after)) == (5, 3)


def test_nothing_accrues_without_time_or_debt():
    """The indices stay; debt without supply costs interest that nobody is owed."""
    idle = Reserves(1_000 * WAD, 0)
    busy = Reserves(1_000 * WAD, 800 * WAD)
    orphan = accrued(Reserves(0, 800 * WAD), CURVE, YEAR)
    assert accrued(idle, CURVE, YEAR) == idle
    assert accrued(busy, CURVE, 0) == busy
    assert utilisation(Reserves(0, 800 * WAD)) == 0
    assert (orphan.supply_index, orphan.borrow_index) == (RAY, RAY * 101 // 100)


@given(reserves, curves, st.integers(0, 10 * YEAR))
def test_debt_grows_at_least_as_much_as_supply(before, curve, elapsed):
    """Suppliers are never promised more than borrowers owe in addition, less the reserve factor's part."""
    after = accrued(before, curve, elapsed)
    interest = total_debt(after) - total_debt(before)
    earned = total_supply(after) - total_supply(before)
    assert 0 <= earned <= interest - interest * curve.reserve_factor // WAD
    assert after.borrow_index >= before.borrow_index


@given(st.integers(-(10**30), 10**30), indices, indices)
def test_scaling_a_balance_never_favours_the_account(cash, supply_index, borrow_index):
    """Read back, a balance is at most what was set, and at most an index-worth of wei less."""
    back = cash_of(scaled_of(cash, supply_index, borrow_index), supply_index, borrow_index)
    index = supply_index if cash >= 0 else borrow_index
    assert cash - index // RAY - 1 <= back <= cash


def test_scaling_by_hand():
    """At an index of 1.5 owning 10 wei stores 6 and reads 9; owing 10 stores -7 and reads -11."""
    index = RAY * 3 // 2
    assert (scaled_of(10, index, RAY), cash_of(6, index, RAY)) == (6, 9)
    assert (scaled_of(-10, RAY, index), cash_of(-7, RAY, index)) == (-7, -11)
