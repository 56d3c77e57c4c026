from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.units import ceil_div, clamp, floor_div, sqrt_up, trunc_div

numbers = st.integers(-(2**200), 2**200)
divisors = st.integers(1, 2**128)


@given(numbers, divisors)
def test_divisions_bracket_the_exact_quotient(numerator, denominator):
    """Floor is the last multiple at or below, ceil the first at or above, trunc the nearer to zero."""
    floor, ceil = floor_div(numerator, denominator), ceil_div(numerator, denominator)
    assert floor * denominator <= numerator < (floor + 1) * denominator
    assert (ceil - 1) * denominator < numerator <= ceil * denominator
    assert trunc_div(numerator, denominator) == (floor if numerator >= 0 else ceil)


@given(st.integers(0, 2**200))
def test_sqrt_up_is_the_least_root_not_below(value):
    """The square reaches the value, and that of one less does not."""
    root = sqrt_up(value)
    assert root * root >= value
    assert root == 0 or (root - 1) ** 2 < value


def test_divisions_and_root_by_hand():
    """Signs and exact cases."""
    assert (floor_div(-7, 2), ceil_div(-7, 2), trunc_div(-7, 2)) == (-4, -3, -3)
    assert (floor_div(7, 2), ceil_div(7, 2), trunc_div(7, 2)) == (3, 4, 3)
    assert [sqrt_up(v) for v in (0, 1, 2, 4, 5, 9, 10)] == [0, 1, 2, 2, 3, 3, 4]
    assert (clamp(5, -3, 3), clamp(-5, -3, 3), clamp(1, -3, 3)) == (3, -3, 1)
