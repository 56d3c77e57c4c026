"""Going there and back, at once or in pieces, never makes money."""

from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.model.interest import cash_of, scaled_of
from crossmargin.model.positions import Leg, filled, settle, value_of
from crossmargin.model.units import RAY

PERPETUAL = encode(Instrument(Kind.PERPETUAL, 1))
steps = st.lists(st.integers(-(10**24), 10**24), min_size=1, max_size=12)
indices = st.integers(RAY, 5 * RAY)


@given(steps, st.integers(0, 10**24), st.integers(-(10**22), 10**22), st.integers(0, 10**30))
def test_opening_and_closing_at_one_price_makes_nothing(sizes, price, index, pool):
    """INV-06: whatever the fills, once flat the leg is worth nothing or less, and so is what is settled of it."""
    leg = Leg(PERPETUAL, 0, 0)
    for size in (*sizes, -sum(sizes)):
        leg = filled(leg, size, price, index)
        assert value_of(leg, price, index) <= 0
    assert leg.size == 0
    done = settle(leg, 0, pool, value_of(leg, price, index))
    assert -len(sizes) - 1 <= done.cash <= 0


@given(steps, st.integers(0, 10**24), st.integers(-(10**22), 10**22))
def test_one_fill_costs_at_most_what_its_pieces_cost(sizes, price, index):
    """INV-06: splitting a trade earns nothing."""
    whole = filled(Leg(PERPETUAL, 0, 0), sum(sizes), price, index)
    pieces = Leg(PERPETUAL, 0, 0)
    for size in sizes:
        pieces = filled(pieces, size, price, index)
    assert pieces.size == whole.size
    assert pieces.basis >= whole.basis


@given(st.integers(-(10**30), 10**30), steps, indices, indices)
def test_depositing_and_withdrawing_makes_nothing(scaled, amounts, supply_index, borrow_index):
    """INV-06: after moves that cancel out, through debt or not, a balance is the same or lower."""
    first = cash = cash_of(scaled, supply_index, borrow_index)
    for amount in (*amounts, -sum(amounts)):
        cash = cash_of(scaled_of(cash + amount, supply_index, borrow_index), supply_index, borrow_index)
    assert first - 6 * (len(amounts) + 1) <= cash <= first


@given(st.integers(0, 10**24), st.integers(0, 10**24), st.integers(0, 10**22), st.integers(0, 10**30))
def test_two_sides_together_make_nothing(size, price, index, pool):
    """INV-06: an owner of both sides of a trade, and of its closing at another price, ends with no more."""
    long, short = (filled(Leg(PERPETUAL, 0, 0), sign * size, price, index) for sign in (1, -1))
    later = price * 2 // 3
    long, short = filled(long, -size, later, index), filled(short, size, later, index)
    paid = settle(long, 0, pool, value_of(long, later, index))
    got = settle(short, 0, paid.pool, value_of(short, later, index))
    assert paid.cash + got.cash <= 0
