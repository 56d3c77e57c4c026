"""What must hold for every account with options, with arrays of any words and with arrays that fit their series."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crossmargin.model.account import Account, State
from crossmargin.model.arrays import tail_move
from crossmargin.model.instruments import Instrument, Kind, encode, strike_code
from crossmargin.model.margin import margin
from crossmargin.model.options import OptionLeg, option_leg
from crossmargin.model.parameters import RiskSet, check_configuration
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import Price
from crossmargin.model.scenarios import SCENARIOS, ScenarioTerms, scenario_terms
from crossmargin.model.units import PPM, WAD, ceil_div
from tests.helpers.classes import MAJORS, default_parameters
from tests.offchain.model import black
from tests.offchain.model.books import (
    NOW,
    default_params,
    dust,
    evened,
    raised,
    random_book,
    random_params,
    scale,
    slack,
    sliced,
)
from tests.offchain.model.books import with_spot as deposited
from tests.offchain.model.option_books import OptionBook, consistent_array, with_options

MM, IM = RiskSet.MAINTENANCE, RiskSet.INITIAL
KEY = 1
sets = st.sampled_from(RiskSet)


@st.composite
def option_books(draw):
    """Draw a configuration, markets and an account with options, whose arrays fit or are any words."""

    def pick(low, high):
        return draw(st.integers(low, high))

    params = draw(st.sampled_from([default_params, random_params]))(pick, pick(1, 3))
    assume(params is not None)
    book = with_options(pick, random_book(pick, params, edges=draw(st.booleans())), arbitrary=draw(st.booleans()))
    check_configuration(book.state.params)
    return book


@st.composite
def fresh_books(draw):
    """Draw options of one underlying at one price, with arrays just made, and a net exposure [wad USD]."""

    def pick(low, high):
        return draw(st.integers(low, high))

    params = draw(st.sampled_from([default_params, random_params]))(pick, 1)
    assume(params is not None)
    bare = random_book(pick, params, edges=False)
    bare = replace(bare, account=Account(0), state=replace(bare.state, markets={}))
    book = with_options(pick, bare, fresh=True, most=4)
    return book, pick(-200, 200) * max(notional_of(book), 10**24) // 100


def notional_of(book: OptionBook) -> int:
    """Give the notional of all option legs [wad USD]."""
    return sum(abs(leg.size) * price_of(book, leg).high // WAD for leg in open_options(book))


def price_of(book: OptionBook, leg: Leg) -> Price:
    """Look up the index of a leg."""
    return book.state.prices[book.state.market(leg.instrument).terms.underlying]


def open_options(book: OptionBook) -> list[Leg]:
    """List the option legs that have size and no final price."""
    markets = book.state.markets
    open_legs = [leg for leg in book.account.legs if leg.size and markets[leg.instrument].final_price is None]
    return [leg for leg in open_legs if markets[leg.instrument].terms.kind.is_option]


def rounding(book: OptionBook, *results) -> int:
    """Give the rounding [wei] that margins of this size may show, options included."""
    return slack(*results) + notional_of(book) // 10**15


def scenario(book: OptionBook, legs: list[Leg], exposure: int, which: RiskSet) -> ScenarioTerms:
    """Give the terms of option legs beside a net exposure."""
    return scenario_terms(KEY, exposure, taken(book, legs, which), book.state, which)


def by_scenarios(book: OptionBook, legs: list[Leg], exposure: int, which: RiskSet) -> int:
    """Give what floors and scenarios but the tails ask for, whatever can be lost at most."""
    found = scenario(book, legs, exposure, which)
    profits = [profit for each, profit in zip(SCENARIOS[which], found.profits, strict=False) if not each.is_tail]
    return max(found.short_floor, found.delta_floor, -min(profits, default=-found.scenario))


def taken(book: OptionBook, legs: list[Leg], which: RiskSet) -> tuple[OptionLeg, ...]:
    """Take option legs apart."""
    return tuple(option_leg(leg, book.state, which) for leg in legs)


def changed_arrays(state: State, change) -> State:
    """Change every array."""
    return replace(state, arrays={key: change(array) for key, array in state.arrays.items()})


@given(option_books())
def test_initial_excess_is_at_most_maintenance_excess(book):
    """What may be opened is never liquidated at once, whatever protects its collateral."""
    state = evened(book.state)
    mm, im = (margin(book.account, state, which) for which in (MM, IM))
    assert im.excess <= mm.excess + rounding(book, mm, im)


@given(option_books(), sets, st.integers(1, 100))
def test_requirement_grows_with_every_multiplier(book, which, percent):
    """A source that raises its forecast never frees margin."""
    before, after = margin(book.account, book.state, which), margin(book.account, raised(book, percent), which)
    assert after.requirement >= before.requirement - 10
    assert after.excess <= before.excess + rounding(book, before, after)


@given(option_books(), sets, st.integers(1, PPM), st.sampled_from(["short_floor", "min_delta", "age_charge"]))
def test_requirement_grows_with_what_options_are_charged(book, which, step, name):
    """Neither floor and no charge for age frees margin when it is raised."""
    params = replace(book.state.params, **{name: min(PPM, getattr(book.state.params, name) + step)})
    before = margin(book.account, book.state, which)
    after = margin(book.account, replace(book.state, params=params), which)
    assert after.requirement >= before.requirement - 10


@given(option_books(), sets, st.integers(1, 5_000), st.integers(1, 1_000))
def test_stale_arrays_only_widen(book, which, older, steeper):
    """As an array ages, or the more an index that has left it may have bent the price, the excess never rises."""
    before = margin(book.account, book.state, which)
    for change in (
        lambda array: replace(array, time=array.time - older),
        lambda array: replace(array, drift=array.drift + steeper),
        lambda array: replace(array, gap_maintenance=array.gap_maintenance + 1, gap_initial=array.gap_initial + 1),
    ):
        after = margin(book.account, changed_arrays(book.state, change), which)
        assert after.excess <= before.excess + rounding(book, before, after)


@given(option_books(), sets)
def test_offsets_only_reduce(book, which):
    """R is at most what each underlying needs alone, and s never more than scen."""
    result = margin(book.account, book.state, which)
    assert result.requirement <= sum(u.stand_alone for u in result.underlyings)
    assert all(abs(u.signed_scenario) <= u.scenario for u in result.underlyings)


@given(option_books(), sets, st.data())
def test_deposit_never_lowers_the_excess(book, which, data):
    """More collateral is never worse, whatever it hedges or leaves open, where more of it counts than a tail takes."""
    key = data.draw(st.sampled_from(sorted(book.state.params.underlyings)))
    initial = book.state.params.underlying(key).initial
    taken = ceil_div(tail_move(initial.derivative_shock) * book.state.multiplier(key, which), WAD)
    assume(initial.liquidity_haircut + taken <= PPM)
    value = scale(lambda low, high: data.draw(st.integers(low, high)), 0, 28)
    account = deposited(book.account, value * WAD // book.state.prices[key].mid, key)
    before, after = margin(book.account, book.state, which), margin(account, book.state, which)
    assert after.excess >= before.excess - rounding(book, before, after)


@given(option_books(), sets, st.integers(1, 99))
def test_slice_scales_the_requirement(book, which, kept):
    """A part of an account needs at most that part of its requirement, and keeps at least that part of its excess."""
    whole, part = margin(book.account, book.state, which), margin(sliced(book.account, kept), book.state, which)
    slip = rounding(book, whole) + dust(book)
    assert part.requirement <= ceil_div(whole.requirement * kept, 100) + slip
    assert part.excess >= whole.excess * kept // 100 - slip


@given(option_books(), sets)
def test_paid_long_options_never_need_more_than_they_are_worth(book, which):
    """The scenario part of long options alone is at most their mark value, but for a wei."""
    for key in book.state.params.underlyings:
        mine = [leg for leg in open_options(book) if book.state.market(leg.instrument).terms.underlying == key]
        legs = taken(book, [replace(leg, size=abs(leg.size)) for leg in mine], which)
        worth = sum(leg.size * leg.mark for leg in legs)
        assert scenario_terms(key, 0, legs, book.state, which).scenario <= ceil_div(worth, WAD)


@given(fresh_books(), sets, st.lists(st.integers(-200, 200), min_size=4, max_size=4), st.integers(-200, 200))
def test_scenario_part_is_subadditive(drawn, which, factors, other):
    """Two books in one need by scenarios at most what they need apart, but for the last digit of marks that cancel.

    What can be lost at most, and what tails ask for at most, are ends that each of two books may be at without the
    other.
    """
    book, exposure = drawn
    legs = open_options(book)
    more = [replace(leg, size=leg.size * factor // 100) for leg, factor in zip(legs, factors, strict=False)]
    merged = [replace(leg, size=leg.size + added.size) for leg, added in zip(legs, more, strict=True)]
    more, merged = ([leg for leg in part if leg.size] for part in (more, merged))
    digit = sum(3 * abs(leg.size) << book.state.arrays[leg.instrument].mark_exponent for leg in (*legs, *more)) // WAD
    apart = by_scenarios(book, legs, exposure, which) + by_scenarios(book, more, exposure * other // 100, which)
    together = by_scenarios(book, merged, exposure + exposure * other // 100, which)
    assert together <= apart + digit + 100


@given(fresh_books(), sets, st.integers(2, 1_000))
def test_scenario_part_is_positively_homogeneous(drawn, which, factor):
    """A book so many times as large needs so many times as much, but for four wei a leg."""
    book, exposure = drawn
    legs = open_options(book)
    many = [replace(leg, size=leg.size * factor) for leg in legs]
    once = scenario(book, legs, exposure, which).scenario
    often = scenario(book, many, exposure * factor, which).scenario
    assert abs(often - factor * once) <= factor * (4 * len(legs) + 4)


@given(fresh_books(), sets)
def test_long_and_short_of_a_series_cancel(drawn, which):
    """Both together win nothing in any scenario and lose gap and bow, a unit of a lane and what widens both."""
    book, _ = drawn
    for leg in open_options(book):
        long, short = taken(book, [replace(leg, size=sign * abs(leg.size)) for sign in (1, -1)], which)
        unit = ceil_div(long.size * long.array.ref, 2 ** (14 + long.array.exponent))
        for place in (each.place for each in SCENARIOS[which] if each.apart is None):
            both = long.node(place) + short.node(place) - long.charge - short.charge
            assert both <= long.size << long.array.mark_exponent
            assert both >= -(long.gap + short.gap + 2) * unit - 2 * long.widening - 2


@given(fresh_books(), sets, st.integers(9_900, 10_100))
def test_array_that_the_index_has_left_is_no_better_than_a_new_one(drawn, which, ref):
    """Mark and profit together, in any scenario, but for two units of lanes, of the mark and of the delta."""
    book, _ = drawn
    for listed in book.listed:
        for leg in [leg for leg in open_options(book) if leg.instrument == listed.instrument]:
            mid = price_of(book, leg).mid
            left = consistent_array(listed, mid, max(1, mid * ref // 10_000), NOW)
            moved = replace(book, state=replace(book.state, arrays={leg.instrument: left}))
            (new,), (old,) = taken(book, [leg], which), taken(moved, [leg], which)
            coarse = abs(leg.size) * mid // 2 ** (12 + min(new.array.exponent, old.array.exponent))
            coarse += 2 * abs(leg.size) << max(new.array.mark_exponent, old.array.mark_exponent)
            coarse += abs(leg.size) * mid // 10**6
            for place in (each.place for each in SCENARIOS[which] if not (each.apart or each.is_tail)):
                before, after = (each.size * each.mark + each.node(place) - each.charge for each in (new, old))
                assert after <= (max(0, before) if leg.size > 0 else before) + coarse


def venue(*series):
    """List at-index perpetuals of two majors at 1,000 USD, and series with the arrays of 50 % volatility."""
    price, params = Price(1_000 * WAD, 1_000 * WAD, 1_000 * WAD), default_parameters({1: MAJORS, 2: MAJORS})
    markets, arrays = {}, {}
    for terms in series:
        strike = (terms.strike & 2**20 - 1) * 10 ** ((terms.strike >> 20) - 10) / 1_000
        shape = black.Series(strike, (terms.expiry - NOW) / black.YEAR, 0.5, 0.0, terms.kind is Kind.CALL)
        shifts = black.shifts_of(params.underlyings[terms.underlying], 0.3, 0.45)
        arrays[encode(terms)] = black.array(shape, shifts, price.mid, NOW)
        markets[encode(terms)] = Market(encode(terms))
    return State(params, {1: price, 2: price}, markets, {}, NOW, arrays)


@pytest.mark.parametrize("which", RiskSet)
def test_short_calls_and_short_puts_elsewhere_offset_little(which):
    """With 30 days to run and strikes a tenth away each wins its small premium where the other loses."""
    hours = NOW // 3_600 + 720
    call = Instrument(Kind.CALL, 1, hours, strike_code(1_100 * WAD))
    put = Instrument(Kind.PUT, 2, hours, strike_code(900 * WAD))
    state = venue(call, put)
    account = Account(0, (), tuple(Leg(encode(terms), -100 * WAD, 0) for terms in (call, put)))
    result = margin(account, state, which)
    alone = sum(u.stand_alone for u in result.underlyings)
    premiums = sum(100 * state.arrays[encode(terms)].mark_ceil for terms in (call, put))
    assert result.requirement >= alone * 95 // 100 - premiums
    assert result.requirement >= alone * 80 // 100
    linear = [encode(Instrument(Kind.PERPETUAL, key)) for key in (1, 2)]
    state = replace(state, markets={i: Market(i) for i in linear})
    legs = tuple(Leg(i, size * WAD, size * 1_000 * WAD) for i, size in zip(linear, (100, -100), strict=True))
    result = margin(Account(0, (), legs), state, which)
    rho = state.params.offset(1, which)
    assert result.requirement == sum(u.stand_alone for u in result.underlyings) * (PPM - rho) // PPM
