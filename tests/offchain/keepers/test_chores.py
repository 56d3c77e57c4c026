"""What anybody may do for the venue: when it is due, what it may cost, and that it is only done where switched on."""

from dataclasses import replace

import pytest

from crossmargin.model.freshness import GRID, Said, TapeReading
from crossmargin.model.instruments import Instrument, Kind, encode, strike_code
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import PPM, WAD
from keepers.abi import load_abi
from keepers.chore_settings import ChoreSettings
from keepers.fees import NoData
from keepers.strategies import ActionKind, Chores, do_chores
from keepers.strategies.chores import (
    NOTHING_HELD,
    FeedState,
    HeldReceipt,
    Holder,
    OverState,
    Redeemable,
    TapeState,
    feeds_due,
    tapes_due,
)
from keepers.units import GWEI

NOW = 1_800_000_000
BIDDER = 0xB1D << 96
VALID, STALE = PriceStatus.VALID, PriceStatus.STALE
FUTURE, OTHER = (encode(Instrument(Kind.FUTURE, feed, 500_000)) for feed in (1, 2))
CALL = encode(Instrument(Kind.CALL, 1, 500_001, strike_code(15 * WAD)))
ALL = {"push_feeds": True, "renew_arrays": True, "observe_volatility": True, "settle": True}
ON = ChoreSettings(**ALL)


def _feed(moved: int = 0, age: int = 60, *, near: bool = False, status: PriceStatus = VALID) -> FeedState:
    """Make a feed whose sources say a price that has moved by so many millionths."""
    said = Said(WAD * (PPM + moved) // PPM, NOW, VALID)
    return FeedState(Said(WAD, NOW - age, status), said, 900, near)


def _tape(step: int = -1, time: int = NOW - 600, *, ready: bool = False, steered: bool = True) -> TapeState:
    return TapeState(TapeReading(NOW // GRID + step, time, ready), steered)


def _chores(**changes: object) -> Chores:
    plain = Chores(
        timestamp=NOW,
        gas_price=GWEI // 100,
        data=NoData(),
        native_price=2000 * WAD,
        done=frozenset(),
        bidder=BIDDER,
        deadline=NOW + 60,
        refresh_cost=2 * WAD,
        feeds={},
        tapes={},
        aged={},
        over=(),
        receipts=NOTHING_HELD,
    )
    return replace(plain, **changes)


def _calls(chores: Chores, cfg: ChoreSettings = ON) -> list[tuple[str, str, tuple]]:
    return [(one.kind.contract, one.kind.function, one.args) for one in do_chores(chores, cfg)]


def test_feeds_are_pushed_together_when_they_have_moved():
    """By the deviation, at a part of their age, and by less where somebody near liquidation depends on one."""
    feeds = {
        1: _feed(501),
        2: _feed(500),
        3: _feed(age=300),
        4: _feed(101, near=True),
        5: _feed(100, near=True),
        6: _feed(status=STALE),
    }
    chores = _chores(feeds=feeds)
    assert feeds_due(chores, ON) == [1, 3, 4, 6]
    assert _calls(chores) == [("OracleAdapter", "refresh", ((1, 3, 4, 6),))]


def test_first_valid_price_of_a_step_is_observed_and_a_forecast_followed():
    """A multiplier that has a forecast is poked alone; others are observed together; at a bad price nothing is."""
    feeds = dict.fromkeys((1, 2, 3, 5), _feed()) | {4: _feed(status=STALE), 6: _feed(age=700)}
    tapes = {
        1: _tape(ready=True),
        2: _tape(ready=True, steered=False),
        3: _tape(),
        4: _tape(),
        5: _tape(step=0),
        6: _tape(),
        7: _tape(),
    }
    chores = _chores(feeds=feeds, tapes=tapes)
    assert tapes_due(chores) == [1, 2, 3]
    assert _calls(chores, ChoreSettings(observe_volatility=True)) == [
        ("RiskSteward", "poke", ((1,),)),
        ("VolatilityForecaster", "observe", ((2, 3),)),
    ]


def test_aged_arrays_are_renewed_up_to_a_transaction_s_worth():
    """Forty at once, and the next when these are done."""
    aged = {CALL + number: NOW - 500 for number in range(50)}
    (contract, function, (series,)) = _calls(_chores(aged=aged))[0]
    assert (contract, function, series) == ("OptionOracle", "refresh", tuple(list(aged)[:40]))
    renewed = {**aged, **dict.fromkeys(list(aged)[:40], NOW)}
    assert do_chores(_chores(aged=renewed), ON)[0].key != do_chores(_chores(aged=aged), ON)[0].key


def test_losers_are_settled_first_one_batch_a_block():
    """Sixty-four of a market, then the next market once that is under way."""
    many = OverState(FUTURE, tuple(Holder(number << 96, 0) for number in range(70)), 70)
    few = OverState(OTHER, (Holder(9 << 96, 0),), 1)
    chores = _chores(over=(many, few))
    (first,) = do_chores(chores, ON)
    assert (first.kind.contract, first.kind.function) == ("BatchSettler", "settle")
    assert first.args == (FUTURE, tuple(number << 96 for number in range(64)))
    (second,) = do_chores(replace(chores, done=frozenset({first.key})), ON)
    assert second.args == (OTHER, (9 << 96,))


def test_whoever_was_refused_once_is_settled_as_it_is_now():
    """The same batch is another action when somebody in it has changed; a market of whom all are refused is none."""
    refused, few = OverState(FUTURE, (), 3), OverState(OTHER, (Holder(8 << 96, 0), Holder(9 << 96, 77)), 2)
    (first,) = do_chores(_chores(over=(refused, few)), ON)
    assert first.args == (OTHER, (8 << 96, 9 << 96))
    done = frozenset({first.key})
    assert do_chores(_chores(over=(refused, few), done=done), ON) == []
    changed = replace(few, holders=(Holder(8 << 96, 0), Holder(9 << 96, 78)))
    assert do_chores(_chores(over=(refused, changed), done=done), ON)[0].args == first.args


def _everything() -> Chores:
    return _chores(
        feeds={1: _feed(age=300)},
        tapes={1: _tape(ready=True)},
        aged={CALL: NOW - 500},
        over=(OverState(FUTURE, (Holder(5 << 96, 0),), 1),),
    )


@pytest.mark.parametrize("chore", ALL)
def test_each_chore_is_switched_on_by_itself(chore):
    """None is on unless it is named; each is done once, for the bidder, and pays its gas."""
    everything = _everything()
    assert do_chores(everything, ChoreSettings()) == []
    (action,) = do_chores(everything, ChoreSettings(**{chore: True}))
    assert (action.account, action.deadline) == (BIDDER, NOW + 60)
    assert action.expected < 0 < action.gas_budget
    assert do_chores(replace(everything, done=frozenset({action.key})), ChoreSettings(**{chore: True})) == []


@pytest.mark.parametrize(
    ("chore", "cost"),
    [("push_feeds", "push_cost"), ("observe_volatility", "volatility_cost"), ("settle", "settle_cost")],
)
def test_nothing_is_done_that_costs_more_than_it_may(chore, cost):
    """By the settings, and at a gas price of now."""
    everything = _everything()
    assert do_chores(everything, ChoreSettings(**{chore: True, cost: "0.0001"})) == []
    assert do_chores(replace(everything, gas_price=1000 * GWEI), ON) == []


def test_kinds_name_the_calls_that_the_contracts_have():
    """Each is a function of its contract."""
    for kind in ActionKind:
        assert load_abi(kind.contract).function(kind.function).name == kind.function


def test_receipts_are_taken_home_as_margin_can_spare_them():
    """Whole, the first that fits and the next with what is left; dust stays, and nothing is done switched off."""
    held = (
        HeldReceipt("0xa", 7, 600 * WAD),
        HeldReceipt("0xb", 8, 500 * WAD),
        HeldReceipt("0xc", 9, 99 * WAD),
        HeldReceipt("0xd", 10, 400 * WAD),
    )
    chores = _chores(receipts=Redeemable(1_000 * WAD, held))
    owner = f"0x{0xB1D:040x}"
    on = ChoreSettings(redeem_receipts=True)
    assert _calls(chores, on) == [
        ("MarginVault", "withdraw", (BIDDER, "0xa", 7, owner)),
        ("MarginVault", "withdraw", (BIDDER, "0xd", 10, owner)),
    ]
    assert _calls(chores, ChoreSettings()) == []
    assert _calls(_chores(receipts=Redeemable(599 * WAD, held[:1])), on) == []
    assert _calls(replace(chores, gas_price=100 * GWEI), on) == []
