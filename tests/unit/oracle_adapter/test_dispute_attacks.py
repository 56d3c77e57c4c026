"""What a source that lies makes of a dispute before its six bounds are over."""

WAD = 10**18
UNCERTAIN = 3
BOUND = 600


def test_refresh_second_dispute_waits_as_long_as_the_first(listed, move):
    """Attack 92: the second source disagrees for a block, and six bounds later once more.

    Otherwise 2,280 at the first refresh of the second dispute, 2,960 two blocks later. The guardian had no time at all.
    """
    listed(2)
    assert move(2000, 2300).mid == 2000 * WAD
    assert move(2000, 2000).mid == 2000 * WAD
    seen = [move(2000, 2280, after=6 * BOUND).mid, move(2000, 2600).mid, move(2000, 2960).mid]
    assert seen == [2000 * WAD] * 3
    assert move(2000, 2960, after=5 * BOUND).mid == 2000 * WAD


def test_refresh_walking_source_takes_no_price_along_in_a_dispute(listed, move):
    """Attack 93: the primary walks 0.9 % a block away from a second source that lives and says 2,000.

    Otherwise 3,130 after ten minutes, Uncertain and never Halted, so that auctions sell at it. A lone source is stopped
    at the breaker's limit from the smoothed price; one that another contradicts must not come further.
    """
    listed(2)
    said = 2000.0
    for _ in range(50):
        said *= 1.009
        price = move(round(said, 2), 2000)
    assert price.status >= UNCERTAIN
    assert price.mid <= 2350 * WAD


def test_refresh_winner_of_a_dispute_moves_no_faster_than_a_lone_source(listed, move):
    """Attack 94: six bounds of a small lie, then 14 % a block, which the smoothed price stops for a lone source.

    Otherwise 4,043 one minute later.
    """
    listed(2)
    for _ in range(2):
        price = move(2000, 2100, after=6 * BOUND)
    assert price.mid == 2100 * WAD
    said = 2100.0
    for _ in range(5):
        said *= 1.14
        price = move(2000, round(said, 2))
    assert price.mid <= 2100 * 115 * WAD // 100 + WAD


def test_refresh_what_only_votes_does_not_freeze_a_primary_that_stayed(listed, move, source, aggregators):
    """Attack 96: an average of a thin pool is pushed 5 % away from the primary, which then falls a little every minute.

    Otherwise 2,000 for six bounds, while the primary says 1,666: nobody is put into auction in time, and those who are
    short of 2,000 are sold at it. Between two sources that may both be the price, it follows the one that stayed.
    """
    listed(2, secondary=source(aggregators[1], voteOnly=True))
    assert move(2000, 2100).mid == 2000 * WAD
    said = 2000.0
    for _ in range(12):
        said *= 0.985
        price = move(round(said, 2), 2100, after=60)
    assert price.mid < 1750 * WAD


def test_refresh_what_only_votes_does_not_freeze_a_primary_that_jumps(listed, move, source, aggregators):
    """A vote leaves the price and gets stuck at 2,200; then the primary falls to 1,000, and is not followed."""
    listed(2, secondary=source(aggregators[1], voteOnly=True))
    move(2000, 2200)
    for _ in range(10):
        price = move(1000, 2200, after=6 * BOUND)
    assert price.mid < 2000 * WAD


def test_refresh_walking_source_takes_the_smoothed_price_along(listed, move):
    """The primary walks for 55 minutes, 0.9 % a minute, at most 14 % above the smoothed price.

    The second source says 2,000 all the time: the price has moved 2 % when the dispute begins. Measured against the
    smoothed price it is 2,755 then, Uncertain and never Halted, so that auctions sell at it: 38 % above what a live
    source says.
    """
    listed(2)
    walked = smoothed = 2000.0
    for _ in range(55):
        smoothed += (walked - smoothed) * 55 / (1800 + 55)
        walked = max(walked, min(walked * 1.009, smoothed * 1.14))
        price = move(round(walked, 2), 2000, after=60)
    assert price.mid <= 2350 * WAD


def test_refresh_a_dispute_that_was_decided_is_not_decided_for_the_dead(listed, move):
    """The primary is dead at 2,000, the second source lives at 1,000 and has won; then it says 1,200 for a block.

    Measured anew from the price of then the dead source would have moved further: 1,150 after five bounds, 2,000 in the
    end, for whoever is short.
    """
    listed(2)
    move(2000, 2000)
    for _ in range(80):
        price = move(2000, 1000, after=BOUND)
    assert price.mid == 1000 * WAD
    move(2000, 1200)
    for _ in range(60):
        price = move(2000, 1000, after=BOUND)
        assert price.mid <= 1200 * WAD
    assert price.mid == 1000 * WAD


def test_set_feed_ends_a_dispute_with_a_source_that_is_gone(listed, move, oracle, governor, config):
    """The second source has won with 3,000; without it the price is the primary's within the breaker's rate."""
    listed(2)
    move(2000, 2000)
    for _ in range(40):
        price = move(2000, 3000, after=BOUND)
    assert price.mid == 3000 * WAD
    oracle.setFeed(1, config(1), sender=governor)
    mids = [move(2000, after=BOUND).mid for _ in range(8)]
    assert mids[-1] == 2000 * WAD
