import pytest

from crossmargin.model.units import WAD


@pytest.fixture
def lens(node, deployer):
    """Deploy a lens on a venue in which account 2 cannot be evaluated."""
    stub = node.deploy("LensStub", sender=deployer)
    return node.deploy("MarginLens", *[stub] * 4, sender=deployer)


def test_screen_isolates_failures(lens):
    """One account that fails neither stops the others nor looks unhealthy."""
    result = lens.screen([1, 2, 3, 4])
    assert result.ok == [True, False, True, True]
    assert result.healthFactors == [WAD // 2, 2**256 - 1, 3 * WAD // 2, 2**256 - 1]
    assert result.maintenanceExcess == [-1, 0, 1, 2]
    assert result.nonces == [10, 20, 30, 40]


def test_screen_is_health(venue, account, maker):
    """What a keeper reads is what the auction decides by."""
    accounts = [account, venue.account(maker)]
    result = venue.lens.screen(accounts)
    assert result.ok == [True, True]
    assert result.healthFactors == [venue.engine.health(each) for each in accounts]
    assert result.maintenanceExcess == [venue.engine.margin(each).maintenance.excess for each in accounts]
