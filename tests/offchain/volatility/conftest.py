"""Histories that are made up: volatility that clusters, by the hour."""

import numpy as np
import pytest

from crossmargin.volatility.hourly import spread


def _history(asset, hours, seed, first=400_000, quiet=4_000.0):
    """Make hours whose volatility reverts slowly and follows the hour of the day; the clock is the epoch's."""
    random = np.random.default_rng(seed)
    level, states = 0.0, np.empty(hours)
    for hour in range(hours):
        level = 0.97 * level + 0.25 * random.standard_normal()
        states[hour] = level
    clock = first + np.arange(hours)
    deviation = quiet * np.exp(0.6 * states) * (1 + 0.3 * np.sin(clock % 24 / 24 * 2 * np.pi))
    steps = deviation[:, None] / np.sqrt(12) * random.standard_normal((hours, 12))
    logs = np.cumsum(steps.sum(axis=1)).astype(np.int64)
    return spread(asset, clock, logs, (steps**2).sum(axis=1) / 1e12)


@pytest.fixture(scope="session")
def made_history():
    """Make a history: asset, hours, seed."""
    return _history


@pytest.fixture(scope="session")
def two_histories():
    """Give a year and a half of two assets, the first of which is the major."""
    return _history("BTC", 13_000, 1), _history("ALT", 12_000, 2, first=401_000, quiet=9_000.0)
