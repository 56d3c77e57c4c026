from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.funding import (
    DAY,
    FUNDING_WINDOW,
    INDEX_LIMIT,
    Fill,
    FundingState,
    FundingTerms,
    after_fill,
    decay,
    index_at,
    limit_of,
    premium_after,
    rate_of,
    reach_of,
)
from crossmargin.model.ledger import MarketLeg, filled
from crossmargin.model.units import WAD

TERMS = FundingTerms(depth=1_000_000 * WAD, max_rate=20_000)
SPOT = 2_000 * WAD
INTEREST = 5_000 * WAD
START = FundingState(index=WAD, premium=10**14, rate=300, updated_at=1_000)

sizes = st.integers(-(10**26), 10**26)
prices = st.integers(1, 10**24)
indices = st.integers(-(10**23), 10**23)
premiums = st.integers(-limit_of(20_000), limit_of(20_000))
times = st.integers(0, 10**7)


def fill_at(state, fill, now, spot=SPOT):
    """Move funding by a fill beside ten million of open interest."""
    return after_fill(state, TERMS, fill, now=now, spot=spot, open_interest=INTEREST)


def test_premium_is_paid_as_it_decays():
    """100 ppm a day on 2,000 USD: 0.2 USD a day at first, a third of that in all; toward zero from both sides."""
    assert decay(0) == WAD
    assert decay(FUNDING_WINDOW) == 367_879_441_171_442_321
    assert index_at(7, 100, SPOT, 1) == 7 + SPOT * 100 * (WAD - decay(1)) // (3 * 10**6 * WAD)
    assert index_at(0, 100, SPOT, 100 * DAY) == WAD // 15
    assert index_at(0, -100, SPOT, 100 * DAY) == -(WAD // 15)
    assert index_at(0, 1, 1, DAY) == index_at(0, -1, 1, DAY) == 0


def test_reach_is_half_of_the_fees():
    """10 contracts at 2,100 and 500 ppm pay 10.50: 5.25 move what 5,010 contracts of 2,000 pay, or a million."""
    fill = Fill(10 * WAD, 2_100 * WAD, 500)
    assert reach_of(TERMS, fill, SPOT, INTEREST) == 525 * WAD // (100 * 10_020_000)
    assert reach_of(TERMS, fill, SPOT, 0) == 525 * WAD // (100 * 1_000_000)
    assert reach_of(TERMS, Fill(10 * WAD, 2_100 * WAD, 0), SPOT, INTEREST) == 0
    assert reach_of(TERMS, Fill(10**29, 10**28, 10**9), 1, 0) == WAD


def test_fill_pulls_the_premium_toward_its_own():
    """By its reach at most, to its own at most, and never beyond the highest rate."""
    assert premium_after(0, 10**15, 10**12, 10**16) == 10**12
    assert premium_after(0, -(10**15), 10**12, 10**16) == -(10**12)
    assert premium_after(0, 10**11, 10**12, 10**16) == 10**11
    assert premium_after(5 * 10**11, 10**11, 10**12, 10**16) == 10**11
    assert premium_after(10**16, 10**17, 10**12, 10**16) == 10**16
    assert premium_after(10**16, 0, 0, 10**15) == 10**15


def test_rate_pays_a_premium_three_times_a_day():
    """0.01 % of premium is 300 ppm a day, toward zero; the limit makes the highest rate, and no future pays."""
    assert rate_of(10**14) == 300
    assert rate_of(-(10**14) - 1) == -300
    assert [rate_of(limit_of(rate)) for rate in (0, 7, 20_000, 150_000)] == [0, 7, 20_000, 150_000]
    assert rate_of(-limit_of(7)) == -7


def test_fill_first_brings_the_index_to_now():
    """A window at 300 ppm, then what is left of the premium and what the fill adds make the rate."""
    fill = Fill(WAD, 2_020 * WAD, 500)
    premium = 10**14 * decay(FUNDING_WINDOW) // WAD + reach_of(TERMS, fill, SPOT, INTEREST)
    after = fill_at(START, fill, 1_000 + FUNDING_WINDOW)
    assert after.index == WAD + SPOT * 300 * (WAD - decay(FUNDING_WINDOW)) // (3 * 10**6 * WAD)
    assert (after.premium, after.rate, after.updated_at) == (premium, 3 * premium // 10**12, 1_000 + FUNDING_WINDOW)


def test_dust_and_fills_without_fees_write_nothing():
    """Half the fees of a wei round to nothing."""
    assert fill_at(START, Fill(1, 2_100 * WAD, 500), 9_000) == START
    assert fill_at(START, Fill(100 * WAD, 2_100 * WAD, 0), 9_000) == START


@given(st.lists(st.integers(1, 600), max_size=200), times)
def test_small_fills_take_nothing_from_what_honest_fills_count(gaps, rest):
    """INV-41: two hundred fills of a cent at the index, and none: the same funding, but for a millionth a day."""
    state = honest = fill_at(START, Fill(500 * WAD, 2_020 * WAD, 500), 1_000)
    now = 1_000
    for gap in gaps:
        now += gap
        state = fill_at(state, Fill(10**13, SPOT, 500), now)
    apart = index_at(state.index, state.rate, SPOT, now + rest - state.updated_at)
    once = index_at(honest.index, honest.rate, SPOT, now + rest - honest.updated_at)
    allowed = SPOT * 10**13 * 500 * len(gaps) // (2 * 10**6 * INTEREST) + SPOT // (3 * 10**6)
    assert abs(apart - once) <= allowed


@given(times, times)
def test_decay_does_not_depend_on_stops(first, second):
    """INV-41: a stop on the way changes a premium by its rounding."""
    assert abs(decay(first) * decay(second) // WAD - decay(first + second)) <= 2


@given(premiums, st.integers(-WAD, WAD), st.integers(0, WAD), st.integers(0, WAD))
def test_premiums_never_part(premium, shown, reach, apart):
    """INV-41: no fill moves two premiums further apart than they were: no lever on the fills of others."""
    limit = limit_of(20_000)
    low, high = premium, min(limit, premium + apart)
    moved = premium_after(high, shown, reach, limit) - premium_after(low, shown, reach, limit)
    assert 0 <= moved <= high - low


@given(premiums, st.integers(-WAD, WAD), st.integers(0, WAD))
def test_premium_moves_toward_the_fill_within_its_reach(premium, shown, reach):
    """INV-41: in proportion to what is traded, to the premium shown and no further, within the limit."""
    limit = limit_of(20_000)
    after = premium_after(premium, shown, reach, limit)
    target = max(-limit, min(limit, shown))
    assert abs(after - premium) == min(reach, abs(target - premium))
    assert min(premium, target) <= after <= max(premium, target)


@given(st.integers(-INDEX_LIMIT, INDEX_LIMIT - 1), st.integers(-150_000, 150_000), st.integers(0, 2**96), times)
def test_index_holds_where_its_slot_ends(index, rate, spot, elapsed):
    """Margin code never reverts; a premium pays at most itself, once."""
    after = index_at(index, rate, spot, elapsed)
    assert -INDEX_LIMIT <= after < INDEX_LIMIT
    assert abs(after - index) <= spot * abs(rate) // (3 * 10**6)


@given(st.lists(st.tuples(sizes, prices, indices), min_size=1, max_size=5), prices, indices)
def test_funding_and_fills_are_zero_sum_up_to_rounding_for_the_protocol(trades, price, index):
    """Buyer and seller together never own more than nothing, and lose at most two wei a fill and side."""
    long, short = MarketLeg(), MarketLeg()
    for size, fill_price, funding in trades:
        long = filled(long, size, fill_price, funding, fill_price)
        short = filled(short, -size, fill_price, funding, fill_price)
    total = sum(leg.value(price - index) + leg.claims - leg.debts for leg in (long, short))
    assert -(4 * len(trades) + 2) <= total <= 0


def test_rounding_of_a_fill_goes_to_the_protocol():
    """Half a wei each: both sides pay it."""
    long, short = (filled(MarketLeg(), sign * WAD // 2, 1, 0, 1) for sign in (1, -1))
    assert (long.basis, short.basis) == (1, 0)
    assert long.value(1) + short.value(1) == -2
