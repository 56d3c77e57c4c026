"""Pyth's updates, paid for and stored."""

import ape
import pytest

from tests.helpers.compiled import container

WAD = 10**18
VALID, STALE, UNCERTAIN = 1, 2, 3
ID = bytes.fromhex("ff61491a931112ddf1bd8147cd1b641375f79f5825126d665480874634fd0ace")


@pytest.fixture
def update(pyth, chain):
    """Make a signed update of an age [s], as Pyth's mock takes it."""

    def make(price: int, confidence: int = 10**8, exponent: int = -8, age: int = 0) -> bytes:
        time = chain.pending_timestamp - age
        return pyth.createPriceFeedUpdateData(ID, price, confidence, exponent, price, confidence, time, time - 1)

    return make


@pytest.fixture
def pulled(oracle, pyth, update, governor, config, keeper):
    """Feed 1 from Pyth alone, at 2,000 +- 1, stale after a minute."""
    reader = governor.deploy(container("PythSource"), pyth)
    pyth.updatePriceFeeds([update(2000 * 10**8)], value=10, sender=keeper)
    primary = {"reader": reader.address, "maxAge": 60, "gasLimit": 100_000, "voteOnly": False, "data": ID}
    oracle.setFeed(1, config(primary=primary), sender=governor)
    return oracle


def test_update_and_refresh_stores_and_refunds(pulled, update, keeper, chain):
    """The price and its interval are stored; what is left of the value comes back."""
    chain.pending_timestamp += 12
    balance = keeper.balance
    receipt = pulled.updateAndRefresh([update(2010 * 10**8)], [1], value=1000, sender=keeper)
    assert balance - keeper.balance == receipt.total_fees_paid + 10
    price = pulled.price(1)
    assert (price.mid, price.status) == (2010 * WAD, VALID)
    assert price.low < 2009 * WAD
    assert pulled.balance == 0


def test_update_and_refresh_rejects_too_little_value(pulled, update, keeper):
    """Pyth's fee must be covered."""
    before = pulled.price(1)
    with ape.reverts(pulled.FeeTooLow, error_inputs={"value": 9, "fee": 10}):
        pulled.updateAndRefresh([update(2010 * 10**8)], [1], value=9, sender=keeper)
    assert pulled.price(1) == before


def test_update_and_refresh_never_takes_older_update(pulled, update, keeper, chain):
    """Attack 14: an earlier, more favourable update is not taken back."""
    chain.pending_timestamp += 12
    pulled.updateAndRefresh([update(2010 * 10**8)], [1], value=10, sender=keeper)
    before = pulled.price(1)
    pulled.updateAndRefresh([update(1990 * 10**8, age=5)], [1], value=10, sender=keeper)
    after = pulled.price(1)
    assert (after.mid, after.time, after.status) == (before.mid, before.time, VALID)


def test_update_and_refresh_doubts_wide_interval(pulled, update, keeper, chain):
    """A confidence wider than its limit makes the price Uncertain."""
    chain.pending_timestamp += 12
    pulled.updateAndRefresh([update(2000 * 10**8, confidence=50 * 10**8)], [1], value=10, sender=keeper)
    price = pulled.price(1)
    assert price.status == UNCERTAIN
    assert price.low < 1950 * WAD


@pytest.mark.parametrize(("price", "exponent"), [(2005 * 10**3, -3), (2005 * 10**12, -12), (2005, 0)])
def test_update_and_refresh_scales_by_exponent(pulled, update, keeper, chain, price, exponent):
    """Every reading carries its exponent."""
    chain.pending_timestamp += 12
    pulled.updateAndRefresh([update(price, confidence=0, exponent=exponent)], [1], value=10, sender=keeper)
    assert pulled.price(1).mid == 2005 * WAD


@pytest.mark.parametrize(("price", "exponent"), [(0, -8), (-5, -8), (2000, 13), (2000, -31)])
def test_update_and_refresh_ignores_garbage(pulled, update, keeper, chain, price, exponent):
    """No price above zero, or an exponent that no price has."""
    chain.pending_timestamp += 12
    pulled.updateAndRefresh([update(price, exponent=exponent)], [1], value=10, sender=keeper)
    after = pulled.price(1)
    assert (after.mid, after.status) == (2000 * WAD, VALID)


def test_update_and_refresh_without_pyth(manager, governor, keeper, update):
    """An oracle deployed without Pyth says so."""
    bare = governor.deploy(container("OracleAdapter"), manager, "0x" + "00" * 20)
    with ape.reverts(bare.NoPyth):
        bare.updateAndRefresh([update(2000 * 10**8)], [], value=10, sender=keeper)
