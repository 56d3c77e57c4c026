"""What anybody may do for the venue: when it is due, what it may cost, and that it is only done where switched on."""

import asyncio
from dataclasses import replace

import pytest

from crossmargin.model.arrays import RiskArray
from crossmargin.model.freshness import GRID, WEEK, Said, TapeReading
from crossmargin.model.instruments import Instrument, Kind, encode, strike_code
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import PPM, WAD
from keepers.abi import load_abi
from keepers.chain import Header
from keepers.chore_settings import ChoreSettings
from keepers.chores import ChoreReader
from keepers.contracts import SOME, AddressBook, Contracts
from keepers.errors import SettingsError
from keepers.fees import NoData
from keepers.fees.models import Plain
from keepers.look import Seen
from keepers.metrics import Metrics
from keepers.mirror import Mirror, Prices
from keepers.pending import Pending
from keepers.settings import Settings
from keepers.strategies import ActionKind, Chores, Odds, do_chores
from keepers.strategies.chores import FeedState, OverState, TapeState, feeds_due, tapes_due
from keepers.units import GWEI
from tests.offchain.keepers.sample_venue import ADDRESSES
from tests.offchain.keepers.test_arrays import _holding
from tests.offchain.keepers.test_mirror import INSTRUMENTS, _event, _mirror
from tests.offchain.keepers.test_mirror import NOW as CLOCK

NOW = 1_800_000_000
BIDDER = 0xB1D << 96
VALID, STALE = PriceStatus.VALID, PriceStatus.STALE
FUTURE, OTHER = (encode(Instrument(Kind.FUTURE, feed, 500_000)) for feed in (1, 2))
CALL = encode(Instrument(Kind.CALL, 1, 500_001, strike_code(15 * WAD)))
ALL = {"push_feeds": True, "renew_arrays": True, "observe_volatility": True, "settle": True}
ON = ChoreSettings(**ALL)


def _feed(moved: int = 0, age: int = 60, *, near: bool = False, status: PriceStatus = VALID) -> FeedState:
    """Make a feed whose sources say a price that has moved by so many millionths."""
    said = Said(WAD * (PPM + moved) // PPM, NOW, VALID)
    return FeedState(Said(WAD, NOW - age, status), said, 900, near)


def _tape(step: int = -1, time: int = NOW - 600, *, ready: bool = False, steered: bool = True) -> TapeState:
    return TapeState(TapeReading(NOW // GRID + step, time, ready), steered)


def _chores(**changes: object) -> Chores:
    plain = Chores(
        timestamp=NOW,
        gas_price=GWEI // 100,
        data=NoData(),
        native_price=2000 * WAD,
        done=frozenset(),
        bidder=BIDDER,
        deadline=NOW + 60,
        refresh_cost=2 * WAD,
        feeds={},
        tapes={},
        aged={},
        over=(),
    )
    return replace(plain, **changes)


def _calls(chores: Chores, cfg: ChoreSettings = ON) -> list[tuple[str, str, tuple]]:
    return [(one.kind.contract, one.kind.function, one.args) for one in do_chores(chores, cfg)]


def test_feeds_are_pushed_together_when_they_have_moved():
    """By the deviation, at a part of their age, and by less where somebody near liquidation depends on one."""
    feeds = {
        1: _feed(501),
        2: _feed(500),
        3: _feed(age=300),
        4: _feed(101, near=True),
        5: _feed(100, near=True),
        6: _feed(status=STALE),
    }
    chores = _chores(feeds=feeds)
    assert feeds_due(chores, ON) == [1, 3, 4, 6]
    assert _calls(chores) == [("OracleAdapter", "refresh", ((1, 3, 4, 6),))]


def test_first_valid_price_of_a_step_is_observed_and_a_forecast_followed():
    """A multiplier that has a forecast is poked alone; others are observed together; at a bad price nothing is."""
    feeds = dict.fromkeys((1, 2, 3, 5), _feed()) | {4: _feed(status=STALE), 6: _feed(age=700)}
    tapes = {
        1: _tape(ready=True),
        2: _tape(ready=True, steered=False),
        3: _tape(),
        4: _tape(),
        5: _tape(step=0),
        6: _tape(),
        7: _tape(),
    }
    chores = _chores(feeds=feeds, tapes=tapes)
    assert tapes_due(chores) == [1, 2, 3]
    assert _calls(chores, ChoreSettings(observe_volatility=True)) == [
        ("RiskSteward", "poke", ((1,),)),
        ("VolatilityForecaster", "observe", ((2, 3),)),
    ]


def test_aged_arrays_are_renewed_up_to_a_transaction_s_worth():
    """Forty at once, and the next when these are done."""
    aged = {CALL + number: NOW - 500 for number in range(50)}
    (contract, function, (series,)) = _calls(_chores(aged=aged))[0]
    assert (contract, function, series) == ("OptionOracle", "refresh", tuple(list(aged)[:40]))
    renewed = {**aged, **dict.fromkeys(list(aged)[:40], NOW)}
    assert do_chores(_chores(aged=renewed), ON)[0].key != do_chores(_chores(aged=aged), ON)[0].key


def test_losers_are_settled_first_one_batch_a_block():
    """Sixty-four of a market, then the next market once that is under way."""
    many = OverState(FUTURE, tuple((number << 96, WAD * number) for number in range(70)))
    few = OverState(OTHER, ((9 << 96, WAD),))
    chores = _chores(over=(many, few))
    (first,) = do_chores(chores, ON)
    assert (first.kind.contract, first.kind.function) == ("BatchSettler", "settle")
    assert first.args == (FUTURE, tuple(number << 96 for number in range(64)))
    (second,) = do_chores(replace(chores, done=frozenset({first.key})), ON)
    assert second.args == (OTHER, (9 << 96,))


def _everything() -> Chores:
    return _chores(
        feeds={1: _feed(age=300)},
        tapes={1: _tape(ready=True)},
        aged={CALL: NOW - 500},
        over=(OverState(FUTURE, ((5 << 96, WAD),)),),
    )


@pytest.mark.parametrize("chore", ALL)
def test_each_chore_is_switched_on_by_itself(chore):
    """None is on unless it is named; each is done once, for the bidder, and pays its gas."""
    everything = _everything()
    assert do_chores(everything, ChoreSettings()) == []
    (action,) = do_chores(everything, ChoreSettings(**{chore: True}))
    assert (action.account, action.deadline) == (BIDDER, NOW + 60)
    assert action.expected < 0 < action.gas_budget
    assert do_chores(replace(everything, done=frozenset({action.key})), ChoreSettings(**{chore: True})) == []


@pytest.mark.parametrize(
    ("chore", "cost"),
    [("push_feeds", "push_cost"), ("observe_volatility", "volatility_cost"), ("settle", "settle_cost")],
)
def test_nothing_is_done_that_costs_more_than_it_may(chore, cost):
    """By the settings, and at a gas price of now."""
    everything = _everything()
    assert do_chores(everything, ChoreSettings(**{chore: True, cost: "0.0001"})) == []
    assert do_chores(replace(everything, gas_price=1000 * GWEI), ON) == []


def test_kinds_name_the_calls_that_the_contracts_have():
    """Each is a function of its contract."""
    for kind in ActionKind:
        assert load_abi(kind.contract).function(kind.function).name == kind.function


EXPIRED = INSTRUMENTS[3]
PRICES_OF = {1: 10 * WAD, 2: WAD, 3: WAD, 4: WAD}


class PaperVenue:
    """Answers the reader from a table; what is not in it is refused."""

    def __init__(self, **of: object) -> None:
        """Know by view, or by view and feed."""
        self.of = of
        self.asked: list[tuple[str, str, tuple]] = []

    async def tried(self, _block: str, *views: tuple[str, str, tuple]) -> list[tuple | None]:
        """Answer as the lens does."""
        self.asked += views
        return [self.of.get(f"{name}{args[0] if args else ''}", self.of.get(name)) for _, name, args in views]


def _venue(**changes: object) -> PaperVenue:
    config = {"primary": {"maxAge": 900}, "readThrough": False}
    known = {
        "price": ({"mid": 10 * WAD, "time": CLOCK - 60, "status": 1},),
        "latest": (11 * WAD, 0, CLOCK, 1),
        "feedConfig": (config,),
        "feedConfig3": ({**config, "readThrough": True},),
        "tapeOf": (CLOCK // GRID - 1, CLOCK - 600, WEEK),
        "breakerOf": (30_000,),
        "breakerOf2": (0,),
        "ruleOf": ({"base": 5_000},),
        "ruleOf3": ({"base": 0},),
        "available": (20_000 * WAD,),
    }
    return PaperVenue(**{**known, **changes})


def _reader(venue: PaperVenue, mirror: Mirror, metrics: Metrics, *without: str, **chores: object) -> ChoreReader:
    names = [*ADDRESSES, *(name for name in SOME if name not in without)]
    book = AddressBook({name: f"0x{at:040x}" for at, name in enumerate(names)}, 0)
    contracts = Contracts(book, {name: load_abi(name) for name in names})
    settings = Settings(bidder={"owner": "0x" + "aa" * 20}, chores=chores)
    return ChoreReader(venue, Plain(), mirror.ledger, settings, contracts, bidder=BIDDER, metrics=metrics)


def _look(reader: ChoreReader, mirror: Mirror, **statuses: int) -> Chores | None:
    prices = Prices(
        PRICES_OF, {**dict.fromkeys(PRICES_OF, 1), **{int(key[1:]): one for key, one in statuses.items()}}, {}
    )
    seen = Seen(
        block=Header(3, "0x", "0x", CLOCK, GWEI),
        venue=mirror.ledger.venue,
        prices=prices,
        native_price=2000 * WAD,
        marks=mirror.screen(prices, CLOCK),
        exact=[],
        mismatches=[],
        in_auction=[],
        sampled=False,
    )
    nothing = Pending(frozenset(), bids_in_flight=False, odds=Odds(PPM, PPM), busy=frozenset())
    return asyncio.run(reader.of(seen, nothing))


@pytest.fixture
def mirror():
    """Give a venue on paper with an option, a future and their holders, of whom one is near liquidation."""
    made = _mirror()
    meta, nodes = RiskArray(CLOCK - 600, 10 * WAD, 0, 0, 0, (0,) * 18, *(0,) * 7, valid=True).pack()
    made.ledger.apply(
        2,
        CLOCK - 1000,
        [_event("InstrumentListed", id=CALL), _event("ArrayRefreshed", id=CALL, meta=meta, nodes=nodes)],
    )
    for number, instrument, size, basis in ((5, CALL, 1, 1), (6, EXPIRED, 2, 30), (7, EXPIRED, -2, -30)):
        _holding(made, number, 1_000, instrument, size, basis=basis)
    return made


@pytest.fixture
def metrics():
    """Give metrics that start at nothing."""
    return Metrics()


def _value(metrics: Metrics, name: str) -> float | None:
    return metrics.registry.get_sample_value(f"keeper_{name}")


def test_reader_asks_for_nothing_that_is_switched_off(mirror, metrics):
    """By default no chore is done, and no request made."""
    venue = _venue()
    assert _look(_reader(venue, mirror, metrics), mirror) is None
    assert venue.asked == []


def test_reader_finds_feeds_and_tapes(mirror, metrics):
    """Feeds that answer and are stored; tapes with a breaker; a multiplier without a rule follows nothing."""
    venue = _venue(latest2=None)
    reader = _reader(venue, mirror, metrics, push_feeds=True, observe_volatility=True)
    found = _look(reader, mirror)
    assert found.feeds == {
        feed: FeedState(Said(10 * WAD, CLOCK - 60, VALID), Said(11 * WAD, CLOCK, VALID), 900, near=False)
        for feed in (1, 4)
    }
    tape = TapeReading(CLOCK // GRID - 1, CLOCK - 600, ready=True)
    assert found.tapes == {1: TapeState(tape, steered=True), 3: TapeState(tape, steered=False)}
    assert (_value(metrics, "feeds_due"), _value(metrics, "volatility_due")) == (2, 1)
    venue.asked.clear()
    _look(reader, mirror)
    assert [view for _, view, _ in venue.asked].count("feedConfig") == 0


def test_feeds_of_those_near_liquidation_are_near(mirror, metrics):
    """What they hold, and what that is an option or a future on."""
    _holding(mirror, 8, -1_000, EXPIRED, 1, basis=1)
    found = _look(_reader(_venue(), mirror, metrics, push_feeds=True), mirror)
    assert {feed for feed, one in found.feeds.items() if one.near} == {1}


def test_arrays_are_aged_at_a_valid_index_only(mirror, metrics):
    """One refreshed ten minutes ago, of fifteen that it may have."""
    reader = _reader(_venue(), mirror, metrics, renew_arrays=True)
    assert _look(reader, mirror).aged == {CALL: CLOCK - 600}
    assert _value(metrics, "arrays_aged") == 1
    assert _look(reader, mirror, f1=2).aged == {}


def test_positions_of_ended_expiries_are_settled_losers_first(mirror, metrics):
    """Once the average is known, by what each is worth at it."""
    reader = _reader(_venue(), mirror, metrics, settle=True)
    assert _look(reader, mirror).over == ()
    mirror.ledger.apply(4, CLOCK, [_event("SettlementFinished", id=EXPIRED, average=12 * WAD)])
    assert _look(reader, mirror).over == (OverState(EXPIRED, ((6, -6 * WAD), (7, 6 * WAD))),)
    assert _value(metrics, "positions_unsettled") == 2


def test_fund_is_watched(mirror, metrics):
    """Below what it has to have the metric says so."""
    venue = _venue()
    reader = _reader(venue, mirror, metrics, watch_fund=True)
    _look(reader, mirror)
    assert (_value(metrics, "fund_usd"), _value(metrics, "fund_low")) == (20_000, 0)
    venue.of["available"] = (9_999 * WAD,)
    _look(reader, mirror)
    assert (_value(metrics, "fund_usd"), _value(metrics, "fund_low")) == (9_999, 1)
    venue.of["available"] = None
    _look(reader, mirror)
    assert (_value(metrics, "fund_usd"), _value(metrics, "fund_low")) == (9_999, 1)


@pytest.mark.parametrize(
    ("chore", "contract"), [("observe_volatility", "VolatilityForecaster"), ("settle", "BatchSettler")]
)
def test_chore_without_its_contract_is_refused(mirror, metrics, chore, contract):
    """At the start, by name; a venue without a steward is observed all the same."""
    with pytest.raises(SettingsError, match=f"chores.{chore}: the deployment has no {contract}"):
        _reader(_venue(), mirror, metrics, contract, **{chore: True})
    tapes = _look(_reader(_venue(), mirror, metrics, "RiskSteward", observe_volatility=True), mirror).tapes
    assert [one.steered for one in tapes.values()] == [False, False]
