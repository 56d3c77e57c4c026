"""Health at announced margins: that of maintenance margin where it is told what initial margin is."""

from dataclasses import replace

from crossmargin.model.account import Account, State
from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.model.margin import margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import SILENCE, Multipliers, Price
from crossmargin.model.units import WAD, FeedId
from tests.helpers.classes import MAJORS, default_parameters

ETH = FeedId(1)
PERPETUAL = encode(Instrument(Kind.PERPETUAL, ETH))
PRICE = 2_000 * WAD
NOW = 1_800_000_000
STATE = State(
    default_parameters({ETH: MAJORS}),
    {ETH: Price(PRICE, PRICE, PRICE)},
    {PERPETUAL: Market(PERPETUAL)},
    now=1_800_000_000,
)
TRADER = Account(300 * WAD, (), (Leg(PERPETUAL, WAD, PRICE),))


def health(state):
    """Give the health factor of a trader long one contract."""
    return margin(TRADER, state, RiskSet.MAINTENANCE).health_factor


def saying(maintenance, initial):
    """Let the source say these multipliers."""
    return replace(STATE, multipliers={ETH: Multipliers(maintenance, initial)})


def test_announced_margins_are_those_initial_margin_is_told():
    """Before maintenance margin is told of them."""
    assert health(saying(WAD, 3 * WAD // 2).announced()) == health(saying(3 * WAD // 2, WAD)) < health(STATE)


def test_they_are_never_lower_than_those_in_force():
    """Whatever a source says; a silent one means the highest multiplier."""
    assert health(saying(3 * WAD // 2, WAD).announced()) == health(saying(3 * WAD // 2, WAD))
    silent = replace(STATE, multipliers={ETH: SILENCE})
    assert health(silent.announced()) == health(silent) == health(saying(0, WAD).announced())


def test_without_a_source_nothing_is_announced():
    """Shocks stay as they are configured."""
    assert health(STATE.announced()) == health(STATE)
