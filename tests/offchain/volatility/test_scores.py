"""Losses and tests of forecasts, on samples whose answer is known."""

import numpy as np
import pytest

from crossmargin.model.units import Ppm
from crossmargin.volatility.conformal import adaptive
from crossmargin.volatility.panel import panel, windows
from crossmargin.volatility.posted import announced, levels
from crossmargin.volatility.scores import coverage, diebold_mariano, pinball, score
from crossmargin.volatility.steward import HOUR, Path, Rule


def test_pinball_by_hand():
    """A move 10 above costs 9.9, one 10 below costs 0.1."""
    assert pinball(np.array([20.0, 0.0]), np.array([10.0, 10.0]), 0.99) == pytest.approx([9.9, 0.1])


def test_coverage_accepts_what_is_right():
    """One breach in a hundred, independent."""
    found = coverage(np.random.default_rng(1).random(40_000) < 0.01, 0.99)
    assert found.unconditional > 0.05
    assert found.conditional > 0.05


def test_coverage_refuses_numbers_and_clusters():
    """Two in a hundred are too many; one in a hundred, but in pairs, is the right number in the wrong order."""
    random = np.random.default_rng(2)
    assert coverage(random.random(40_000) < 0.02, 0.99).unconditional < 1e-6
    single = random.random(40_000) < 0.005
    pairs = single | np.roll(single, 1)
    found = coverage(pairs, 0.99)
    assert found.unconditional > 0.01
    assert found.conditional < 1e-6


def test_kupiec_against_tables():
    """Of 250 days at 99 % seven breaches are refused at 5 %, six are not (3.84 of one degree of freedom)."""
    for count, refused in ((6, False), (7, True)):
        beyond = np.zeros(250, bool)
        beyond[:: 250 // count][:count] = True
        beyond[np.flatnonzero(beyond)[count:]] = False
        assert (coverage(beyond, 0.99).unconditional < 0.05) is refused


def test_diebold_mariano_finds_the_better():
    """A loss that is a little lower everywhere is found; noise is not; assets of an hour count once."""
    random = np.random.default_rng(3)
    hours = np.repeat(np.arange(2_000), 3)
    noise = random.standard_normal(6_000)
    assert diebold_mariano(noise - 0.2 + 0.5 * random.standard_normal(6_000), noise, hours, 1) < -5
    assert abs(diebold_mariano(noise, random.permutation(noise), hours, 1)) < 3
    once = diebold_mariano(noise[::3], noise[::3] + random.standard_normal(2_000) + 0.1, hours[::3], 1)
    gap = random.standard_normal(2_000) + 0.1
    assert diebold_mariano(np.zeros(2_000), gap, hours[::3], 1) == pytest.approx(
        diebold_mariano(np.zeros(6_000), np.repeat(gap, 3), hours, 1)
    )
    assert once < 0


def test_a_constant_saves_nothing():
    """The best constant is what savings are measured against."""
    moves = np.abs(np.random.default_rng(4).standard_normal(10_000))
    found = score(moves, np.full(10_000, np.quantile(moves, 0.99)), 0.99)
    assert found.saving == pytest.approx(0)
    assert found.fewer == pytest.approx(1)
    assert found.coverage.beyond == pytest.approx(0.01)


def test_adaptive_coverage_corrects_itself(two_histories):
    """Forecasts that are too low come to the right share of breaches; nothing after a row changes it."""
    rows = panel([windows(each, [], 1) for each in two_histories])
    moves = rows.rows.moves.astype(float)
    half = np.full(len(moves), np.quantile(moves, 0.94))
    corrected = adaptive(rows, half, 0.99, 1)
    assert np.mean(moves > half) > 0.05
    cut = len(moves) // 2
    assert np.mean((moves > corrected)[cut:]) == pytest.approx(0.01, abs=0.002)
    early = rows.where(np.arange(len(moves)) < cut)
    assert np.array_equal(adaptive(early, half[:cut], 0.99, 1), corrected[:cut])


def test_levels_are_those_of_the_stewards_path():
    """Poked every hour, at hours' ends, initial and maintenance."""
    random = np.random.default_rng(5)
    forecasts = np.exp(10 + 0.5 * random.standard_normal(60)).astype(np.int64)
    rule = Rule(Ppm(20_000), Ppm(500_000), Ppm(2_000_000), Ppm(1_000_000))
    path = levels(forecasts, rule)
    exact = Path.begin(rule.default, 1_000 * HOUR)
    kept = []
    for place, forecast in enumerate(forecasts):
        now = (1_000 + place) * HOUR
        exact = exact.moved(rule.default, rule.target(Ppm(int(forecast))), now)
        kept.append((exact.level_at(rule.default, now + HOUR), exact.noticed_at(rule.default, now + HOUR)))
    assert [level for level, _ in kept] == path.tolist()
    assert [notice for _, notice in kept][10:] == announced(path).tolist()[10:]
