from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.interest import (
    FIRST_INDEX,
    LAST_INDEX,
    MAX_SCALED,
    MAX_YEARLY_RATE,
    SCALED_ONE,
    RateCurve,
    Reserves,
    accrued,
    cash_of,
    compact_down,
    compact_up,
    leaving_part,
    rate_per_year,
    scaled_of,
    total_debt,
    total_supply,
    utilisation,
)
from crossmargin.model.units import PPM, RAY, WAD, YEAR

DAY = 86_400
CENTURY = 100 * YEAR
CURVE = RateCurve(base=10_000, slope1=40_000, slope2=600_000, kink=800_000, reserve_factor=100_000)
HIGHEST = RateCurve(base=MAX_YEARLY_RATE, slope1=0, slope2=0, kink=0, reserve_factor=0)

indices = st.integers(RAY, 100 * RAY).map(compact_down)
late_indices = st.integers(RAY, LAST_INDEX).map(compact_down)
totals = st.integers(0, 10**32 * SCALED_ONE)
reserves = st.builds(Reserves, totals, totals, indices, indices, st.integers(0, 10**32))
curves = st.builds(
    RateCurve,
    st.integers(0, PPM // 4),
    st.integers(0, PPM // 4),
    st.integers(0, PPM // 2),
    st.integers(0, PPM - 1),
    st.integers(0, PPM),
)


def pool(supply: int, debt: int, pools: int = 0) -> Reserves:
    """Reserves at the first indices [wad]."""
    return Reserves(supply * SCALED_ONE, debt * SCALED_ONE, pools=pools)


def earned(before: Reserves, after: Reserves) -> int:
    """Give what all lenders together earned [wad]."""
    return total_supply(after) - total_supply(before)


def test_rate_by_hand():
    """1 % idle, 3 % at half the kink, 5 % at the kink, 35 % half-way beyond, 65 % when all is lent."""
    used = [0, 4 * 10**17, 8 * 10**17, 9 * 10**17, WAD]
    assert [rate_per_year(CURVE, u) for u in used] == [n * 10**16 for n in (1, 3, 5, 35, 65)]


def test_year_at_the_kink_by_hand():
    """800 of 1,000 lent at 5 % for a year: 40 interest, 4 kept, 36 to suppliers; indices round against all."""
    after = accrued(pool(1_000 * WAD, 800 * WAD), CURVE, YEAR)
    assert after.borrow_index == RAY * 105 // 100
    assert after.supply_index == RAY * 1_036 // 1_000
    assert (total_debt(after), total_supply(after)) == (840 * WAD, 1_036 * WAD)


def test_collected_losses_count_as_lent_by_hand():
    """800 owed to 600 of lenders and 400 in a pool: still 5 %, and of 36 the lenders get six tenths."""
    after = accrued(pool(600 * WAD, 800 * WAD, 400 * WAD), CURVE, YEAR)
    assert after.borrow_index == RAY * 105 // 100
    assert earned(pool(600 * WAD, 800 * WAD), after) == 36 * WAD * 6 // 10


def test_accrual_rounds_the_borrow_index_up():
    """One second at 1 % of a ray is 317097919837645.8.. and becomes ..46."""
    tiny = pool(10**30, 1)
    assert accrued(tiny, CURVE, 1).borrow_index - RAY == 317_097_919_837_645_866


def test_nothing_accrues_without_time_or_debt():
    """The indices stay."""
    idle = pool(1_000 * WAD, 0)
    busy = pool(1_000 * WAD, 800 * WAD)
    assert accrued(idle, CURVE, YEAR) == idle
    assert accrued(busy, CURVE, 0) == busy


def test_debt_that_nobody_lent_costs_the_full_rate():
    """As it does beside a millionth of a dollar: a lender of dust changes nothing."""
    dust = WAD // 10**6
    assert utilisation(pool(0, 800 * WAD)) == utilisation(pool(dust, 800 * WAD)) == WAD
    orphan = accrued(pool(0, 800 * WAD), CURVE, YEAR)
    assert orphan.borrow_index == accrued(pool(dust, 800 * WAD), CURVE, YEAR).borrow_index == RAY * 165 // 100


def test_a_lender_of_dust_earns_the_rate_and_no_more():
    """0.000001 beside loans of 270: ten days at 65 % are 1.8 %; they used up the index once."""
    before = pool(WAD // 10**6, 270 * WAD)
    after = before
    for _ in range(10):
        after = accrued(after, CURVE, DAY)
    assert RAY * 101 // 100 < after.supply_index < RAY * 102 // 100
    assert after.supply_index <= after.borrow_index


@given(reserves, curves, st.integers(0, 10 * YEAR))
def test_debt_grows_at_least_as_much_as_supply(before, curve, elapsed):
    """Suppliers are never promised more than borrowers owe in addition, less the reserve factor's part."""
    after = accrued(before, curve, elapsed)
    interest = after.borrow_scaled * (after.borrow_index - before.borrow_index)
    promised = after.supply_scaled * (after.supply_index - before.supply_index)
    assert 0 <= promised * PPM <= interest * (PPM - curve.reserve_factor)
    assert after.borrow_index >= before.borrow_index


@given(reserves, curves, st.integers(0, 10 * YEAR))
def test_the_supply_index_grows_by_at_most_the_rate(before, curve, elapsed):
    """Whatever part of the debt lenders hold: an index of theirs grows no faster than the borrowers'."""
    after = accrued(before, curve, elapsed)
    rate = rate_per_year(curve, utilisation(before))
    assert (after.supply_index - before.supply_index) * WAD * YEAR <= before.supply_index * rate * elapsed
    assert after.supply_index * before.borrow_index <= after.borrow_index * before.supply_index


@given(
    st.integers(0, 10**12 * WAD),
    st.integers(0, 10**12 * WAD),
    st.integers(0, 10**12 * WAD),
    curves,
    st.integers(0, YEAR),
    st.data(),
)
def test_cash_in_a_pool_changes_no_rate(supply, debt, pools, curve, elapsed, data):
    """Losses collected or paid out: borrowers pay, and who lends a dollar earns, the same before and after."""
    moved = data.draw(st.integers(-supply, pools))
    one = accrued(pool(supply, debt, pools), curve, elapsed)
    other = accrued(pool(supply + moved, debt, pools - moved), curve, elapsed)
    assert (one.borrow_index, one.supply_index) == (other.borrow_index, other.supply_index)


def _century(before: Reserves, steps: list[int]) -> Reserves:
    for step in steps:
        after = accrued(before, HIGHEST, step)
        assert after.borrow_index > before.borrow_index, "borrowers stopped"
        assert after.supply_index > before.supply_index, "lenders stopped"
        # what lenders were promised is what borrowers owe beyond it: tokens make up for the rest
        assert after.supply_scaled * after.supply_index <= after.borrow_scaled * after.borrow_index
        before = after
    return before


def _random_steps(seed: int) -> list[int]:
    random, steps, left = Random(seed), [], CENTURY
    while left:
        steps.append(min(left, random.choice((1, 3_600, DAY, 30 * DAY, YEAR)) * random.randint(1, 3)))
        left -= steps[-1]
    return steps


@pytest.mark.parametrize(
    "steps",
    [[YEAR] * 100, [DAY] * 36_500, [CENTURY], _random_steps(1), _random_steps(2)],
    ids=["yearly", "daily", "once", "random", "random again"],
)
@pytest.mark.parametrize("money", [1, WAD, 10**12 * WAD])
def test_a_century_at_the_highest_rate(steps, money):
    """Nothing saturates, borrowers and lenders grow together, and the largest account still fits its word."""
    after = _century(pool(money, money), steps)
    assert RAY * 100 < after.borrow_index < LAST_INDEX
    if money > WAD:  # of dust the part that is lent is rounded down more
        assert after.borrow_index - after.supply_index <= after.borrow_index // 10**20
    assert abs(cash_of(-MAX_SCALED, after.supply_index, after.borrow_index)) < 2**255


def test_indices_end_together():
    """Beyond the last index nobody pays and nobody earns."""
    end = replace(pool(WAD, WAD), supply_index=LAST_INDEX, borrow_index=LAST_INDEX)
    assert accrued(end, HIGHEST, YEAR) == end


@given(st.integers(-(2**109), 2**109), late_indices, late_indices)
def test_scaling_a_balance_never_favours_the_account(cash, supply_index, borrow_index):
    """Read back, a balance is at most what was set, and at most a millionth of a millionth of a dollar less."""
    back = cash_of(scaled_of(cash, supply_index, borrow_index), supply_index, borrow_index)
    lost = cash - back
    assert 0 <= lost <= 10**6 + abs(cash) // 2**94
    assert cash >= 0 or back < 0, "a debt of a wei stays a debt"


@given(st.integers(-(2**94), 2**94), indices, indices)
def test_scaling_costs_a_wei(cash, supply_index, borrow_index):
    """As long as indices are below 100."""
    back = cash_of(scaled_of(cash, supply_index, borrow_index), supply_index, borrow_index)
    assert cash - 1 <= back <= cash


def test_scaling_by_hand():
    """At an index of 1.5, 10 wei are 6 and two thirds of a unit, down to 9; a debt of 10 wei is up to 11."""
    index = RAY * 3 // 2
    assert scaled_of(10, index, RAY) == compact_down(10 * SCALED_ONE * 2 // 3)
    assert (cash_of(scaled_of(10, index, RAY), index, RAY), cash_of(scaled_of(9, index, RAY), index, RAY)) == (9, 9)
    assert cash_of(scaled_of(-10, RAY, index), RAY, index) == -11
    assert scaled_of(-1, FIRST_INDEX, FIRST_INDEX) == -SCALED_ONE


@given(st.integers(0, 2**255))
def test_compact_numbers_keep_96_bits(value):
    """The nearest below and above with at most 96 leading bits."""
    down, up = compact_down(value), compact_up(value)
    assert down <= value <= up <= down + (down >> 95)
    for each in (down, up):
        assert each == compact_down(each) == compact_up(each)
        assert each >> max(0, each.bit_length() - 96) << max(0, each.bit_length() - 96) == each


def test_who_leaves_before_a_loss_leaves_its_part_by_hand():
    """Of 7,000, 1,000 of them the fund's, 3,000 are in sight: half stays, up; of a loss of all, all."""
    supply, of_fund = 7_000 * WAD, 1_000 * WAD
    assert leaving_part(2_000, 3_000 * WAD, supply, of_fund) == 1_000
    assert leaving_part(2_001, 3_000 * WAD, supply, of_fund) == 1_001
    assert leaving_part(2_000, 9_000 * WAD, supply, of_fund) == 2_000
    assert leaving_part(2_000, 0, supply, of_fund) == 0
    assert leaving_part(0, WAD, 0, 0) == 0


@given(st.integers(1, 10**30), st.integers(0, 10**30), st.lists(st.integers(0, 100), max_size=6))
def test_who_leaves_in_steps_leaves_what_leaving_at_once_does(lent, gap, steps):
    """INV-20: what stays is insurance for the rest: the part that is in sight is the same for whoever is next."""
    mine, supply, left, rest = lent // 2, lent, 0, gap
    for percent in (*steps, 100):
        amount = mine * percent // 100
        fee = leaving_part(amount, rest, supply, 0)
        mine, supply, left = mine - amount, supply - amount, left + amount - fee
        rest = max(rest - fee, 0)
    at_once = lent // 2 - leaving_part(lent // 2, gap, lent, 0)
    assert abs(left - at_once) <= 2 * (len(steps) + 1)
