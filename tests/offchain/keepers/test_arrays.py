"""When the keeper refreshes risk arrays, and what waits for them."""

import asyncio
from dataclasses import replace

import pytest
from eth_abi.abi import encode

from crossmargin.model.arrays import RiskArray
from crossmargin.model.units import WAD
from keepers.chain import Header
from keepers.strategies import ActionKind, Snapshot, decide
from keepers.strategies.arrays import refreshes
from keepers.strategies.model import gas_units
from keepers.units import GWEI
from keepers.views import Screened, underlying_of
from tests.offchain.keepers.mirror_samples import NOW, PRICES, event_of, hold_series, mirror_of
from tests.offchain.keepers.sample_venue import ADDRESSES, log_of, paper_keeper, paper_venue
from tests.offchain.keepers.venue_samples import (
    BIDDER,
    DEFAULTS,
    ETH_CALL,
    ETH_PERPETUAL,
    ETH_PUT,
    SICK,
    account,
    array,
    auction,
    settings,
    snapshot,
)

OLD = array(451)


def _writer(number: int = SICK, *series: int, **changes: object):
    return account(number, legs=tuple((one, -1.0) for one in series or (ETH_CALL,)), **changes)


def _kinds(snap: Snapshot, cfg=DEFAULTS) -> list[ActionKind]:
    return [action.kind for action in decide(snap, cfg)]


@pytest.mark.parametrize(
    ("state", "due"),
    [
        (array(450), False),
        (array(451), True),
        (array(ref=1991), False),
        (array(ref=1990), True),
        (array(ref=2011), True),
        (array(valid=False, status=1), True),
        (array(valid=False, status=2), False),
        (array(1000, ref=0), True),  # never
    ],
)
def test_arrays_are_due_at_half_the_limits(state, due):
    """Age and move count up to half of what the venue allows; one made at bad prices once they are good."""
    found = refreshes(snapshot(_writer(), arrays={ETH_CALL: state}), [_writer()], DEFAULTS)
    assert [action.args for action in found] == ([((ETH_CALL,),)] if due else [])


def test_account_waits_for_its_arrays():
    """First the arrays, then the start; not both at once, and not for ever when the refresh is under way or failed."""
    before = snapshot(_writer(), arrays={ETH_CALL: OLD})
    (action,) = decide(before, DEFAULTS)
    assert (action.kind, action.account, action.args) == (ActionKind.REFRESH, SICK, ((ETH_CALL,),))
    assert action.kind.contract == "OptionOracle"
    assert _kinds(snapshot(_writer(), arrays={ETH_CALL: OLD}, done=frozenset({action.key}))) == [ActionKind.START]
    assert _kinds(snapshot(_writer(), arrays={ETH_CALL: array()})) == [ActionKind.START]


def test_others_do_not_wait():
    """An account without stale arrays is started in the same block."""
    plain = account(1 << 96, excess=-1)
    assert _kinds(snapshot(_writer(), plain, arrays={ETH_CALL: OLD})) == [ActionKind.REFRESH, ActionKind.START]


def test_each_series_is_refreshed_once():
    """Two accounts with the same series: the worse one's transaction covers it."""
    worse = _writer(1 << 96, ETH_CALL, ETH_PUT, excess=-300)
    better = _writer(2 << 96, ETH_CALL, excess=-1)
    found = decide(snapshot(better, worse, arrays={ETH_CALL: OLD, ETH_PUT: OLD}), DEFAULTS)
    assert [(one.kind, one.account >> 96) for one in found] == [(ActionKind.REFRESH, 1), (ActionKind.START, 2)]
    assert found[0].args == ((ETH_CALL, ETH_PUT),)


def test_refresh_has_a_key_of_its_own_for_each_state():
    """The same arrays are not refreshed twice; once they are old again, they are."""
    keys = {
        decide(snapshot(_writer(), arrays={ETH_CALL: state}), DEFAULTS)[0].key
        for state in (array(451), array(451), array(452))
    }
    assert len(keys) == 2


def test_near_liquidation_is_enough():
    """A healthy account that a look found near liquidation has its arrays kept fresh, and nothing else."""
    assert _kinds(snapshot(_writer(excess=1), arrays={ETH_CALL: OLD})) == [ActionKind.REFRESH]


def test_bids_wait_for_the_bidders_arrays():
    """What the bidder holds has to be fresh too, or the venue refuses new risk."""
    sick = account(in_auction=True, legs=((ETH_PERPETUAL, 1.0),))
    holder = account(BIDDER, excess=50_000, equity=60_000, initial=40_000, legs=((ETH_CALL, 1.0),))
    sale = {SICK: auction(800)}
    assert _kinds(snapshot(sick, auctions=sale, bidder=holder, arrays={ETH_CALL: array()})) == [ActionKind.BID]
    assert _kinds(snapshot(sick, auctions=sale, bidder=holder, arrays={ETH_CALL: OLD})) == [ActionKind.REFRESH]
    assert _kinds(snapshot(bidder=holder, arrays={ETH_CALL: OLD})) == []


def test_refresh_is_a_setting_with_a_price():
    """Switched off or too expensive, the start goes on without."""
    snap = snapshot(_writer(equity=900_000), arrays={ETH_CALL: OLD})
    assert _kinds(snap, settings(refresh_arrays=False)) == [ActionKind.START]
    assert _kinds(snap, settings(refresh_cost="0.001")) == [ActionKind.START]
    dear = snapshot(_writer(equity=900_000, requirement=900_000), arrays={ETH_CALL: OLD}, gas_price=100 * GWEI)
    assert _kinds(dear) == [ActionKind.START]


def test_settled_legs_have_no_arrays():
    """A leg without size is a claim, whatever it was."""
    assert account(legs=((ETH_CALL, 0.0), (ETH_PERPETUAL, 1.0))).option_series == []
    assert gas_units(_writer()) > gas_units(account(legs=((ETH_PERPETUAL, 1.0),)))


def _listed(mirror, block: int = 2) -> None:
    mirror.ledger.apply(block, NOW, [event_of("InstrumentListed", id=ETH_CALL)])


CALL_ARRAY = RiskArray(NOW, 2_000 * WAD, 20 * 2**20, 40, 0, (0,) * 18, *(0,) * 7, valid=True)


def _refreshed(mirror, block: int, made: RiskArray) -> None:
    meta, nodes = made.pack()
    log = log_of("OptionOracle", "ArrayRefreshed", id=ETH_CALL, meta=meta, nodes=nodes)
    mirror.ledger.apply(block, NOW, paper_venue().decode([log]))


def test_mirror_values_options_by_the_arrays_that_events_tell():
    """A refresh brings the array into the mirror; until then the holder is asked about, and compared with nobody."""
    mirror = mirror_of()
    _listed(mirror)
    hold_series(mirror, 5, 1_000, ETH_CALL, 1)
    assert mirror.screen(PRICES, NOW).sick == [5]
    assert mirror.mismatches(mirror.screen(PRICES, NOW), [Screened(5, True, 0, 77 * WAD, 0)]) == []
    _refreshed(mirror, 4, CALL_ARRAY)
    marks = mirror.screen(PRICES, NOW, [5])
    assert (marks.near, marks.sick, marks.outdated) == ([], [], [])
    worth = 1_000 * WAD + CALL_ARRAY.mark_floor
    assert mirror.mismatches(marks, [Screened(5, True, 0, worth, 0)]) == []
    assert mirror.mismatches(marks, [Screened(5, True, 0, worth + WAD, 0)]) != []
    mirror.ledger.undo_after(3)
    assert mirror.screen(PRICES, NOW).sick == [5]


def test_outdated_are_those_near_whose_arrays_are_used_up():
    """By age, by a move of the index, or made at prices that were not Valid; nobody far from liquidation."""
    mirror = mirror_of()
    _listed(mirror)
    hold_series(mirror, 5, 1_000, ETH_CALL, 1)
    hold_series(mirror, 6, -1, ETH_CALL, 0)
    hold_series(mirror, 7, -1, ETH_CALL, 1, basis=1_000)
    at_ref = replace(PRICES, mids={**PRICES.mids, underlying_of(ETH_CALL): CALL_ARRAY.ref})
    _refreshed(mirror, 4, CALL_ARRAY)
    assert mirror.screen(at_ref, NOW + 450, used_up=500_000).outdated == []
    assert mirror.screen(at_ref, NOW + 451, used_up=500_000).outdated == [7]
    moved = replace(at_ref, mids={**at_ref.mids, underlying_of(ETH_CALL): CALL_ARRAY.ref * 1_006 // 1_000})
    assert mirror.screen(moved, NOW, used_up=500_000).outdated == [7]
    _refreshed(mirror, 5, replace(CALL_ARRAY, valid=False))
    assert mirror.screen(at_ref, NOW).outdated == [7]


def test_look_asks_the_chain_about_nobody_for_what_it_holds(monkeypatch):
    """In a quiet block with options in the venue one request reads prices, and none reads accounts."""
    mirror = mirror_of()
    _listed(mirror)
    hold_series(mirror, 5, 1_000, ETH_CALL, 1)
    _refreshed(mirror, 4, CALL_ARRAY)
    paper = paper_keeper(mirror)

    async def prices(_ledger, _block):
        return PRICES

    async def screen(_block, _accounts):
        pytest.fail("asked")

    monkeypatch.setattr(paper.lens, "screen", screen)
    monkeypatch.setattr(paper.prices, "read", prices)
    seen = asyncio.run(paper.look.at(Header(3, "h", "g", NOW, 1), sample=False))
    assert seen.exact == []


def test_arrays_that_no_event_told_are_read_with_the_prices(monkeypatch):
    """Those of series never refreshed, and all once the venue has another option oracle."""
    mirror = mirror_of()
    _listed(mirror)
    hold_series(mirror, 5, 1_000, ETH_CALL, 1)
    reader, contracts = paper_keeper(mirror).prices, paper_venue()
    asked = []

    async def calls(targets, _block):
        asked.append([to for to, _ in targets])
        feeds = 2 * len({*mirror.ledger.underlyings, *PRICES.mids, underlying_of(ETH_CALL)})
        words = [[2_000 * WAD | 1 << 128, 0] * (feeds // 2), list(CALL_ARRAY.pack())]
        return [encode(["uint256[]"], [one]) for one in words[: len(targets)]]

    monkeypatch.setattr(reader._node, "calls", calls)
    header = Header(3, "h", "g", NOW, 1)
    assert asyncio.run(reader.read(mirror.ledger, header)).arrays == {ETH_CALL: CALL_ARRAY}
    _refreshed(mirror, 4, CALL_ARRAY)
    assert asyncio.run(reader.read(mirror.ledger, header)).arrays == {}
    other = "0x" + "99" * 20
    change = log_of("Clearinghouse", "OraclesSet", oracle=ADDRESSES["OracleAdapter"], options=other)
    mirror.ledger.apply(5, NOW, contracts.decode([change]))
    assert asyncio.run(reader.read(mirror.ledger, header)).arrays == {ETH_CALL: CALL_ARRAY}
    prices, options = ADDRESSES["OracleAdapter"], ADDRESSES["OptionOracle"]
    assert asked == [[prices, options], [prices], [prices, other]]


def test_audit_notices_other_oracles():
    """The deployment's file no longer describes the venue: not ready, with the reason."""
    mirror = mirror_of()
    paper = paper_keeper(mirror, verify_most=1)
    health = paper.health
    paper.audit._check_oracles(mirror.ledger.venue)
    assert health.ready() == {}
    known = {"oracle": ADDRESSES["OracleAdapter"], "options": ADDRESSES["OptionOracle"]}
    venue = paper_venue()
    mirror.ledger.apply(4, NOW, venue.decode([log_of("Clearinghouse", "OraclesSet", **known)]))
    paper.audit._check_oracles(mirror.ledger.venue)
    assert health.ready() == {}
    mirror.ledger.apply(
        5, NOW, venue.decode([log_of("Clearinghouse", "OraclesSet", **{**known, "options": "0x" + "99" * 20})])
    )
    paper.audit._check_oracles(mirror.ledger.venue)
    assert "oracles" in health.ready()
    mirror.ledger.undo_after(4)
    paper.audit._check_oracles(mirror.ledger.venue)
    assert health.ready() == {}
