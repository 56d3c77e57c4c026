"""Anybody refreshes arrays, but not in the middle of an operation."""

from math import log

import pytest

from crossmargin.model.arrays import RiskArray
from crossmargin.model.black76 import price
from crossmargin.model.surface import forward, volatility
from crossmargin.model.units import YEAR, Wad
from tests.helpers.options import DAY, PARAMS, SMILE
from tests.helpers.reverts import reverts, unchanged
from tests.unit.option_oracle.conftest import ETH, PRICE

STALE = 2


def test_refresh_is_for_anybody(oracle, post, option, other):
    """It stores and tells two words a series."""
    post(30)
    ids = [option(2_000), option(1_800, is_put=True)]
    receipt = oracle.refresh(ids, sender=other)

    words = oracle.words(ids)
    events = [event["args"] for event in receipt.events("ArrayRefreshed")]
    assert [(event.id, event.meta, event.nodes) for event in events] == [
        (ids[0], *words[:2]),
        (ids[1], *words[2:]),
    ]
    assert all(oracle.arrayOf(id_).time == receipt.time for id_ in ids)


def test_refresh_reverts_while_an_operation_is_open(oracle, post, probe, option, other):
    """Margin does not change between two looks at an account."""
    post(30)
    ids = [option()]
    oracle.refresh(ids, sender=other)
    probe.setGateOpen(True, sender=other)

    with unchanged(lambda: oracle.words(ids)), reverts("OperationOpen"):
        oracle.refresh(ids, sender=other)


@pytest.mark.parametrize("id_", [0, 1 << 60 | ETH << 48, 2 << 60 | ETH << 48, 5 << 60 | ETH << 48, 2**64 - 1])
def test_refresh_reverts_for_what_is_no_option(oracle, other, id_):
    """Kinds 3 and 4 are options."""
    with reverts("NotAnOption", id=id_):
        oracle.refresh([id_], sender=other)


def test_refresh_reverts_without_parameters(oracle, option, other):
    """An underlying without option parameters has no options."""
    with reverts("UnknownUnderlying", underlying=2):
        oracle.refresh([option(underlying=2)], sender=other)


def test_refresh_reverts_without_a_price(oracle, probe, option, other):
    """An index that was never priced marks nothing."""
    probe.setPrice(ETH, 0, 0, sender=other)

    with reverts("PriceNotValid", feedId=ETH):
        oracle.refresh([option()], sender=other)


def test_refresh_says_whether_index_and_slice_were_valid(oracle, probe, post, option, start, warp, other):
    """One bit for both."""
    warp(start)
    post(30)
    ids = [option()]
    oracle.refresh(ids, sender=other)
    assert oracle.arrayOf(ids[0]).valid

    probe.setPrice(ETH, PRICE, STALE, sender=other)
    oracle.refresh(ids, sender=other)
    assert not oracle.arrayOf(ids[0]).valid

    probe.setPrice(ETH, PRICE, 1, sender=other)
    warp(start + PARAMS.max_age + 1)
    oracle.refresh(ids, sender=other)
    assert not oracle.arrayOf(ids[0]).valid


def test_refresh_of_an_expired_series_needs_no_slice(oracle, option, start, warp, other):
    """After expiry volatility is nothing."""
    warp(start + 30 * DAY)
    call, put = option(1_900), option(2_300, is_put=True)
    oracle.refresh([call, put], sender=other)

    for id_, payoff in ((call, 100), (put, 300)):
        array = oracle.arrayOf(id_)
        assert array.valid
        assert array.mark == pytest.approx(payoff * 10**18, rel=1e-7)
        # the kink is between two nodes, or the payoff a straight line
        assert (array.gapMaintenance > 0) == (id_ == call)


def test_lanes_hold_prices_of_the_scenarios(oracle, post, option, start, warp, other):
    """Each lane is a price less the mark, rounded down by less than its unit."""
    warp(start)
    post(30)
    warp(start + 60)
    id_ = option(2_100)
    oracle.refresh([id_], sender=other)

    meta, nodes = oracle.words([id_])
    unit = PRICE / 2 ** (14 + RiskArray.unpack(meta, nodes).exponent)
    tau = 30 * DAY - 60
    at = forward(PRICE, SMILE.carry, tau)
    vol = oracle.volatilityOf(id_).volatility
    mark, _, _ = oracle.mark(id_).values()
    scale = (30 * DAY / tau) ** 0.5
    lanes = oracle.arrayOf(id_).lanes
    moves = (0, 50_000, -50_000), (0, 90_000, -90_000)
    shocks = PARAMS.vol_shock_maintenance, PARAMS.vol_shock_initial

    def smile(move):
        return volatility(SMILE.variance(Wad(int(log(2_100 * 10**18 / (at * (1 + move / 10**6))) * 10**18))))

    def worth(move, vol_at):
        moved = at * (10**6 + move) // 10**6
        return price(is_put=False, forward=moved, strike=2_100 * 10**18, volatility=int(vol_at), tau=tau)

    found = iter(lanes)
    for group, shock in zip(moves, shocks, strict=True):
        factor = 1 + shock / 10**6 * scale
        for move in group:
            level = smile(move)
            for vol_at in (level * factor, level / factor, *([level] if move else [])):
                assert -(10**9) <= worth(move, vol_at) - mark - next(found) <= unit + 10**9
    for move, read_at in ((200_000, 90_000), (-200_000, -90_000)):
        vol_at = smile(read_at) + 6 * 10**17
        assert -(10**9) <= worth(move, vol_at) - mark - next(found) <= unit + 10**9
    assert volatility(SMILE.variance(0)) == pytest.approx(vol, rel=0.1)
    assert tau < YEAR
