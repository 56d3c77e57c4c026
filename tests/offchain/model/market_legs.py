"""Random legs of a market with their claims and debts, and random losses: strategies for Hypothesis."""

from hypothesis import strategies as st

from crossmargin.model.ledger import RAY, Claim, LossRecord, MarketLeg, kept_entry
from crossmargin.model.units import WAD

SIZES = st.one_of(st.integers(-3, 3), st.integers(-(10**6), 10**6), st.integers(-(10**24), 10**24))
PRICES = st.one_of(st.integers(1, 10**6), st.integers(1, 10**23))
FUNDING = st.integers(-(10**22), 10**22)
AMOUNTS = st.one_of(st.integers(0, 3), st.integers(0, 10**28))
FRACTIONS = st.one_of(st.integers(0, 3), st.sampled_from((WAD // 3, WAD // 2, WAD - 1, WAD)), st.integers(0, WAD))


@st.composite
def claims(draw) -> Claim:
    """Draw a debt, nothing, or a claim of some contracts."""
    amount = draw(st.one_of(st.integers(-(10**28), 10**28), st.integers(-3, 3)))
    return Claim(amount, draw(st.integers(0, 10**26)) if amount > 0 else 0)


@st.composite
def market_legs(draw) -> MarketLeg:
    """Draw a leg of any age, as it is stored."""
    size = draw(SIZES)
    basis = draw(st.integers(-(10**28), 10**28)) if size else 0
    entry = kept_entry(draw(PRICES), up=size > 0) if size else 0
    return MarketLeg(size, basis, entry, draw(st.integers(0, 2**24 - 1)), draw(claims()), draw(claims()))


@st.composite
def loss_records(draw) -> LossRecord:
    """Draw a loss of up to a thousand dollars a contract, or of next to nothing."""
    per_unit = draw(st.one_of(st.integers(0, 10), st.integers(0, 1_000 * RAY)))
    price, longs_pay = draw(PRICES), draw(st.booleans())
    carry = price - draw(st.integers(-(10**21), 10**21))
    return LossRecord(per_unit, kept_entry(price, up=not longs_pay), carry, longs_pay)
