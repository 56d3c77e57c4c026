from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.funding import (
    DAY,
    PREMIUM_CLAMP,
    Fill,
    FundingState,
    FundingTerms,
    accrued_index,
    premium_after,
    rate_of,
    updated,
)
from crossmargin.model.ledger import MarketLeg, filled
from crossmargin.model.units import WAD

TERMS = FundingTerms(window=3_600, impact_notional=10_000 * WAD, max_rate=1_000)
SPOT = 2_000 * WAD

sizes = st.integers(-(10**26), 10**26)
prices = st.integers(1, 10**24)
indices = st.integers(-(10**23), 10**23)


def test_index_by_hand():
    """100 ppm a day on 2,000 USD is 0.2 USD a day; toward zero from both sides."""
    assert accrued_index(0, 100, SPOT, DAY) == WAD // 5
    assert accrued_index(7, -100, SPOT, DAY // 2) == 7 - WAD // 10
    assert accrued_index(0, 1, 1, DAY) == 0
    assert accrued_index(0, -1, 1, DAY) == 0


def test_premium_by_hand():
    """A fill 1 % above the index, half the impact notional, half a minute after the last: 30/3630 of 0.5 %."""
    fill = Fill(2_020 * WAD, 5_000 * WAD)
    assert premium_after(0, TERMS, 30, SPOT, fill) == 5 * 10**15 * 30 // 3_630
    assert premium_after(10**16, TERMS, 30, SPOT, fill) == (10**16 * 3_600 + 5 * 10**15 * 30) // 3_630
    assert premium_after(-3, TERMS, 3_600, SPOT, Fill(SPOT, 0)) == -1


def test_one_fill_counts_for_a_minute():
    """After a quiet hour the premium decays, and the fill is a minute of the window: no wash trade sets it."""
    fill = Fill(2_020 * WAD, 10_000 * WAD)
    assert premium_after(0, TERMS, 3_600, SPOT, fill) == 10**16 * 60 // 3_660
    decayed = 10**16 * 3_600 // 7_140
    assert premium_after(10**16, TERMS, 3_600, SPOT, fill) == (decayed * 3_600 + 10**16 * 60) // 3_660


def test_premium_of_one_fill_is_clamped():
    """Twice the index and the full notional still shows 5 %."""
    wild = Fill(4_000 * WAD, 10**9 * WAD)
    assert premium_after(0, TERMS, 60, SPOT, wild) == PREMIUM_CLAMP * 60 // 3_660
    assert premium_after(0, TERMS, 60, SPOT, Fill(1, 10**9 * WAD)) == -(PREMIUM_CLAMP * 60 // 3_660)


def test_rate_is_three_premiums_a_day_and_clamped():
    """0.01 % premium pays 300 ppm a day; beyond the maximum nothing is added; futures pay nothing."""
    assert rate_of(10**14, 1_000) == 300
    assert rate_of(-(10**14) - 1, 1_000) == -300
    assert rate_of(10**16, 1_000) == 1_000
    assert rate_of(-(10**16), 1_000) == -1_000
    assert rate_of(10**16, 0) == 0


def test_update_accrues_with_the_old_rate_first():
    """The index grows by 300 ppm of an hour, then the rate follows the new premium."""
    before = FundingState(index=WAD, premium=10**14, rate=300, updated_at=1_000)
    after = updated(before, TERMS, 4_600, SPOT, Fill(SPOT, 0))
    assert after == FundingState(index=WAD + 25 * 10**15, premium=5 * 10**13, rate=150, updated_at=4_600)


def test_second_fill_in_the_same_second_changes_nothing():
    """No time has passed, so a fill cannot move the average."""
    before = FundingState(index=WAD, premium=10**14, rate=300, updated_at=1_000)
    assert updated(before, TERMS, 1_000, SPOT, Fill(3_000 * WAD, 10**9 * WAD)) == before


@given(
    st.integers(-PREMIUM_CLAMP, PREMIUM_CLAMP), st.integers(0, 10**7), st.builds(Fill, prices, st.integers(0, 10**26))
)
def test_premium_stays_between_old_and_clamp(premium, elapsed, fill):
    """An average: never outside old value, zero and the premium shown."""
    after = premium_after(premium, TERMS, elapsed, SPOT, fill)
    shown = max(-PREMIUM_CLAMP, min(PREMIUM_CLAMP, (fill.price - SPOT) * WAD // SPOT))
    assert min(premium, 0, shown) <= after <= max(premium, 0, shown + 1)


@given(st.integers(-(10**16), 10**16), st.integers(1, 10**7))
def test_poke_only_decays(premium, elapsed):
    """Without a fill the premium keeps its sign and shrinks."""
    after = premium_after(premium, TERMS, elapsed, SPOT, Fill(SPOT * 2, 0))
    assert abs(after) <= abs(premium)
    assert after * premium >= 0


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
