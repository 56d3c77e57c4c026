"""Rules at one look each: an account of 1,000,000 USD of notional, 50,000 required."""

from dataclasses import replace

import numpy as np
import pytest

from crossmargin.model.auction import Rest, insolvent_payout, largest_fraction, reward
from crossmargin.model.units import WAD
from crossmargin.simulation.liquidations.books import Profile
from crossmargin.simulation.liquidations.peers import FixedBonus, FixedPenalty, MarketThenBackstop
from crossmargin.simulation.liquidations.rules import (
    AtCost,
    Discount,
    GrossAuction,
    Ramp,
    VenueAuction,
    VolatilityAuction,
)
from crossmargin.simulation.liquidations.sight import Keeper, Sight
from crossmargin.simulation.liquidations.venue import dollars, wad_of


def seen(value, solvent=0.0, insolvent=0.0, *, major=True):
    """See an account that is worth so much."""
    numbers = [value, 50_000, 0, 500, 1_000_000, 1_000, 200, 200]
    rest = Profile(*(np.array([float(number)]) for number in numbers))
    return Sight(rest, 0.0, np.array([solvent]), np.array([insolvent]), Keeper(1).cost(rest, np.ones(1)), major)


def one(offer):
    """Take the only look of an offer."""
    return float(offer[0][0]), float(offer[1][0])


@pytest.mark.parametrize("value", [45_000, 20_000, 3_000, -5_000])
@pytest.mark.parametrize("time", [0, 60, 120, 1_000, 9_000])
def test_venue_is_the_model(replay_venue, value, time):
    """Floats that keepers see and integers that a bid is made by are both the model's."""
    rule, sight = VenueAuction("venue", replay_venue.terms), seen(value, time, time)
    rest = Rest(wad_of(value), wad_of(value - 50_000), wad_of(50_000))
    fraction, given = rule.bid(rest, sight)
    if value > 0:
        assert given == reward(replay_venue.terms, rest, time)
        assert fraction == largest_fraction(replay_venue.terms, rest, rest.value - given)
    else:
        assert (fraction, given) == (WAD, rest.value + insolvent_payout(replay_venue.terms, rest, time))
    assert one(rule.offer(sight)) == pytest.approx((dollars(fraction), dollars(given)))


def test_discount_was_a_part_of_the_equity(replay_venue):
    """At once 2 % of the value, after fifteen minutes a fifth, in the end all."""
    rule = Discount("before")
    assert one(rule.offer(seen(45_000)))[1] == pytest.approx(900)
    assert one(rule.offer(seen(45_000, 900)))[1] == pytest.approx(9_000)
    assert one(rule.offer(seen(45_000, 8_100)))[1] == pytest.approx(45_000)


def test_ramp_reaches_the_requirement_in_ten_minutes(replay_venue):
    """From a twentieth on, and at most the value."""
    rule = Ramp("ramp", replay_venue.terms)
    assert one(rule.offer(seen(45_000)))[1] == pytest.approx(2_500)
    assert one(rule.offer(seen(45_000, 300)))[1] == pytest.approx(27_500)
    assert one(rule.offer(seen(45_000, 600)))[1] == 45_000


def test_volatility_counts_gross_notional(replay_venue):
    """Five deviations a minute of what it holds, where that is more than the requirement."""
    rule, sight = VolatilityAuction("volatility", replay_venue.terms), seen(45_000)
    assert one(rule.offer(sight))[1] == pytest.approx(2_500)
    wild = replace(sight, rest=replace(sight.rest, swing=np.array([2_000.0])))
    assert one(rule.offer(wild))[1] == pytest.approx(0.05 * 5 * 60**0.5 * 2_000)


def test_bonus_is_paid_whatever_is_left():
    """Half for 5 or 10 % of notional; all of it where the account is far below."""
    assert one(FixedBonus("bonus").offer(seen(45_000))) == (0.5, 50_000)
    assert one(FixedBonus("bonus").offer(seen(45_000, major=False))) == (0.5, 100_000)
    assert one(FixedBonus("bonus").offer(seen(-1_000))) == (1.0, 50_000)


def test_penalty_is_what_the_account_has_and_a_fund_adds_the_rest():
    """1.5 % of notional, at most the value; at least what closing costs: 1,000, twice 500, and 5."""
    assert one(FixedPenalty("penalty").offer(seen(45_000))) == (1.0, 15_000)
    assert one(FixedPenalty("penalty").offer(seen(4_000))) == (1.0, 4_000)
    assert one(FixedPenalty("penalty").offer(seen(-1))) == (1.0, 2_005)


def test_backstop_takes_everything_below_two_thirds():
    """Above, only what closing costs."""
    assert one(MarketThenBackstop("market").offer(seen(34_000))) == (1.0, 2_005)
    assert one(MarketThenBackstop("market").offer(seen(33_000))) == (1.0, 33_000)
    assert one(MarketThenBackstop("market").offer(seen(-1))) == (1.0, 2_005)


def test_keeper_asks_for_risk_by_the_root_of_its_latency():
    """Half a deviation over a minute of 200 USD a root of a second."""
    rest = seen(45_000).rest
    asked = Keeper(60, 0.5).cost(rest, np.ones(1)) - Keeper(60).cost(rest, np.ones(1))
    assert asked[0] == pytest.approx(0.5 * 60**0.5 * 200)


def test_keeper_without_rivals_waits_while_it_gains(replay_venue):
    """It passes over the fast ramp and bids in the slow one; where the reward is all there is it bids at once."""
    rule, keeper = VenueAuction("venue", replay_venue.terms), Keeper(12, patience=600)
    assert not keeper.bids(seen(45_000), rule.offer)[0]
    assert keeper.bids(seen(45_000, 120), rule.offer)[0]
    assert keeper.bids(seen(2_400), rule.offer)[0]


@pytest.mark.parametrize("value", [45_000, 20_000, 3_000])
def test_at_cost_a_keeper_earns_nothing(replay_venue, value):
    """Slice and reward agree to a cent or two, and it bids at once; what is asked for all of it is its cost."""
    rule, sight = AtCost("at cost", replay_venue.terms), seen(value)
    fraction, given = one(rule.offer(sight))
    assert 0 < fraction <= 1
    assert 0 <= fraction * given - float(sight.asked(np.array([fraction]))[0]) <= 0.02
    assert Keeper(1).bids(sight, rule.offer)[0]
    assert sight.asked(np.ones(1)) == pytest.approx(sight.cost)


def test_gross_counts_what_closing_costs(replay_venue):
    """25 times that, where the requirement is less."""
    rule, sight = GrossAuction("gross", replay_venue.terms), seen(45_000, 120)
    assert one(rule.offer(sight))[1] == pytest.approx(0.25 * 50_000)
    hedged = replace(sight, rest=replace(sight.rest, requirement=np.array([10_000.0]), haircut=np.array([36_000.0])))
    assert one(rule.offer(hedged))[1] == pytest.approx(0.25 * 25_000)
