"""Listing: what a feed must prove, and what its limits are."""

import ape
import pytest

from tests.helpers.compiled import container

WAD = 10**18
VALID = 1


def test_set_feed_lists(oracle, governor, config):
    """A listed feed starts with its primary's price, Valid."""
    oracle.setFeed(3, config(3), sender=governor)
    price = oracle.price(3)
    assert (price.mid, price.low, price.high, price.status) == (2000 * WAD, 2000 * WAD, 2000 * WAD, VALID)
    assert oracle.feedConfig(3).maxPrice == 10_000 * WAD


def test_set_feed_is_restricted(oracle, keeper, config):
    """Only governance lists."""
    with ape.reverts(oracle.AccessManagedUnauthorized, error_inputs={"caller": keeper}):
        oracle.setFeed(3, config(), sender=keeper)
    assert oracle.price(3).status == 0


@pytest.mark.parametrize("feed", [0, 256])
def test_set_feed_rejects_id(oracle, governor, config, feed):
    """Ids are 1 to 255."""
    with ape.reverts(oracle.FeedIdOutOfRange, error_inputs={"feedId": feed, "limit": 255}):
        oracle.setFeed(feed, config(), sender=governor)


@pytest.mark.parametrize(
    ("field", "value", "limit"),
    [
        ("smoothingWindow", 7 * 86_400 + 1, 7 * 86_400),
        ("haltBound", 3601, 3600),
        ("confidenceLimit", 409_501, 409_500),
        ("breakerLimit", 500_001, 500_000),
        ("deviationLimit", 150_001, 150_000),
        ("widening", 500_001, 500_000),
    ],
)
def test_set_feed_rejects_limit_too_high(oracle, governor, config, field, value, limit):
    """Every limit has a limit."""
    with ape.reverts(oracle.ParameterTooHigh, error_inputs={"feedId": 3, "value": value, "limit": limit}):
        oracle.setFeed(3, config(**{field: value}), sender=governor)
    assert oracle.price(3).status == 0


@pytest.mark.parametrize(
    ("field", "value", "limit"),
    [
        ("minPrice", 10**6 - 1, 10**6),
        ("maxPrice", 100 * WAD - 1, 100 * WAD),
        ("haltBound", 0, 1),
        ("confidenceLimit", 0, 1),
        ("breakerLimit", 0, 1),
        ("deviationLimit", 0, 1),
    ],
)
def test_set_feed_rejects_limit_too_low(oracle, governor, config, field, value, limit):
    """No limit may be nothing."""
    with ape.reverts(oracle.ParameterTooLow, error_inputs={"feedId": 3, "value": value, "limit": limit}):
        oracle.setFeed(3, config(**{field: value}), sender=governor)


def test_set_feed_rejects_heartbeat_between_units(oracle, governor, config, source, aggregators):
    """Heartbeats are kept in steps of 4 s."""
    with ape.reverts(oracle.HeartbeatNotMultiple, error_inputs={"heartbeat": 3601, "unit": 4}):
        oracle.setFeed(3, config(primary=source(aggregators[0], maxAge=3601)), sender=governor)


@pytest.mark.parametrize(("gas", "error"), [(49_999, "ParameterTooLow"), (1_500_001, "ParameterTooHigh")])
def test_set_feed_rejects_source_gas(oracle, governor, config, source, aggregators, gas, error):
    """A source's gas is enough for any and too little to stop a block."""
    with ape.reverts(getattr(oracle, error)):
        oracle.setFeed(3, config(primary=source(aggregators[0], gasLimit=gas)), sender=governor)


def test_set_feed_rejects_wrong_decimals(oracle, chainlink, governor, config, source, aggregators):
    """Decimals are asserted at listing."""
    primary = source(aggregators[0], data=chainlink.encode(aggregators[0], 18))
    with ape.reverts(chainlink.SourceDecimalsMismatch, error_inputs={"actual": 8, "declared": 18}):
        oracle.setFeed(3, config(primary=primary), sender=governor)


def test_set_feed_rejects_exchange_rate_as_price(oracle, chainlink, governor, config, source, aggregators):
    """Attack 10: an aggregator of cbETH in ETH is not a price in dollars."""
    rate = governor.deploy(container("MockAggregator"), 8, "CBETH / ETH", 2000 * 10**8)
    with ape.reverts(chainlink.QuoteNotUsd, error_inputs={"description": "CBETH / ETH"}):
        oracle.setFeed(3, config(primary=source(rate)), sender=governor)


def test_set_feed_rejects_price_out_of_band(oracle, governor, config, aggregators, keeper):
    """Attack 10 again: a rate near 1 lies outside the band of a price near 2,000."""
    aggregators[0].setAnswer(108_000_000, sender=keeper)
    wanted = {"feedId": 3, "price": 108 * 10**16, "minPrice": 100 * WAD, "maxPrice": 10_000 * WAD}
    with ape.reverts(oracle.PriceOutOfBand, error_inputs=wanted):
        oracle.setFeed(3, config(), sender=governor)


def test_set_feed_rejects_silent_source(oracle, chainlink, governor, config, aggregators, keeper):
    """Every source must answer at listing."""
    aggregators[2].setMode(1, sender=keeper)
    with ape.reverts(oracle.SourceUnusable, error_inputs={"feedId": 3, "reader": chainlink.address}):
        oracle.setFeed(3, config(3), sender=governor)


def test_set_feed_rejects_disagreeing_source(oracle, chainlink, governor, config, aggregators, keeper):
    """Every source must agree with the primary at listing, the third too."""
    aggregators[2].setAnswer(2100 * 10**8, sender=keeper)
    wanted = {"feedId": 3, "reader": chainlink.address, "price": 2100 * WAD, "primary": 2000 * WAD}
    with ape.reverts(oracle.SourcesDisagree, error_inputs=wanted):
        oracle.setFeed(3, config(3), sender=governor)


def test_set_feed_rejects_vote_only_primary(oracle, chainlink, governor, config, source, aggregators):
    """What only votes cannot lead."""
    with ape.reverts(oracle.VoteOnlySource, error_inputs={"reader": chainlink.address}):
        oracle.setFeed(3, config(primary=source(aggregators[0], voteOnly=True)), sender=governor)


def test_set_feed_rejects_third_without_secondary(oracle, governor, config, source, aggregators):
    """Sources are filled in order."""
    with ape.reverts(oracle.SourceMissing, error_inputs={"feedId": 3}):
        oracle.setFeed(3, config(third=source(aggregators[2])), sender=governor)


def test_set_feed_keeps_history_on_change(listed, move, governor, config, oracle):
    """New limits leave price, smoothed price and integral as they are."""
    listed()
    before, integral = move(2100), oracle.cumulative(1)
    oracle.setFeed(1, config(maxPrice=5000 * WAD, readThrough=True), sender=governor)
    after = oracle.price(1)
    assert (after.mid, after.low, after.time) == (before.mid, before.low, before.time)
    assert oracle.cumulative(1) >= integral
