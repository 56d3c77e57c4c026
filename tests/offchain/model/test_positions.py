from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.model.positions import Leg, Market, fill_basis, index_now, raw_value, value_of
from crossmargin.model.units import WAD

PERPETUAL = encode(Instrument(Kind.PERPETUAL, 1))


def test_value_by_hand():
    """Long 10 from 2,000 at index 5, now 2,100 at index 7: 10*(100 - 2) = 980."""
    basis = fill_basis(10 * WAD, 2_000 * WAD, 5 * WAD)
    assert basis == 19_950 * WAD
    assert raw_value(Leg(PERPETUAL, 10 * WAD, basis), 2_100 * WAD, 7 * WAD) == 980 * WAD


def test_value_is_rounded_against_both_sides():
    """1.5 wei of value counts 1 for the long and -2 for the short."""
    assert raw_value(Leg(PERPETUAL, 3 * WAD // 2, 0), 1, 0) == 1
    assert raw_value(Leg(PERPETUAL, -3 * WAD // 2, 0), 1, 0) == -2


def test_value_counts_claims_and_debts():
    """Open contracts win 100, closed ones are owed 30 and owe 50."""
    assert value_of(Leg(PERPETUAL, WAD, 900, claims=30, debts=50), 1_000, 0) == 80


def test_fill_basis_rounds_up_for_both_sides():
    """A buyer pays at least the price, a seller receives at most it."""
    assert fill_basis(WAD // 2, 3, 0) == 2
    assert fill_basis(-WAD // 2, 3, 0) == -1


def test_index_now_runs_from_the_last_update():
    """100 ppm a day on 2,000 USD after 1 USD: a window later 1 - 1/e of a third of a day is paid."""
    market = Market(PERPETUAL, funding_index=WAD, rate=100, updated_at=50)
    assert index_now(market, 2_000 * WAD, 50) == WAD
    assert index_now(market, 2_000 * WAD, 50 + 28_800) == WAD + (WAD - 367_879_441_171_442_321) * 2 // 30
