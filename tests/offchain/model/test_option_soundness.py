"""Why scenarios are sound: between the nodes of its array no leg is worth less than what a straight line says."""

from dataclasses import dataclass
from itertools import product
from math import exp, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.account import Market, State
from crossmargin.model.arrays import NOW as UNMOVED
from crossmargin.model.arrays import RiskArray
from crossmargin.model.black76 import price
from crossmargin.model.instruments import Instrument, Kind, encode, strike_code
from crossmargin.model.options import OptionLeg
from crossmargin.model.parameters import RiskSet
from crossmargin.model.prices import Price, PriceStatus
from crossmargin.model.refresh import Series, View, refreshed
from crossmargin.model.scenarios import scenario_terms
from crossmargin.model.surface import OptionParams, PostedSlice, Slice, forward
from crossmargin.model.units import PPM, WAD, YEAR, floor_div
from tests.helpers.classes import ALTCOINS, MAJORS, STABLECOINS, default_parameters
from tests.offchain.model.option_books import rounded_strike

MM, IM = RiskSet.MAINTENANCE, RiskSet.INITIAL
KEY = 1
HOUR, DAY, MONTH = 3_600, 86_400, 30 * 86_400
NOW = 500_000 * HOUR
INDEX = 1_000 * WAD
PARAMS = OptionParams(250_000, 400_000, 800_000, HOUR, 6 * HOUR, 60, 200_000, 300_000)
POINTS = 17
"""Parts into which each interval between nodes is cut."""
SLACK = INDEX // 10**12
"""What prices may be wrong by [wad USD]."""
CLASSES = (MAJORS, ALTCOINS, STABLECOINS)
OWN = {MM: range(8), IM: range(8, 16)}
"""Lanes of a set's own shocks."""


@dataclass(frozen=True)
class Priced:
    """A series on a flat surface: what it is, what it is priced with, its array."""

    series: Series
    view: View
    array: RiskArray

    @property
    def tau(self):
        """Give the time to expiry [s]."""
        return self.series.expiry - self.view.now

    @property
    def forward(self):
        """Give the forward now [wad USD]."""
        return forward(self.view.index, self.view.posted.slice.carry, self.tau)

    def volatilities(self, which):
        """Give volatility up and down by the shock of a set over time, and unchanged [wad]."""
        shock = PARAMS.vol_shock_maintenance if which is MM else PARAMS.vol_shock_initial
        over_time = shock / PPM * min(2.0, max(0.5, sqrt(MONTH / self.tau)))
        flat = sqrt(self.view.posted.slice.a / PPM)
        up, down = min(10.0, flat * (1 + over_time)), max(0.01, flat / (1 + over_time))
        return tuple(round(each * WAD) for each in (up, down, flat))

    def price(self, at, volatility):
        """Price it at a forward and a volatility [wad USD]."""
        return price(
            is_put=self.series.is_put, forward=at, strike=self.series.strike, volatility=volatility, tau=self.tau
        )


def priced(params, *, is_put, strike, hours, percent, carry=0, index=INDEX):
    """Price a series at a flat volatility [percent] and make its array."""
    expiry = NOW + hours * HOUR
    view = View(
        index=index,
        status=PriceStatus.VALID,
        posted=PostedSlice(Slice(a=percent**2 * 100, b=0, rho=0, m=0, sigma=1, carry=carry), expiry, NOW),
        params=PARAMS,
        shock_maintenance=params.maintenance.derivative_shock,
        shock_initial=params.initial.derivative_shock,
        now=NOW,
    )
    series = Series(is_put, strike, expiry)
    return Priced(series, view, refreshed(series, view))


def held(option, size, which):
    """Hold a leg at its array."""
    array, series = option.array, option.series
    kind = Kind.PUT if series.is_put else Kind.CALL
    bent = {MM: array.gap_maintenance, IM: array.gap_initial}
    if size < 0:
        bent = {MM: array.bow_maintenance, IM: array.bow_initial}
    return OptionLeg(
        instrument=Instrument(kind, KEY, series.expiry // HOUR, strike_code(series.strike)),
        size=size,
        array=array,
        mark=array.mark_floor if size > 0 else array.mark_ceil,
        index=option.view.index,
        gap=bent[which],
        widening=0,
        which=which,
        is_over=False,
    )


def moved(option, which):
    """Give the forward after a fall by the shock of a set, now and after a rise [wad USD]."""
    shock = option.view.shock_maintenance if which is MM else option.view.shock_initial
    return tuple(option.forward + sign * (option.forward * shock // PPM) for sign in (-1, 0, 1))


def counted(leg, which):
    """Give of each volatility what a leg counts after a fall, now and after a rise [1e-36 USD]."""
    first = OWN[which].start
    at = {place: leg.node(first + place) - leg.charge for place in range(8)}
    return (at[5], at[0], at[2]), (at[6], at[1], at[3]), (at[7], leg.node(UNMOVED) - leg.charge, at[4])


def check_between_nodes(option, which):
    """Check that neither side of a series counts more between nodes than it is worth there, to 1e-12 of the index."""
    legs = held(option, WAD, which), held(option, -WAD, which)
    paths = zip(option.volatilities(which), *(counted(leg, which) for leg in legs), strict=True)
    for volatility, *sides in paths:
        for low, high in (0, 1), (1, 2):
            start, end = (moved(option, which)[place] for place in (low, high))
            for step in range(1, POINTS):
                at = start + (end - start) * step // POINTS
                worth = option.price(at, volatility)
                for leg, side in zip(legs, sides, strict=True):
                    line = side[low] + floor_div((side[high] - side[low]) * (at - start), end - start)
                    assert line <= leg.size * (worth - leg.mark) + WAD * SLACK


def check_between_volatilities(option, which):
    """Check the same of volatilities, after a fall, now and after a rise by the shock of a set."""
    up, down, same = option.volatilities(which)
    for leg in (held(option, WAD, which), held(option, -WAD, which)):
        for at, *lines in zip(moved(option, which), *counted(leg, which), strict=True):
            at_up, at_down, at_same = lines
            for (low, first), (high, last) in (((down, at_down), (same, at_same)), ((same, at_same), (up, at_up))):
                for step in range(1, POINTS):
                    volatility = low + (high - low) * step // POINTS
                    line = first + (last - first) * step // POINTS
                    worth = option.price(at, volatility)
                    assert line <= leg.size * (worth - leg.mark) + WAD * SLACK


@st.composite
def options(draw):
    """Draw a series from an hour to two years, of 2 % to 300 %, its strike near the money or near where it may go."""
    params = draw(st.sampled_from(CLASSES))
    hours = draw(st.one_of(st.integers(1, 48), st.integers(1, 24 * 730)))
    percent = draw(st.one_of(st.integers(2, 60), st.integers(2, 300)))
    reach = params.initial.derivative_shock / PPM
    deviation = percent / 100 * sqrt(hours * HOUR / YEAR)
    far = draw(st.sampled_from([1.25 * reach, min(3 * deviation, 2.3)])) * draw(st.integers(-100, 100)) / 100
    strike = rounded_strike(int(INDEX * exp(far)))
    carry = draw(st.sampled_from([0, 0, -200_000, 200_000]))
    return priced(params, is_put=draw(st.booleans()), strike=strike, hours=hours, percent=percent, carry=carry)


@given(options())
def test_no_leg_is_worth_less_than_the_lines_between_its_nodes(option):
    """For each set and each of its volatilities, at sixteen prices within each of both intervals, long and short.

    Both sides are sums over legs, and a line is least at an end: what all legs count at the ends covers all between.
    One end, now at unchanged volatility, is no lane: there legs count their gaps.
    """
    for which in RiskSet:
        check_between_nodes(option, which)


@given(options())
def test_no_leg_is_worth_less_than_the_lines_between_its_volatilities(option):
    """Where vega grows a long leg loses between nodes, and where it falls a short one: each is charged for its own."""
    for which in RiskSet:
        check_between_volatilities(option, which)


@pytest.mark.parametrize("percent", [60, 150, 300, 900])
@pytest.mark.parametrize("hours", [24 * 7, 24 * 30, 24 * 360, 24 * 730])
def test_short_legs_pay_for_what_is_concave_in_volatility(hours, percent):
    """From a deviation to expiry of 1.5 on that is more than rounding; without it the lines lie above what it costs."""
    for strike, is_put in product((200, 1_000, 1_300, 10_000), (False, True)):
        option = priced(MAJORS, is_put=is_put, strike=strike * WAD, hours=hours, percent=percent)
        for which in RiskSet:
            check_between_volatilities(option, which)


@pytest.mark.parametrize("params", CLASSES)
@pytest.mark.parametrize("hours", [1, 24, 24 * 30])
def test_no_leg_is_worth_less_where_its_strike_lies_between_nodes(params, hours):
    """Strikes from beyond a fall by x_I to beyond a rise, of options that bend sharply there and of others."""
    for is_put, percent, step in product((False, True), (3, 50, 250), range(-14, 15, 4)):
        strike = rounded_strike(INDEX + INDEX * params.initial.derivative_shock * step // (12 * PPM))
        option = priced(params, is_put=is_put, strike=strike, hours=hours, percent=percent)
        for which in RiskSet:
            check_between_nodes(option, which)


def scenario(which, exposure, *book):
    """Give scen of option legs (series, contracts) beside a net exposure [wad USD]."""
    index = book[0][0].view.index
    legs = tuple(held(option, size * WAD, which) for option, size in book)
    ids = [encode(leg.instrument) for leg in legs]
    state = State(
        default_parameters({KEY: MAJORS}),
        {KEY: Price(index, index, index)},
        markets={each: Market(each) for each in ids},
        arrays={each: leg.array for each, leg in zip(ids, legs, strict=True)},
        now=NOW,
    )
    return scenario_terms(KEY, exposure, legs, state, which)


def worst_loss(which, exposure, *book):
    """Give the most that such a book loses at any hundredth of the way to the shocks of a set [wad USD]."""
    option, _ = book[0]
    fall, now, rise = moved(option, which)
    losses = []
    for place, step in product(range(3), range(-100, 101)):
        at = now + (rise - now) * step // 100
        gain = exposure * (at - now) // now
        for each, size in book:
            gain += size * (each.price(at, each.volatilities(which)[place]) - each.array.mark_floor)
        losses.append(-gain)
    assert fall - now == now - rise
    return max(losses)


def test_calls_that_win_only_beyond_their_strike_do_not_pay_for_shorts():
    """1,000 calls of an hour at 1,012.50 against 500 perpetuals lose 4,830 at their strike, at volatility down.

    There the perpetuals lose 6,250, and the calls are worth 1,439 of which they cost 18. After a rise by 5 % the calls
    would win 37,500, of which their bend takes a quarter; before it they are charged for the same bend.
    """
    option = priced(MAJORS, is_put=False, strike=INDEX * 81 // 80, hours=1, percent=50)
    book = MM, -500 * INDEX, (option, 1_000)
    loss = worst_loss(*book)
    assert 4_829 * WAD <= loss <= 4_830 * WAD
    found = scenario(*book)
    assert 4_830 * WAD <= found.scenario <= 13_000 * WAD
    assert found.binding in range(22)


@pytest.mark.parametrize("which", RiskSet)
def test_unchanged_volatility_counts_beside_both_shocked(which):
    """1,000 short calls at 2,200, 3,000 long at 2,500, of a week at 60 %, index 2,000: a rise by 9 % loses 40,700.

    Volatility up pays the long calls, down it spares the short ones: either way less than unchanged is lost.
    """
    short, long = (
        priced(MAJORS, is_put=False, strike=strike * WAD, hours=7 * 24, percent=60, index=2 * INDEX)
        for strike in (2_200, 2_500)
    )
    book = which, 0, (short, -1_000), (long, 3_000)
    found = scenario(*book)
    assert found.scenario >= worst_loss(*book)
    if which is IM:
        assert found.scenario >= 40_700 * WAD
        assert found.binding == 12


def test_now_is_a_scenario():
    """Long calls of an hour, wings of a week against its middle: no vega, no delta, gaps that only now asks for."""
    hour, week = {"hours": 1, "percent": 60}, {"hours": 168, "percent": 60}
    book = [
        (priced(MAJORS, is_put=False, strike=1_000 * WAD, **hour), 66_100),
        (priced(MAJORS, is_put=True, strike=1_250 * WAD, **hour), 2_084),
        (priced(MAJORS, is_put=True, strike=800 * WAD, **week), 36_600),
        (priced(MAJORS, is_put=False, strike=1_250 * WAD, **week), 250_000),
        (priced(MAJORS, is_put=True, strike=1_000 * WAD, **week), -2_831),
        (priced(MAJORS, is_put=False, strike=1_045 * WAD, **week), -7_275),
    ]
    assert scenario(MM, 0, *book).scenario >= worst_loss(MM, 0, *book)


@pytest.mark.parametrize(
    ("is_put", "strike", "hours"),
    [(True, 1_750, 24), (True, 1_600, 7 * 24), (True, 1_450, 30 * 24), (False, 2_900, 30 * 24), (False, 2_100, 24)],
)
def test_initial_margin_covers_a_far_short_at_20_percent_and_60_points(is_put, strike, hours):
    """Up to a tenth of the index; maintenance margin covers a quarter of it."""
    option = priced(MAJORS, is_put=is_put, strike=strike * WAD, hours=hours, percent=60, index=2 * INDEX)
    after = option.forward * (80 if is_put else 120) // 100
    loss = option.price(after, 12 * WAD // 10) - option.array.mark_floor
    asked = min(loss, 2 * INDEX // 10)
    slack = 2 * INDEX >> 14 + option.array.exponent
    assert scenario(IM, 0, (option, -1)).scenario >= asked - 2 * slack
    assert scenario(MM, 0, (option, -1)).scenario >= asked // 4 - slack


def test_calendar_covers_its_near_volatility_alone():
    """118 straddles of 30 days against 100 sold of 90: near volatility from 60 to 48 % costs more than 4,800."""
    near, far = (
        [
            priced(MAJORS, is_put=is_put, strike=2_000 * WAD, hours=24 * days, percent=60, index=2 * INDEX)
            for is_put in (False, True)
        ]
        for days in (30, 90)
    )
    book = [*((each, 118) for each in near), *((each, -100) for each in far)]
    low = WAD * 48 // 100
    loss = sum(118 * (each.array.mark_floor - each.price(each.forward, low)) for each in near)
    assert loss >= 4_800 * WAD
    assert scenario(MM, 0, *book).scenario >= loss
    assert scenario(MM, 0, *book).binding == 19


def test_books_that_cancel_cost_what_they_can_lose():
    """A box nothing but rounding, a fly and a paid spread what they are worth; both sets."""
    month = {"hours": 24 * 30, "percent": 60, "index": 2 * INDEX}
    calls = {
        strike: priced(MAJORS, is_put=False, strike=strike * WAD, **month)
        for strike in (1_800, 1_900, 2_000, 2_100, 2_200)
    }
    puts = {strike: priced(MAJORS, is_put=True, strike=strike * WAD, **month) for strike in (1_800, 2_000, 2_200)}
    box = (calls[1_800], 1), (puts[1_800], -1), (calls[2_200], -1), (puts[2_200], 1)
    fly = (calls[1_900], 1), (calls[2_000], -2), (calls[2_100], 1)
    spread = (calls[2_000], 1), (calls[2_200], -1)
    digit = 1 << max(each.array.mark_exponent for each in (*calls.values(), *puts.values()))
    for which in RiskSet:
        assert scenario(which, 0, *box).scenario <= 8 * digit
        for book in (fly, spread):
            worth = sum(size * each.array.mark_floor for each, size in book)
            assert scenario(which, 0, *book).scenario <= worth + 8 * digit
