"""The sequencer's uptime as the floor of auction clocks."""

import ape
import pytest

from tests.helpers.compiled import container

DAY = 86_400


@pytest.fixture
def uptime(governor):
    """Deploy an uptime feed that says up since now."""
    return governor.deploy(container("MockAggregator"), 0, "L2 Sequencer Uptime Status Feed", 0)


def test_sequencer_floor_without_feed(oracle):
    """Chains without a sequencer have no floor."""
    assert oracle.sequencerFloor() == 0


def test_sequencer_floor_is_return_plus_grace(oracle, uptime, governor, keeper, chain):
    """Attack 31: clocks count from the return plus the grace; while it is down, never."""
    oracle.setSequencerFeed(uptime, 3600, sender=governor)
    since = chain.blocks.head.timestamp
    uptime.setRound(0, since, since, sender=keeper)
    assert oracle.sequencerFloor() == since + 3600
    uptime.setRound(1, since, since, sender=keeper)
    assert oracle.sequencerFloor() == 2**256 - 1


@pytest.mark.parametrize("mode", [1, 2, 3, 4], ids=["revert", "burn", "short", "bomb"])
def test_sequencer_floor_ignores_dead_feed(oracle, uptime, governor, keeper, mode):
    """A feed that no longer answers must not stop liquidations."""
    oracle.setSequencerFeed(uptime, 3600, sender=governor)
    uptime.setMode(mode, sender=keeper)
    assert oracle.sequencerFloor() == 0


def test_set_sequencer_feed_rejects_what_is_none(oracle, uptime, governor, keeper):
    """A price feed is no uptime feed; the grace is at most a day."""
    with ape.reverts(oracle.DurationTooLong, error_inputs={"duration": DAY + 1, "limit": DAY}):
        oracle.setSequencerFeed(uptime, DAY + 1, sender=governor)
    uptime.setAnswer(2000, sender=keeper)
    with ape.reverts(oracle.SequencerFeedUnusable, error_inputs={"feed": uptime.address}):
        oracle.setSequencerFeed(uptime, 3600, sender=governor)
    assert oracle.sequencerFeed().grace == 0
