"""A changed configuration reaches the chain through the timelock, and only so."""

from decimal import Decimal

import pytest
from eth_account import Account

from crossmargin.chain.signers import KeySigner
from crossmargin.deployment import Chain, Deployer, VenueContext, plan
from crossmargin.deployment.configure import Status, execute, missing_contracts, operations, schedule
from crossmargin.deployment.verify import verify
from crossmargin.errors import ContractRevert


@pytest.fixture
def changed(venue, node, governor):
    """Change four entries of the configuration that the governor deploys from."""
    config = venue.config
    assets = {**config.assets, "WBTC": config.assets["WBTC"].model_copy(update={"cap": Decimal(6_000)})}
    market = config.instruments["ETH-PERP"].model_copy(update={"max_funding_rate": Decimal("0.03")})
    rates = config.rates.model_copy(update={"reserve_factor": Decimal("0.15")})
    ether = config.underlyings["ETH"].model_copy(update={"crowding_slope": Decimal("0.6")})
    config = config.model_copy(
        update={
            "assets": assets,
            "rates": rates,
            "instruments": {**config.instruments, "ETH-PERP": market},
            "underlyings": {**config.underlyings, "ETH": ether},
        }
    )
    chain = Chain(node.web3, KeySigner(Account.from_key(governor.private_key)), node.artifacts)
    return VenueContext(chain, config, venue.record)


def pending(context):
    """Every change that is left."""
    return operations(context, plan(context.config))


def test_configure_finds_nothing_to_change(venue):
    """A fresh venue is as configured."""
    assert pending(venue.deployment) == []


def test_configure_shows_old_and_new(changed):
    """Only what differs, by path."""
    shown = [difference for each in pending(changed) for difference in each.change.differences()]

    assert shown == [
        ("risk.underlying.ETH.crowdingSlope", 500_000, 600_000),
        ("vault.rates.reserveFactor", 100_000, 150_000),
        ("asset.WBTC.cap", 5_000 * 10**8, 6_000 * 10**8),
        ("instrument.ETH-PERP.config.maxFundingRate", 20_000, 30_000),
    ]


def test_configure_applies_through_the_timelock(venue, changed):
    """Scheduled, waiting, ready, done."""
    for each in pending(changed):
        assert each.status is Status.NEW
        schedule(changed, each)
    assert [each.status for each in pending(changed)] == [Status.WAITING] * 4
    with pytest.raises(ValueError, match="waiting"):
        execute(changed, pending(changed)[0])

    venue.warp(venue.config.governance.delay)
    for each in pending(changed):
        assert each.status is Status.READY
        execute(changed, each)

    assert pending(changed) == []
    assert verify(changed, plan(changed.config)) == []


def test_configure_is_the_governors(venue, changed, node, other):
    """Anybody else is refused when scheduling."""
    chain = Chain(node.web3, KeySigner(Account.from_key(other.private_key)), node.artifacts)
    stranger = VenueContext(chain, changed.config, changed.record)

    with pytest.raises(ContractRevert, match="AccessManagerUnauthorizedCall"):
        schedule(stranger, pending(stranger)[0])


def test_configure_lists_a_new_asset(venue, changed):
    """A stablecoin with a posted feed of its own: deployed by the governor, listed in order once the delay is over."""
    config = venue.config
    config = config.model_copy(
        update={
            "tokens": {**config.tokens, "DAI": config.tokens["USDT"].model_copy(update={"name": "Test Dai"})},
            "feeds": {**config.feeds, "DAI": config.feeds["USDT"].model_copy(update={"id": 9})},
            "underlyings": {**config.underlyings, "DAI": config.underlyings["USDT"]},
            "assets": {
                **config.assets,
                "DAI": config.assets["USDT"].model_copy(update={"feed": "DAI", "underlying": "DAI"}),
            },
        }
    )
    record = venue.record.model_copy(deep=True)
    context = VenueContext(changed.chain, config, record)
    missing = missing_contracts(context, plan(config))
    assert [step.name for step in missing] == ["token:DAI", "feed:DAI:primary", "feed:DAI:secondary"]
    record.complete = False
    Deployer(context, missing).run()

    for each in pending(context):
        schedule(context, each)
    venue.warp(config.governance.delay)
    for each in pending(context):
        execute(context, each)

    assert verify(context, plan(config)) == []
