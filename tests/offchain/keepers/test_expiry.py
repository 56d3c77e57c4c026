"""Expiries: who ends them, when, and what a known average is the price of."""

import asyncio

import pytest

from crossmargin.model.arrays import RiskArray
from crossmargin.model.instruments import Instrument, Kind, encode, expiry_key, strike_code
from crossmargin.model.positions import SETTLEMENT_WINDOW
from crossmargin.model.units import PPM, WAD
from keepers.chain import Header
from keepers.fees import NoData
from keepers.mirror import Prices
from keepers.pending import Pending
from keepers.strategies import ActionKind, Expiring, Odds, end_expiry
from keepers.units import GWEI
from keepers.views import ExpiryState, Screened
from tests.offchain.keepers.mirror_samples import NOW, PRICES, event_of, hold_series, mirror_of
from tests.offchain.keepers.sample_venue import log_of, paper_keeper, paper_venue
from tests.offchain.keepers.venue_samples import BIDDER, DEFAULTS, settings

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


def _state(instrument: int = FUTURE, observations: int = 0, last: int = 0) -> ExpiryState:
    return ExpiryState(instrument, observations, last)


def _next(*expiries: ExpiryState, at: int = EXPIRY, cfg=DEFAULTS, gas_price: int = GWEI // 100, done=()):
    return end_expiry(Expiring(at, gas_price, NoData(), 2000 * WAD, frozenset(done), BIDDER, expiries), cfg)


OBSERVE, FINISH = ActionKind.OBSERVE_SETTLEMENT, ActionKind.FINISH_SETTLEMENT


@pytest.mark.parametrize(
    ("observations", "last", "now", "due"),
    [
        (0, 0, FIRST - 1, None),
        (0, 0, FIRST, OBSERVE),
        (1, FIRST, FIRST + 59, None),
        (1, FIRST, FIRST + 60, OBSERVE),
        (1, FIRST + 59, FIRST + 60, OBSERVE),
        (20, FIRST + 1_140, FIRST + 1_199, None),
        (20, FIRST + 1_140, FIRST + 1_200, OBSERVE),
        (20, FIRST + 1_140, EXPIRY - 1, OBSERVE),
        (20, FIRST + 1_140, EXPIRY, FINISH),
        (30, EXPIRY - 60, EXPIRY, FINISH),
        (19, EXPIRY - 60, EXPIRY, OBSERVE),
        (19, EXPIRY + 3_600, EXPIRY + 3_659, None),
        (19, EXPIRY + 3_600, EXPIRY + 3_660, OBSERVE),
        (20, EXPIRY + 3_660, EXPIRY + 3_661, FINISH),
        (0, 0, EXPIRY + 86_400, OBSERVE),
    ],
)
def test_index_is_observed_and_expiries_finished_when_the_venue_takes_it(observations, last, now, due):
    """Once in each minute of the half hour before expiry, after it while there are fewer than twenty; then the end."""
    found = _next(_state(FUTURE, observations, last), at=now)
    assert (None if found is None else found.kind) is due


def test_call_is_the_clearinghouses_and_is_done_once():
    """By any instrument of the expiry, for the bidder; one a block, and none twice."""
    expiries = (_state(FUTURE), _state(OTHER, 30, EXPIRY - 60))
    observe = _next(*expiries)
    finish = _next(*expiries, done=[observe.key])
    assert (observe.kind.contract, observe.kind.function, observe.args) == (
        "Clearinghouse",
        "observeSettlement",
        (FUTURE,),
    )
    assert (finish.kind.contract, finish.kind.function, finish.args) == ("Clearinghouse", "finishSettlement", (OTHER,))
    assert observe.account == finish.account == BIDDER
    assert observe.expected < 0 < observe.gas_budget
    assert observe.deadline == finish.deadline == EXPIRY + DEFAULTS.deadline_seconds
    assert _next(*expiries, done=[observe.key, finish.key]) is None
    assert _next(_state(CALL), done=[observe.key]) is None


def test_next_observation_is_another_action():
    """A minute later, and where the oracle that was observed was replaced."""
    first = _next(_state(FUTURE), at=FIRST)
    again = _next(_state(FUTURE, 1, FIRST), at=FIRST + 60, done=[first.key])
    replaced = _next(_state(FUTURE, 0, FIRST), at=FIRST + 60, done=[first.key])
    assert again.kind is replaced.kind is OBSERVE


def test_what_is_refused_before_an_expiry_is_tried_after_it():
    """A doubt that came too late is none; the proof after the expiry is another action, once."""
    doubt = _next(_state(FUTURE), at=EXPIRY)
    proof = _next(_state(FUTURE), at=EXPIRY + 1, done=[doubt.key])
    assert doubt.kind is proof.kind is OBSERVE
    assert _next(_state(FUTURE), at=EXPIRY + 60, done=[doubt.key, proof.key]) is None


def test_ending_is_a_setting_with_a_price():
    """Switched off or too expensive nothing is sent."""
    assert _next(_state(), cfg=settings(end_expiries=False)) is None
    assert _next(_state(), cfg=settings(expiry_cost="0.001")) is None
    assert _next(_state(), gas_price=100 * GWEI) is None


@pytest.fixture
def mirror():
    """Give a mirror with a future, a call and a put of one expiry, all held by somebody, and instruments of others."""
    made = mirror_of()
    events = [event_of("InstrumentListed", id=one) for one in (FUTURE, CALL, PUT, OTHER, LATER)]
    meta, nodes = RiskArray(NOW, 10 * WAD, 0, 0, 0, (0,) * 18, *(0,) * 7, valid=True).pack()
    events += [event_of("ArrayRefreshed", id=one, meta=meta, nodes=nodes) for one in (CALL, PUT)]
    made.ledger.apply(2, NOW, events)
    for number, instrument in enumerate((FUTURE, CALL, PUT, LATER)):
        hold_series(made, 5 + number, 1_000, instrument, 2, basis=20)
    return made


def _end(mirror, time: int) -> list[tuple[int, int, int]]:
    ending = mirror.screen(PRICES, time).ending
    return [(expiry_key(one.instrument), one.observations, one.last) for one in ending]


def test_ledger_names_the_expiries_that_end(mirror):
    """From half an hour before, once for an underlying and expiry, where somebody holds a size; until it is known."""
    ledger, both = mirror.ledger, [(expiry_key(FUTURE), 0, 0), (expiry_key(LATER), 0, 0)]
    assert _end(mirror, FIRST - 1) == []
    assert _end(mirror, FIRST) == both[:1]
    assert _end(mirror, EXPIRY + 3600) == both
    ledger.apply(4, NOW, [event_of("SettlementFinished", id=FUTURE, average=AVERAGE)])
    assert _end(mirror, EXPIRY) == []
    assert _end(mirror, EXPIRY + 3600) == both[1:]
    hold_series(mirror, 8, 1_000, LATER, 0)
    assert _end(mirror, EXPIRY + 3600) == []


def test_ledger_knows_what_was_observed(mirror):
    """The last observation counts, and none of another oracle; blocks are undone."""
    ledger = mirror.ledger
    oracles = [event_of("OraclesSet", oracle=f"0x{number:040x}", options="0x") for number in (1, 2)]
    observed = [
        event_of("IndexObserved", id=each, time=time, observations=count)
        for each, time, count in ((CALL, FIRST, 1), (PUT, FIRST + 60, 2))
    ]
    ledger.apply(4, NOW, [oracles[0], observed[0]])
    assert _end(mirror, EXPIRY) == [(expiry_key(FUTURE), 1, FIRST)]
    ledger.apply(5, NOW, [observed[1]])
    assert _end(mirror, EXPIRY) == [(expiry_key(FUTURE), 2, FIRST + 60)]
    ledger.apply(6, NOW, [oracles[1]])
    assert _end(mirror, EXPIRY) == [(expiry_key(FUTURE), 0, FIRST + 60)]
    ledger.undo_after(4)
    assert _end(mirror, EXPIRY) == [(expiry_key(FUTURE), 1, FIRST)]


def test_doubt_is_another_state_and_no_observation(mirror):
    """The next doubt is another action; what was observed before stays."""
    ledger = mirror.ledger
    ledger.apply(4, NOW, [event_of("IndexDoubted", id=CALL, time=FIRST)])
    assert _end(mirror, EXPIRY) == [(expiry_key(FUTURE), 0, FIRST)]
    ledger.apply(5, NOW, [event_of("IndexObserved", id=CALL, time=FIRST + 60, observations=1)])
    ledger.apply(6, NOW, [event_of("IndexDoubted", id=PUT, time=FIRST + 120)])
    assert _end(mirror, EXPIRY) == [(expiry_key(FUTURE), 1, FIRST + 120)]


def test_known_average_is_the_price_of_all_of_its_expiry(mirror):
    """Finished or not: a future pays it, options what they pay at it; others are not touched; blocks are undone."""
    ledger = mirror.ledger
    finished = log_of("Clearinghouse", "SettlementFinished", id=CALL, average=AVERAGE)
    ledger.apply(4, EXPIRY, paper_venue().decode([finished]))
    prices = {one: ledger.markets[one].final_price for one in (FUTURE, CALL, PUT, OTHER, LATER)}
    assert prices == {FUTURE: AVERAGE, CALL: 0, PUT: STRIKE - AVERAGE, OTHER: None, LATER: None}
    marks = mirror.screen(PRICES, EXPIRY, [5, 6, 7])
    assert marks.near == []
    wrong = [Screened(number, True, 0, 1_000 * WAD, 0) for number in (5, 6, 7)]
    assert [one.account for one in mirror.mismatches(marks, wrong)] == [5, 6, 7]
    right = [Screened(number, True, 0, excess * WAD, 0) for number, excess in ((5, 1_002), (6, 980), (7, 988))]
    assert mirror.mismatches(marks, right) == []
    ledger.undo_after(3)
    assert {ledger.markets[one].final_price for one in (FUTURE, CALL, PUT)} == {None}


def test_snapshots_give_the_expiries_that_the_venue_takes(mirror, monkeypatch):
    """On a quiet venue too, whatever state the bidder's account is in; those past their time are counted.

    The venue is asked once a call is due, and none is made that it refuses, whatever the status of the index.
    """
    paper = paper_keeper(mirror)
    statuses = dict(PRICES.statuses)
    observing, finishing = (
        {paper_venue().encode("Clearinghouse", kind.function, one)[1] for one in (FUTURE, CALL, PUT)}
        for kind in (OBSERVE, FINISH)
    )

    async def answer(value):
        return value

    monkeypatch.setattr(paper.prices, "read", lambda *_: answer(Prices(PRICES.mids, statuses, {})))
    monkeypatch.setattr(paper.lens, "screen", lambda *_: answer([]))
    paper.chain.mine()
    block_hash = paper.chain.hashes()[1]

    def look(time: int) -> list[int]:
        block = Header(0, block_hash, "g", time, 1)
        seen = asyncio.run(paper.look.at(block, sample=True))
        nothing = Pending(frozenset(), bids_in_flight=False, odds=Odds(PPM, PPM), busy=frozenset())
        assert asyncio.run(paper.snapshots.of(seen, nothing)) is None
        found = asyncio.run(paper.snapshots.expiring(seen, nothing))
        return [] if found is None else [expiry_key(one.instrument) for one in found.expiries]

    def due() -> float | None:
        return paper.metrics.registry.get_sample_value("keeper_expiries_due")

    assert (look(FIRST - 1), due()) == ([], 0)
    assert (look(FIRST), due()) == ([expiry_key(FUTURE)], 0)
    assert (look(EXPIRY), due()) == ([expiry_key(FUTURE)], 1)
    statuses[1] = 2
    assert (look(EXPIRY), due()) == ([expiry_key(FUTURE)], 1)
    paper.chain.reverts = observing
    assert (look(EXPIRY), due()) == ([], 1)
    assert (look(EXPIRY + 86_400), due()) == ([expiry_key(LATER)], 2)
    mirror.ledger.apply(4, NOW, [event_of("IndexObserved", id=FUTURE, time=FIRST, observations=20)])
    assert (look(EXPIRY), due()) == ([expiry_key(FUTURE)], 1)
    paper.chain.reverts = finishing
    assert look(EXPIRY) == []
