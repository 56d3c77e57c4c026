"""Prices of stored and read-through feeds, and their packed form."""

import pytest

WAD = 10**18
VALID, STALE, UNCERTAIN = 1, 2, 3


@pytest.mark.parametrize("feed", [0, 7, 256, 2**256 - 1])
def test_price_of_unlisted_feed_is_unset(oracle, feed):
    """What is not listed is zeros, not a revert."""
    assert tuple(oracle.price(feed)) == (0, 0, 0, 0, 0)
    assert oracle.packedPrices([feed]) == [0, 0]
    assert oracle.cumulative(feed) == 0


@pytest.mark.parametrize(
    ("age", "widening"),
    [(3_601, 50_014), (2 * 3_600, 100_000), (36_000 - 1, 499_987), (36_000, 500_000), (10**6, 500_000)],
)
def test_price_turns_stale_with_edges_that_widen(listed, chain, oracle, age, widening):
    """Older than its heartbeat: Stale, edges 5 % further out for each heartbeat of its age, and at most by one half."""
    listed()
    chain.mine(timestamp=oracle.price(1).time + age)
    price = oracle.price(1)
    assert (price.mid, price.status) == (2000 * WAD, STALE)
    assert (price.low, price.high) == (2000 * 10**12 * (10**6 - widening), 2000 * 10**12 * (10**6 + widening))


def test_price_in_doubt_is_widened_at_least_once(listed, move, guardian, oracle):
    """A young price that is Uncertain: as one that has just become Stale."""
    listed(2)
    move(2000, 2000)
    oracle.forceUncertain(1, 600, sender=guardian)
    price = oracle.price(1)
    assert (price.low, price.high, price.status) == (1900 * WAD, 2100 * WAD, UNCERTAIN)


def test_price_packed_equals_price(listed, move, oracle):
    """The packed words carry the same price, whatever its status."""
    listed(2)
    for answers in ((2000, 2001), (2050, 2051), (2000, 2100)):
        price = move(*answers)
        mid, edges = oracle.packedPrices([1])
        assert mid == price.mid | price.status << 128
        assert edges == price.low | price.high << 128


def test_price_packed_many(listed, governor, config, oracle):
    """Words come in the order asked for, unlisted ones as zeros."""
    listed()
    oracle.setFeed(9, config(2, readThrough=True), sender=governor)
    words = oracle.packedPrices([9, 3, 1, 9])
    assert words[2:4] == [0, 0]
    assert words[0:2] == words[4:6] == words[6:8]


def test_price_reads_through(listed, aggregators, keeper, chain, oracle):
    """A read-through feed follows its source without a refresh; its smoothed price does not."""
    listed(readThrough=True)
    chain.pending_timestamp += 12
    aggregators[0].setAnswer(2100 * 10**8, sender=keeper)
    price = oracle.price(1)
    assert (price.mid, price.low, price.status) == (2100 * WAD, 2000 * WAD, VALID)


@pytest.mark.parametrize("mode", [1, 2, 3, 4], ids=["revert", "burn", "short", "bomb"])
def test_price_falls_back_to_stored_price(listed, aggregators, keeper, chain, oracle, mode):
    """A read-through source that fails leaves the stored price, Stale once it is old."""
    listed(readThrough=True)
    aggregators[0].setMode(mode, sender=keeper)
    price = oracle.price(1)
    assert (price.mid, price.status) == (2000 * WAD, VALID)
    chain.mine(timestamp=chain.pending_timestamp + 3601)
    price = oracle.price(1)
    assert (price.mid, price.status) == (2000 * WAD, STALE)


def test_cumulative_is_the_integral_of_the_stored_price(listed, move, chain, oracle):
    """Each price counts for the time it stood; the last one is extrapolated."""
    listed()
    before, start = oracle.cumulative(1), chain.blocks.head.timestamp
    move(2100, after=1000)
    middle, changed = oracle.cumulative(1), chain.blocks.head.timestamp
    assert middle - before == 2000 * WAD * (changed - start)
    chain.mine(timestamp=chain.pending_timestamp + 500)
    assert oracle.cumulative(1) - middle == 2100 * WAD * (chain.blocks.head.timestamp - changed)
