"""Paths of multipliers: slow, announced, and where time and targets put them, whoever asks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossmargin.model.units import WAD
from crossmargin.volatility.steward import FALL, HOLD, MAX_LEVEL, RISE, UNIT, Path, Rule, level_of, multiplier_of

START = 1_800_000_000
NOTICE = 6 * 3600
RULE = Rule(base=20_000, least=800_000, most=3_000_000, fallback=1_500_000)

levels = st.one_of(st.integers(1, 2_772_000), st.sampled_from((1, UNIT, MAX_LEVEL)))
pauses = st.one_of(st.integers(0, 1_200), st.integers(0, 30_000), st.integers(0, 400_000))
moves = st.lists(st.tuples(pauses, st.one_of(st.none(), levels)), min_size=1, max_size=25)


def lived(begin, default, past):
    """Give a path with a past, and its time."""
    path, now = Path.begin(begin, START), START
    for pause, target in past:
        now += pause
        path = path if target is None else path.moved(default, target, now)
    return path, now


def test_a_level_is_a_logarithm():
    """1 is exact; others are so to a millionth."""
    assert multiplier_of(UNIT) == WAD
    assert (level_of(WAD), level_of(WAD // 2), level_of(1)) == (UNIT, 1, 1)
    assert level_of(2 * WAD) - UNIT == 693_147
    assert level_of(10**40) == MAX_LEVEL


@pytest.mark.parametrize(("forecast", "multiplier"), [(0, 0.8), (20_000, 1), (30_000, 1.5), (2**24, 3)])
def test_a_target_is_the_forecast_over_its_base(forecast, multiplier):
    """Inside the bounds."""
    assert multiplier_of(RULE.target(forecast)) == pytest.approx(multiplier * WAD, rel=2e-6)


def test_an_hour_moves_by_less_than_ten_and_two_percent():
    """Both are steps of a second that add up."""
    assert multiplier_of(UNIT + 3600 * RISE) < 1.1 * WAD
    assert multiplier_of(UNIT - 3600 * FALL) > 0.98 * WAD


@given(begin=levels, default=levels, past=moves, future=moves)
def test_both_sets_move_slowly_whatever_is_called(begin, default, past, future):
    """Between any two looks, with moves between them."""
    path, now = lived(begin, default, past)
    before = path.level_at(default, now), path.noticed_at(default, now)
    for pause, target in future:
        now += pause
        after = path.level_at(default, now), path.noticed_at(default, now)
        for old, new in zip(before, after, strict=True):
            assert -FALL * pause <= new - old <= RISE * pause
        assert after[1] <= after[0]
        path = path if target is None else path.moved(default, target, now)
        assert (path.level_at(default, now), path.noticed_at(default, now)) == after
        before = after


@given(begin=levels, default=levels, past=moves, future=moves)
def test_maintenance_is_never_told_more_than_initial_was_within_the_notice(begin, default, past, future):
    """Who meets initial margin now meets maintenance margin for six hours, prices standing still."""
    path, start = lived(begin, default, past)
    most, now = path.level_at(default, start), start
    for pause, target in future:
        now = min(now + pause, start + NOTICE)
        assert path.noticed_at(default, now) <= most
        path = path if target is None else path.moved(default, target, now)


@given(begin=levels, default=levels, past=moves, first=st.integers(0, HOLD), second=st.integers(0, HOLD))
def test_a_move_to_the_same_target_changes_nothing(begin, default, past, first, second):
    """Before the path expires."""
    path, now = lived(begin, default, past)
    now = path.time
    first, second = sorted((first, second))
    moved = path.moved(default, path.target, now + first)
    for look in (Path.level_at, Path.noticed_at):
        assert look(moved, default, now + second) == look(path, default, now + second)


@given(begin=levels, default=levels, past=moves)
@settings(max_examples=30)
def test_without_a_forecast_it_ends_at_the_default(begin, default, past):
    """After its hold."""
    path, _ = lived(begin, default, past)
    end = path.time + HOLD + 12 * 86_400
    assert path.level_at(default, end) == path.noticed_at(default, end) == default
