"""A feeder with the poster's key brings a venue that stood still up to date in one turn."""

from datetime import UTC, datetime

import pytest
from eth_account import Account

from crossmargin.chain.signers import KeySigner
from crossmargin.deployment import Chain, VenueContext
from crossmargin.deployment.roles import Role
from crossmargin.errors import FeederError
from crossmargin.feeder.ages import ages
from crossmargin.feeder.feeder import Feeder
from crossmargin.feeder.readings import read_venue
from crossmargin.feeder.wanted import Wanted, posted_sources


@pytest.fixture
def context(venue, node, poster):
    """Reach the venue as its poster."""
    venue.govern(venue.manager, "grantRole", Role.POSTER, poster, 0)
    chain = Chain(node.web3, KeySigner(Account.from_key(poster.private_key)), node.artifacts)
    return VenueContext(chain, venue.config, venue.record)


@pytest.fixture
def wanted(venue):
    """Want every source posted a hundredth higher, and the configuration's slices."""
    slices = {
        name: {
            datetime.fromtimestamp(venue.record.slices[f"{name}:{expiry}"], UTC): shape
            for expiry, shape in each.items()
        }
        for name, each in venue.config.surfaces.items()
    }
    first = {name: feed.primary.price for name, feed in venue.config.feeds.items()}
    prices = {key: first[key.partition(":")[0]] * 101 / 100 for key in posted_sources(venue.config)}
    return Wanted(time=datetime.now(UTC), prices=prices, slices=slices)


def stale(context):
    """Name what is stale."""
    return [each.what for each in ages(context.config, read_venue(context)) if each.stale]


def test_one_turn_renews_everything(venue, context, wanted):
    """Prices, feeds, slices, risk arrays; in the next turn nothing is due."""
    venue.warp(1_000, refresh=False)
    assert [each.partition(" ")[0] for each in stale(context)] == ["volatility"] * 4 + ["risk"] * 4
    said = []

    assert Feeder(context, lambda: wanted).turn(said.append) == []

    assert stale(context) == []
    assert venue.oracle.price(venue.feed("ETH"))["mid"] == 2_020 * 10**18
    assert [each.partition(" ")[0] for each in said] == ["price"] * 8 + ["feeds", "observed"] + ["volatility"] * 4 + [
        "risk"
    ]
    again = []
    assert Feeder(context, lambda: wanted).turn(again.append) == []
    assert again == []


def test_volatility_that_moved_too_far_is_posted_in_part(venue, context, wanted):
    """Four times the variance is beyond a step of a half: the next turns go on from what passes."""
    venue.warp(1_000, refresh=False)
    far = {
        name: {at: shape.model_copy(update={"a": shape.a * 4}) for at, shape in each.items()}
        for name, each in wanted.slices.items()
    }
    moved = wanted.model_copy(update={"slices": far, "prices": {}})
    turns = []
    for _ in range(6):
        said = []
        assert Feeder(context, lambda: moved).turn(said.append) == []
        turns.append([each for each in said if each.startswith("volatility")])
        venue.warp(60)
    assert all("a part of the way" in each for each in turns[0])
    assert not any("a part of the way" in each for each in turns[-1])
    for (name, expiry), shape in moved.volatility().items():
        posted = venue.surface.sliceOf(venue.feed(name), expiry)["slice"]
        assert tuple(posted.values()) == shape.encode()


def test_without_what_is_wanted_the_rest_goes_on(venue, context):
    """A desk that is late stops its own posts, nobody's refresh."""

    def late():
        raise FeederError("late")

    venue.warp(1_000, refresh=False)
    said = []

    (problem,) = Feeder(context, late).turn(said.append)

    assert str(problem) == "nothing is posted: late: feeds and risk arrays are refreshed meanwhile"
    assert [each.partition(" ")[0] for each in said] == ["observed", "risk"]


def test_what_is_refused_is_said_and_the_rest_is_sent(venue, node, context, wanted, other):
    """A key without the poster's role: each post with what to do, and the refreshes that anybody may send."""
    chain = Chain(node.web3, KeySigner(Account.from_key(other.private_key)), node.artifacts)
    stranger = VenueContext(chain, context.config, context.record)
    venue.warp(1_000, refresh=False)
    said = []

    problems = Feeder(stranger, lambda: wanted).turn(said.append)

    assert len(problems) == 12
    assert {each.found.partition("(")[0] for each in problems} == {"AccessManagedUnauthorized"}
    assert {each.remedy for each in problems} == {"send from the account that has the role"}
    assert [each.partition(" ")[0] for each in said] == ["feeds", "observed", "risk"]
