from types import SimpleNamespace

from crossmargin.deployment.instruments import OptionSettings
from crossmargin.simulation.demo.outcome import OptionSample
from crossmargin.simulation.demo.play import Player
from crossmargin.simulation.stage.prices import PriceSeries
from crossmargin.simulation.stage.scenario import ClockSettings

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
        self.volatility = []
        self.config = SimpleNamespace(options={"ETH": OptionSettings()})
        self.sick = sick
        self.shown = {}
        self.halted = False
        self.chain = SimpleNamespace(automine=lambda **_: None, mine=self.mine)

    def mine(self, moment):
        """Note the time."""
        self.moments.append(moment)
        return len(self.moments)

    def post(self, prices, volatility):
        """Note prices and volatility."""
        self.posted.append(dict(prices))
        self.volatility.append(dict(volatility))
        self.shown |= {} if self.halted else prices
        return []

    def require(self, transactions):
        """See that nothing else was sent."""
        assert transactions == []

    def mids(self):
        """Give the prices that are taken over."""
        return {name: price * 10**10 for name, price in self.shown.items()}

    def marks(self):
        """Give the mark of an option."""
        return {"ETH-PUT": WAD}

    def binding(self, _account):
        """Name a scenario."""
        return "-5 %, vol up"

    def read(self, _contract, function, *_arguments):
        """Answer what the player asks."""
        bad = self.moments[-1] in self.sick
        return {
            "screen": ([True], [WAD // 2 if bad else 2**256 - 1], [0], [0]),
            "auctions": ([(0, False, False, 0, 0, 0, 0)],),
            "cashTotals": (0, 0, 0, 7, 0, 0),
            "available": 5,
            "margin": ((), (0, 0, 0, 0, 7 * WAD if bad else 0, 0, 9 * WAD)),
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


def post_volatility(*steps):
    """Play blocks at these times with these volatilities; return what was posted in each."""
    venue = FakeVenue()
    player = Player(venue, Audience(), {1: "account"}, lambda *_: None)
    for moment, level in steps:
        player.block(moment, {}, {"ETH:weekly": level} if level else None)
    return [posted.get("ETH:weekly") for posted in venue.volatility]


def test_volatility_is_posted_when_it_moves():
    """As soon as the venue accepts another post."""
    assert post_volatility((1000, 60), (1020, 66), (1040, 66), (1060, None)) == [60, None, 66, None]


def test_volatility_moves_in_steps():
    """What moves further than one post may is posted in several."""
    assert post_volatility((1000, 1000), (1060, 2000), (1090, None), (1120, None)) == [1000, 1490, 2000, None]
    assert post_volatility((1000, 1000), (1060, 300), (1090, None), (1120, None)) == [1000, 510, 300, None]


def test_volatility_that_stands_is_posted_again():
    """Long before it is stale."""
    assert post_volatility((1000, 60), (1299, None), (1300, None), (1400, 60), (1600, 60)) == [60, None, 60, None, 60]


def test_option_accounts_are_asked_about_when_prices_move_or_in_trouble():
    """What they need and which scenario asks it is recorded with every block."""
    venue = FakeVenue({1060, 1080})
    player = Player(venue, Audience(), {1: "account"}, lambda *_: None, [1])
    player.play(SERIES, CLOCK)
    calm, sick = OptionSample(0, 9 * WAD, None), OptionSample(7 * WAD, 9 * WAD, "-5 %, vol up")
    assert venue.moments == [1000, 1060, 1080, 1100, 1120]
    assert [sample.options["account"] for sample in player.samples] == [calm, sick, sick, calm, calm]
    assert player.samples[0].marks == {"ETH-PUT": WAD}


class Crowd:
    """Notes when it was asked, and how many blocks there were by then."""

    def __init__(self, venue):
        """Look at a venue."""
        self.venue, self.asked = venue, []

    def act(self, moment):
        """Note both."""
        self.asked.append((moment, len(self.venue.moments)))


def test_the_crowd_acts_before_each_block_and_prices_are_observed():
    """Before new prices are there; observed is what is new, and multipliers are recorded; not where nobody asks."""
    venue, observed = FakeVenue(sick=(1060,)), []
    venue.observe = lambda: observed.append(dict(venue.posted[-1]))
    venue.multipliers = lambda: {"ETH": (2 * WAD, WAD)}
    crowd = Crowd(venue)
    player = Player(venue, Audience(), {7: "long"}, lambda *_: None, crowd=crowd, observes=True)
    player.play(SERIES, CLOCK)
    assert crowd.asked == [(moment, place) for place, moment in enumerate(venue.moments)]
    assert observed == [posted for posted in venue.posted if posted]
    assert {sample.multipliers["ETH"] for sample in player.samples} == {(2 * WAD, WAD)}
