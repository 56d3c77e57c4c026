"""The forecaster's and the steward's libraries equal their reference in Python, to the bit."""

import pytest

from tests.helpers.volatility_probe import Probe, differences


@pytest.fixture(scope="module")
def probe():
    """Deploy the libraries in this process."""
    return Probe()


@pytest.mark.parametrize("seed", range(3))
def test_volatility_equals_the_reference(probe, seed):
    """Forests, features, histories, floors, levels and paths; `tools/forecasts.py` compares a hundred thousand."""
    assert list(differences(probe, seed, 100)) == []
