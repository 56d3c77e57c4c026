import random

import numpy as np
import pytest

from keepers.errors import MirrorError
from keepers.mirror.accounts import Accounts
from keepers.mirror.column import Column
from keepers.mirror.legs import Legs
from keepers.mirror.state import Position
from keepers.mirror.undo import UndoLog

MOST = 2**127 - 1


def test_column_is_exact_and_close_at_once():
    """Any number of 128 bits comes back to the last digit; its float is the nearest one."""
    dice, column, held = random.Random(1), Column(1e18), {}
    for _ in range(500):
        row = dice.randrange(300)
        held[row] = dice.choice([0, 1, -1, MOST, -MOST - 1, dice.randrange(-(10**30), 10**30)])
        column.set(row, held[row])
    assert {row: column.get(row) for row in held} == held
    floats = column.floats(400)
    assert all(floats[row] == value / 1e18 for row, value in held.items())
    assert not floats[300:].any()
    again = Column(1e18)
    again.load(column.dump())
    assert {row: again.get(row) for row in held} == held
    assert np.allclose(again.floats(400), floats, rtol=1e-15, atol=0)


def test_row_never_written_is_blank():
    """An index of nothing divides nothing."""
    column = Column(blank=1.0)
    column.set(2, 7)
    column.set(1, 0)
    assert column.floats(5).tolist() == [1.0, 1.0, 7.0, 1.0, 1.0]
    assert [column.get(row) for row in range(5)] == [0, 0, 7, 0, 0]


@pytest.mark.parametrize("value", [MOST + 1, -MOST - 2, 2**255])
def test_number_that_no_venue_has_is_an_error(value):
    """It is not cut off."""
    column = Column()
    column.set(0, 5)
    with pytest.raises(MirrorError):
        column.set(0, value)
    assert column.get(0) == 5


def test_legs_are_entries_of_those_who_have_had_them():
    """A million accounts without positions take up nothing; what is undone is as before."""
    undo = UndoLog(4)
    legs = Legs(undo)
    undo.begin(1)
    legs.put(10**6, 77, Position(2 * 10**18, -5, 3, 4))
    legs.put(3, 88, Position(0, 0, 0, 9))
    undo.begin(2)
    legs.put(10**6, 77, Position(10**18, 0))
    assert (len(legs), legs.held(), legs.of(10**6), legs.of(4)) == (2, [77], [77], [])
    undo.undo_after(1)
    assert legs.get(10**6, 77) == Position(2 * 10**18, -5, 3, 4)
    assert legs.bearers(77, longs_pay=True) == [(10**6, Position(2 * 10**18, -5, 3, 4))]
    assert legs.bearers(88, longs_pay=True) == legs.bearers(99, longs_pay=False) == []
    assert np.flatnonzero(legs.holders({77, 88}, 10**6 + 1)).tolist() == [10**6]


def test_asking_makes_no_row():
    """An account that was never written has nothing, and does not come into being by being asked about."""
    accounts = Accounts(UndoLog(4))
    assert accounts.cash(5).amount == accounts.collateral(5, 0) == accounts.position(5, 1).size == 0
    assert len(accounts) == 0
