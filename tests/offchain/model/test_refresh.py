"""Arrays of the model against floating point, and what becomes of them when nobody vouches for the surface."""

from dataclasses import replace
from math import exp, log, sqrt

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
    return black.array(shape, black.Shifts(*shocks, *vols), view.index, view.now)


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


@pytest.mark.parametrize("is_put", [False, True])
@pytest.mark.parametrize(
    ("strike", "maintenance", "initial"),
    [(1_000, 12.5, 22.5), (990, 12.5, 22.5), (1_040, 12.5, 22.5), (930, 0, 22.5), (1_060, 0, 22.5), (900, 0, 0)],
)
def test_gap_of_an_option_that_is_over(is_put, strike, maintenance, initial):
    """Its price bends at the strike alone: a quarter of 50 or 90, where that is between nodes."""
    series = Series(is_put, strike * WAD, NOW)
    array = refreshed(series, view_of(NOW))
    unit = 1_000 / 2 ** (14 + array.exponent)
    assert array.gap_maintenance * unit == pytest.approx(maintenance, abs=unit)
    assert array.gap_initial * unit == pytest.approx(initial, abs=unit)


MONTHLY = 30 * DAY / YEAR


def bend(strike, x, volatility):
    """Give by how much a rise by `x` turns the price of a call of a month, times the width [of the index]."""
    shape = black.Series(strike, MONTHLY, 1.5, 0, call=True)
    (_, low), (_, high) = (black.price(shape, move, volatility) for move in (0, x))
    return x * (high - low)


def swing(strike, move, low, high):
    """Give by how much volatility from `low` to `high` turns that price after a move, times the distance."""
    shape = black.Series(strike, MONTHLY, 1.5, 0, call=True)
    return (high - low) * sqrt(MONTHLY) * (black.vega(shape, move, high) - black.vega(shape, move, low))


def sharply_bent(strike, **changes):
    """Make the array of a call of a month at 150 %, and give its unit."""
    expiry = NOW + 30 * DAY
    array = refreshed(Series(False, strike * WAD, expiry), view_of(expiry, percent=150, **changes))
    return array, 2.0 ** -(14 + array.exponent)


def test_gap_counts_unchanged_volatility():
    """One deviation beyond the middle of a rise a call bends most at 150 %, not at 187.5 %, 120 %, 210 % or 107 %."""
    array, unit = sharply_bent(1_576)
    assert bend(1.576, 0.05, 1.5) > max(bend(1.576, 0.05, 1.875), bend(1.576, 0.05, 1.2)) + 8 * unit
    steepest = max(swing(1.576, move, *pair) for move in (-0.05, 0, 0.05) for pair in ((1.2, 1.5), (1.5, 1.875)))
    assert array.gap_maintenance * unit == pytest.approx((bend(1.576, 0.05, 1.5) + steepest) / 4, abs=unit)
    array, unit = sharply_bent(1_606)
    assert bend(1.606, 0.09, 1.5) > max(bend(1.606, 0.09, 2.1), bend(1.606, 0.09, 1.5 / 1.4)) + 8 * unit
    pairs = ((1.5 / 1.4, 1.5), (1.5, 2.1))
    steepest = max(swing(1.606, move, *pair) for move in (-0.09, 0, 0.09) for pair in pairs)
    assert array.gap_initial * unit == pytest.approx((bend(1.606, 0.09, 1.5) + steepest) / 4, abs=unit)


def test_far_wings_pay_for_what_volatility_bends():
    """Two and a half deviations out a call's vega grows by half between 60 and 75 %: more of a gap than price bends."""
    expiry = NOW + 30 * DAY
    strike = 1_530
    array = refreshed(Series(False, strike * WAD, expiry), view_of(expiry, percent=60))
    unit = 2.0 ** -(14 + array.exponent)
    shape = black.Series(strike / 1_000, MONTHLY, 0.6, 0, call=True)
    bent = max(
        0.05 * (black.price(shape, high, vol)[1] - black.price(shape, low, vol)[1])
        for low, high in ((-0.05, 0), (0, 0.05))
        for vol in (0.48, 0.6, 0.75)
    )
    swung = 0.15 * sqrt(MONTHLY) * (black.vega(shape, 0.05, 0.75) - black.vega(shape, 0.05, 0.6))
    assert swung > bent > 0
    assert array.gap_maintenance * unit == pytest.approx((bent + swung) / 4, abs=unit)


def test_initial_gap_is_at_least_that_of_maintenance():
    """Where all shocks are those of maintenance, so is the gap."""
    same = replace(PARAMS, vol_shock_initial=PARAMS.vol_shock_maintenance)
    array, _ = sharply_bent(1_754, shocks=(50_000, 50_000), params=same)
    assert array.gap_initial == array.gap_maintenance > 0
    narrow, _ = sharply_bent(1_754)
    assert narrow.gap_initial >= narrow.gap_maintenance


def test_lanes_of_an_option_that_is_over():
    """Without time every volatility is the same: a call at 980 has 20 to lose, and wins 50 and 90, in a tail 200."""
    array = refreshed(Series(False, 980 * WAD, NOW), view_of(NOW))
    unit = 1_000 / 2 ** (14 + array.exponent)
    own = [[0, 0, won, won, won, -20, -20, -20] for won in (50, 90)]
    assert [lane * unit for lane in array.lanes] == pytest.approx([*own[0], *own[1], 200, -20], abs=unit)


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


SKEW = Slice(a=60_000, b=300_000, rho=-400_000, m=20_000, sigma=250_000)


def skewed(log):
    """Give the volatility of the skewed slice at ln(K / F), and its slope."""
    distance = log - 0.02
    root = sqrt(distance**2 + 0.25**2)
    volatility = sqrt(0.06 + 0.3 * (-0.4 * distance + root))
    return volatility, 0.3 * (-0.4 + distance / root) / (2 * volatility)


def on_the_skew(strike, move, *, factor=1.0, points=0.0):
    """Price a call of a month after a move, its strike where it then lies on the skew; price and delta [of 1]."""
    forward, years = 1 + move, MONTHLY
    volatility, slope = skewed(log(strike / forward))
    shape = black.Series(strike, years, volatility, 0, call=True)
    price, delta = black.price(shape, move, volatility * factor + points)
    steepness = black.vega(shape, move, volatility * factor + points) / forward * sqrt(years) * slope * factor
    return price, delta - steepness


def in_the_tail(strike, move, read_at):
    """Price that call after a far move, 60 points above the volatility of where the strike is after another."""
    volatility = skewed(log(strike / (1 + read_at)))[0] + 0.6
    return black.price(black.Series(strike, MONTHLY, volatility, 0, call=True), move, volatility)[0]


def test_lanes_and_delta_follow_the_smile():
    """A move takes the strike to another place of the slice, and shocks multiply what is there; so do the tails."""
    expiry = NOW + 30 * DAY
    posted = PostedSlice(SKEW, expiry, NOW)
    array = refreshed(Series(False, 1_040 * WAD, expiry), view_of(expiry, posted=posted))
    mark, delta = on_the_skew(1.04, 0)
    expected = []
    for x, shock in ((0.05, 1.25), (0.09, 1.4)):
        places = [(0, shock), (0, 1 / shock)]
        places += [(move, factor) for move in (x, -x) for factor in (shock, 1 / shock, 1)]
        expected += [on_the_skew(1.04, move, factor=factor)[0] - mark for move, factor in places]
    expected += [in_the_tail(1.04, move, read_at) - mark for move, read_at in ((0.2, 0.09), (-0.2, -0.09))]
    unit = 2.0 ** -(14 + array.exponent)
    assert [lane * unit for lane in array.lanes] == pytest.approx(expected, abs=unit)
    assert array.delta / 2**14 == pytest.approx(delta, abs=2**-14)
    sticky = black.price(black.Series(1.04, MONTHLY, skewed(log(1.04))[0], 0, call=True), 0, skewed(log(1.04))[0])[1]
    assert delta > sticky + 0.01


def test_tails_rise_less_for_far_expiries():
    """By 60 points up to a month, by half of that from four months on; x_I of 26 % moves them by 29.25 %."""
    for days, points in ((7, 0.6), (30, 0.6), (120, 0.3), (365, 0.3)):
        expiry = NOW + days * DAY
        array = refreshed(Series(False, 1_200 * WAD, expiry), view_of(expiry, shocks=ALTCOINS))
        shape = black.Series(1.2, days * DAY / YEAR, 0.5, 0, call=True)
        mark, _ = black.price(shape, 0, 0.5)
        unit = 2.0 ** -(14 + array.exponent)
        for lane, move in ((16, 0.2925), (17, -0.2925)):
            assert array.lanes[lane] * unit == pytest.approx(black.price(shape, move, 0.5 + points)[0] - mark, abs=unit)
