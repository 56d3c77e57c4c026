"""Chainlink's own contracts behind the reader: a median of three oracles behind a proxy."""

import pytest

from tests.helpers.compiled import chainlink_container

WAD = 10**18
ZERO = "0x" + "00" * 20


@pytest.fixture
def oracles(accounts):
    """Take three accounts that submit answers."""
    return accounts[12:15]


@pytest.fixture
def deploy_flux(governor, oracles):
    """Deploy FluxAggregators with three oracles, two of which make a round; ETH / USD with 8 decimals."""
    (aggregator,) = chainlink_container("FluxAggregator")

    def deploy():
        feed = governor.deploy(aggregator, ZERO, 0, 1800, ZERO, 0, 10**16, 8, "ETH / USD")
        feed.changeOracles([], oracles, oracles, 2, 3, 0, sender=governor)
        return feed

    return deploy


@pytest.fixture
def flux(governor, deploy_flux, oracles):
    """Deploy one of them behind a proxy."""
    (proxy,) = chainlink_container("EACAggregatorProxy")
    feed = deploy_flux()
    return feed, governor.deploy(proxy, feed, ZERO), oracles


def test_chainlink_source_reads_median_through_proxy(flux, oracle, chainlink, config, source, governor, keeper, chain):
    """A feed of the real contracts lists, follows its median, and goes Stale after its heartbeat."""
    feed, proxy, oracles = flux
    for node, answer in zip(oracles, (1990, 2000, 2030), strict=True):
        feed.submit(1, answer * 10**8, sender=node)
    assert chainlink.read(chainlink.encode(proxy, 8)).price == 2000 * WAD

    oracle.setFeed(1, config(primary=source(proxy)), sender=governor)
    chain.mine(timestamp=chain.pending_timestamp + 5)
    for node, answer in zip(oracles, (2100, 2090, 10**6), strict=True):
        feed.submit(2, answer * 10**8, sender=node)
    oracle.refresh([1], sender=keeper)
    price = oracle.price(1)
    assert (price.mid, price.status) == (2100 * WAD, 1)
    chain.mine(timestamp=chain.pending_timestamp + 3601)
    assert oracle.price(1).status == 2


def test_chainlink_source_proves_the_past_across_a_phase(flux, deploy_flux, chainlink, governor, chain):
    """Each moment has the last round by then, of the aggregator before too, if it was young enough."""
    feed, proxy, oracles = flux
    data = chainlink.encode(proxy, 8)
    times, later = [], deploy_flux()

    def answer(aggregator, number, price):
        chain.mine(timestamp=chain.pending_timestamp + 100)
        for node in oracles[:2]:
            aggregator.submit(number, price * 10**8, sender=node)
        times.append(proxy.latestRoundData().updatedAt if aggregator == feed else chain.blocks.head.timestamp)

    for number, price in enumerate((2000, 2010, 2020), start=1):
        answer(feed, number, price)
    proxy.proposeAggregator(later, sender=governor)
    proxy.confirmAggregator(later, sender=governor)
    for number, price in enumerate((2030, 2040), start=1):
        answer(later, number, price)

    assert chainlink.keepsPast(data)
    moments = [times[0] - 1, times[0], times[1] - 1, times[2], times[3] - 1, times[3], times[4] + 60]
    proven = [0, 2000, 2000, 2020, 2020, 2030, 2040]
    assert list(chainlink.readPast(data, moments, 3600)) == [price * WAD for price in proven]
    assert list(chainlink.readPast(data, [times[4] + 59, times[4] + 60], 59)) == [2040 * WAD, 0]
