"""Unrealised profit backs little, however it is spread over wallets and however high the price is driven."""

from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.account import Account, State
from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.model.margin import margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import Price
from crossmargin.model.units import PPM, WAD, ceil_div
from tests.helpers.classes import MAJORS, default_parameters

PERPETUAL = encode(Instrument(Kind.PERPETUAL, 1))
ENTRY = 2_000
PARAMS = default_parameters({1: MAJORS})
STEPS = 40


def state_at(price):
    """Give a market at a price."""
    return State(PARAMS, {1: Price(price, price, price)}, {PERPETUAL: Market(PERPETUAL)})


def initial(account, price):
    """Give an account's initial margin at a price."""
    return margin(account, state_at(price), RiskSet.INITIAL)


@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=200),
    st.integers(ENTRY * WAD + 1, 100 * ENTRY * WAD),
)
def test_attack_02_many_wallets_count_no_more_profit_than_a_part_of_their_contracts(wallets, price):
    """Attack 2: each leg's profit counts up to w0 * kappa of its notional, one wallet's or many alike."""

    def counted(size):
        leg = Leg(PERPETUAL, size * WAD, size * WAD * ENTRY)
        return initial(Account(0, (), (leg,)), price).pnl

    together = counted(sum(wallets))
    notional = sum(wallets) * price
    assert sum(map(counted, wallets)) <= together
    assert together * PPM * PPM <= PARAMS.profit_weight * PARAMS.profit_cover * notional


@given(st.integers(1, 10**6), st.integers(1, 8), st.integers(101, 10_000))
def test_attack_02_profit_alone_leaves_no_margin_free(size, times, percent):
    """Attack 2: without cash, winners and any number of new contracts free nothing, and no profit leaves as cash."""
    price = ENTRY * WAD * percent // 100
    grown = Leg(PERPETUAL, times * size * WAD, size * WAD * ENTRY + (times - 1) * size * price)
    result = initial(Account(0, (), (grown,)), price)
    assert result.excess <= 0
    assert result.paid_excess < 0


@given(st.integers(1, 10**6), st.integers(1, 30))
def test_attack_02_a_pyramid_takes_no_more_than_its_cash(cash, percent):
    """Attack 2: whoever adds to a winner at every new high may take out at most the cash that was brought."""
    price, leg = ENTRY * WAD, Leg(PERPETUAL, 0, 0)
    for _ in range(STEPS):
        result = initial(Account(cash * WAD, (), (leg,)), price)
        assert result.paid_excess <= cash * WAD
        added = max(0, result.excess) * PPM * WAD // (MAJORS.initial.derivative_shock * price)
        leg = Leg(PERPETUAL, leg.size + added, leg.basis + ceil_div(added * price, WAD))
        price = price * (100 + percent) // 100
