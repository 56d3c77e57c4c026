import pytest

from crossmargin.errors import UnknownKeyError
from crossmargin.model.parameters import RiskSet
from crossmargin.model.prices import Multipliers, Price, PriceStatus, Shock, effective_multiplier, shocked
from crossmargin.model.units import WAD
from tests.helpers.classes import MAJORS, default_parameters

PARAMS = default_parameters({1: MAJORS})
MM, IM = RiskSet.MAINTENANCE, RiskSet.INITIAL


def test_shock_moves_all_edges_and_rounds_down():
    """A fall by 10 % of 101, 99, 105 wei; the other feed and the status stay."""
    prices = {1: Price(101, 99, 105, PriceStatus.STALE), 2: Price(7, 7, 7)}
    moved = shocked(prices, [Shock(1, -WAD // 10)])
    assert moved == {1: Price(90, 89, 94, PriceStatus.STALE), 2: Price(7, 7, 7)}
    assert prices[1].mid == 101


def test_shock_of_an_unknown_feed_is_an_error():
    """The error names the feed."""
    with pytest.raises(UnknownKeyError) as caught:
        shocked({}, [Shock(4, 0)])
    assert (caught.value.kind, caught.value.key) == ("feed", 4)


@pytest.mark.parametrize(
    ("source", "status", "maintenance", "initial"),
    [
        ((WAD, WAD), PriceStatus.VALID, WAD, WAD),
        ((0, 0), PriceStatus.VALID, 2 * WAD, 2 * WAD),
        ((1, 1), PriceStatus.VALID, WAD, WAD),
        ((WAD, 0), PriceStatus.VALID, WAD, 2 * WAD),
        ((9 * WAD, 9 * WAD), PriceStatus.VALID, 2 * WAD, 2 * WAD),
        ((15 * WAD // 10, WAD), PriceStatus.VALID, 15 * WAD // 10, 15 * WAD // 10),
        ((WAD, 15 * WAD // 10), PriceStatus.VALID, WAD, 15 * WAD // 10),
        ((WAD, 15 * WAD // 10), PriceStatus.STALE, 11 * WAD // 10, 165 * WAD // 100),
        ((WAD + 1, WAD), PriceStatus.HALTED, 11 * WAD // 10 + 2, 11 * WAD // 10 + 2),
        ((WAD, WAD), PriceStatus.UNSET, 11 * WAD // 10, 11 * WAD // 10),
    ],
)
def test_multiplier_is_clamped_ordered_and_widened(source, status, maintenance, initial):
    """Between 1 and the maximum, which silence counts as; initial at least maintenance; not Valid: times 1.1, up."""
    multipliers = Multipliers(*source)
    assert effective_multiplier(multipliers, status, PARAMS, MM) == maintenance
    assert effective_multiplier(multipliers, status, PARAMS, IM) == initial
