"""Staked assets: base price times exchange rate, under a ceiling that grows."""

import ape
import pytest
from eth_utils.crypto import keccak

from tests.helpers.compiled import container

WAD = 10**18
YEAR = 365 * 86_400
VALID, UNCERTAIN = 1, 3
STAKED = 2


@pytest.fixture
def rate(governor):
    """Deploy a staked asset worth 1.2 of its base."""
    return governor.deploy(container("MockRate"), 12 * 10**17)


@pytest.fixture
def ratios(governor, manager, oracle, listed):
    """Deploy the reader, with the base listed as feed 1."""
    listed(readThrough=True)
    return governor.deploy(container("RatioSource"), manager, oracle)


@pytest.fixture
def settings(rate):
    """How the rate is read; it may grow by 10 % a year."""
    return {
        "target": rate.address,
        "selector": keccak(text="stEthPerToken()")[:4],
        "baseFeedId": 1,
        "maxGrowth": 100_000,
        "argument": 0,
        "one": WAD,
    }


@pytest.fixture
def staked(ratios, settings, governor, oracle, config):
    """List the staked asset as read-through feed 2."""
    ratios.setRatio(7, settings, 0, sender=governor)
    primary = {
        "reader": ratios.address,
        "maxAge": 3600,
        "gasLimit": 600_000,
        "voteOnly": False,
        "data": (7).to_bytes(32, "big"),
    }
    oracle.setFeed(STAKED, config(primary=primary, readThrough=True), sender=governor)
    return oracle


def test_ratio_source_multiplies(staked):
    """Attack 10: the price is the base's price times the rate, never the rate."""
    price = staked.price(STAKED)
    assert (price.mid, price.status) == (2400 * WAD, VALID)


def test_ratio_source_follows_base(staked, move):
    """The base's price and status reach the staked asset."""
    move(2100)
    assert staked.price(STAKED).mid == 2520 * WAD
    move(3000)
    assert staked.price(STAKED).status != VALID


def test_ratio_source_caps_growth(staked, rate, ratios, keeper):
    """A rate that leaps is held at the ceiling, Uncertain: a donation cannot pump the collateral."""
    rate.setRate(2 * WAD, sender=keeper)
    price = staked.price(STAKED)
    assert price.status == UNCERTAIN
    assert price.mid <= 2000 * ratios.ceiling(7)
    assert price.mid < 2401 * WAD


@pytest.mark.parametrize("value", [0, 2**256 - 1])
def test_ratio_source_survives_any_rate(staked, rate, keeper, chain, value):
    """Whatever the rate, a price is given, which is not Valid for long."""
    rate.setRate(value, sender=keeper)
    chain.mine(timestamp=chain.pending_timestamp + 3601)
    price = staked.price(STAKED)
    assert price.status != VALID
    assert price.mid > 2000 * WAD


def test_checkpoint_writes_rate_and_time_together(staked, rate, ratios, governor, keeper, chain):
    """Attack 11: the ceiling grows from what was read, at the time it was read."""
    chain.mine(timestamp=chain.pending_timestamp + YEAR // 2)
    rate.setRate(123 * 10**16, sender=keeper)
    receipt = ratios.checkpoint(7, 12 * 10**17, sender=governor)
    assert tuple(ratios.lastCheckpoint(7)) == (123 * 10**16, receipt.timestamp)
    assert ratios.ceiling(7) == 123 * 10**16


def test_checkpoint_rejects_rate_out_of_range(staked, rate, ratios, governor, keeper):
    """Neither above the old ceiling, nor below what governance expects."""
    before = ratios.lastCheckpoint(7)
    rate.setRate(2 * WAD, sender=keeper)
    with ape.reverts(ratios.RatioOutOfRange):
        ratios.checkpoint(7, 12 * 10**17, sender=governor)
    rate.setRate(WAD, sender=keeper)
    with ape.reverts(ratios.RatioOutOfRange):
        ratios.checkpoint(7, 12 * 10**17, sender=governor)
    with ape.reverts(ratios.AccessManagedUnauthorized, error_inputs={"caller": keeper}):
        ratios.checkpoint(7, 0, sender=keeper)
    assert tuple(ratios.lastCheckpoint(7)) == tuple(before)


def test_set_ratio_rejects_wrong_decimals(ratios, settings, governor):
    """A rate in 27 decimals read as 18 is far out of range."""
    wanted = {"ratio": 12 * 10**26, "least": 5 * 10**17, "most": 10 * WAD}
    with ape.reverts(ratios.RatioOutOfRange, error_inputs=wanted):
        ratios.setRatio(8, settings | {"one": 10**9}, 0, sender=governor)


def test_set_ratio_rejects_unusable_base(ratios, settings, governor):
    """The base must be listed, and growth is bounded."""
    with ape.reverts(ratios.BaseUnusable, error_inputs={"feedId": 9}):
        ratios.setRatio(8, settings | {"baseFeedId": 9}, 0, sender=governor)
    with ape.reverts(ratios.GrowthTooHigh, error_inputs={"growth": 500_001, "limit": 500_000}):
        ratios.setRatio(8, settings | {"maxGrowth": 500_001}, 0, sender=governor)
