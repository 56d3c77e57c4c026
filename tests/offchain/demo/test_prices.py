from decimal import Decimal
from itertools import pairwise

from crossmargin.simulation.stage.prices import generate
from crossmargin.simulation.stage.scenario import Scenario


def test_generate_goes_through_every_point(scenario):
    """Noise vanishes at the points of a path."""
    prices = generate(scenario).prices["ETH"]
    assert prices[0] == 4_000 * 10**8
    assert prices[10] == 3_200 * 10**8
    assert prices[20] == 3_600 * 10**8
    assert prices[30] == 3_600 * 10**8


def test_generate_is_the_same_for_the_same_seed(scenario):
    """A scenario plays the same prices each time."""
    assert generate(scenario) == generate(scenario)


def test_generate_differs_for_another_seed(settings, scenario):
    """The seed draws the noise."""
    other = Scenario.model_validate(settings | {"seed": 8})
    assert generate(other).prices["ETH"] != generate(scenario).prices["ETH"]


def test_generate_steps_in_scenario_time(scenario):
    """Prices are a step apart from the start on."""
    times = generate(scenario).times
    assert times[0] == 1_760_129_400
    assert {later - earlier for earlier, later in pairwise(times)} == {60}


def test_generate_keeps_what_has_no_points(scenario):
    """A path without points is constant."""
    assert set(generate(scenario).prices["USDT"]) == {10**8}


def test_generate_without_noise_is_monotone(settings):
    """Between two points a price without noise goes straight."""
    settings["prices"]["ETH"]["noise"] = Decimal(0)
    prices = generate(Scenario.model_validate(settings)).prices["ETH"]
    assert all(later < earlier for earlier, later in pairwise(prices[:11]))


def test_generate_draws_volatility(scenario):
    """Through its points, as prices."""
    series = generate(scenario)
    assert [series.volatility["ETH:weekly"][minute] for minute in (0, 10, 30)] == [6 * 10**7, 9 * 10**7, 9 * 10**7]
    assert series.volatility_at(10) == {"ETH:weekly": 9 * 10**7}
