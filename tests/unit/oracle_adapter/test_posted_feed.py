"""A feed that a poster role posts to."""

import ape
import pytest
from eth_utils.crypto import keccak

from tests.helpers.compiled import container


@pytest.fixture
def feed(governor, poster, manager, oracle, chain):
    """Deploy a posted feed; the poster's role is 2."""
    made = governor.deploy(container("PostedFeed"), manager, 8, "ETH / USD", 2000 * 10**8)
    manager.setTargetFunctionRole(made, [keccak(text="post(int256)")[:4]], 2, sender=governor)
    manager.grantRole(2, poster, 0, sender=governor)
    chain.mine(timestamp=chain.pending_timestamp + 1)
    return made


def test_post_appends_a_round(feed, poster):
    """Rounds keep their answers and times."""
    receipt = feed.post(2100 * 10**8, sender=poster)
    latest = feed.latestRoundData()
    assert (latest.roundId, latest.answer, latest.updatedAt) == (2, 2100 * 10**8, receipt.timestamp)
    assert feed.getRoundData(1).answer == 2000 * 10**8
    assert (feed.decimals(), feed.description()) == (8, "ETH / USD")


@pytest.mark.parametrize("answer", [0, -1, 2**191])
def test_post_rejects_answer_out_of_range(feed, poster, answer):
    """Answers are above zero and fit their slot."""
    with ape.reverts(feed.AnswerOutOfRange, error_inputs={"answer": answer, "limit": 2**191 - 1}):
        feed.post(answer, sender=poster)
    assert feed.latestRoundData().roundId == 1


def test_post_is_restricted(feed, keeper):
    """Only the poster posts."""
    with ape.reverts(feed.AccessManagedUnauthorized, error_inputs={"caller": keeper}):
        feed.post(2100 * 10**8, sender=keeper)
    assert feed.latestRoundData().roundId == 1


def test_post_rejects_second_answer_of_a_second(feed, poster, chain):
    """Time increases with every round."""
    time = feed.post(2100 * 10**8, sender=poster).timestamp
    chain.pending_timestamp = time
    with ape.reverts(feed.TimeNotIncreasing, error_inputs={"time": time, "last": time}):
        feed.post(2101 * 10**8, sender=poster)
    assert feed.latestRoundData().answer == 2100 * 10**8


@pytest.mark.parametrize("round_id", [0, 2])
def test_get_round_data_rejects_unknown_round(feed, round_id):
    """Rounds count from 1."""
    with ape.reverts(feed.NoRound, error_inputs={"roundId": round_id, "count": 1}):
        feed.getRoundData(round_id)


def test_posted_feed_lists(feed, poster, listed, source, move, oracle):
    """The oracle reads it like any aggregator."""
    listed(primary=source(feed))
    feed.post(2050 * 10**8, sender=poster)
    assert move().mid == 2050 * 10**18
