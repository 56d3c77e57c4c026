from types import SimpleNamespace

import pytest

from crossmargin.deployment import NetworkConfig
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.errors import ScenarioError
from crossmargin.simulation.demo.play import Player
from crossmargin.simulation.demo.prices import PriceSeries
from crossmargin.simulation.demo.scenario import ClockSettings
from crossmargin.simulation.demo.venue import fit_config

WAD = 10**18
CLOCK = ClockSettings.model_validate(
    {"start": "2025-01-01T00:00:00Z", "minutes": 2, "auction_step": 20, "settle_minutes": 2}
)
SERIES = PriceSeries((1000, 1060, 1120), {"ETH": (10 * 10**8, 9 * 10**8, 9 * 10**8), "USDT": (10**8, 10**8, 10**8)})


class FakeVenue:
    """A venue whose only account is unhealthy while `sick` says so."""

    def __init__(self, sick=()):
        """Be unhealthy at these times."""
        self.moments = []
        self.posted = []
        self.sick = sick
        self.shown = {}
        self.halted = False
        self.chain = SimpleNamespace(automine=lambda **_: None, mine=self.mine)

    def mine(self, moment):
        """Note the time."""
        self.moments.append(moment)
        return len(self.moments)

    def post(self, prices):
        """Note the prices."""
        self.posted.append(dict(prices))
        self.shown |= {} if self.halted else prices
        return []

    def require(self, transactions):
        """See that nothing else was sent."""
        assert transactions == []

    def mids(self):
        """Give the prices that are taken over."""
        return {name: price * 10**10 for name, price in self.shown.items()}

    def read(self, _contract, function, *_arguments):
        """Answer what the player asks."""
        bad = self.moments[-1] in self.sick
        return {
            "screen": ([True], [WAD // 2 if bad else 2**256 - 1], [0], [0]),
            "auctions": ([(0, False, False, 0, 0, 0, 0)],),
            "cashTotals": (0, 0, 0, 7, 0),
            "available": 5,
        }[function]


class Audience:
    """Remembers the blocks it was shown."""

    def __init__(self):
        """Begin with none."""
        self.blocks = []

    def wait(self, block):
        """Note the block."""
        self.blocks.append(block)


def play(sick=()):
    """Play three prices."""
    venue, audience = FakeVenue(sick), Audience()
    player = Player(venue, audience, {1: "account"}, lambda *_: None)
    player.play(SERIES, CLOCK)
    return venue, audience, player


def test_a_calm_run_has_one_block_per_price():
    """Nothing is added while nobody is in trouble."""
    venue, audience, player = play()
    assert venue.moments == [1000, 1060, 1120]
    assert audience.blocks == [1, 2, 3]
    assert [sample.health for sample in player.samples] == [{"account": None}] * 3


def test_only_prices_that_move_are_posted():
    """A price that stands is not posted again."""
    venue, _, _ = play()
    assert venue.posted == [{"ETH": 10 * 10**8, "USDT": 10**8}, {"ETH": 9 * 10**8}, {}]


def test_trouble_gets_blocks_between_prices():
    """While an account is unhealthy, blocks are an auction step apart."""
    venue, _, player = play({1060, 1080, 1100})
    assert venue.moments == [1000, 1060, 1080, 1100, 1120]
    assert player.samples[1].health == {"account": WAD // 2}
    assert (player.samples[1].fund, player.samples[1].deficit) == (5, 7)
    assert player.samples[1].prices == {"ETH": 9 * 10**8, "USDT": 10**8}


def test_trouble_at_the_end_is_waited_out_for_a_bounded_time():
    """After the last price there are settle_minutes."""
    venue, _, player = play(range(1120, 10_000))
    assert venue.moments[3:] == [1140, 1160, 1180, 1200, 1220]
    assert player.troubled == ["account"]


def test_a_doubted_price_is_waited_for():
    """While the venue holds on to an old price, blocks go on, so that it can step towards the new one."""
    venue = FakeVenue()
    player = Player(venue, Audience(), {1: "account"}, lambda *_: None)
    player.block(1000, {"ETH": 10 * 10**8})
    venue.halted = True
    player.block(1060, {"ETH": 5 * 10**8})
    player._attend(1060, 1120, 20)
    assert venue.moments == [1000, 1060, 1080, 1100]


@pytest.fixture(scope="module")
def local():
    """Read the local configuration."""
    return NetworkConfig.load(REPOSITORY / "config" / "local.toml")


POSTER = "0x90F79bf6EB2c4f870365E785982E1f101E93b906"


def test_fit_config_begins_at_the_first_prices(local, scenario):
    """The deployed feeds start where the scenario does, so that the breaker sees no jump."""
    config = fit_config(local, scenario, {"ETH": 4_000 * 10**8}, POSTER)
    assert config.feeds["ETH"].primary.price == 4_000
    assert config.governance.poster == POSTER


@pytest.mark.parametrize(
    ("first", "message"),
    [
        ({"DOGE": 10**8}, "prices.DOGE: no posted feed of the venue; there are .*ETH"),
        ({"ETH": 1}, "prices.ETH: 1E-8 is outside the feed's band"),
    ],
)
def test_fit_config_refuses_prices(local, scenario, first, message):
    """A price that the venue cannot carry is refused before anything starts."""
    with pytest.raises(ScenarioError, match=message):
        fit_config(local, scenario, first, POSTER)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("deposits", {"DOGE": 5}, "long: deposits.DOGE: the venue has .*USDC"),
        ("positions", {"DOGE-PERP": 5}, "long: positions.DOGE-PERP: the venue has .*ETH-PERP"),
    ],
)
def test_fit_config_refuses_unknown_names(local, scenario, field, value, message):
    """So is a token or an instrument that the venue has not."""
    account = scenario.accounts[0].model_copy(update={field: value})
    with pytest.raises(ScenarioError, match=message):
        fit_config(local, scenario.model_copy(update={"accounts": [account]}), {}, POSTER)
