"""A what-if refuses what could not be; its numbers are in tests/property/test_margin.py."""

from dataclasses import replace

import pytest

from crossmargin.model.account import Account
from crossmargin.model.prices import Multipliers
from crossmargin.model.units import WAD
from tests.helpers.engine_probe import Case
from tests.helpers.reverts import ANY, reverts
from tests.unit.risk_engine.conftest import ETH, ETH_PERP, LINK_PERP
from tests.unit.risk_simulator.conftest import NOTHING, change


@pytest.mark.parametrize(("view", "rest"), [("simulate", [False]), ("scenarios", [False, True])])
def test_what_ifs_revert_while_an_operation_is_open(probe, simulator, view, rest, deployer):
    """Nobody is told a margin that is half way."""
    getattr(simulator, view)(1, NOTHING, [], *rest)
    probe.setGateOpen(True, sender=deployer)
    with reverts("OperationOpen"):
        getattr(simulator, view)(1, NOTHING, [], *rest)


def test_simulate_nothing_is_margin(ask, case):
    """Without change and shock the answer is the margin."""
    assert ask(case, "simulate", 1, NOTHING, [], False) == ask(case, "margin", 1)


def test_announced_maintenance_counts_what_initial_margin_is_told(ask, case):
    """Initial margin stays as it is; maintenance is what it will be once its multiplier is that of now."""

    def told(maintenance: int, initial: int) -> Case:
        state = replace(case.state, multipliers={ETH: Multipliers(maintenance, initial)})
        return replace(case, state=state)

    rising, risen = told(WAD, 3 * WAD // 2), told(3 * WAD // 2, 3 * WAD // 2)
    assert ask(rising, "simulate", 1, NOTHING, [], True) == ask(risen, "margin", 1)
    assert ask(rising, "simulate", 1, NOTHING, [], True)[1] != ask(rising, "margin", 1)[1]
    views = ask(rising, "scenarios", 1, NOTHING, [], True, False)
    assert views == ask(risen, "scenarios", 1, NOTHING, [], False, False)
    assert views != ask(rising, "scenarios", 1, NOTHING, [], False, False)


@pytest.mark.parametrize(
    ("size", "price", "rest"),
    [
        (-50, 22, {"size": 50 * WAD, "basis": 1000 * WAD, "claims": 100 * WAD}),
        (-50, 17, {"size": 50 * WAD, "basis": 1000 * WAD, "debts": 150 * WAD}),
        (-100, 22, {"size": 0, "basis": 0, "claims": 200 * WAD}),
        (-130, 22, {"size": -30 * WAD, "basis": -660 * WAD, "claims": 200 * WAD}),
        (10, 22, {"size": 110 * WAD, "basis": 2220 * WAD}),
    ],
)
def test_simulate_realises_what_it_closes(ask, case, size, price, rest):
    """100 LINK of 20 each: what is closed takes its part of the basis along, and is owed or owes what it made."""
    tried = change(instruments=[LINK_PERP], sizes=[size * WAD], prices=[price * WAD])
    ether, link = case.account.legs
    after = replace(case.account, legs=(ether, replace(link, **rest)))
    assert ask(case, "simulate", 1, tried, [], False) == ask(replace(case, account=after), "margin", 1)


def test_simulate_works_for_an_account_that_does_not_exist(ask, case):
    """A first deposit and trade can be tried."""
    fresh = replace(case, account=Account(0))
    tried = change(instruments=[ETH_PERP], sizes=[WAD], prices=[2000 * WAD], indices=[0], amounts=[WAD], cash=WAD)
    initial, _ = ask(fresh, "simulate", 2**255, tried, [], False)
    assert initial[6] == 2001 * WAD
    assert initial[9] is False


@pytest.mark.parametrize(
    ("parts", "actual", "expected"),
    [
        ({"instruments": [ETH_PERP], "prices": [1]}, 0, 1),
        ({"instruments": [ETH_PERP], "sizes": [1], "prices": [1, 2]}, 2, 1),
        ({"indices": [0], "amounts": [1, 2]}, 2, 1),
    ],
)
def test_simulate_reverts_on_lengths(ask, case, parts, actual, expected):
    """Arrays that belong together have one length."""
    with reverts("LengthMismatch", actual=actual, expected=expected):
        ask(case, "simulate", 1, change(**parts), [], False)


@pytest.mark.parametrize(
    ("parts", "shocks", "duplicate"),
    [
        ({"instruments": [ETH_PERP] * 2, "sizes": [1, 1], "prices": [1, 1]}, [], ETH_PERP),
        ({"indices": [1, 1], "amounts": [1, 1]}, [], 1),
        ({}, [(ETH, 1), (ETH, 2)], ETH),
    ],
)
def test_simulate_reverts_on_duplicates(ask, case, parts, shocks, duplicate):
    """Nothing is changed twice."""
    with reverts("DuplicateId", id=duplicate):
        ask(case, "simulate", 1, change(**parts), shocks, False)


def test_simulate_reverts_on_unlisted_instrument(ask, case):
    """Only what is listed can be traded."""
    unlisted = 1 << 60 | 77 << 48
    with reverts("UnknownInstrument", id=unlisted):
        ask(case, "simulate", 1, change(instruments=[unlisted], sizes=[1], prices=[1]), [], False)


def test_simulate_reverts_on_unlisted_asset(ask, case):
    """Only what is listed can be deposited."""
    with reverts("UnknownAssetIndex", index=2, count=2):
        ask(case, "simulate", 1, change(indices=[2], amounts=[1]), [], False)


def test_simulate_reverts_on_negative_balance(ask, case):
    """Collateral cannot be borrowed."""
    with reverts("AmountOutOfRange", amount=-1, limit=0):
        ask(case, "simulate", 1, change(indices=[0], amounts=[-10 * WAD - 1]), [], False)


@pytest.mark.parametrize(
    ("parts", "limit"),
    [
        ({"instruments": [LINK_PERP], "sizes": [2**95], "prices": [1]}, 2**95 - 1),
        ({"instruments": [LINK_PERP], "sizes": [2**95 - 1], "prices": [1]}, 2**95 - 1),
        ({"instruments": [LINK_PERP], "sizes": [2**94], "prices": [2**95]}, 2**99 - 1),
        ({"instruments": [LINK_PERP], "sizes": [1], "prices": [2**96]}, 2**96 - 1),
        ({"indices": [0], "amounts": [2**127]}, 2**127 - 1),
        ({"cash": 2**127}, 2**127 - 1),
    ],
)
def test_simulate_reverts_on_what_cannot_be_stored(ask, case, parts, limit):
    """Sizes, prices, bases, amounts and cash have their widths."""
    with reverts("AmountOutOfRange", amount=ANY, limit=limit):
        ask(case, "simulate", 1, change(**parts), [], False)


@pytest.mark.parametrize(("move", "limit"), [(-WAD - 1, -WAD), (10**24 + 1, 10**24)])
def test_simulate_reverts_on_absurd_shocks(ask, case, move, limit):
    """A price falls by all it has at most."""
    with reverts("ShockOutOfRange", move=move, limit=limit):
        ask(case, "simulate", 1, NOTHING, [(ETH, move)], False)


def test_simulate_ignores_feeds_that_are_not_used(ask, case):
    """Shocks of a scenario fit every account."""
    before = ask(case, "margin", 1)
    assert ask(case, "simulate", 1, NOTHING, [(200, -WAD), (2**255, WAD), (0, WAD)], False) == before
