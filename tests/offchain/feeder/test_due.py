from decimal import Decimal

import pytest

from crossmargin.deployment import NetworkConfig
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.deployment.instruments import OptionSettings
from crossmargin.feeder.due import array_due, slice_due
from crossmargin.model.freshness import price_due

LIMITS = OptionSettings(max_age=900, min_interval=30)


@pytest.mark.parametrize(
    ("price", "age", "due"),
    [(2_000_000, 5, False), (2_000_900, 5, False), (2_001_001, 5, True), (1_998_999, 5, True), (2_000_000, 60, True)],
)
def test_a_price_is_posted_when_it_moves_and_at_its_heartbeat(price, age, due):
    """Five hundredths of a percent, or a minute."""
    assert price_due(2_000_000, price, age, 60) is due


@pytest.mark.parametrize(
    ("volatility", "age", "due"),
    [(600, 31, False), (600, 299, False), (600, 300, True), (607, 31, True), (900, 30, False)],
)
def test_a_slice_is_posted_when_it_moves_and_long_before_it_is_stale(volatility, age, due):
    """Never sooner than the venue takes another."""
    assert slice_due(600, volatility, age, LIMITS) is due


@pytest.mark.parametrize(("index", "age", "due"), [(10_000, 299, False), (10_000, 300, True), (10_051, 5, True)])
def test_an_array_is_refreshed_before_it_admits_no_risk(index, age, due):
    """At a third of the age and half of the move that would be too much."""
    network = NetworkConfig.load(REPOSITORY / "config" / "local.toml")
    engine = network.engine.model_copy(update={"array_max_age": 900, "array_max_move": Decimal("0.01")})
    assert array_due(10_000, index, age, engine) is due
