"""Margins that rise by announcement alone: nobody is sold who tops up within the notice; who does not was told before.

The governor sets a rule whose default is higher, and nothing is forecast: the multiplier goes there at its own speed.
"""

import pytest

from crossmargin.model.units import WAD
from tests.helpers.reverts import ANY, reverts

HOUR = 3600
NOTICE = 6
"""Hours that pass between the margin that is announced and the earliest time at which it counts."""
BASE, MOST = 24_000, 1_750_000  # ppm


@pytest.fixture
def steward(venue, node):
    """Reach the steward."""
    return node.at("RiskSteward", venue.record.address("RiskSteward"))


@pytest.fixture
def longs(venue, client, trader, other, maker):
    """Give two accounts the same ether, and a price at which both are nearer to the end than to the beginning."""
    venue.deposit(maker, "USDC", 1_000_000)
    for owner in (trader, other):
        venue.deposit(owner, "USDC", 10_000)
        venue.trade(owner, maker, "ETH-PERP", 20)
    both = client(trader), client(other)
    end = both[0].liquidation_prices()["ETH"]
    venue.set_price("ETH", round(end.below + (end.index - end.below) / 12, 2))
    return both


@pytest.fixture
def rising(venue, steward, longs):
    """Have the governor raise the multiplier of ether to 1.75 over hours."""
    venue.govern(steward, "setRule", venue.feed("ETH"), (BASE, 1_000_000, MOST, MOST))
    return longs


def test_margins_alone_sell_nobody_who_tops_up_within_the_notice(venue, rising, trader, other, keeper):
    """One account deposits whenever the announced health falls below 1; its twin stands still, and is sold at last."""
    still, careful = rising
    stood, ahead = [], []
    for _ in range(16):
        lacking = careful.announced_health()
        while lacking < WAD:
            venue.deposit(other, "USDC", 2_000)
            lacking = careful.announced_health()
        stood.append(still.health() >= WAD)
        ahead.append(still.announced_health() >= WAD)
        assert careful.health() >= WAD
        with reverts("Healthy", account=venue.account(other), excess=ANY):
            venue.auction.start(venue.account(other), venue.account(keeper), sender=keeper)
        venue.warp(HOUR)

    told, sold = ahead.index(False), stood.index(False)
    assert told > 0
    assert sold >= told - 1 + NOTICE
    venue.deposit(keeper, "USDC", 100_000)
    venue.auction.start(venue.account(trader), venue.account(keeper), sender=keeper)
    assert venue.vault.isInAuction(venue.account(trader))
    assert not venue.vault.isInAuction(venue.account(other))


def test_a_deposit_at_once_that_meets_the_announced_margin_lasts_the_notice(venue, steward, rising, other):
    """Whatever the margin rises to meanwhile: nothing more is deposited, and the account stands for six hours."""
    _, careful = rising
    venue.warp(3 * HOUR)
    while careful.announced_health() < WAD:
        venue.deposit(other, "USDC", 200)
    within = steward.next(venue.feed("ETH"))["within"]
    for _ in range(NOTICE):
        venue.warp(HOUR - 2)
        maintenance = steward.multipliers([venue.feed("ETH")])[0] & (2**128 - 1)
        assert maintenance <= within
        assert careful.health() >= WAD
    venue.warp(8 * HOUR)
    assert careful.health() < WAD


def test_a_what_if_says_the_announced_health(venue, rising, other):
    """Of the account as it is it is the same; of a deposit and a trade it is what it then becomes, shocks included."""
    _, careful = rising
    venue.warp(3 * HOUR)
    now, eth = careful.announced_health(), venue.feed("ETH")
    assert careful.announced_health_if() == now
    assert careful.announced_health_if(shocks={eth: -WAD // 50}) < now < careful.announced_health_if(cash=100 * WAD)
    mark = next(each.mark for each in careful.markets() if each.instrument == careful.instrument("ETH-PERP"))
    wider = careful.announced_health_if(trades=[("ETH-PERP", WAD, mark)])
    assert careful.announced_health_if(trades=[("ETH-PERP", -10 * WAD, mark)]) > now > wider
    bitcoin = careful.announced_health_if(collateral=[(careful.names.asset("WBTC").index, 10**6)])
    promised = careful.announced_health_if(cash=500 * WAD)
    assert bitcoin > now
    venue.deposit(other, "USDC", 500)
    assert careful.announced_health() == pytest.approx(promised, rel=1e-6)


def test_a_closed_position_asks_for_nothing_announced(venue, rising):
    """Whatever the multiplier: there is no health factor of nothing."""
    _, careful = rising
    mark = next(each.mark for each in careful.markets() if each.instrument == careful.instrument("ETH-PERP"))
    size = careful.portfolio().positions[0].size
    assert careful.announced_health_if(trades=[("ETH-PERP", -int(size) * WAD, mark)]) > careful.announced_health()
