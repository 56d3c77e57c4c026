"""What decides the requirement of an underlying, by hand; random books are in tests/property/test_margin.py."""

from dataclasses import replace

import pytest

from crossmargin.model.account import Account, Spot
from crossmargin.model.margin import impact, margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.prices import Multipliers
from crossmargin.model.units import WAD
from tests.helpers.engine_probe import Case, scenario_views
from tests.helpers.worked_options import (
    CALL,
    CALL_LANES,
    ETH,
    MARK,
    NOW,
    PERP,
    STATE,
    leg,
    usd,
)
from tests.unit.risk_simulator.conftest import NOTHING, change

NONE_BINDS = 25
NAMES = ("underlying", "profits", "binding", "floor", "scenario", "offset", "addOns")


@pytest.fixture
def holding(params):
    """Hold legs and spot in a venue whose index is 2**14 USD, where a lane counts whole dollars of one contract."""

    def make(*legs, spots=()) -> Case:
        return Case(Account(0, spots, legs), replace(STATE, params=params), spots)

    return make


@pytest.fixture
def views(node, ask):
    """Name the views of a what-if, by default of no change; `initial` says of which set."""

    def read(case: Case, *, initial: bool = False, tried=NOTHING, shocks=()):
        with node.calls_at(NOW):
            found = ask(case, "scenarios", 1, tried, list(shocks), False, initial)
        return [dict(zip(NAMES, view, strict=True)) for view in found]

    return read


def with_lanes(case: Case, lanes, **changes) -> Case:
    """Give the call's array other lanes."""
    arrays = {**case.state.arrays, CALL: replace(case.state.arrays[CALL], lanes=lanes, **changes)}
    return replace(case, state=replace(case.state, arrays=arrays))


def of_moves(whole, initial=0, loss=1):
    """Order the profits of an exposure: a rise gains these, in the tail four times as much; a fall loses.

    It loses `loss` times as much, in the tail nothing. Where volatilities are apart it makes what it makes anyway.
    """
    moved = (*(whole,) * 3, *(-whole * loss,) * 3)
    wider = (*(initial,) * 3, *(-initial * loss,) * 3)
    apart = (0, whole, -whole * loss, 0, initial, -initial * loss)
    return (0, 0, *moved, 0, 0, *wider, 4 * whole, 0, 0, *apart)


def test_spot_and_short_perpetual(views, holding):
    """A dollar of 2 ETH less a short: the first of the falls that lose most binds, and all of it is set against."""
    (view,) = views(holding(leg(PERP, -1, 2**14), spots=(Spot(2 * WAD, 18, ETH, ETH),)))
    exposure = usd(2**14)
    assert view["profits"] == of_moves(exposure * 5 // 100)
    assert (view["underlying"], view["binding"], view["floor"]) == (ETH, 5, 0)
    assert view["scenario"] == view["offset"] == exposure * 5 // 100
    assert view["addOns"] == exposure * 3 // 100 + exposure * 3 // 100 + impact(exposure, 10**12)


def test_initial_set_reads_its_own_lanes(views, holding):
    """In initial margin a fall by 9 % binds; in maintenance its lanes are left at 0."""
    case = holding(leg(PERP, 1, 2**14))
    exposure = usd(2**14)
    (initial,) = views(case, initial=True)
    assert initial["profits"] == of_moves(exposure * 5 // 100, exposure * 9 // 100)
    assert (initial["binding"], initial["scenario"]) == (13, exposure * 9 // 100)
    (maintenance,) = views(case)
    assert maintenance["profits"][8:16] == (0,) * 8


def test_multiplier_widens_losses_and_not_gains(views, holding):
    """At twice the shocks a fall loses twice what a rise wins."""
    case = holding(leg(PERP, 1, 2**14))
    case = replace(case, state=replace(case.state, multipliers={ETH: Multipliers(2 * WAD, 2 * WAD)}))
    (view,) = views(case)
    exposure = usd(2**14)
    assert view["profits"] == of_moves(exposure * 5 // 100, loss=2)
    assert (view["scenario"], view["offset"]) == (exposure // 10, exposure // 10)


def test_long_call_loses_its_worst_lane_and_the_gap(views, holding):
    """A fall by 5 % with falling volatility: 390 and 25 between nodes; by 9 % 620 and 45."""
    case = holding(leg(CALL))
    (maintenance,), (initial,) = views(case), views(case, initial=True)
    own = [usd(lane - 25) for lane in CALL_LANES[:8]]
    apart = [usd(lane - 25) for lane in (-30, 560, -390)]
    assert maintenance["profits"] == (*own, *(0,) * 8, usd(2_475), 0, usd(-25), *apart, 0, 0, 0)
    rest = (2_500, 45, 0, -30, 560, -390, -60, 950, -620)
    assert initial["profits"] == tuple(usd(lane - 45) for lane in (*CALL_LANES[:16], *rest))
    assert (maintenance["binding"], maintenance["scenario"]) == (6, usd(415))
    assert (initial["binding"], initial["scenario"]) == (14, usd(665))


def test_now_binds_where_only_the_gap_is_lost(views, holding):
    """A long call that gains in every lane may lose its gap before anything moves."""
    case = with_lanes(holding(leg(CALL, 4)), (60,) * 18)
    (view,) = views(case)
    assert (view["binding"], view["scenario"], view["profits"][18]) == (18, usd(100), usd(-100))


def test_least_charge_binds_where_it_exceeds_every_loss(views, holding):
    """A short option that loses nothing anywhere is charged a tenth of the shock all the same, and 25 says so."""
    case, least = with_lanes(holding(leg(CALL, -1)), (-1,) * 18), usd(2**14) * 5 // 1000
    (view,) = views(case)
    assert view["profits"] == (0,) * 25
    assert (view["binding"], view["floor"], view["scenario"], view["offset"]) == (NONE_BINDS, least, least, 0)


def test_least_charge_binds_where_it_equals_the_loss(views, holding):
    """A call worth less than the charge on its delta is charged what it is worth, whatever lanes say."""
    case = with_lanes(holding(leg(CALL, 1)), (-(2**15),) * 18, mark_mantissa=2**20, mark_exponent=44)
    (view,) = views(case)
    assert view["floor"] == view["scenario"] == 2**64 < -view["profits"][0]
    assert view["binding"] == NONE_BINDS


def test_first_of_equal_losses_binds(views, holding):
    """A short call that loses as much in lanes and the tail of a rise alike names the first."""
    case = with_lanes(holding(leg(CALL, -1)), (0,) * 12 + (999,) * 6)
    (view,) = views(case, initial=True)
    assert (view["binding"], view["scenario"]) == (12, usd(1_000))
    apart = (-1, -1, -1, -1, -1_000, -1_000)
    assert view["profits"][12:] == tuple(usd(lost) for lost in (*(-1_000,) * 5, 0, 0, *apart))


def test_most_that_can_be_lost_binds_where_scenarios_say_more(views, holding):
    """A long call that loses more than its mark in every lane is charged its mark, and no scenario is named."""
    case = with_lanes(holding(leg(CALL, 1)), (-(2**15),) * 18)
    for initial in (False, True):
        (view,) = views(case, initial=initial)
        assert (view["binding"], view["scenario"]) == (NONE_BINDS, MARK)


def test_what_if_is_what_is_told(views, holding):
    """A trade and a deposit of the change, and shocked prices, count; an account without anything has no view."""
    nothing = holding()
    assert views(nothing) == []
    case = replace(nothing, assets=(Spot(0, 18, ETH, ETH),))
    tried = change(instruments=[CALL], sizes=[-WAD], prices=[MARK], indices=[0], amounts=[WAD])
    for initial, which in ((True, RiskSet.INITIAL), (False, RiskSet.MAINTENANCE)):
        after = Account(0, (Spot(WAD, 18, ETH, ETH),), (leg(CALL, -1),))
        wanted = scenario_views(after, case.state, margin(after, case.state, which))
        (view,) = views(case, initial=initial, tried=tried)
        assert view == {"underlying": ETH, **wanted[ETH]}
        (shocked,) = views(case, initial=initial, tried=tried, shocks=[(ETH, -WAD // 10)])
        assert shocked["scenario"] != view["scenario"]
