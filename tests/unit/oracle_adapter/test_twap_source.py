"""A Uniswap v3 pool's average votes, and is never the price."""

import ape
import pytest

from tests.helpers.compiled import container, packaged_container

WAD = 10**18
FACTORY = "@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json"
POOL = "@uniswap/v3-core/artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool.json"


@pytest.fixture
def pool(governor, chain):
    """Deploy a pool of an 18-decimal token at 2,000 of a 6-decimal one, half an hour old."""
    mock = container("MockAggregator")
    base, quote = (governor.deploy(mock, decimals, "token", 1) for decimals in (18, 6))
    factory = governor.deploy(packaged_container(FACTORY))
    factory.createPool(base, quote, 3000, sender=governor)
    made = packaged_container(POOL).at(factory.getPool(base, quote, 3000))
    ratio = 2000 * 10**6 / 10**18
    if int(base.address, 16) > int(quote.address, 16):
        ratio = 1 / ratio
    made.initialize(int(ratio**0.5 * 2**96), sender=governor)
    made.increaseObservationCardinalityNext(151, sender=governor)
    chain.mine(timestamp=chain.pending_timestamp + 1801)
    return made, base


@pytest.fixture
def twap(governor):
    """Deploy the reader."""
    return governor.deploy(container("TwapSource"), 12)


def test_twap_source_reads_average(twap, pool):
    """Within a tick of the pool's price, whatever the tokens' order and decimals."""
    made, base = pool
    data = twap.encode(made, base, 1800)
    twap.check(data)
    assert abs(twap.read(data).price - 2000 * WAD) < 2000 * WAD // 10_000


def test_twap_source_votes_but_never_leads(twap, pool, oracle, governor, config, aggregators, source, move):
    """Attack 7: it settles a disagreement between two others, and cannot be listed as a price."""
    made, base = pool
    third = {
        "reader": twap.address,
        "maxAge": 60,
        "gasLimit": 300_000,
        "voteOnly": False,
        "data": twap.encode(made, base, 1800),
    }
    for aggregator in aggregators[:2]:
        aggregator.setAnswer(2000 * 10**8, sender=governor)
    with ape.reverts(oracle.VoteOnlySource, error_inputs={"reader": twap.address}):
        oracle.setFeed(1, config(2, third=third), sender=governor)
    oracle.setFeed(1, config(2, third=third | {"voteOnly": True}), sender=governor)
    price = move(1200, 2010)
    assert (price.mid, price.status) == (2010 * WAD, 1)


def test_twap_source_rejects_window_and_token(twap, pool, governor):
    """Windows are 5 minutes to a day and within what the pool keeps a block; the token must be in the pool."""
    made, base = pool
    with ape.reverts(twap.WindowOutOfRange, error_inputs={"window": 299, "least": 300, "most": 86_400}):
        twap.check(twap.encode(made, base, 299))
    with ape.reverts(
        twap.TooFewObservationsKept, error_inputs={"pool": made.address, "cardinality": 151, "least": 152}
    ):
        twap.check(twap.encode(made, base, 1801))
    with ape.reverts(twap.NotInPool, error_inputs={"pool": made.address, "token": governor.address}):
        twap.encode(made, governor, 300)
