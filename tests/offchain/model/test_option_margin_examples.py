"""Options worked by hand. The index is 2**14 USD, so that a lane counts whole dollars of one contract."""

from dataclasses import replace

import pytest

from crossmargin.errors import ConfigurationError, UnknownKeyError
from crossmargin.model.account import Account, Spot
from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.model.margin import equity, impact, margin, passes, simulate
from crossmargin.model.parameters import RiskSet, check_configuration
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import Multipliers, Price, Shock
from crossmargin.model.scenarios import SCENARIOS
from crossmargin.model.units import WAD
from tests.helpers.classes import MAJORS
from tests.helpers.worked_options import (
    ARRAYS,
    BTC_PERP,
    BTC_PUT,
    CALL,
    CALL_LANES,
    ETH,
    FRESH,
    HOURS,
    INDEX,
    MARK,
    MARK_UP,
    NOW,
    OTHER_CALL,
    PERP,
    PUT,
    PUT_LANES,
    SOONER_PUT,
    STATE,
    leg,
    series,
    usd,
)

MM, IM = RiskSet.MAINTENANCE, RiskSet.INITIAL


def term(state, which, *legs, spots=()):
    """Give the terms of the first underlying of an account."""
    return margin(Account(0, spots, legs), state, which).underlyings[0]


def with_array(instrument=CALL, state=STATE, **changes):
    """Change one array of the state."""
    return replace(state, arrays={**state.arrays, instrument: replace(state.arrays[instrument], **changes)})


def at(mid, low=None, high=None):
    """Move the index of ETH."""
    return replace(STATE, prices={**STATE.prices, ETH: Price(usd(mid), usd(low or mid), usd(high or mid))})


def times(multiplier):
    """Set both multipliers of ETH."""
    value = round(multiplier * 10) * WAD // 10
    return replace(STATE, multipliers={ETH: Multipliers(value, value)})


CALM_LANES = (*CALL_LANES[:16], 0, 0)
"""Nothing happens in the tails."""


def test_long_call_loses_its_worst_lane_and_the_gap():
    """A fall by 5 % with falling volatility: 390 and 25 between nodes; at 9 % 620 and 45.

    Nothing was sold, so that no tail asks for anything. Apart the only expiry has the worse of its two volatilities.
    """
    mm, im = term(STATE, MM, leg(CALL)), term(STATE, IM, leg(CALL))
    assert (mm.scenario, mm.binding) == (usd(415), 6)
    assert (im.scenario, im.binding) == (usd(665), 14)
    apart = (-30, 560, -390)
    assert mm.scenarios == tuple(usd(each - 25) for each in (*CALL_LANES[:8], 2_500, 25, 0, *apart))
    lanes = (*CALL_LANES[:8], 2_500, 45, 0, *apart, *CALL_LANES[8:16], -60, 950, -620)
    assert im.scenarios == tuple(usd(each - 45) for each in lanes)
    assert (mm.long, mm.short, mm.exposure, mm.delta_long, mm.delta_short) == (0, 0, 0, usd(8_192), 0)


def test_short_call_loses_its_worst_lane_and_in_initial_margin_a_tail():
    """A rise that costs 601 and 1,001; a tail of 2,501 asks for a tenth of 16,384, in maintenance for a quarter of it.

    A short reads a lane one unit up and needs no gap.
    """
    for which, loss, binding in ((MM, 601, 2), (IM, 1_638.4, 16)):
        found = term(STATE, which, leg(CALL, -1))
        assert (found.scenario, found.binding) == (usd(loss), binding)
        assert (found.delta_long, found.delta_short) == (0, usd(8_192))
    assert term(STATE, MM, leg(CALL, -1)).scenarios[8] == usd(-409.6)
    calm = with_array(lanes=CALM_LANES)
    assert [term(calm, which, leg(CALL, -1)).scenario for which in (MM, IM)] == [usd(601), usd(1_001)]
    made = (*(-lane - 1 for lane in CALL_LANES[:8]), -0.25, 0, 0, -41, -601, 319)
    assert term(calm, MM, leg(CALL, -1)).scenarios == tuple(usd(each) for each in made)


def test_tail_counts_what_it_loses_where_that_is_less_than_a_tenth():
    """1,201 of 16,384 in initial margin; in maintenance a quarter of it is less than what a rise costs."""
    mild = with_array(lanes=(*CALL_LANES[:16], 1_200, 0))
    assert [term(mild, which, leg(CALL, -1)).scenario for which in (MM, IM)] == [usd(601), usd(1_201)]
    bought = term(mild, IM, leg(CALL, -1), leg(PERP, 0.25, INDEX))
    assert bought.scenarios[8] == usd(-1_201 + 0.2 * 4_096)
    sold = term(mild, IM, leg(CALL, -1), leg(PERP, -0.25, INDEX))
    assert sold.scenarios[8] == usd(-1_638.4)


def test_unchanged_volatility_binds_where_it_is_worst():
    """Lanes 4, 7, 12 and 15 count as their neighbours do: a long call loses 400 or 700 and the gap there, a short 701.

    Maintenance reads no lane of initial margin, whatever it says.
    """
    falls = with_array(lanes=(*CALL_LANES[:7], -400, *CALL_LANES[8:15], -700, *CALL_LANES[16:]))
    assert [(t.scenario, t.binding) for t in (term(falls, which, leg(CALL)) for which in (MM, IM))] == [
        (usd(425), 7),
        (usd(745), 15),
    ]
    rises = with_array(lanes=(*CALL_LANES[:4], 700, *CALL_LANES[5:12], 1_100, *CALM_LANES[13:]))
    assert [(t.scenario, t.binding) for t in (term(rises, which, leg(CALL, -1)) for which in (MM, IM))] == [
        (usd(701), 4),
        (usd(1_101), 12),
    ]


def test_each_lane_is_of_one_move_and_one_set():
    """Two of no move, three of a rise, three of a fall at x_M; tails; now; volatilities apart; then all of x_I."""
    own = [0, 0, 1, 1, 1, -1, -1, -1]
    found = [(each.place, each.direction, each.shock, each.is_tail) for each in SCENARIOS[IM]]
    assert found[:8] == [(place, move, MM, False) for place, move in enumerate(own)]
    assert found[8:10] == [(16, 1, MM, True), (17, -1, MM, True)]
    assert found[10] == (18, 0, MM, False)
    assert found[11:14] == [(19, 0, MM, False), (20, 1, MM, False), (21, -1, MM, False)]
    assert found[14:22] == [(8 + place, move, IM, False) for place, move in enumerate(own)]
    assert found[22:] == [(22, 0, IM, False), (23, 1, IM, False), (24, -1, IM, False)]
    assert SCENARIOS[MM] == SCENARIOS[IM][:14]
    lanes = [(0, 1, None), (2, 3, 4), (5, 6, 7), (8, 9, None), (10, 11, 12), (13, 14, 15)]
    assert [each.apart for each in SCENARIOS[IM] if each.apart] == lanes


FAR_CALL, FAR_PUT = series(Kind.CALL, hours=HOURS + 24), series(Kind.PUT, hours=HOURS + 24)


def of_two_expiries(near, far):
    """Give the state with two calls, of one expiry and of the next, with these first lanes and calm after them."""
    state = replace(STATE, markets={**STATE.markets, FAR_CALL: Market(FAR_CALL)})
    arrays = {
        id_: replace(FRESH, lanes=(*lanes, *(0,) * (18 - len(lanes))), gap_maintenance=0, gap_initial=0)
        for id_, lanes in ((CALL, near), (FAR_CALL, far))
    }
    return replace(state, params=replace(state.params, short_floor=0, min_delta=0), arrays=arrays)


def test_volatility_of_one_expiry_moves_alone():
    """Long a near call that wins 300 or loses 200 by volatility, short a far one that wins 190 or loses 310.

    Together they lose 11. The near volatility falling alone costs 200, the far one rising alone 311; both at once 511.
    """
    state = of_two_expiries((300, -200), (310, -190))
    pair = leg(CALL), leg(FAR_CALL, -1)
    mm, im = term(state, MM, *pair), term(state, IM, *pair)
    assert (mm.scenarios[0], mm.scenarios[1]) == (usd(-11), usd(-11))
    assert (mm.scenario, mm.binding) == (usd(311), 19)
    assert (im.scenario, im.binding) == (usd(511), 19)
    wide = of_two_expiries((300, -200, *(0,) * 6, 500, -400), (310, -190, *(0,) * 6, 520, -380))
    found = term(wide, IM, *pair)
    assert found.scenarios[-3] == usd(-521)
    assert (found.scenario, found.binding) == (usd(521), 22)


def test_volatilities_apart_begin_at_what_both_lose_by_the_price():
    """A fall costs 100 and wins 79 at unchanged volatility; near volatility falling alone costs 80 more, both 140."""
    state = of_two_expiries((0,) * 5 + (-60, -180, -100), (0,) * 5 + (-20, -140, -80))
    mm, im = (term(state, which, leg(CALL), leg(FAR_CALL, -1)) for which in (MM, IM))
    assert mm.scenarios[13] == usd(-100 + 79 - 80)
    assert im.scenarios[13] == usd(-100 + 79 - 80 - 60)


def test_now_counts_gaps_and_widening_alone():
    """A long call may lose 25 of its 1,000 before anything moves, and what age adds; a short the latter."""
    still = with_array(lanes=(60,) * 18)
    assert [(t.scenario, t.binding) for t in (term(still, which, leg(CALL, 4)) for which in (MM, IM))] == [
        (usd(4 * 25), 18),
        (usd(4 * 45), 18),
    ]
    limited = term(with_array(lanes=(8_000,) * 18, gap_maintenance=3_000), MM, leg(CALL))
    assert (limited.scenario, limited.limit, limited.binding) == (MARK, MARK, None)
    aged = with_array(lanes=(-4_000,) * 18, time=NOW - 2_400)
    assert term(aged, MM, leg(CALL, -1)).scenarios[10] == usd(-40.96)


def test_exponent_makes_lanes_finer():
    """At e = 2 a unit is a quarter of a dollar."""
    assert term(with_array(exponent=2), MM, leg(CALL)).scenario == usd(415) // 4


def test_leg_in_its_size():
    """A quarter of a contract loses a quarter, four contracts four times as much."""
    for size in (0.25, 4):
        assert term(STATE, MM, leg(CALL, size)).scenario == usd(415 * size)
        assert term(STATE, MM, leg(CALL, -size)).scenario == usd(601 * size)


def test_move_of_the_index_widens_by_the_drift():
    """1.5 times a move of 163.84 is 245.76, up or down, whatever the side; the notional stays out of it."""
    for mid in (INDEX + 163.84, INDEX - 163.84):
        assert term(at(mid), MM, leg(CALL)).scenario == usd(415 + 245.76)
        assert term(at(mid), MM, leg(CALL, -1)).scenario == usd(601 + 245.76)


def calm_call(state=STATE, **changes):
    """Change the array of the call, in whose tails nothing happens."""
    return with_array(state=state, lanes=CALM_LANES, **changes)


def test_age_widens_after_ten_minutes():
    """Half an hour later 5 % of the shock: 0.25 % and 0.45 % of 16,384; a tenth of a ppm counts as none."""
    for age, mm, im in ((600, 0, 0), (2_400, 40.96, 73.728), (10**9, 819.2, 1_474.56)):
        state = calm_call(time=NOW - age)
        assert term(state, MM, leg(CALL, -1)).scenario == usd(601 + mm)
        assert term(state, IM, leg(CALL, -1)).scenario == usd(1_001 + im)
    slow = replace(STATE, params=replace(STATE.params, age_charge=3_599))
    assert term(calm_call(slow, time=NOW - 601), MM, leg(CALL, -1)).scenario == usd(601)
    young = calm_call(time=NOW + 10)
    assert term(young, MM, leg(CALL, -1)).scenario == usd(601)


def test_multiplier_widens_beyond_the_shock_of_the_array():
    """At 1.5 half of 5 % and of 9 % of 16,384 is added to what the nodes say."""
    assert term(times(1.5), MM, leg(CALL)).scenario == usd(415 + 409.6)
    assert term(times(1.5), MM, leg(CALL, -1)).scenario == usd(601 + 409.6)
    assert term(calm_call(times(1.5)), IM, leg(CALL, -1)).scenario == usd(1_001 + 737.28)


@pytest.mark.parametrize(("instrument", "lanes"), [(CALL, CALL_LANES), (PUT, PUT_LANES)])
def test_age_and_multiplier_widen_by_what_the_forward_moves_beyond_the_index(instrument, lanes):
    """A forward of 1.5, as a carry makes it, widens by half as much again: 2.5 % of 24,576 at 1.5, 0.25 % for age."""
    short, lanes = leg(instrument, -1), (*lanes[:16], 0, 0)
    steep = with_array(instrument, times(1.5), reach=2**6, lanes=lanes)
    found = [term(steep, which, short).scenario for which in (MM, IM)]
    assert found == [usd(601 + 614.4), usd(1_001 + 1_105.92)]
    old = with_array(instrument, reach=2**6, time=NOW - 2_400, lanes=lanes)
    assert [term(old, which, short).scenario for which in (MM, IM)] == [usd(601 + 61.44), usd(1_001 + 110.592)]


def test_long_call_never_loses_more_than_its_mark():
    """At a multiplier of 2 the nodes would ask for up to 1,234.2 of a mark of 1,000."""
    found = term(times(2), MM, leg(CALL))
    assert (found.scenario, found.limit, found.binding) == (MARK, MARK, None)
    assert min(found.scenarios) == usd(-1_234.2)
    assert term(times(2), MM, leg(CALL, -1)).scenario == usd(601 + 819.2)


def test_charge_of_a_long_leg_is_at_most_what_it_is_worth_at_best():
    """A call of 2**-10 USD that wins 3 in its best scenario is charged no more than that for its gap of 25.

    Beside a short of 16,384 USD a thousand such wings would otherwise ask for 25,000.
    """
    cheap = with_array(mark_mantissa=WAD // 2**54, lanes=(0, 0, 3, 0, 1, 0, 0, 0, 0, 0, 4, 0, 2, 0, 0, 0, 9, 0))
    for which, best in ((MM, 3), (IM, 4)):
        found = term(cheap, which, leg(CALL, 1_000), leg(OTHER_CALL, -1))
        mark = cheap.arrays[CALL].mark_floor
        assert found.scenarios[0] == -(1_000 * (mark + usd(best))) - usd(1)


def test_short_floor_binds_where_nodes_say_little():
    """Nodes of nothing: a short needs 10 % of the shock on its notional, a long its gap."""
    for which, floor in ((MM, 81.92), (IM, 147.456)):
        found = term(STATE, which, leg(OTHER_CALL, -1))
        assert (found.scenario, found.short_floor, found.binding) == (usd(floor), usd(floor), None)
        assert term(STATE, which, leg(OTHER_CALL)).short_floor == 0
        # bought of the same kind and expiry they are no longer short; puts and other expiries do not count
        for more, left in ((CALL, 0), (PUT, floor), (FAR_CALL, floor)):
            state = replace(
                STATE, arrays={**ARRAYS, FAR_CALL: FRESH}, markets={**STATE.markets, FAR_CALL: Market(FAR_CALL)}
            )
            assert term(state, which, leg(OTHER_CALL, -1), leg(more)).short_floor == usd(left)
    assert term(times(1.5), MM, leg(OTHER_CALL, -1)).short_floor == usd(122.88)


FAR_OUT = series(Kind.CALL, ETH, 40_000), series(Kind.PUT, ETH, 8_000), series(Kind.PUT, ETH, 4_000)


@pytest.mark.parametrize(("sold", "bought"), [(OTHER_CALL, FAR_OUT[0]), FAR_OUT[1:]])
def test_what_is_bought_lifts_the_short_floor_of_what_is_sold_further_out(sold, bought):
    """A call bought at 40,000 leaves all of one sold at 20,000; one sold there is covered by one bought at 20,000.

    The same of puts, whose further strike is the lower one. Calls cover no puts.
    """
    arrays = {**ARRAYS, **dict.fromkeys(FAR_OUT, ARRAYS[OTHER_CALL])}
    state = replace(STATE, arrays=arrays, markets={i: Market(i, open_interest=100 * WAD) for i in arrays})

    def floor(*legs):
        # in whole contracts
        return term(state, MM, *legs).short_floor / usd(81.92)

    assert floor(leg(sold, -1), leg(bought, 1)) == 1
    assert floor(leg(sold, -1), leg(bought, 100)) == 1
    assert floor(leg(sold, 1), leg(bought, -1)) == 0
    assert floor(leg(sold, 1), leg(bought, -3)) == 2
    assert floor(leg(sold, -1), leg(bought, -2)) == 3
    assert floor(leg(sold, -1), leg(PUT if sold == OTHER_CALL else CALL, 1)) == 1


def test_delta_floor_counts_every_leg_at_most_for_what_a_long_one_is_worth():
    """5 % of the shock on a delta of a half: 20.48 a leg, hedged or not; but 2**44 wei where that is the mark."""
    quiet = replace(STATE, params=replace(STATE.params, short_floor=0))
    nothing = with_array(OTHER_CALL, quiet, gap_maintenance=0, gap_initial=0)
    pair = leg(OTHER_CALL), leg(PUT, -1)
    found = term(with_array(PUT, nothing, lanes=(-1,) * 18), MM, *pair)
    assert (found.scenario, found.delta_floor, found.binding) == (usd(40.96), usd(40.96), None)
    assert term(nothing, IM, leg(OTHER_CALL)).delta_floor == usd(36.864)
    cheap = with_array(OTHER_CALL, nothing, mark_mantissa=1)
    assert term(cheap, MM, leg(OTHER_CALL)).delta_floor == 2**44
    assert term(cheap, MM, leg(OTHER_CALL, -1)).delta_floor == usd(20.48)


def test_floors_do_not_add_up():
    """The larger one counts: 81.92 of the short floor, not 102.4."""
    found = term(STATE, MM, leg(OTHER_CALL, -1))
    assert (found.short_floor, found.delta_floor, found.scenario) == (usd(81.92), usd(20.48), usd(81.92))


def test_exposure_gains_at_the_configured_shock_and_loses_at_the_multiplied():
    """A call hedged by a perpetual at 1.5: a rise by 5 % costs 7.5 % of 16,384, a fall pays 5 %, in a tail 30 and 20 %.

    Nothing was sold of options, so that tails ask for nothing.
    """
    found = term(times(1.5), MM, leg(CALL), leg(PERP, -1, INDEX))
    widening = 25 + 409.6
    rise, fall = -1_228.8 - widening, 819.2 - widening
    own = (40 - widening, -30 - widening, 600 + rise, 560 + rise, 580 + rise, -320 + fall, -390 + fall, -350 + fall)
    tails = (0, -330 - widening + 3_276.8)
    apart = (-30 - widening, 560 + rise, -390 + fall)
    assert found.exposure == usd(-INDEX)
    assert found.scenarios == tuple(usd(each) for each in (*own, *tails, -widening, *apart))
    assert (found.scenario, found.binding) == (-usd(560 + rise), 3)
    assert found.limit == MARK + usd(1_228.8)
    initial = term(STATE, IM, leg(CALL), leg(PERP, -1, INDEX))
    rises, falls = (955 - 1474.56, 905 - 1474.56, 925 - 1474.56), (1474.56 - 585, 1474.56 - 665, 1474.56 - 615)
    assert initial.scenarios[-9:-3] == tuple(usd(x) for x in (*rises, *falls))


def spread(state=STATE, *others, which=MM):
    """Give the terms of a call bought at 16,384 and one sold at 20,000, each marked at 1,000."""
    return term(state, which, leg(CALL), leg(OTHER_CALL, -1), *others)


def test_no_more_is_asked_for_than_can_be_lost_until_expiry():
    """Bought spreads lose what they cost, sold ones what lies between the strikes, boxes nothing: 3,616 is paid anyway.

    A quarter of a call more sold than bought adds what it requires by itself, here its floor.
    """
    state = with_array(PUT, with_array(lanes=(-8_000,) * 18), lanes=(-8_000,) * 18)
    other_put = series(Kind.PUT, strike=20_000)
    markets = {**state.markets, other_put: Market(other_put)}
    state = replace(state, markets=markets, arrays={**state.arrays, other_put: state.arrays[PUT]})
    bought = spread(state)
    assert (bought.scenario, bought.binding) == (bought.limit, None)
    assert bought.limit == 0, "both at one mark, it costs nothing"
    sold = term(state, MM, leg(CALL, -1), leg(OTHER_CALL))
    assert sold.limit == usd(20_000 - INDEX) + MARK - MARK_UP
    dear = replace(state, arrays={**state.arrays, CALL: replace(state.arrays[CALL], mark_mantissa=4 * 56_843_418 // 3)})
    assert spread(dear).limit == pytest.approx(usd(1_000) // 3, rel=1e-6)
    box = (leg(PUT, -1), leg(other_put))
    assert spread(state, *box).limit == 0
    assert term(state, MM, leg(CALL), leg(OTHER_CALL, -1.25)).limit == usd(20.48)


def test_linear_legs_have_no_end_with_options():
    """A call sold, a put bought, a perpetual bought: the forward that the options end at moves beside the index.

    What is bought can lose no more than its mark, and the perpetual the shock.
    """
    sold = leg(CALL, -1), leg(PERP, 1, INDEX)
    assert term(STATE, MM, *sold, leg(PUT)).limit == MARK + term(STATE, MM, *sold).scenario
    found = term(STATE, MM, leg(PUT), leg(PERP, 1, INDEX))
    assert found.limit == MARK + usd(819.2)
    spots = (Spot(WAD, 18, ETH, ETH),)
    assert term(STATE, MM, leg(PUT), spots=spots).limit == MARK + usd(819.2)


def test_expiries_that_can_lose_no_more_count_for_that_beside_others():
    """A straddle bought for 2,000 beside a call sold of another expiry: 2,000 and what the call asks for alone.

    Half a perpetual takes 409.6 of the 601 that a rise costs, and 1,638.4 of a tail of 2,501; a quarter of it counts.
    """
    wild = replace(FRESH, lanes=(-8_000,) * 18)
    state = replace(
        STATE,
        arrays={CALL: wild, PUT: replace(wild, delta=-(2**13)), FAR_CALL: FRESH},
        markets={**STATE.markets, FAR_CALL: Market(FAR_CALL)},
    )
    found = term(state, MM, leg(CALL), leg(PUT), leg(FAR_CALL, -1))
    assert (found.scenario, found.binding) == (2 * MARK + usd(601), None)
    hedged = term(state, MM, leg(CALL), leg(PUT), leg(FAR_CALL, -1), leg(PERP, 0.5, INDEX))
    assert hedged.scenario == 2 * MARK + usd((2_501 - 1_638.4) / 4)


def test_basis_counts_deltas_and_the_time_of_options():
    """A delta of 8,192 against a short of 4,096: 3 % and 73/365 of 5 % of what is matched, 4 % and as much at IM."""
    pair = leg(CALL), leg(PERP, -0.25, INDEX)
    mm, im = term(STATE, MM, *pair), term(STATE, IM, *pair)
    assert (mm.matched, mm.tenor, mm.basis) == (usd(4_096), 73 * 86_400, usd(163.84))
    assert im.basis == usd(204.8)


def test_options_of_one_expiry_hedge_each_other_and_those_of_two_are_matched():
    """What settles at one price leaves no basis between its deltas; what settles a day apart does."""
    together = term(STATE, MM, leg(CALL, -1), leg(PUT, -1))
    assert (together.delta_long, together.delta_short, together.matched, together.basis) == (0, 0, 0, 0)
    apart = term(STATE, MM, leg(CALL, -1), leg(SOONER_PUT, -1))
    assert (apart.delta_long, apart.delta_short, apart.matched) == (usd(8_192), usd(8_192), usd(8_192))
    assert apart.basis == usd(327.68)
    half = term(STATE, MM, leg(CALL, -1), leg(PUT, -0.5), leg(SOONER_PUT, -1))
    assert (half.delta_long, half.delta_short, half.matched) == (usd(8_192), usd(4_096), usd(4_096))


def test_what_options_save_of_the_haircut_of_spot_counts():
    """A put that wins where ether falls takes from the requirement of the ether, below its haircut too."""
    ether = (Spot(WAD, 18, ETH, ETH),)
    alone = margin(Account(usd(INDEX), ether), STATE, MM)
    protected = margin(Account(usd(INDEX), ether, (leg(PUT, 1, 1_000),)), STATE, MM)
    saved = alone.requirement - protected.requirement
    assert saved > usd(200)
    assert protected.unhedged_haircut == protected.requirement < alone.unhedged_haircut
    assert protected.excess == alone.excess + saved + (MARK - usd(1_000))


def test_spot_stays_matched_with_linear_legs_beside_options():
    """One coin and a short of one are matched in full, whatever the call moves like; the coin stays hedged."""
    found = term(STATE, MM, leg(PERP, -1, INDEX), leg(CALL), spots=(Spot(WAD, 18, ETH, ETH),))
    assert (found.matched, found.hedged, found.unhedged) == (usd(INDEX), usd(INDEX), 0)


def test_impact_is_of_what_legs_and_deltas_leave_open():
    """8,192 alone, 4,096 beside half as much short, nothing beside as much; a short put adds."""
    k = 4 * 10**11
    params = replace(STATE.params.underlyings[ETH], impact_coefficient=k)
    state = replace(STATE, params=replace(STATE.params, underlyings={ETH: params}))
    assert term(state, MM, leg(CALL)).impact == impact(usd(8_192), k)
    assert term(state, MM, leg(CALL), leg(PERP, -0.25, INDEX)).impact == impact(usd(4_096), k)
    assert term(state, MM, leg(CALL), leg(PERP, -0.5, INDEX)).impact == 0
    assert term(state, MM, leg(CALL), leg(PUT, -1)).impact == impact(usd(16_384), k)


def test_depth_is_of_what_volatility_and_bend_move():
    """70 between volatilities and 230 between a rise and a fall: 300 a call; as 5 % of 6,000 would lose. A put adds.

    What is bought and sold of one series costs a unit; expiries do not spare each other.
    """
    k = 4 * 10**11
    params = replace(STATE.params.underlyings[ETH], impact_coefficient=k)
    state = replace(STATE, params=replace(STATE.params, underlyings={ETH: params}))
    state = replace(state, arrays={**ARRAYS, FAR_CALL: FRESH}, markets={**STATE.markets, FAR_CALL: Market(FAR_CALL)})
    assert term(state, MM, leg(CALL)).depth == impact(usd(6_000), k)
    assert term(state, IM, leg(CALL, 4)).depth == impact(usd(24_000), k)
    assert term(state, MM, leg(CALL), leg(PUT)).depth == impact(usd(12_000), k)
    assert term(state, MM, leg(CALL), leg(FAR_CALL, -1)).depth == impact(usd(2 * 6_000 + 40), k)
    assert term(state, MM, leg(PERP, 1, INDEX)).depth == 0
    doubled = replace(state, multipliers={ETH: Multipliers(2 * WAD, 2 * WAD)})
    assert term(doubled, MM, leg(CALL)).depth == impact(usd(6_000), 2 * k)
    mm = term(state, MM, leg(CALL))
    assert mm.addons == mm.unhedged + mm.basis + mm.impact + mm.depth + mm.crowd + mm.over


def test_crowding_charges_short_options_at_full_notional():
    """At the cap half of 9 % on 16,384, though the delta is a half; a long option pays none, nor does maintenance."""
    state = replace(STATE, markets={**STATE.markets, CALL: replace(STATE.markets[CALL], utilisation=200)})
    assert term(state, IM, leg(CALL, -1)).crowd == usd(737.28)
    assert term(state, IM, leg(CALL)).crowd == 0
    assert term(state, MM, leg(CALL, -1)).crowd == 0


def test_mark_follows_the_tangent():
    """At 16,484 half of 100 more; the buyer's mark is the lower end of what the array says, the seller's the upper."""
    for size, mark in ((1, MARK), (-1, MARK_UP)):
        for move in (100, -100):
            account = Account(0, (), (leg(CALL, size, 900),))
            assert equity(account, at(INDEX + move)) == size * (mark + usd(move / 2) - usd(900))
    account = Account(0, (), (leg(CALL),))
    assert equity(account, at(INDEX - 4_000)) == 0
    price = usd(INDEX) + 1
    odd = with_array(delta=1, state=replace(STATE, prices={**STATE.prices, ETH: Price(price, price, price)}))
    assert [equity(Account(0, (), (leg(CALL, size),)), odd) for size in (1, -1)] == [MARK, -MARK_UP - 1]


def test_initial_marks_each_leg_at_the_edge_against_it():
    """Low for who gains from a rise, high for who loses: 100 lower or 200 higher, half of it in the mark."""
    state = at(INDEX, INDEX - 100, INDEX + 200)
    for instrument, size, price in (
        (CALL, 1, MARK - usd(50)),
        (CALL, -1, MARK_UP + usd(100)),
        (PUT, 1, MARK - usd(100)),
        (PUT, -1, MARK_UP + usd(50)),
    ):
        account = Account(0, (), (leg(instrument, size),))
        assert margin(account, state, IM).legs[0].price == price
        assert margin(account, state, MM).legs[0].price == (MARK if size > 0 else MARK_UP)


def test_profit_of_an_option_counts_up_to_a_part_of_its_mark():
    """A profit of 300 on a mark of 1,000: nine tenths of 100 count; of 50, nine tenths of all."""
    state = with_array(mark_mantissa=WAD // 2**18 * 1_000, mark_exponent=18)
    im = margin(Account(0, (), (leg(CALL, 1, 700),)), state, IM)
    assert (im.legs[0].unpaid, im.pnl, im.profit_discount) == (usd(90), usd(90), usd(210))
    assert margin(Account(0, (), (leg(CALL, 1, 950),)), state, IM).pnl == usd(45)
    assert margin(Account(0, (), (leg(CALL, 1, 700),)), state, MM).pnl == usd(300)


def offsets(state, which):
    """Give s of a short call and of a short put elsewhere, and the requirement of both together."""
    result = margin(Account(0, (), (leg(CALL, -1), leg(BTC_PUT, -1))), state, which)
    return [u.signed_scenario for u in result.underlyings], result.requirement


def test_shorts_offset_only_what_each_wins_where_the_other_loses():
    """A fall wins a short call at least 319, whatever a rise loses; a short put mirrors it.

    Maintenance: 601 each less half of twice 319. Initial: scaled by 1.8 that would be 574.2, of which its own lanes win
    539 and the tail 329, but it asks for no more than maintenance lanes and the tail do. Of a rise 601 times 1.8 is
    more than its own 1,001.
    """
    assert offsets(STATE, MM) == ([usd(-319), usd(319)], usd(2 * 601 - 319))
    assert offsets(STATE, IM) == ([usd(-319), usd(319)], usd(2 * 1_638.4) - usd(638) * 4 // 10)
    call = term(STATE, MM, leg(CALL, -1))
    assert (call.up, call.down) == (usd(-601), usd(319))
    call = term(STATE, IM, leg(CALL, -1))
    assert (call.up, call.down) == (usd(-1_081.8), usd(539))


def test_unchanged_volatility_limits_what_is_won_and_explains_what_is_lost():
    """A fall that wins a short call 299 in lane 7 alone, a rise that loses 651 in lane 4 alone; of x_I 15 and 12."""
    least = with_array(lanes=(*CALL_LANES[:4], 650, *CALL_LANES[5:7], -300, *CALL_LANES[8:]))
    call = term(least, MM, leg(CALL, -1))
    assert (call.up, call.down, call.signed_scenario) == (usd(-651), usd(299), usd(-299))
    least = with_array(lanes=(*CALL_LANES[:12], 1_200, *CALL_LANES[13:15], -500, *CALL_LANES[16:]))
    call = term(least, IM, leg(CALL, -1))
    assert (call.up, call.down) == (usd(-1_201), usd(499))


def test_initial_offsets_what_its_own_lanes_add():
    """Without tails initial asks for 1,001 against 601 at maintenance: s may be 400 more than 319, and is 539."""
    calm = with_array(state=with_array(BTC_PUT, lanes=(*PUT_LANES[:16], -700, 0)), lanes=(*CALL_LANES[:16], 0, -700))
    assert offsets(calm, MM) == ([usd(-319), usd(319)], usd(2 * 601 - 319))
    assert offsets(calm, IM) == ([usd(-539), usd(539)], usd(2 * 1_001) - usd(1_078) * 4 // 10)
    # lanes 10 to 12 at 700 make initial the higher by 100
    middle = (*CALL_LANES[:10], 700, 650, 680, *CALL_LANES[13:16], 0, -700)
    mirror = (*PUT_LANES[:13], 700, 650, 680, -700, 0)
    assert offsets(with_array(state=with_array(BTC_PUT, lanes=mirror), lanes=middle), IM)[0] == [usd(-419), usd(419)]


def test_widening_takes_from_what_is_won_and_never_widens_what_is_offset():
    """A multiplier of 1.1 takes 81.92 of each profit of the short call: a fall wins 237.08.

    At 2 nothing is left to win, and the whole loss is asked for.
    """
    s, requirement = offsets(times(1.1), MM)
    assert s == [usd(-237.08), usd(319)]
    assert requirement == usd(2 * 601 + 81.92 - 237.08)
    assert offsets(times(2), MM) == ([0, usd(319)], usd(2 * 601 + 819.2))


def test_tails_are_no_win():
    """A crash that loses where every lane wins: nothing is sure to be won by a fall."""
    crashes = with_array(lanes=(*CALL_LANES[:17], 20))
    assert offsets(crashes, MM) == ([0, usd(319)], usd(2 * 601))
    limited = with_array(lanes=(*CALL_LANES[:17], -200))
    assert offsets(limited, MM)[0] == [usd(-199), usd(319)]


def test_what_is_won_is_what_is_left_after_charges():
    """A short perpetual wins 819.2 in a fall, of which the nodes of half a call take 195 and its gap 12.5."""
    found = term(STATE, MM, leg(PERP, -1, INDEX), leg(CALL, 0.5))
    assert (found.up, found.down) == (usd(-819.2 + 280), usd(819.2 - 195))
    assert found.signed_scenario == -min(found.scenario, usd(819.2 - 280)) == usd(-539.2)
    sold = term(with_array(gap_maintenance=400), MM, leg(PERP, -1, INDEX), leg(CALL, 0.5))
    assert sold.signed_scenario == usd(-(819.2 - 195 - 200))


def test_straddle_offsets_nothing():
    """It loses either way: no direction pays for another underlying."""
    both = leg(CALL, -1), leg(PUT, -1), leg(BTC_PERP, -1, INDEX)
    result = margin(Account(0, (), both), STATE, MM)
    assert [u.signed_scenario for u in result.underlyings] == [0, usd(-819.2)]
    assert result.groups[0].offset == 0


def test_leg_in_both_directions_offsets_at_most_what_it_asks_for():
    """A long call loses 415 in a fall, of which nodes explain 390, and wins more in a rise: the gap offsets nothing.

    Of a mark of a quarter of 1,000 USD it asks for no more than that, and offsets as much.
    """
    account = Account(0, (), (leg(CALL), leg(BTC_PERP, -1, INDEX)))
    result = margin(account, STATE, MM)
    assert [u.signed_scenario for u in result.underlyings] == [usd(390), usd(-819.2)]
    assert result.requirement == usd(415 + 819.2 - 390)
    result = margin(account, with_array(mark_exponent=42), MM)
    assert [u.signed_scenario for u in result.underlyings] == [MARK // 4, usd(-819.2)]
    assert result.requirement == usd(819.2)


def test_loss_without_direction_offsets_nothing():
    """Falling volatility costs 625 where the index stays: of that a fall explains 390, which a rise's 535 covers."""
    lanes = {CALL: (40, -600, *CALL_LANES[2:]), PUT: (40, -600, *PUT_LANES[2:])}
    for instrument, sign in ((CALL, 1), (PUT, -1)):
        found = term(with_array(instrument, lanes=lanes[instrument]), MM, leg(instrument))
        assert (found.scenario, found.binding, found.signed_scenario) == (usd(625), 1, sign * usd(390))


def test_arrays_count_until_they_are_old_far_or_never_were_valid():
    """900 s, 1 % of the index, the flag; a settled series does not matter, margin goes on."""
    account = Account(usd(5_000), (), (leg(CALL),))
    for state, counts in (
        (STATE, True),
        (with_array(time=NOW - 900), True),
        (with_array(time=NOW - 901), False),
        (at(INDEX + 163.84), True),
        (at(INDEX + 163.8401), False),
        (at(INDEX - 163.8401), False),
        (with_array(valid=False), False),
    ):
        result = margin(account, state, MM)
        assert result.prices_valid is counts
        assert passes(account, result)


def test_legs_back_no_new_risk_while_their_final_price_is_made():
    """From half an hour before expiry, in initial margin, until the average is known; options and futures alike."""
    future = encode(Instrument(Kind.FUTURE, ETH, HOURS))
    markets = {**STATE.markets, future: Market(future)}
    for instrument in (PUT, future):
        account = Account(usd(50_000), (), (leg(instrument),))
        for before, counts in ((1_801, True), (1_800, False), (0, False), (-3_600, False)):
            now = HOURS * 3_600 - before
            state = replace(STATE, now=now, markets=markets, arrays={PUT: replace(ARRAYS[PUT], time=now)})
            assert margin(account, state, IM).prices_valid is counts
            assert margin(account, state, MM).prices_valid
            known = replace(state, markets={**markets, instrument: Market(instrument, final_price=usd(50))})
            assert margin(account, known, IM).prices_valid


def test_settled_and_flat_options_need_no_array():
    """A final price of 50 is what the leg is worth; nothing is required, as of a claim."""
    state = replace(STATE, arrays={}, markets={**STATE.markets, CALL: Market(CALL, final_price=usd(50))})
    account = Account(0, (), (leg(CALL, 2, 10), Leg(PUT, 0, 0, usd(5))))
    mm, im = margin(account, state, MM), margin(account, state, IM)
    assert (mm.excess, mm.requirement, mm.underlyings, mm.prices_valid) == (usd(85), 0, (), True)
    assert (im.excess, im.pnl) == (0, 0)


def test_open_option_without_array_is_an_error():
    """The lack is named."""
    with pytest.raises(UnknownKeyError) as caught:
        margin(Account(0, (), (leg(CALL),)), replace(STATE, arrays={}), MM)
    assert (caught.value.kind, caught.value.key) == ("array", CALL)


def test_simulate_keeps_arrays_unless_it_is_given_others():
    """After a fall by 1 % the old array widens by 245.76; one made at the new index does not."""
    account, fall = Account(0, (), (leg(CALL),)), [Shock(ETH, -WAD // 100)]
    assert simulate(account, STATE, MM, fall).underlyings[0].scenario == usd(415 + 245.76)
    new = {CALL: replace(FRESH, ref=usd(INDEX) * 99 // 100)}
    assert simulate(account, STATE, MM, fall, new).underlyings[0].scenario == usd(415) * 99 // 100


def test_option_has_no_funding():
    """Whatever a market's word says of an index."""
    market = Market(CALL, funding_index=usd(10), rate=1_000, updated_at=NOW - 86_400)
    state = replace(STATE, markets={**STATE.markets, CALL: market})
    assert equity(Account(0, (), (leg(CALL),)), state) == MARK


def test_rule_on_the_shocks_keeps_initial_above_maintenance_where_puts_protect_collateral():
    """A put that wins 700 in a fall by 9 % keeps scen at 5 % of the spot in both sets.

    With xc at 12 % in both, a larger xd then only shrinks the charge on spot: 7 % of it, and 3 % at initial. The check
    refuses such sets.
    """
    maintenance = replace(MAJORS.maintenance, collateral_shock=120_000, basis_charge=70_000, basis_charge_per_year=0)
    initial = replace(maintenance, liquidity_haircut=80_000, derivative_shock=90_000)
    params = STATE.params
    loose = replace(params.underlyings[ETH], maintenance=maintenance, initial=initial)
    params = replace(params, underlyings={**params.underlyings, ETH: loose})
    with pytest.raises(ConfigurationError) as caught:
        check_configuration(params)
    assert (caught.value.rule, caught.value.actual, caught.value.limit) == ("collateralShock", 120_000, 160_000)
    lanes = (*(0,) * 13, 700, 700, 700, 0, 0)
    state = with_array(PUT, replace(STATE, params=params), lanes=lanes, gap_maintenance=0, gap_initial=0)
    spots = (Spot(WAD, 18, ETH, ETH),)
    mm, im = (term(state, which, leg(PUT), spots=spots) for which in (MM, IM))
    assert mm.scenario == im.scenario == usd(819.2)
    assert (mm.unhedged, im.unhedged) == (usd(INDEX) * 7 // 100, usd(INDEX) * 3 // 100)
    assert mm.stand_alone - im.stand_alone == usd(INDEX) * 4 // 100
