"""What a refresh makes of one, two and three sources."""

from itertools import pairwise

import ape
import pytest

WAD = 10**18
VALID, STALE, UNCERTAIN, HALTED = 1, 2, 3, 4
MAX_AGE, BOUND = 3600, 600


def test_refresh_stores_a_newer_price(listed, move):
    """One source within the breaker's limit is Valid."""
    listed()
    price = move(2100)
    assert (price.mid, price.status) == (2100 * WAD, VALID)


def test_refresh_rejects_unlisted_feed(oracle, keeper):
    """Refreshing what is not listed is a mistake worth telling."""
    with ape.reverts(oracle.UnknownFeed, error_inputs={"feedId": 7}):
        oracle.refresh([7], sender=keeper)


def test_refresh_never_replaces_price_of_same_time(listed, aggregators, move, keeper):
    """INV-24: another price of the same time is not taken, and doubted."""
    oracle = listed()
    before = move(2000)
    aggregators[0].setRound(2100 * 10**8, before.time, before.time, sender=keeper)
    after = move()
    assert (after.mid, after.time, after.status) == (before.mid, before.time, UNCERTAIN)
    assert oracle.price(1).mid == before.mid


def test_refresh_never_goes_back_in_time(listed, aggregators, move, keeper):
    """INV-24: an older observation does not replace a newer one."""
    listed()
    before = move(2000)
    aggregators[0].setRound(1900 * 10**8, 1, before.time - 100, sender=keeper)
    after = move()
    assert (after.mid, after.time) == (before.mid, before.time)


def test_refresh_takes_confirmed_crash_at_once(listed, move):
    """A fall of 45 % that a second source confirms is Valid at once."""
    listed(2)
    price = move(1100, 1105)
    assert (price.mid, price.status) == (1100 * WAD, VALID)


def test_refresh_halts_on_unconfirmed_jump(listed, move):
    """Attack 15, one source times 1,000: the price stays and the feed halts."""
    listed(2)
    price = move(2_000_000, 2000)
    assert (price.mid, price.status) == (2000 * WAD, HALTED)


def test_refresh_halt_ends_by_itself(listed, move, chain, oracle):
    """After its bound a halt is Uncertain although nobody acts."""
    listed()
    assert move(3000).status == HALTED
    chain.mine(timestamp=chain.pending_timestamp + 600)
    price = oracle.price(1)
    assert (price.mid, price.status) == (2000 * WAD, UNCERTAIN)


def test_refresh_steps_towards_the_source_after_a_halt(listed, move):
    """Then the price follows a lone source by at most the breaker's limit each bound."""
    listed()
    move(3000)
    price = move(3000, after=601)
    assert (price.mid, price.status) == (2300 * WAD, UNCERTAIN)
    price = move(3000)
    assert (price.mid, price.status) == (2300 * WAD, UNCERTAIN), "no second step within the bound"
    price = move(3000, after=601)
    assert price.mid == 2645 * WAD


def test_refresh_lone_source_becomes_valid_again(listed, move):
    """A real move of a lone source ends Valid, once it was reached and the smoothed price has followed."""
    listed()
    move(2400)
    assert move(2400, after=601).mid == 2300 * WAD
    assert move(2400).status == UNCERTAIN
    price = move(2400, after=601)
    assert (price.mid, price.status) == (2400 * WAD, UNCERTAIN), "the smoothed price is too far behind"
    price = move(2400, after=601)
    assert (price.mid, price.status) == (2400 * WAD, VALID)


def test_refresh_sources_agreeing_again_end_a_halt(listed, move):
    """As soon as the second source confirms, the price is taken and Valid."""
    listed(2)
    assert move(1400, 2000).status == HALTED
    price = move(1400, 1410)
    assert (price.mid, price.status) == (1400 * WAD, VALID)


def test_refresh_flapping_source_cannot_halt_again_soon(listed, move):
    """A second jump within four bounds of a halt is Uncertain: auctions are not frozen for long."""
    listed()
    assert move(3000).status == HALTED
    assert move(2000).status == UNCERTAIN
    assert move(3000, after=700).status == UNCERTAIN
    move(2000, after=700)
    assert move(3000, after=3100).status == HALTED


def test_refresh_disagreement_is_uncertain_with_edges_around_both(listed, move):
    """Two sources 5 % apart with nobody to decide."""
    listed(2)
    price = move(2000, 2100)
    assert (price.mid, price.status) == (2000 * WAD, UNCERTAIN)
    assert price.high >= 2100 * WAD


@pytest.mark.parametrize(
    ("answers", "mid"), [((2000, 1900, 1910), 1910), ((1900, 2000, 1905), 1905), ((650, 1000, 1005), 1000)]
)
def test_refresh_third_source_decides(listed, move, answers, mid):
    """Attack 13: a disagreement that the third source settles gives the median, Valid."""
    listed(3)
    price = move(*answers)
    assert (price.mid, price.status) == (mid * WAD, VALID)


def test_refresh_substitutes_secondary_for_silent_primary(listed, move, aggregators, keeper):
    """Two others that agree stand in for the primary, Uncertain."""
    listed(3)
    aggregators[0].setMode(1, sender=keeper)
    price = move(0, 1700, 1710)
    assert (price.mid, price.status) == (1700 * WAD, UNCERTAIN)


@pytest.mark.parametrize("mode", [1, 2, 3, 4], ids=["revert", "burn", "short", "bomb"])
def test_refresh_survives_a_broken_source(listed, move, aggregators, keeper, mode):
    """Attacks 38 and 40: whatever a source does, the last price stays, Stale once it is old, and Valid again after."""
    listed()
    aggregators[0].setMode(mode, sender=keeper)
    assert move().status == VALID, "young"
    price = move(after=MAX_AGE)
    assert (price.mid, price.status) == (2000 * WAD, STALE)
    aggregators[0].setMode(0, sender=keeper)
    assert move(2001).status == VALID


@pytest.mark.parametrize("answer", [0, -1, 2**255 - 1])
def test_refresh_ignores_garbage(listed, move, aggregators, chain, keeper, answer):
    """No price above zero, or one that overflows: no reading."""
    listed()
    now = chain.pending_timestamp
    aggregators[0].setRound(answer, now, now, sender=keeper)
    assert move().status == VALID, "young"
    price = move(after=MAX_AGE)
    assert (price.mid, price.status) == (2000 * WAD, STALE)


@pytest.mark.parametrize("sources", [1, 2, 3])
def test_refresh_ignores_the_future(listed, move, aggregators, chain, keeper, sources):
    """Attack 73: a reading a few seconds ahead of the block does not count, and makes no young price worse."""
    listed(sources)
    before = move(2000, 2000, 2000)
    later = chain.pending_timestamp + 12 + 2
    aggregators[0].setRound(2001 * 10**8, later, later, sender=keeper)
    price = move()
    assert (price.mid, price.status) == (before.mid, VALID)


def test_refresh_refuses_other_decimals(listed, move, aggregators, keeper):
    """Behind a proxy the aggregator changes from 8 to 18 decimals: no reading, not a price at the edge of the band."""
    listed()
    aggregators[0].setDecimals(18, sender=keeper)
    price = move(2000 * 10**10)
    assert (price.mid, price.status) == (2000 * WAD, VALID)


def test_refresh_lone_secondary_moves_a_price_that_is_not_sound(listed, move, aggregators, keeper):
    """The primary is dead: the price stays while it is young, then halts, then steps to the second source."""
    listed(2)
    aggregators[0].setMode(1, sender=keeper)
    price = move(0, 3000)
    assert (price.mid, price.status) == (2000 * WAD, VALID)
    assert move(0, 3000, after=MAX_AGE).status == HALTED
    seen = [move(0, 3000, after=BOUND + 1) for _ in range(3)]
    assert [price.mid for price in seen] == [2300 * WAD, 2645 * WAD, 3000 * WAD]
    assert {price.status for price in seen} == {UNCERTAIN}


def test_refresh_dispute_is_decided_for_the_source_that_moved(listed, move):
    """Attack 74: one source repeats 2,000 for ever, the other lives: six bounds later the price follows it."""
    listed(2)
    assert move(2180, 2000).mid == 2000 * WAD
    assert move(2180, 2000, after=5 * BOUND).mid == 2000 * WAD
    price = move(2180, 2000, after=BOUND)
    assert (price.mid, price.status) == (2180 * WAD, UNCERTAIN)
    price = move(2240, 2000, after=20 * BOUND)
    assert (price.mid, price.status) == (2240 * WAD, UNCERTAIN), "it stays with it"
    price = move(2240, 2250)
    assert (price.mid, price.status) == (2240 * WAD, VALID)


def test_refresh_what_only_votes_delays_and_never_leads(listed, move, source, aggregators, keeper):
    """A second source that only votes holds the primary back for six bounds, and is no price when it is dead."""
    listed(2, secondary=source(aggregators[1], voteOnly=True))
    price = move(2180, 2000)
    assert (price.mid, price.status) == (2000 * WAD, UNCERTAIN)
    assert move(2180, 2000, after=6 * BOUND).mid == 2180 * WAD
    aggregators[0].setMode(1, sender=keeper)
    price = move(0, 2000, after=MAX_AGE)
    assert (price.mid, price.status) == (2180 * WAD, UNCERTAIN)


def test_refresh_stuck_primary_freezes_nothing(listed, move):
    """The primary is stuck at 2,000, the second says 20: the price comes down by 15 % every six bounds."""
    listed(2, minPrice=WAD)
    price = move(2000, 20)
    assert (price.mid, price.status) == (2000 * WAD, UNCERTAIN)
    seen = [move(2000, 20, after=6 * BOUND).mid for _ in range(30)]
    assert seen[:2] == [1700 * WAD, 1445 * WAD]
    assert all(later * 100 >= earlier * 85 for earlier, later in pairwise(seen))
    assert seen[-1] == 20 * WAD


def test_refresh_many_small_steps_are_a_jump(listed, move):
    """Attack 15: a lone source that walks 14 % a block is stopped by the smoothed price."""
    listed()
    assert move(1720).status == VALID
    price = move(1480)
    assert (price.mid, price.status) == (1720 * WAD, HALTED)


def test_refresh_comes_all_the_way_without_a_new_round(listed, move):
    """After a halt and a step the same observation is enough: nothing waits for the source's next round."""
    listed()
    assert move(1640).status == HALTED
    assert move(after=BOUND + 1).mid == 1700 * WAD
    price = move(after=BOUND + 1)
    assert (price.mid, price.status) == (1640 * WAD, VALID)


def test_refresh_clamps_to_the_band(listed, move):
    """Attacks 8 and 9: confirmed or not, nothing leaves the band, and what is clamped is Uncertain."""
    listed(2)
    price = move(10**9, 10**9)
    assert (price.mid, price.status) == (10_000 * WAD, UNCERTAIN)
    price = move(1, 1)
    assert (price.mid, price.status) == (100 * WAD, UNCERTAIN)


def test_refresh_needs_the_sources_whole_gas(listed, keeper):
    """Attack 38: with less gas than a source may use the call fails instead of marking the feed Stale."""
    oracle = listed()
    with ape.reverts():
        oracle.refresh([1], sender=keeper, gas_limit=110_000)
    assert oracle.price(1).status == VALID


def test_refresh_smooths_with_the_price_that_stood(listed, move, oracle):
    """A new price counts for the smoothed one only from then on, by dt / (T + dt)."""
    listed()
    move(2000)
    move(2200)
    assert oracle.smoothed(1) == 2000 * WAD
    price = move(2200, after=1800)
    assert 2095 * WAD < oracle.smoothed(1) < 2105 * WAD
    assert (price.low, price.high) == (oracle.smoothed(1), 2200 * WAD)
