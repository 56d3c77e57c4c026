"""What the reader of chores finds on a venue on paper, and what it asks for it."""

import asyncio

import pytest

from crossmargin.model.arrays import RiskArray
from crossmargin.model.freshness import GRID, WEEK, Said, TapeReading
from crossmargin.model.instruments import Instrument, Kind, encode, strike_code
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import PPM, WAD
from keepers.abi import load_abi
from keepers.chain import Header
from keepers.chores import ChoreReader
from keepers.contracts import SOME, AddressBook, Contracts
from keepers.errors import SettingsError
from keepers.fees.models import Plain
from keepers.look import Seen
from keepers.metrics import Metrics
from keepers.mirror import Mirror, Prices
from keepers.pending import Pending
from keepers.settings import Settings
from keepers.strategies import Chores, Odds
from keepers.strategies.chores import NOTHING_HELD, FeedState, HeldReceipt, Holder, OverState, Redeemable, TapeState
from keepers.units import GWEI
from tests.offchain.keepers.mirror_samples import INSTRUMENTS, TOKENS, event_of, hold_series, mirror_of
from tests.offchain.keepers.mirror_samples import NOW as CLOCK
from tests.offchain.keepers.sample_venue import ADDRESSES
from tests.offchain.keepers.venue_samples import account

BIDDER = 0xB1D << 96
VALID = PriceStatus.VALID
CALL = encode(Instrument(Kind.CALL, 1, 500_001, strike_code(15 * WAD)))
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

    async def read(self, block: str, *views: tuple[str, str, tuple]) -> list[tuple]:
        """Answer what cannot be refused."""
        return [answer for answer in await self.tried(block, *views) if answer is not None]

    async def states(self, _block: str, accounts: list[int]) -> list:
        """Say how accounts stand."""
        self.asked.append(("MarginLens", "accountViews", tuple(accounts)))
        return [self.of["state"]]


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


def _look(reader: ChoreReader, mirror: Mirror, later: int = 0, **statuses: int) -> Chores | None:
    prices = Prices(
        PRICES_OF, {**dict.fromkeys(PRICES_OF, 1), **{int(key[1:]): one for key, one in statuses.items()}}, {}
    )
    seen = Seen(
        block=Header(3, "0x", "0x", CLOCK + later, GWEI),
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
    made = mirror_of()
    meta, nodes = RiskArray(CLOCK - 600, 10 * WAD, 0, 0, 0, (0,) * 18, *(0,) * 7, valid=True).pack()
    made.ledger.apply(
        2,
        CLOCK - 1000,
        [event_of("InstrumentListed", id=CALL), event_of("ArrayRefreshed", id=CALL, meta=meta, nodes=nodes)],
    )
    for number, instrument, size, basis in ((5, CALL, 1, 1), (6, EXPIRED, 2, 30), (7, EXPIRED, -2, -30)):
        hold_series(made, number, 1_000, instrument, size, basis=basis)
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
    hold_series(mirror, 8, -1_000, EXPIRED, 1, basis=1)
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
    mirror.ledger.apply(4, CLOCK, [event_of("SettlementFinished", id=EXPIRED, average=12 * WAD)])
    assert _look(reader, mirror).over == (OverState(EXPIRED, (Holder(6, 0), Holder(7, 0)), 2),)
    assert _value(metrics, "positions_unsettled") == 2


@pytest.fixture
def ended(mirror):
    """Give a venue whose future has ended: 8 has lost and owes another market, 9 has won and holds one too."""
    for number, size, basis in ((8, 3, 90), (9, -3, -90)):
        hold_series(mirror, number, 10, EXPIRED, size, basis=basis)
        hold_series(mirror, number, 10, INSTRUMENTS[0], 1, basis=20)
    mirror.ledger.apply(4, CLOCK, [event_of("SettlementFinished", id=EXPIRED, average=12 * WAD)])
    return mirror


def _settled(reader: ChoreReader, mirror: Mirror, venue: PaperVenue, later: int = 0) -> tuple[list[int], list[int]]:
    """Look so much later: who would be settled, and who was tried."""
    venue.asked.clear()
    ((one,),) = (_look(reader, mirror, later).over,)
    tried = [args[0] for _, view, args in venue.asked if view == "settle"]
    return [holder.account for holder in one.holders], tried


def test_whoever_would_be_refused_is_left_out_until_something_changes(ended, metrics):
    """Tried before it is sent where it has several markets; left alone while it is as it was, but still counted."""
    venue = _venue(settle8=None, settle9=())
    reader = _reader(venue, ended, metrics, settle=True)
    assert _settled(reader, ended, venue) == ([6, 7, 9], [8, 9])
    assert _value(metrics, "positions_unsettled") == 4
    for later in (12, 60, 3_599):
        assert _settled(reader, ended, venue, later) == ([6, 7, 9], [9])
    assert _settled(reader, ended, venue, 3_600)[1] == [8, 9], "prices may have changed"


@pytest.mark.parametrize(
    "event",
    [
        event_of("CashChanged", account=8, delta=WAD, cash=11 * WAD),
        event_of("PositionChanged", account=8, id=INSTRUMENTS[0], size=0, basis=0),
        event_of("ClaimsChanged", account=8, id=INSTRUMENTS[1], longClaim=WAD, shortClaim=0),
        event_of("AuctionStarted", account=8, id=1),
        event_of("Deposited", account=8, token=TOKENS[1], amount=5),
    ],
)
def test_a_change_is_tried_after_a_minute_and_settled_when_it_is_taken(ended, metrics, event):
    """Cash, a leg, what closed ones are owed, an auction, collateral; each refusal doubles how long it takes."""
    venue = _venue(settle8=None, settle9=())
    reader = _reader(venue, ended, metrics, settle=True)
    _settled(reader, ended, venue)
    ended.ledger.apply(5, CLOCK, [event])
    assert _settled(reader, ended, venue, 59)[1] == [9]
    several = event.name != "PositionChanged"  # in one market nobody is refused, and nobody tried
    assert _settled(reader, ended, venue, 60) == ([6, 7, 9] if several else [8, 6, 7, 9], [8, 9] if several else [9])
    if not several:
        return
    ended.ledger.apply(6, CLOCK, [event_of("CashChanged", account=8, delta=WAD, cash=12 * WAD)])
    assert _settled(reader, ended, venue, 60 + 119)[1] == [9]
    venue.of["settle8"] = ()
    found = _look(reader, ended, 60 + 120).over[0].holders
    assert [one.account for one in found] == [8, 6, 7, 9]
    assert [bool(one.state) for one in found] == [True, False, False, False]


def test_whoever_is_settled_is_forgotten(ended, metrics):
    """A position that is gone leaves no refusal behind; one like it begins anew."""
    venue = _venue(settle8=None, settle9=())
    reader = _reader(venue, ended, metrics, settle=True)
    _settled(reader, ended, venue)
    ended.ledger.apply(5, CLOCK, [event_of("PositionChanged", account=8, id=EXPIRED, size=0, basis=0)])
    assert _settled(reader, ended, venue, 12) == ([6, 7, 9], [9])
    ended.ledger.apply(6, CLOCK, [event_of("PositionChanged", account=8, id=EXPIRED, size=WAD, basis=90 * WAD)])
    assert _settled(reader, ended, venue, 24) == ([6, 7, 9], [8, 9])


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
    ("chore", "contract"),
    [
        ("observe_volatility", "VolatilityForecaster"),
        ("settle", "BatchSettler"),
        ("redeem_receipts", "CollateralHub"),
    ],
)
def test_chore_without_its_contract_is_refused(mirror, metrics, chore, contract):
    """At the start, by name; a venue without a steward is observed all the same."""
    with pytest.raises(SettingsError, match=f"chores.{chore}: the deployment has no {contract}"):
        _reader(_venue(), mirror, metrics, contract, **{chore: True})
    tapes = _look(_reader(_venue(), mirror, metrics, "RiskSteward", observe_volatility=True), mirror).tapes
    assert [one.steered for one in tapes.values()] == [False, False]


def test_receipts_are_found_once_the_bidder_holds_some(mirror, metrics):
    """Those of routes alone, and of none that is short; margin that is kept in reserve is not to spare.

    All routes are read once in a while, those of what is held each time.
    """
    token = mirror.ledger.assets[1].token
    route = {"receipt": token.upper(), "shortage": 0}
    state = account(BIDDER, initial=2_500, spot=((1, 600), (2, 300)))
    venue = _venue(routeCount=(2,), routeOf1=(route,), routeOf2=({"receipt": "0xEE"},), state=state)
    reader = _reader(venue, mirror, metrics, redeem_receipts=True)
    assert _look(reader, mirror).receipts == NOTHING_HELD
    assert [view for _, view, _ in venue.asked] == ["routeCount", "routeOf", "routeOf"]
    mirror.ledger.apply(4, CLOCK, [event_of("Deposited", account=BIDDER, token=token, amount=5)])
    venue.asked.clear()
    held = state.spot[0]
    kept = Settings(bidder={"owner": "0x" + "aa" * 20}).strategy.margin_reserve
    found = _look(reader, mirror).receipts
    assert found == Redeemable(2_500 * WAD - kept, (HeldReceipt(token, held.amount, held.value),))
    assert [view for _, view, _ in venue.asked] == ["routeOf", "accountViews"]
    route["shortage"] = 1
    assert _look(reader, mirror).receipts.held == ()
