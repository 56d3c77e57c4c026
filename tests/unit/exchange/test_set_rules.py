import pytest

from tests.helpers.reverts import reverts


def test_set_rules_changes_fees_and_band(venue):
    """Behind the timelock."""
    rules = (50, 200, 30_000)

    venue.govern(venue.exchange, "setRules", venue.feed("BTC"), rules)

    assert tuple(venue.exchange.rulesOf(venue.feed("BTC")).values()) == rules


@pytest.mark.parametrize(
    ("underlying", "rules", "value", "limit"),
    [
        (0, (1, 1, 1), 0, 255),
        (256, (1, 1, 1), 256, 255),
        (1, (10_001, 1, 1), 10_001, 10_000),
        (1, (1, 10_001, 1), 10_001, 10_000),
        (1, (1, 1, 200_001), 200_001, 200_000),
    ],
)
def test_set_rules_refuses_what_is_out_of_range(venue, underlying, rules, value, limit):
    """Attack 17: fees and bands have bounds that governance cannot pass."""
    with venue.refuses("ParameterOutOfRange", value=value, limit=limit):
        venue.govern(venue.exchange, "setRules", underlying, rules)


def test_set_rules_refuses_strangers(venue, other):
    """INV-25: governance only."""
    with reverts("AccessManagedUnauthorized", caller=other):
        venue.exchange.setRules(1, (1, 1, 1), sender=other)
