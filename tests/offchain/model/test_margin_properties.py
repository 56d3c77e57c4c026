"""What must hold for every account under every configuration that passes the check."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crossmargin.errors import ConfigurationError
from crossmargin.model.account import Account, State
from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.model.margin import equity, impact, margin, simulate, spot_impact
from crossmargin.model.parameters import (
    GroupOffsets,
    RiskParams,
    RiskSet,
    SetParams,
    UnderlyingParams,
    check_configuration,
)
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import Price, Shock
from crossmargin.model.units import MAX_UINT256, PPM, WAD, YEAR, ceil_div
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
    with_spot,
)

MM, IM = RiskSet.MAINTENANCE, RiskSet.INITIAL
sets = st.sampled_from(RiskSet)


@st.composite
def books(draw, *, unpaid=True):
    """Draw a configuration, default or as wide as the check allows, a market state and an account."""

    def pick(low, high):
        return draw(st.integers(low, high))

    build = draw(st.sampled_from([default_params, random_params]))
    params = build(pick, pick(1, 3))
    assume(params is not None)
    check_configuration(params)
    return random_book(pick, params, unpaid=unpaid, edges=draw(st.booleans()))


@given(books(), sets, st.data())
def test_deposit_never_lowers_the_excess(book, which, data):
    """More collateral, hedging or not, past the impact peak or not, with offsets or without, is never worse."""
    key = data.draw(st.sampled_from(sorted(book.state.params.underlyings)))
    value = scale(lambda low, high: data.draw(st.integers(low, high)), 0, 28)
    amount = value * WAD // book.state.prices[key].mid
    before = margin(book.account, book.state, which)
    after = margin(with_spot(book.account, amount, key), book.state, which)
    assert after.excess >= before.excess - slack(before, after)


@given(books(), sets, st.integers(1, 10**28))
def test_cash_counts_in_full(book, which, amount):
    """A repayment or cash deposit raises the excess by exactly itself."""
    richer = replace(book.account, cash=book.account.cash + amount)
    assert margin(richer, book.state, which).excess == margin(book.account, book.state, which).excess + amount


@given(books())
def test_initial_excess_is_at_most_maintenance_excess(book):
    """What may be opened is never liquidated at once: initial asks at least as much, with price edges and without."""
    state = evened(book.state)
    mm, im = (margin(book.account, state, which) for which in (MM, IM))
    assert im.excess <= mm.excess + slack(mm, im)
    assert im.health_factor < WAD or mm.excess >= -slack(mm, im)


@given(books(), sets, st.integers(1, 100))
def test_excess_falls_with_every_multiplier(book, which, percent):
    """A source that raises its forecast never frees margin."""
    before, after = margin(book.account, book.state, which), margin(book.account, raised(book, percent), which)
    assert after.excess <= before.excess + slack(before, after)


@given(books(), sets, st.integers(1, 100))
def test_requirement_grows_with_every_multiplier(book, which, percent):
    """A source that raises its forecast never frees margin in R."""
    before, after = margin(book.account, book.state, which), margin(book.account, raised(book, percent), which)
    assert after.requirement >= before.requirement


@given(books(), sets, st.integers(1, 200_000), st.booleans())
def test_requirement_grows_with_each_shock(book, which, step, both):
    """Raising the collateral shock, alone or together with the derivative shock, never lowers R."""
    params = book.state.params

    def up(values: SetParams) -> SetParams:
        derivative = values.derivative_shock + (step if both else 0)
        return replace(values, collateral_shock=values.collateral_shock + step, derivative_shock=derivative)

    higher = {
        k: replace(u, maintenance=up(u.maintenance), initial=up(u.initial)) for k, u in params.underlyings.items()
    }
    state = replace(book.state, params=replace(params, underlyings=higher))
    before, after = margin(book.account, book.state, which), margin(book.account, state, which)
    assert after.requirement >= before.requirement


@given(books(), sets)
def test_offsets_only_reduce_and_never_below_the_unhedged_haircut(book, which):
    """R lies between U and the sum of what each underlying needs alone; without rho it is that sum."""
    result = margin(book.account, book.state, which)
    alone = sum(u.stand_alone for u in result.underlyings)
    assert result.unhedged_haircut <= result.requirement <= alone
    without = replace(book.state, params=replace(book.state.params, groups={}))
    assert margin(book.account, without, which).requirement == alone


@given(books(), sets, st.integers(1, 99))
def test_slice_scales_the_requirement(book, which, kept):
    """A part of an account needs at most that part of its requirement, and keeps at least that part of its excess."""
    whole, part = margin(book.account, book.state, which), margin(sliced(book.account, kept), book.state, which)
    rounding = slack(whole) + dust(book)
    assert part.requirement <= ceil_div(whole.requirement * kept, 100) + rounding
    assert part.excess >= whole.excess * kept // 100 - rounding


@given(books(), sets)
def test_health_factor_and_excess_agree(book, which):
    """At least 1 exactly when the excess is not negative; infinite without liabilities, bar the dust of rounding."""
    result = margin(book.account, book.state, which)
    if result.liabilities:
        assert (result.health_factor >= WAD) == (result.excess >= 0)
    else:
        assert result.health_factor == MAX_UINT256
        assert result.excess >= -10 * len(result.underlyings)


@given(books())
def test_maintenance_excess_is_equity_less_its_charges(book):
    """Equity less haircut, spot impact and the larger of R and U, to the wei."""
    result = margin(book.account, book.state, MM)
    charges = sum(u.haircut + u.spot_impact for u in result.underlyings)
    required = max(result.requirement, result.unhedged_haircut)
    assert result.excess == equity(book.account, book.state) - charges - required


@given(books(), sets, st.randoms())
def test_order_of_holdings_does_not_matter(book, which, shuffler):
    """The same account listed differently has the same margin."""
    spots, legs = list(book.account.spots), list(book.account.legs)
    shuffler.shuffle(spots)
    shuffler.shuffle(legs)
    shuffled = Account(book.account.cash, tuple(spots), tuple(legs))
    before, after = margin(book.account, book.state, which), margin(shuffled, book.state, which)
    assert (after.requirement, after.excess) == (before.requirement, before.excess)


@given(books(), sets)
def test_shocks_there_and_back_change_nothing(book, which):
    """Doubling and halving every price gives the margin back; doubling alone moves any priced account."""
    double = [Shock(key, WAD) for key in book.state.prices]
    halve = [Shock(key, -WAD // 2) for key in book.state.prices]
    before = margin(book.account, book.state, which)
    assert simulate(book.account, book.state, which, double + halve) == before
    moved = simulate(book.account, book.state, which, double)
    assert moved != before or not any(u.spot or u.long or u.short for u in before.underlyings)


@given(st.integers(0, 10**31), st.integers(0, 10**31), st.integers(0, 10**17), st.integers(0, WAD))
def test_spot_impact_never_outgrows_the_weight(value, more, coefficient, weight):
    """The next unit of collateral is charged at most its weight, so depositing it cannot hurt."""
    before, after = spot_impact(value, coefficient, weight), spot_impact(value + more, coefficient, weight)
    rounding = 1_000 + (value + more) // 10**15 + after // 10**15
    assert before - rounding <= after <= before + ceil_div(weight * more, WAD) + rounding


@given(st.integers(0, 10**31), st.integers(0, 10**17), st.integers(1, 99))
def test_impact_is_convex_through_zero(notional, coefficient, kept):
    """A part of a position is charged at most that part of its impact."""
    part, whole = impact(notional * kept // 100, coefficient), impact(notional, coefficient)
    assert part <= ceil_div(whole * kept, 100) + 1_000 + whole // 10**15 + notional // 10**15


# Limits: each pins an account outside the rules above and says what keeps it out.

KEY, OTHER = 1, 2
PERPETUAL = encode(Instrument(Kind.PERPETUAL, KEY))
OTHER_PERPETUAL = encode(Instrument(Kind.PERPETUAL, OTHER))
MAJOR_MM = SetParams(70_000, 80_000, 50_000, 30_000, 50_000)
MAJOR_IM = SetParams(80_000, 120_000, 90_000, 40_000, 50_000)


def lone_state(underlying, price=None, groups=None):
    """Give a state whose underlyings share one configuration and the price 1 USD."""
    price = price or Price(WAD, WAD, WAD)
    params = RiskParams({KEY: underlying, OTHER: underlying}, groups or {})
    markets = {i: Market(i) for i in (PERPETUAL, OTHER_PERPETUAL)}
    return State(params, {KEY: price, OTHER: price}, markets, {}, NOW)


def test_hedged_collateral_past_its_peak_is_not_worth_more_at_initial():
    """The charge on collateral freezes at the same value in both sets; else a heavier shock would free margin.

    A billion of collateral, hedged, at k = 1e-4: far past any peak.
    """
    state = lone_state(UnderlyingParams(MAJOR_MM, MAJOR_IM, 10**14))
    for size in (28 * 10**6, 10**9):
        account = with_spot(Account(0, (), (Leg(PERPETUAL, -size * WAD, -size * WAD),)), size * WAD, KEY)
        assert margin(account, state, IM).excess < margin(account, state, MM).excess


def test_low_edge_does_not_shrink_the_notional():
    """Where impact grows faster than notional, a low edge on it would free more requirement than it costs in value."""
    band = Price(WAD, WAD * 9 // 10, WAD * 11 // 10)
    for size in (10**7, 10**9):
        account = Account(0, (), (Leg(PERPETUAL, size * WAD, size * WAD),))
        state = lone_state(UnderlyingParams(MAJOR_MM, MAJOR_IM, 10**14), band)
        assert margin(account, state, IM).excess < margin(account, state, MM).excess


def test_rule_on_the_shocks_keeps_initial_above_maintenance_in_an_offset():
    """Collateral against a larger short elsewhere: xd raised alone moves shock from the add-on into the offset.

    1,000 of collateral at xc 8 %, a short of 2,000 at xd 5 %, rho 1/2: R = 80 + 100 - 1,000 * xd. So xd at 6 % with
    the same xc would need 10 less, and the check refuses it as an initial set.
    """
    groups = {1: GroupOffsets(PPM // 2, PPM // 2)}
    account = with_spot(Account(0, (), (Leg(OTHER_PERPETUAL, -2_000 * WAD, -2_000 * WAD),)), 1_000 * WAD, KEY)
    initial = replace(MAJOR_MM, derivative_shock=60_000)
    state = lone_state(UnderlyingParams(MAJOR_MM, MAJOR_IM, group=1), groups=groups)
    loose = replace(state.params.underlyings[KEY], initial=initial)
    params = replace(state.params, underlyings={**state.params.underlyings, KEY: loose})
    with pytest.raises(ConfigurationError) as caught:
        check_configuration(params)
    assert (caught.value.rule, caught.value.actual, caught.value.limit) == ("collateralShock", 80_000, 90_000)
    needed = []
    for values in (MAJOR_MM, initial):
        changed = replace(loose, maintenance=values)
        changed_params = replace(params, underlyings={**params.underlyings, KEY: changed})
        needed.append(margin(account, replace(state, params=changed_params), MM).requirement)
    assert needed == [130 * WAD, 120 * WAD]


def test_rule_on_the_longest_basis_charge_protects_deposits():
    """With a basis charge past the collateral shock, a deposit that hedges a dated short lowers the excess.

    Basis 10 % against xc 6 %, collateral past its peak, and a net long elsewhere that the hedge no longer offsets.
    """
    future = encode(Instrument(Kind.FUTURE, KEY, (NOW + YEAR) // 3_600))
    greedy = SetParams(0, 60_000, 50_000, 50_000, 50_000)
    state = lone_state(UnderlyingParams(greedy, greedy, 10**15, group=1), groups={1: GroupOffsets(PPM // 2, 0)})
    params = replace(state.params, stale_multiplier=PPM, max_multiplier=PPM)
    state = replace(state, params=params, markets={**state.markets, future: Market(future)})
    short, long = (Leg(i, n * WAD, n * WAD) for i, n in ((future, -(10**7)), (OTHER_PERPETUAL, 2 * 10**7)))
    before = with_spot(Account(0, (), (short, long)), 10**6 * WAD, KEY)
    after = with_spot(before, 10**6 * WAD, KEY)
    assert margin(after, state, MM).excess - margin(before, state, MM).excess == -40_000 * WAD
    with pytest.raises(ConfigurationError) as caught:
        check_configuration(state.params)
    assert caught.value.rule == "longestBasisCharge"
