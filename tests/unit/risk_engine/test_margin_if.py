"""The engine judges accounts that need not exist, at prices that need not be; strangers may ask, the gate closed."""

import pytest

from crossmargin.model.units import WAD
from tests.helpers.engine_probe import state_words
from tests.helpers.reverts import reverts
from tests.unit.risk_engine.conftest import ETH

NOTHING = (0, [], [], [], False)


def supposed(case, *shocks: tuple[int, int]):
    """Suppose the case's own account, under shocks."""
    cash, spot, legs, *_ = state_words(case)
    return cash, spot, legs, list(shocks), False


def test_margin_if_of_what_is_there_is_margin(ask, case):
    """The same words, handed over instead of asked for, have the same margin."""
    assert ask(case, "marginIf", supposed(case)) == ask(case, "margin", 1)


def test_scenarios_if_say_which_requirement_is_behind_margin(ask, case):
    """Of each underlying, what its scenarios require at least is in the requirement."""
    for initial, margin in zip((True, False), ask(case, "marginIf", supposed(case)), strict=True):
        views = ask(case, "scenariosIf", supposed(case), initial)
        assert margin[4] >= max(view[4] for view in views) > 0


def test_margin_if_at_shocked_prices_is_what_the_simulator_says(ask, case):
    """A fall of a fifth, asked either way."""
    shock = (ETH, -WAD // 5)
    nothing = ([], [], [], [], [], 0)
    assert ask(case, "marginIf", supposed(case, shock)) == ask(case, "simulate", 1, nothing, [shock], False)


@pytest.mark.parametrize(("view", "rest"), [("marginIf", []), ("scenariosIf", [True])])
def test_hypotheses_are_refused_while_an_operation_is_open(probe, engine, view, rest, deployer):
    """Nobody learns a price in the middle of a change."""
    getattr(engine, view)(NOTHING, *rest)
    probe.setGateOpen(True, sender=deployer)
    with reverts("OperationOpen"):
        getattr(engine, view)(NOTHING, *rest)


def test_margin_if_wants_four_words_a_leg(engine):
    """A leg cut short is no leg."""
    with reverts("LengthMismatch", actual=5, expected=4):
        engine.marginIf((0, [], [1, 2, 3, 4, 5], [], False))


@pytest.mark.parametrize(("move", "limit"), [(-WAD - 1, -WAD), (1_000_000 * WAD + 1, 1_000_000 * WAD)])
def test_margin_if_refuses_absurd_moves(engine, move, limit):
    """Prices are not negative, nor a million times what they were."""
    with reverts("ShockOutOfRange", move=move, limit=limit):
        engine.marginIf((0, [], [], [(ETH, move)], False))


def test_margin_if_refuses_a_feed_that_moves_twice(engine):
    """It would not be known which one counts."""
    with reverts("DuplicateId", id=ETH):
        engine.marginIf((0, [], [], [(ETH, 1), (ETH, 2)], False))
