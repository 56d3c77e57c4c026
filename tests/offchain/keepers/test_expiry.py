"""Expiries: who ends them, when, and what a known average is the price of."""

import asyncio

import pytest

from crossmargin.model.instruments import Instrument, Kind, encode, strike_code
from crossmargin.model.positions import SETTLEMENT_WINDOW
from keepers.node import Header
from keepers.reader import Reader
from keepers.strategies import Kind as Call
from keepers.strategies import decide
from keepers.units import GWEI, WAD
from keepers.views import ExpiryState, Screened, end_of
from tests.offchain.keepers.fake_chain import FakeChain
from tests.offchain.keepers.sample_venue import paper_venue
from tests.offchain.keepers.test_arrays import _holding, _watch
from tests.offchain.keepers.test_mirror import NOW, PRICES, _event, _mirror
from tests.offchain.keepers.venue_samples import BIDDER, DEFAULTS, account, settings, snapshot

HOURS = NOW // 3600 + 1
EXPIRY = HOURS * 3600
FIRST = EXPIRY - SETTLEMENT_WINDOW
STRIKE = 15 * WAD
FUTURE = encode(Instrument(Kind.FUTURE, 1, HOURS))
CALL = encode(Instrument(Kind.CALL, 1, HOURS, strike_code(STRIKE)))
PUT = encode(Instrument(Kind.PUT, 1, HOURS, strike_code(STRIKE)))
OTHER = encode(Instrument(Kind.FUTURE, 2, HOURS))
LATER = encode(Instrument(Kind.FUTURE, 1, HOURS + 1))
AVERAGE = 11 * WAD


def _calls(started: int, now: int, cfg=DEFAULTS, **changes: object) -> list[Call]:
    ending = (ExpiryState(FUTURE, started),)
    return [one.kind for one in decide(snapshot(ending=ending, timestamp=now, **changes), cfg)]


@pytest.mark.parametrize(
    ("started", "now", "due"),
    [
        (0, FIRST - 1, None),
        (0, FIRST, Call.START_SETTLEMENT),
        (FIRST, EXPIRY - 1, None),
        (FIRST, EXPIRY, Call.FINISH_SETTLEMENT),
        (FIRST, EXPIRY + SETTLEMENT_WINDOW, Call.FINISH_SETTLEMENT),
        (FIRST, EXPIRY + SETTLEMENT_WINDOW + 1, Call.START_SETTLEMENT),
        (EXPIRY + 7, EXPIRY + 7 + SETTLEMENT_WINDOW - 1, None),
        (EXPIRY + 7, EXPIRY + 7 + SETTLEMENT_WINDOW, Call.FINISH_SETTLEMENT),
        (EXPIRY + 7, EXPIRY + 7 + 2 * SETTLEMENT_WINDOW, Call.FINISH_SETTLEMENT),
        (EXPIRY + 7, EXPIRY + 8 + 2 * SETTLEMENT_WINDOW, Call.START_SETTLEMENT),
        (0, EXPIRY + 86_400, Call.START_SETTLEMENT),
    ],
)
def test_window_is_started_and_finished_when_the_venue_takes_it(started, now, due):
    """Half an hour before expiry, at expiry or half an hour after a late start; anew where nobody finished it."""
    assert _calls(started, now) == ([due] if due else [])


def test_call_is_the_clearinghouses_and_is_done_once():
    """By any instrument of the expiry, for the bidder; the next window is another action."""
    ending = (ExpiryState(FUTURE, 0), ExpiryState(OTHER, FIRST))
    start, finish = decide(snapshot(ending=ending, timestamp=EXPIRY), DEFAULTS)
    assert (start.kind.contract, start.kind.value, start.args) == ("Clearinghouse", "startSettlement", (FUTURE,))
    assert (finish.kind.contract, finish.kind.value, finish.args) == ("Clearinghouse", "finishSettlement", (OTHER,))
    assert start.account == finish.account == BIDDER
    assert start.expected < 0 < start.gas_budget
    done = frozenset({start.key, finish.key})
    assert decide(snapshot(ending=ending, timestamp=EXPIRY, done=done), DEFAULTS) == []
    (same,) = decide(snapshot(ending=(ExpiryState(CALL, 0),), timestamp=EXPIRY), DEFAULTS)
    assert same.key == start.key
    again = ExpiryState(FUTURE, EXPIRY - 86_400)
    assert decide(snapshot(ending=(again,), timestamp=EXPIRY), DEFAULTS)[0].key != start.key


def test_ending_is_a_setting_with_a_price_and_comes_last():
    """Switched off or too expensive nothing is sent; what earns goes first."""
    assert _calls(0, EXPIRY, settings(end_expiries=False)) == []
    assert _calls(0, EXPIRY, settings(upkeep_cost="0.001")) == []
    assert _calls(0, EXPIRY, gas_price=100 * GWEI) == []
    both = snapshot(account(), ending=(ExpiryState(FUTURE, 0),), timestamp=EXPIRY)
    assert [one.kind for one in decide(both, DEFAULTS)] == [Call.START, Call.START_SETTLEMENT]
    assert [one.kind for one in decide(both, settings(max_actions=1))] == [Call.START]


@pytest.fixture
def mirror():
    """Give a mirror with a future, a call and a put of one expiry, all held by somebody, and instruments of others."""
    made = _mirror()
    made.ledger.apply(2, NOW, [_event("InstrumentListed", id=one) for one in (FUTURE, CALL, PUT, OTHER, LATER)])
    for number, instrument in enumerate((FUTURE, CALL, PUT, LATER)):
        _holding(made, 5 + number, 1_000, instrument, 2, basis=20)
    return made


def test_ledger_names_the_expiries_that_end(mirror):
    """From half an hour before, once for an underlying and expiry, where somebody holds a size; until it is known."""
    ledger = mirror.ledger
    assert ledger.ending(FIRST - 1) == []
    assert [end_of(one) for one in ledger.ending(FIRST)] == [end_of(FUTURE)]
    assert len(ledger.ending(EXPIRY + 3600)) == 2
    ledger.apply(4, NOW, [_event("SettlementFinished", id=FUTURE, price=AVERAGE)])
    assert ledger.ending(EXPIRY)[0] in {CALL, PUT}
    ledger.set_average(FUTURE, AVERAGE)
    assert ledger.ending(EXPIRY) == []
    assert ledger.ending(EXPIRY + 3600) == [LATER]
    _holding(mirror, 8, 1_000, LATER, 0, basis=20)
    assert ledger.ending(EXPIRY + 3600) == []


def test_known_average_is_the_price_of_all_of_its_expiry(mirror):
    """Finished or not: a future pays it, options what they pay at it; others are not touched; blocks are undone."""
    ledger = mirror.ledger
    ledger.apply(4, EXPIRY, [])
    ledger.set_average(CALL, AVERAGE)
    prices = {one: ledger.markets[one].final_price for one in (FUTURE, CALL, PUT, OTHER, LATER)}
    assert prices == {FUTURE: AVERAGE, CALL: 0, PUT: STRIKE - AVERAGE, OTHER: None, LATER: None}
    assert mirror.screen(PRICES, EXPIRY) == []
    assert mirror.beyond() == []
    wrong = [Screened(number, True, 0, 1_000 * WAD, 0) for number in (5, 6, 7)]
    assert [one.account for one in mirror.mismatches(wrong)] == [5, 6, 7]
    right = [
        Screened(5, True, 0, 1_002 * WAD, 0),
        Screened(6, True, 0, 980 * WAD, 0),
        Screened(7, True, 0, 988 * WAD, 0),
    ]
    assert mirror.mismatches(right) == []
    ledger.undo_after(3)
    assert {ledger.markets[one].final_price for one in (FUTURE, CALL, PUT)} == {None}
    mirror.screen(PRICES, EXPIRY)
    assert mirror.beyond() == [6, 7]


def _reader(monkeypatch, answers):
    reader, asked = Reader(FakeChain().node(), paper_venue(), None), []

    async def read(_node, _block, *calls):
        asked.extend(calls)
        return [answers[end_of(call[2][0])] for call in calls]

    monkeypatch.setattr(reader._venue, "read", read)
    return reader, asked


def test_reader_asks_for_averages_only_while_an_expiry_ends(mirror, monkeypatch):
    """Those that are known go to the ledger and are not asked about again; the others are given."""
    reader, asked = _reader(monkeypatch, {end_of(FUTURE): (FIRST, 0, 0, False)})

    def look(time: int) -> list[ExpiryState]:
        return asyncio.run(reader.expiries(mirror.ledger, Header(3, "h", "g", time, 1)))

    assert look(FIRST - 1) == []
    assert asked == []
    (found,) = look(FIRST)
    assert (end_of(found.instrument), found.started) == (end_of(FUTURE), FIRST)
    assert [call[:2] for call in asked] == [("Clearinghouse", "settlementOf")]

    reader, asked = _reader(monkeypatch, {end_of(FUTURE): (FIRST, AVERAGE, AVERAGE, False)})
    assert look(EXPIRY) == []
    assert mirror.ledger.markets[FUTURE].final_price == AVERAGE
    assert len(asked) == 1
    assert look(EXPIRY + 1) == []
    assert len(asked) == 1


@pytest.mark.parametrize("wanted", [True, False])
def test_watch_wakes_the_strategies_for_an_expiry(mirror, monkeypatch, wanted):
    """A quiet venue is not looked into, unless an expiry ends and the keeper is to end it."""
    watch, _ = _watch(mirror, end_expiries=wanted)
    state = account(1, excess=10)

    async def answer(value):
        return value

    one = ExpiryState(FUTURE, 0)
    monkeypatch.setattr(watch._reader, "complete", lambda *_: answer(None))
    monkeypatch.setattr(watch._reader, "expiries", lambda *_: answer([one]))
    monkeypatch.setattr(watch._reader, "prices", lambda *_: answer(PRICES))
    monkeypatch.setattr(watch._venue, "screen", lambda *_: answer([]))
    monkeypatch.setattr(watch._venue, "states", lambda *_: answer([state]))
    monkeypatch.setattr(watch._venue, "auctions", lambda *_: answer({}))
    monkeypatch.setattr(watch._venue, "arrays", lambda *_: answer({}))
    monkeypatch.setattr(watch._venue, "auction_params", lambda *_: answer(None))
    found = asyncio.run(watch.look(Header(3, "h", "g", EXPIRY, 1), frozenset(), bids_in_flight=False))
    assert (None if found is None else found.ending) == ((one,) if wanted else None)
