"""Arrays of the model against floating point, and what becomes of them when nobody vouches for the surface."""

from dataclasses import replace
from math import exp, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.prices import PriceStatus
from crossmargin.model.refresh import Series, View, refreshed
from crossmargin.model.surface import PostedSlice, Slice
from crossmargin.model.units import PPM, WAD, YEAR
from tests.helpers.options import DAY, HOUR, PARAMS
from tests.offchain.model import black

NOW = 500_000 * HOUR
INDEX = 1_000 * WAD
MAJORS, ALTCOINS, STABLECOINS = (50_000, 90_000), (200_000, 260_000), (15_000, 45_000)


def view_of(expiry, *, percent=50, carry=0, shocks=MAJORS, age=0, **changes):
    """Look at a flat surface of an age [s] with a volatility [percent]."""
    flat = Slice(a=percent**2 * 100, b=0, rho=0, m=0, sigma=1, carry=carry)
    view = View(INDEX, PriceStatus.VALID, PostedSlice(flat, expiry, NOW - age), PARAMS, *shocks, NOW)
    return replace(view, **changes)


@st.composite
def cases(draw):
    """Draw a series and its view: an hour to two years, 2 % to 300 %, near the money or as far as what may happen."""
    hours = draw(st.one_of(st.integers(1, 48), st.integers(1, 24 * 730)))
    percent = draw(st.one_of(st.integers(2, 60), st.integers(2, 300)))
    shocks = draw(st.sampled_from((MAJORS, ALTCOINS, STABLECOINS)))
    deviation = percent / 100 * sqrt(hours * HOUR / YEAR)
    far = draw(st.sampled_from([1.25 * shocks[1] / PPM, min(3 * deviation, 2.3)])) * draw(st.integers(-100, 100)) / 100
    carry = draw(st.sampled_from([0, 0, -200_000, 200_000]))
    series = Series(draw(st.booleans()), int(INDEX * exp(far)), NOW + hours * HOUR)
    return series, view_of(series.expiry, percent=percent, carry=carry, shocks=shocks)


def floating(series, view):
    """Make the array in floating point."""
    shocks = [each / PPM for each in (view.shock_maintenance, view.shock_initial)]
    vols = [each / PPM for each in (view.params.vol_shock_maintenance, view.params.vol_shock_initial)]
    shape = black.Series(
        strike=series.strike / view.index,
        years=(series.expiry - view.now) / YEAR,
        volatility=sqrt(view.posted.slice.a / PPM),
        carry=view.posted.slice.carry / PPM,
        call=not series.is_put,
    )
    return black.array(shape, black.Shifts(*shocks, *vols, view.params.tail_multiple / PPM), view.index, view.now)


@given(cases())
def test_array_is_that_of_floating_arithmetic(case):
    """Every word to a unit or two, where floating point says which exponent fits."""
    series, view = case
    found, expected = refreshed(series, view), floating(series, view)
    finer = 2.0 ** -(14 + min(found.exponent, expected.exponent))
    for name in ("gap_maintenance", "gap_initial"):
        both = [getattr(array, name) / 2 ** (14 + array.exponent) for array in (found, expected)]
        assert both[0] == pytest.approx(both[1], abs=1.01 * finer)
    lanes = [[lane / 2 ** (14 + array.exponent) for lane in array.lanes] for array in (found, expected)]
    assert lanes[0] == pytest.approx(lanes[1], abs=1.01 * finer)
    assert abs(found.exponent - expected.exponent) <= 1
    assert abs(found.delta - expected.delta) <= 1
    assert abs(found.drift - expected.drift) <= 1
    assert found.mark_floor == pytest.approx(expected.mark_floor, rel=2**-25, abs=INDEX // 10**12)


@pytest.mark.parametrize(
    ("is_put", "strike", "maintenance", "initial"),
    [
        (False, 1_000, 50, 90),
        (False, 990, 12.5, 22.5),
        (False, 960, 40, 40),
        (False, 930, 0, 70),
        (False, 1_020, 30, 70),
        (False, 1_060, 0, 30),
        (False, 1_100, 0, 0),
        (True, 1_000, 12.5, 22.5),
        (True, 1_010, 12.5, 22.5),
        (True, 1_040, 40, 40),
        (True, 1_070, 0, 70),
        (True, 980, 30, 70),
        (True, 940, 0, 30),
        (True, 900, 0, 0),
    ],
)
def test_gap_of_an_option_that_is_over(is_put, strike, maintenance, initial):
    """Its price bends at the strike alone: a quarter of 50 or 90, where that is between nodes.

    There a mark ends at nothing, so that the dearer node comes down to the tangent of the cheaper one, which is flat:
    by what it pays. At the index itself a call counts as out of the money, a put as in it.
    """
    series = Series(is_put, strike * WAD, NOW)
    array = refreshed(series, view_of(NOW))
    unit = 1_000 / 2 ** (14 + array.exponent)
    assert array.gap_maintenance * unit == pytest.approx(maintenance, abs=unit)
    assert array.gap_initial * unit == pytest.approx(initial, abs=unit)


def bend(strike, x, volatility):
    """Give by how much a rise by `x` turns the price of a call of a month, times the width [of the index]."""
    shape = black.Series(strike, 30 * DAY / YEAR, 1.5, 0, call=True)
    (_, low), (_, high) = (black.price(shape, move, volatility) for move in (0, x))
    return x * (high - low)


def sharply_bent(strike, **changes):
    """Make the array of a call of a month at 150 %, and give its unit."""
    expiry = NOW + 30 * DAY
    array = refreshed(Series(False, strike * WAD, expiry), view_of(expiry, percent=150, **changes))
    return array, 2.0 ** -(14 + array.exponent)


def test_gap_counts_unchanged_volatility():
    """One deviation beyond the middle of a rise a call bends most at 150 %, not at 187.5 %, 120 %, 210 % or 107 %."""
    array, unit = sharply_bent(1_576)
    assert bend(1.576, 0.05, 1.5) > max(bend(1.576, 0.05, 1.875), bend(1.576, 0.05, 1.2)) + 8 * unit
    assert array.gap_maintenance * unit == pytest.approx(bend(1.576, 0.05, 1.5) / 4, abs=unit)
    array, unit = sharply_bent(1_606)
    assert bend(1.606, 0.09, 1.5) > max(bend(1.606, 0.09, 2.1), bend(1.606, 0.09, 1.5 / 1.4)) + 8 * unit
    assert array.gap_initial * unit == pytest.approx(bend(1.606, 0.09, 1.5) / 4, abs=unit)


def test_initial_gap_is_at_least_that_of_maintenance():
    """Where both shocks are 5 % a call one deviation out at 187.5 % bends less at 210 %, 150 % and 107 %."""
    array, unit = sharply_bent(1_754, shocks=(50_000, 50_000))
    own = [bend(1.754, 0.05, volatility) for volatility in (2.1, 1.5, 1.5 / 1.4)]
    assert bend(1.754, 0.05, 1.875) > max(own) + 8 * unit
    assert array.gap_maintenance * unit == pytest.approx(bend(1.754, 0.05, 1.875) / 4, abs=unit)
    assert array.gap_initial == array.gap_maintenance


def test_lanes_of_an_option_that_is_over():
    """Without time every volatility is the same: a call at 980 has 20 to lose, and wins 50 and 90, a tail 150 / 3."""
    array = refreshed(Series(False, 980 * WAD, NOW), view_of(NOW))
    unit = 1_000 / 2 ** (14 + array.exponent)
    own = [[0, 0, won, won, won, -20, -20, -20] for won in (50, 90)]
    assert [lane * unit for lane in array.lanes] == pytest.approx([*own[0], *own[1], 50, -20 / 3], abs=unit)


def month(**changes):
    """Make the array of a call at the index with 30 days to run at 50 %, to which shocks apply as they are."""
    expiry = NOW + 30 * DAY
    return refreshed(Series(False, INDEX, expiry), view_of(expiry, **changes))


def test_lanes_are_at_three_volatilities():
    """Maintenance 62.5 %, 40 % and 50 %, initial 70 %, 35.71 % and 50 %, after no move, 5 % and 9 % either way."""
    array = month()
    shape = black.Series(1, 30 * DAY / YEAR, 0.5, 0, call=True)
    mark, _ = black.price(shape, 0, 0.5)
    expected = []
    for x, up, down in ((0.05, 0.625, 0.4), (0.09, 0.7, 0.5 / 1.4)):
        places = [(0, up), (0, down), (x, up), (x, down), (x, 0.5), (-x, up), (-x, down), (-x, 0.5)]
        expected += [black.price(shape, move, volatility)[0] - mark for move, volatility in places]
    unit = 2.0 ** -(14 + array.exponent)
    assert [lane * unit for lane in array.lanes[:16]] == pytest.approx(expected, abs=unit)


def test_distrusted_surface_is_as_uncertain_as_one_nobody_posts_to():
    """Until it ends an array is as wide as six hours after a post, and not Valid; the mark stays where it is."""
    fresh, old, distrusted = month(), month(age=6 * HOUR + 1), month(uncertain_until=NOW + 1)
    assert fresh.valid
    assert distrusted == old
    assert not distrusted.valid
    assert month(uncertain_until=NOW) == fresh
    for name in ("mark_floor", "delta", "ref"):
        assert getattr(distrusted, name) == getattr(fresh, name)


def test_distrusted_surface_widens_what_is_shocked():
    """Twice 25 % makes 75 %, of which the default makes 80 %, and 33 %; unchanged volatility is that of the mark."""
    fresh, distrusted = month(), month(uncertain_until=NOW + 1)
    shape = black.Series(1, 30 * DAY / YEAR, 0.5, 0, call=True)
    mark, _ = black.price(shape, 0, 0.5)
    unit = 2.0 ** -(14 + distrusted.exponent)
    for lane, volatility in ((0, 0.8), (1, 0.5 / 1.5), (8, 0.9), (9, 0.5 / 1.8)):
        expected, _ = black.price(shape, 0, volatility)
        assert distrusted.lanes[lane] * unit == pytest.approx(expected - mark, abs=unit)
    for lane in (4, 7, 12, 15):
        unchanged = fresh.lanes[lane] / 2 ** (14 + fresh.exponent)
        assert distrusted.lanes[lane] * unit == pytest.approx(unchanged, abs=unit)


def test_distrust_ends_with_the_expiry():
    """Nothing depends on the slice any more; a series without one is Uncertain until then anyway."""
    series = Series(False, INDEX, NOW)
    assert refreshed(series, view_of(NOW, uncertain_until=NOW + DAY)).valid
    for expiry, status in ((NOW + HOUR, PriceStatus.UNCERTAIN), (NOW, PriceStatus.VALID)):
        bare = view_of(expiry, posted=None)
        assert bare.slice_status(expiry) is status
        assert replace(bare, uncertain_until=NOW + DAY).slice_status(expiry) is status
