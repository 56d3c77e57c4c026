"""A surface and an option oracle whose vault, parameters, expiries, price oracle and authority is one probe."""

from dataclasses import astuple

import pytest

from crossmargin.model.refresh import Series
from tests.helpers.options import HOUR, MAX_TENOR, PARAMS, SMILE, series_id

ETH = 1
PRICE = 2_000 * 10**18
VALID = 1


@pytest.fixture(scope="module")
def probe(node, deployer, governor, guardian, poster, other):
    """Deploy what stands for the rest of the venue, with one underlying."""
    deployed = node.deploy("OptionVenueProbe", sender=deployer)
    deployed.setPrice(ETH, PRICE, VALID, sender=deployer)
    deployed.setShocks(ETH, 50_000, 90_000, MAX_TENOR, sender=deployer)
    return deployed


@pytest.fixture(scope="module")
def surface(node, probe, deployer):
    """Deploy a surface that knows only the probe, and give the underlying its parameters."""
    deployed = node.deploy("VolatilitySurface", probe.address, probe.address, sender=deployer)
    deployed.setOptionParams(ETH, astuple(PARAMS), sender=deployer)
    return deployed


@pytest.fixture(scope="module")
def oracle(node, probe, surface, deployer):
    """Deploy an option oracle that knows the surface and the probe."""
    venue = probe.address
    return node.deploy("OptionOracle", venue, venue, surface.address, venue, venue, sender=deployer)


@pytest.fixture(scope="module")
def start(node) -> int:
    """Choose a whole hour a little ahead, from which expiries are counted [s]."""
    return (node.now // HOUR + 2) * HOUR


@pytest.fixture
def warp(node):
    """Let the next transaction happen at a time."""

    def at(time: int) -> int:
        node.rpc("evm_setNextBlockTimestamp", time)
        return time

    return at


@pytest.fixture
def post(surface, poster, start):
    """Post a slice by days to expiry; the smile, but for the fields given."""

    def send(days: float = 30, underlying: int = ETH, expiry: int | None = None, **changes: int):
        fields = {name: getattr(SMILE, name) for name in ("a", "b", "rho", "m", "sigma", "carry")} | changes
        at = start + int(days * 24) * HOUR if expiry is None else expiry
        return surface.post(underlying, at, tuple(fields.values()), sender=poster)

    return send


@pytest.fixture
def option(start):
    """Give the id of an option by strike [USD] and days to expiry."""

    def find(strike: int = 2_000, days: float = 30, *, is_put: bool = False, underlying: int = ETH) -> int:
        return series_id(Series(is_put, strike * 10**18, start + int(days * 24) * HOUR), underlying)

    return find
