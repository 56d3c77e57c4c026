"""Chainlink's own contracts behind the reader: a median of three oracles behind a proxy."""

import pytest

from tests.helpers.compiled import chainlink_container

WAD = 10**18
ZERO = "0x" + "00" * 20


@pytest.fixture
def flux(governor, accounts):
    """Deploy a FluxAggregator with three oracles, two of which make a round; ETH / USD with 8 decimals."""
    aggregator, proxy = chainlink_container("FluxAggregator", "EACAggregatorProxy")
    feed = governor.deploy(aggregator, ZERO, 0, 1800, ZERO, 0, 10**16, 8, "ETH / USD")
    oracles = accounts[12:15]
    feed.changeOracles([], oracles, oracles, 2, 3, 0, sender=governor)
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
