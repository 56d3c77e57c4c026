from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.model.positions import Leg, Market, fill_basis, filled, index_now, raw_value, settle, value_of
from crossmargin.model.units import WAD

PERPETUAL = encode(Instrument(Kind.PERPETUAL, 1))
amounts = st.integers(-(10**26), 10**26)
pools = st.integers(0, 10**26)


def test_value_by_hand():
    """Long 10 from 2,000 at index 5, now 2,100 at index 7: 10*(100 - 2) = 980."""
    leg = filled(Leg(PERPETUAL, 0, 0), 10 * WAD, 2_000 * WAD, 5 * WAD)
    assert leg.basis == 19_950 * WAD
    assert raw_value(leg, 2_100 * WAD, 7 * WAD) == 980 * WAD


def test_value_is_rounded_against_both_sides():
    """1.5 wei of value counts 1 for the long and -2 for the short."""
    assert raw_value(Leg(PERPETUAL, 3 * WAD // 2, 0), 1, 0) == 1
    assert raw_value(Leg(PERPETUAL, -3 * WAD // 2, 0), 1, 0) == -2


def test_share_takes_profit_only():
    """A share of 30 takes 30 of 100, all of 20, and nothing of a loss."""
    for raw, value in ((100, 70), (20, 0), (-50, -50)):
        assert value_of(Leg(PERPETUAL, 0, -raw, share=30), 1, 0) == value


def test_fill_basis_rounds_up_for_both_sides():
    """A buyer pays at least the price, a seller receives at most it."""
    assert fill_basis(WAD // 2, 3, 0) == 2
    assert fill_basis(-WAD // 2, 3, 0) == -1


def test_index_now_runs_from_the_last_update():
    """100 ppm a day on 2,000 USD after 1 USD: a window later 1 - 1/e of a third of a day is paid."""
    market = Market(PERPETUAL, funding_index=WAD, rate=100, updated_at=50)
    assert index_now(market, 2_000 * WAD, 50) == WAD
    assert index_now(market, 2_000 * WAD, 50 + 28_800) == WAD + (WAD - 367_879_441_171_442_321) * 2 // 30


@given(st.builds(Leg, st.just(PERPETUAL), amounts, amounts), st.integers(0, 10**24), amounts, pools, amounts)
def test_settle_moves_value_and_creates_none(leg, price, index, pool, cash):
    """Cash and pool together keep their sum less the basis moved; a loss is cleared, a profit as the pool allows."""
    value = value_of(leg, price, index)
    done = settle(leg, cash, pool, value)
    left = value_of(done.leg, price, index)
    assert done.cash + done.pool == cash + pool
    assert done.cash + left == cash + value
    assert left == max(0, value - pool)
    assert done.pool >= 0


def test_settle_by_hand():
    """A loss of 40 goes into the pool, a profit of 40 takes the 25 there are."""
    loss = settle(Leg(PERPETUAL, 0, 40), 100, 25, -40)
    assert (loss.leg.basis, loss.cash, loss.pool) == (0, 60, 65)
    profit = settle(Leg(PERPETUAL, 0, -40), 100, 25, 40)
    assert (profit.leg.basis, profit.cash, profit.pool) == (-15, 125, 0)
