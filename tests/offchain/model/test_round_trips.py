"""Going there and back, at once or in pieces, never makes money."""

from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.interest import cash_of, scaled_of
from crossmargin.model.ledger import MarketLeg, filled, offset
from crossmargin.model.units import RAY

steps = st.lists(st.integers(-(10**24), 10**24), min_size=1, max_size=12)
indices = st.integers(RAY, 5 * RAY)


def worth(leg, price, funding):
    """Give the value of all of a leg: open contracts, claims, debts."""
    return leg.value(price - funding) + leg.claims - leg.debts


@given(steps, st.integers(0, 10**24), st.integers(-(10**22), 10**22))
def test_opening_and_closing_at_one_price_makes_nothing(sizes, price, funding):
    """INV-06: whatever the fills, at their price the leg is worth nothing or less, and so is what is left once flat."""
    leg = MarketLeg()
    for size in (*sizes, -sum(sizes)):
        leg = filled(leg, size, price, funding, price)
        assert worth(leg, price, funding) <= 0
    assert (leg.size, leg.basis, leg.entry) == (0, 0, 0)
    left = offset(leg)
    assert left.claims == 0
    assert 0 <= left.debts <= 3 * (len(sizes) + 1)


@given(steps, st.integers(0, 10**24), st.integers(0, 10**24), st.integers(-(10**22), 10**22))
def test_one_fill_costs_at_most_what_its_pieces_cost(sizes, price, later, funding):
    """INV-06: splitting a trade earns nothing, whatever the price is afterwards."""
    whole = filled(MarketLeg(), sum(sizes), price, funding, price)
    pieces = MarketLeg()
    for size in sizes:
        pieces = filled(pieces, size, price, funding, price)
    assert pieces.size == whole.size
    assert worth(pieces, later, funding) <= worth(whole, later, funding)


@given(st.integers(-(10**30), 10**30), steps, indices, indices)
def test_depositing_and_withdrawing_makes_nothing(scaled, amounts, supply_index, borrow_index):
    """INV-06: after moves that cancel out, through debt or not, a balance is the same or lower."""
    first = cash = cash_of(scaled, supply_index, borrow_index)
    for amount in (*amounts, -sum(amounts)):
        cash = cash_of(scaled_of(cash + amount, supply_index, borrow_index), supply_index, borrow_index)
    assert first - 6 * (len(amounts) + 1) <= cash <= first


@given(st.integers(0, 10**24), st.integers(0, 10**24), st.integers(0, 10**24), st.integers(0, 10**22))
def test_two_sides_together_make_nothing(size, price, later, funding):
    """INV-06: an owner of both sides of a trade, and of its closing at another price, is owed no more than owes."""
    long, short = (filled(MarketLeg(), sign * size, price, funding, price) for sign in (1, -1))
    long, short = filled(long, -size, later, funding, later), filled(short, size, later, funding, later)
    assert long.size == short.size == 0
    assert long.claims + short.claims <= long.debts + short.debts
