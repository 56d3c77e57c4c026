"""Unrealised profit does not count twice by being spread over wallets."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.account import Account, State
from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.model.margin import margin
from crossmargin.model.parameters import MAJORS, RiskSet, default_parameters
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import Price
from crossmargin.model.units import PPM, WAD

PERPETUAL = encode(Instrument(Kind.PERPETUAL, 1))
ENTRY = 2_000
PARAMS = default_parameters({1: MAJORS})


def counted(wallets, price, pool):
    """Give what initial margin counts of the wallets' profit, when they are all the longs of a market."""
    total = sum(wallets) * WAD
    market = Market(PERPETUAL, open_interest=total, long_basis=total * ENTRY, pool=pool)
    state = State(PARAMS, {1: Price(price, price, price)}, {PERPETUAL: market})
    legs = [Leg(PERPETUAL, size * WAD, size * WAD * ENTRY) for size in wallets]
    return sum(margin(Account(0, (), (leg,)), state, RiskSet.INITIAL).pnl for leg in legs), state


@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=200),
    st.integers(ENTRY * WAD + 1, 100 * ENTRY * WAD),
    st.integers(0, 10**27),
)
def test_attack_02_many_wallets_count_no_more_profit_than_losers_can_pay(wallets, price, pool):
    """Attack 2: together at most the weight of pool and cover, as one wallet would, however high the price."""
    many, state = counted(wallets, price, pool)
    one, _ = counted([sum(wallets)], price, pool)
    cover = pool + PARAMS.profit_cover * sum(wallets) * price // PPM
    assert many <= one
    assert many <= PARAMS.profit_weight * cover // PPM + len(wallets)
    without = replace(state, params=replace(PARAMS, profit_cover=0))
    alone = Leg(PERPETUAL, wallets[0] * WAD, wallets[0] * WAD * ENTRY)
    assert margin(Account(0, (), (alone,)), without, RiskSet.INITIAL).pnl <= pool
