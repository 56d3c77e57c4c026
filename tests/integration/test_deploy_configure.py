"""A changed configuration reaches the chain through the timelock, and only so."""

from decimal import Decimal

import pytest
from eth_account import Account

from crossmargin.chain.signers import KeySigner
from crossmargin.deployment import Chain, Deployer, VenueContext, plan
from crossmargin.deployment.configure import (
    Status,
    blocked,
    carry_out,
    execute,
    missing_contracts,
    operations,
    refused,
    schedule,
    warnings,
)
from crossmargin.deployment.track import announce, follow, strangers
from crossmargin.deployment.verify import verify
from crossmargin.deployment.watch import Watch
from crossmargin.errors import ContractRevert, RecordError
from tests.helpers.changes import listing_dai


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
    return VenueContext(chain, config, venue.record.model_copy(deep=True))


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


@pytest.fixture
def with_dai(changed, venue):
    """List a stablecoin of which nothing is deployed."""
    return VenueContext(changed.chain, listing_dai(venue.config), venue.record.model_copy(deep=True))


def deploy_missing(context, chain):
    """Deploy what is missing, as anybody."""
    anybody = VenueContext(chain, context.config, context.record)
    Deployer(anybody, missing_contracts(context, plan(context.config))).add()


def test_what_is_not_deployed_is_previewed(with_dai):
    """The parameters can be scheduled at once; the rest says what it needs. It used to end in an error."""
    steps = plan(with_dai.config)

    assert [each.name for each in missing_contracts(with_dai, steps)] == [
        "token:DAI",
        "feed:DAI:primary",
        "feed:DAI:secondary",
    ]
    assert [each.name for each in operations(with_dai, steps)] == ["risk"]
    assert [(each.place, each.found) for each in blocked(with_dai, steps)] == [
        ("role.poster.feed:DAI:primary", "needs feed:DAI:primary"),
        ("role.poster.feed:DAI:secondary", "needs feed:DAI:secondary"),
        ("feed.DAI", "needs feed:DAI:primary"),
        ("asset.DAI", "needs token:DAI"),
        ("asset.DAI.outflow", "needs token:DAI"),
    ]


def test_configure_lists_a_new_asset(venue, with_dai, node, other, board):
    """Deployed by a stranger; roles come first, so that the poster posts before the feed is set."""
    delay = with_dai.config.governance.delay
    deploy_missing(with_dai, Chain(node.web3, KeySigner(Account.from_key(other.private_key)), node.artifacts))
    assert with_dai.record.complete
    assert [each.name for each in pending(with_dai)] == [
        "role.poster.feed:DAI:primary",
        "role.poster.feed:DAI:secondary",
        "feed.DAI",
        "risk",
        "asset.DAI",
        "asset.DAI.outflow",
    ]
    max_age = with_dai.config.feeds["DAI"].primary.max_age
    assert warnings(with_dai, pending(with_dai)) == []

    assert carry_out(with_dai, pending(with_dai)).refused == []
    venue.warp(max(delay, max_age + 1))
    # a price posted at the deployment is older than a delay: it is not assumed, it is said
    assert [each.place for each in warnings(with_dai, pending(with_dai))] == ["feed.DAI"]
    assert "feed.DAI" in [each.place for each in refused(with_dai, pending(with_dai))]

    outcome = carry_out(with_dai, pending(with_dai))

    done = [each.name for each in outcome.done]
    assert done[:2] == ["role.poster.feed:DAI:primary", "role.poster.feed:DAI:secondary"]
    assert "risk" in done
    ((place, reason),) = [(each.place, each.found) for each in outcome.refused if each.place == "feed.DAI"]
    assert place == "feed.DAI"
    assert reason.startswith("SourceUnusable(")
    feeds = [with_dai.record.address(f"feed:DAI:{place}") for place in ("primary", "secondary")]
    board.post(feeds, [10**8] * 2, venue.oracle, [], sender=venue.deployment.record.deployer)

    assert carry_out(with_dai, pending(with_dai)).refused == []
    assert pending(with_dai) == []
    assert verify(with_dai, plan(with_dai.config)) == []


def test_a_feed_with_another_authority_is_found(venue, with_dai, node, other):
    """Whoever deploys a feed could keep its poster's role: code hashes do not show it."""
    deploy_missing(with_dai, Chain(node.web3, KeySigner(Account.from_key(other.private_key)), node.artifacts))
    manager = node.deploy("Authority", other, 1, sender=other)
    feed = node.deploy("PostedFeed", manager, 8, "DAI / USD", 10**8, sender=other)
    with_dai.record.contracts["feed:DAI:primary"].address = feed.address

    found = [each.what for each in verify(with_dai, plan(with_dai.config))]

    assert "feed:DAI:primary.authority" in found


def test_operations_are_followed_and_strangers_are_seen(venue, changed, guardian, governor):
    """Announced, scheduled, cancelled, executed, in the record; what the governor's key schedules beside it, alarms."""
    context, record = changed, changed.record
    first, second, *_ = pending(context)
    carry_out(context, [first, second])
    assert [(each.step, each.state, each.nonce) for each in record.operations] == [
        (first.name, "scheduled", 1),
        (second.name, "scheduled", 1),
    ]
    assert strangers(context) == []

    data = venue.vault.setRiskEngine.encode(venue.engine)
    venue.manager.schedule(venue.vault, data, 0, sender=governor)
    (stranger,) = strangers(context)
    assert (stranger.caller, stranger.target, stranger.data, stranger.waits) == (
        governor.address,
        venue.vault.address,
        data,
        True,
    )

    venue.manager.cancel(governor, first.target, first.data, sender=guardian)
    venue.warp(context.config.governance.delay)
    carry_out(context, [each for each in pending(context) if each.name == second.name])
    follow(context)
    assert [each.state for each in record.operations] == ["cancelled", "executed"]

    # what was cancelled and is scheduled again, by whoever has the governor's key, is strange as well
    venue.manager.schedule(first.target, first.data, 0, sender=governor)
    assert {each.id for each in strangers(context)} == {stranger.id, record.operations[0].id}


def test_an_announcement_is_for_one_time(venue, changed, guardian, governor):
    """A file as committed still says "exported": cancelled, and scheduled once more with the governor's key, alarms."""
    first, *_ = pending(changed)
    announce(changed, first.name, first.target, first.data)
    venue.manager.schedule(first.target, first.data, 0, sender=governor)
    assert strangers(changed) == []

    venue.manager.cancel(governor, first.target, first.data, sender=guardian)
    venue.manager.schedule(first.target, first.data, 0, sender=governor)

    assert [(each.nonce, each.waits) for each in strangers(changed)] == [(2, True)]
    assert announce(changed, first.name, first.target, first.data).state == "scheduled"
    assert strangers(changed) == []


def test_the_watch_says_each_alarm_once(venue, changed, guardian, governor):
    """Decoded, with the call that cancels it; what no longer waits is no alarm; what is scheduled again, is."""
    said = []
    watch = Watch(lambda: changed, said.append)
    assert watch.look() == 0

    venue.manager.schedule(venue.vault, venue.vault.setRiskEngine.encode(venue.engine), 0, sender=governor)
    assert (watch.look(), watch.look()) == (1, 0)
    (line,) = said
    assert line.startswith(
        f"ALARM: {governor.address} scheduled MarginVault.setRiskEngine(engine={venue.engine.address}"
    )
    cancel = line.rpartition("data ")[2]
    venue.node.send({"to": venue.manager.address, "data": cancel}, guardian)
    assert Watch(lambda: changed, said.append).look() == 0

    venue.manager.schedule(venue.vault, venue.vault.setRiskEngine.encode(venue.engine), 0, sender=governor)
    assert watch.look() == 1
    assert len(said) == 2


def test_a_watch_that_sees_nothing_says_so():
    """A node that is away ends no watch; five failed looks in a row are an alarm of their own."""

    def away():
        raise RecordError("away")

    said = []
    watch = Watch(away, said.append)
    for _ in range(4):
        watch.look_or_say()
    assert said == []
    for _ in range(6):
        watch.look_or_say()
    assert said == [f"ALARM: the watch is blind, {count} looks in a row failed: away" for count in (5, 10)]


def test_roles_are_remembered(venue, governor, guardian):
    """Whoever runs a script later need not name them again."""
    assert venue.record.roles["governor"] == governor.address
    assert venue.record.roles["guardian"] == guardian.address
