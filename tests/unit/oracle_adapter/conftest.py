"""An oracle with three aggregators, a Pyth contract and an access manager; each test lists its feeds."""

from collections.abc import Callable
from typing import Any

import pytest
from eth_utils.crypto import keccak

from tests.helpers.compiled import container

WAD = 10**18
FEED = 1
ZERO = "0x" + "00" * 20


@pytest.fixture(scope="module")
def manager(artifacts, governor):
    """Deploy the access manager."""
    return governor.deploy(container("AccessManager"), governor)


@pytest.fixture(scope="module")
def pyth(governor):
    """Pyth's mock, 10 wei per update."""
    return governor.deploy(container("PythProbe"), 60, 10)


@pytest.fixture(scope="module")
def oracle(governor, guardian, keeper, poster, chainlink, manager, pyth):
    """Deploy the adapter; the guardian's role is 1."""
    adapter = governor.deploy(container("OracleAdapter"), manager, pyth)
    selectors = [keccak(text=f"{name}(uint256,uint256)")[:4] for name in ("forceUncertain", "forceHalt")]
    manager.setTargetFunctionRole(adapter, selectors, 1, sender=governor)
    manager.grantRole(1, guardian, 0, sender=governor)
    return adapter


@pytest.fixture(scope="module")
def chainlink(governor):
    """Reader of aggregators."""
    return governor.deploy(container("ChainlinkSource"))


@pytest.fixture
def aggregators(governor):
    """Three aggregators that say 2,000."""
    mock = container("MockAggregator")
    return [governor.deploy(mock, 8, "ETH / USD", 2000 * 10**8) for _ in range(3)]


@pytest.fixture
def source(chainlink) -> Callable[..., dict[str, Any]]:
    """Make a source's configuration from an aggregator."""

    def make(aggregator: Any, **changes: Any) -> dict[str, Any]:
        data = chainlink.encode(aggregator, 8)
        base = {"reader": chainlink.address, "maxAge": 3600, "gasLimit": 100_000, "voteOnly": False, "data": data}
        return base | changes

    return make


@pytest.fixture
def config(source, aggregators) -> Callable[..., dict[str, Any]]:
    """Make a feed's configuration with 1 to 3 sources; limits can be changed by name."""
    none = {"reader": ZERO, "maxAge": 0, "gasLimit": 0, "voteOnly": False, "data": bytes(32)}

    def make(sources: int = 1, **changes: Any) -> dict[str, Any]:
        made = [source(aggregator) for aggregator in aggregators[:sources]]
        primary, secondary, third = [*made, *[none] * (3 - sources)]
        base = {
            "primary": primary,
            "secondary": secondary,
            "third": third,
            "minPrice": 100 * WAD,
            "maxPrice": 10_000 * WAD,
            "smoothingWindow": 1800,
            "haltBound": 600,
            "confidenceLimit": 20_000,
            "deviationLimit": 20_000,
            "breakerLimit": 150_000,
            "widening": 50_000,
            "readThrough": False,
        }
        return base | changes

    return make


@pytest.fixture
def listed(oracle, governor, config) -> Callable[..., Any]:
    """List feed 1 and return the oracle."""

    def make(sources: int = 1, **changes: Any) -> Any:
        oracle.setFeed(FEED, config(sources, **changes), sender=governor)
        return oracle

    return make


@pytest.fixture
def move(aggregators, oracle, keeper, chain) -> Callable[..., Any]:
    """Let time pass, set the answers [USD], refresh, and return the price."""

    def act(*answers: float, after: int = 12) -> Any:
        chain.pending_timestamp += after
        for aggregator, answer in zip(aggregators, answers, strict=False):
            aggregator.setAnswer(int(answer * 10**8), sender=keeper)
        oracle.refresh([FEED], sender=keeper)
        return oracle.price(FEED)

    return act
