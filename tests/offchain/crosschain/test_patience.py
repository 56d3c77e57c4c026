"""Waiting, spending, and the window of blocks that may be replaced."""

import pytest

from crossmargin.crosschain.patience import Budget, Patience, Rota
from crossmargin.crosschain.window import Window
from crossmargin.errors import CrossChainError


def test_waits_double_and_end():
    """Each thing has its own; a success forgets."""
    patience = Patience(first=2, longest=10)
    assert patience.allows("a", 0)
    assert [patience.failed("a", 0) for _ in range(4)] == [2, 4, 8, 10]
    assert not patience.allows("a", 9.9)
    assert patience.allows("a", 10)
    assert patience.allows("b", 0)
    patience.worked("a", 10)
    assert patience.failed("a", 0) == 2


def test_a_long_failure_waits_no_longer_than_the_longest():
    """After thousands of failures too."""
    patience = Patience(first=2, longest=10)
    assert [patience.failed("a", 0) for _ in range(5_000)][-1] == 10


def test_a_day_has_its_limit(tmp_path):
    """By chain; a restart forgets nothing, a day later all is forgotten."""
    path = tmp_path / "spent.json"
    budget = Budget(path, 100)
    budget.spend("venue", 60, 1_000)
    assert (budget.left("venue", 1_001), budget.left("other", 1_001)) == (40, 100)
    budget.spend("venue", 70, 2_000)
    assert Budget(path, 100).left("venue", 2_001) == 0
    assert Budget(path, 100).left("venue", 1_000 + 86_400) == 30
    assert Budget(path, 100).left("venue", 2_000 + 86_400) == 100


@pytest.mark.parametrize("content", ["", "[]", '{"venue": 1}'])
def test_nobody_spends_after_a_broken_file(tmp_path, content):
    """Until somebody has looked."""
    path = tmp_path / "spent.json"
    path.write_text(content)
    with pytest.raises(CrossChainError, match="repair it, or move it away"):
        Budget(path, 100)


def test_a_window_drops_what_is_not_wanted_of_blocks_that_stay():
    """And reads on where it was."""
    window = Window(5, 3)
    window.put(5, 10, [(6, "a"), (6, "b"), (7, "b"), (9, "b")])
    window.drop(7, lambda fact: fact == "a")
    assert list(window.items()) == [(6, "a"), (9, "b")]
    assert window.next(12) == 8


def test_only_what_still_waits_is_remembered():
    """What is paid in parts waits twice as long each time; once it is paid in full the next payment is made at once."""
    patience = Patience(first=2, longest=300, in_parts=True)
    for now, wait in ((0.0, 2.0), (2.0, 4.0), (6.0, 8.0)):
        assert patience.allows("pay", now)
        patience.worked("pay", now)
        assert not patience.allows("pay", now + wait - 0.1)
    patience.failed("other", 0.0)
    patience.keep({"other"})
    assert patience.allows("pay", 0.0)
    assert not patience.allows("other", 0.0)


def test_each_of_many_has_its_turn():
    """So many at a time, in a circle, also where some come and go."""
    rota = Rota(3)
    assert [rota.next("abcde") for _ in range(3)] == [list("abc"), list("dea"), list("bcd")]
    assert rota.next("ab") == ["a", "b"]
    assert rota.next("") == []
    assert rota.next("abcd") == ["a", "b", "c"]


def test_a_window_forgets_what_was_replaced():
    """The newest blocks are read again, also where the chain has become shorter."""
    window = Window(5, 3)
    assert window.next(10) == 5
    window.put(5, 10, [(6, "a"), (9, "b"), (10, "c")])
    assert window.next(12) == 8
    window.put(8, 12, [(11, "d")])
    assert list(window) == ["a", "d"]
    assert window.next(9) == 7
    window.put(7, 9, [])
    assert list(window) == ["a"]
