import pytest

from crossmargin.chain.decimals import wad
from crossmargin.errors import ContractRevert
from tests.helpers.option_desk import observe
from tests.helpers.reverts import ANY
from tests.unit.clearinghouse.conftest import claim, losses, market, pending, unpriced

WINDOW = 1800


def expiry_of(venue) -> int:
    """Expiry of the ether future [s]."""
    return (venue.instrument("ETH-FUTURE") >> 24 & 0xFFFFFF) * 3600


def begin(venue):
    """Go to the beginning of the half hour before expiry."""
    venue.warp(expiry_of(venue) - WINDOW - venue.node.now)


def end(venue, sender):
    """Go past expiry, and observe the index as its source proves it."""
    return observe(venue, "ETH-FUTURE", sender=sender)


def observe_now(venue, times, sender):
    """Observe the index in the next minutes, as it is, and go to the one after them."""
    for _ in range(times):
        venue.clearinghouse.observeSettlement(venue.instrument("ETH-FUTURE"), sender=sender)
        venue.warp(60 - venue.node.now % 60)


@pytest.fixture
def positions(venue, modules, trader, maker):
    """Open a long future of two ether at 2000."""
    modules.trade("ETH-FUTURE", trader, maker, 2, 2000)


def test_finish_settlement_takes_the_average_of_what_was_observed(venue, positions, other):
    """Half the minutes at 2,000, half at 2,100; what the index was before and after does not count."""
    future = venue.instrument("ETH-FUTURE")
    venue.set_price("ETH", 2600)
    begin(venue)
    venue.set_price("ETH", 2000)
    venue.warp(expiry_of(venue) - 15 * 60 - venue.node.now)
    venue.set_price("ETH", 2100)
    venue.warp(expiry_of(venue) + 10 - venue.node.now)
    venue.set_price("ETH", 1500)
    venue.warp(4 * 3600)
    assert len(end(venue, other).events("IndexObserved")) == 30

    receipt = venue.clearinghouse.finishSettlement(future, sender=other)

    assert receipt.event("SettlementFinished").average == wad(2050)
    settlement = venue.clearinghouse.settlementOf(future)
    assert (settlement["observations"], settlement["finalPrice"]) == (30, wad(2050))


@pytest.mark.parametrize(("second", "average"), [(30, 2000), (58, 2020)])
def test_a_spike_that_somebody_refreshes_weighs_its_minute(venue, positions, other, second, average):
    """A holder refreshes the index while it is at 2,600 for seconds: at most the end of a minute of thirty has it."""
    begin(venue)
    venue.set_price("ETH", 2000)
    venue.warp(5 * 60 + second - 2)
    venue.set_price("ETH", 2600)
    with pytest.raises(ContractRevert, match="SettlementTooEarly"):
        venue.clearinghouse.observeSettlement(venue.instrument("ETH-FUTURE"), sender=other)
    venue.set_price("ETH", 2000)
    end(venue, other)
    receipt = venue.clearinghouse.finishSettlement(venue.instrument("ETH-FUTURE"), sender=other)
    assert receipt.event("SettlementFinished").average == wad(average)


def test_option_ends_its_expiry(venue, other):
    """The event names the average, not what the option pays; the future of the expiry is worth it, unfinished."""
    option, future = venue.instrument("ETH-QUARTERLY-2500-C"), venue.instrument("ETH-FUTURE")
    venue.set_price("ETH", 2100)
    begin(venue)
    observed = observe(venue, "ETH-QUARTERLY-2500-C", sender=other)

    receipt = venue.clearinghouse.finishSettlement(option, sender=other)

    assert (receipt.event("SettlementFinished").id, receipt.event("SettlementFinished").average) == (option, wad(2100))
    ends = [venue.clearinghouse.settlementOf(each) for each in (option, future)]
    assert [(end["average"], end["finalPrice"], end["finished"]) for end in ends] == [
        (wad(2100), 0, True),
        (wad(2100), wad(2100), False),
    ]
    # what a keeper expects of both calls
    assert 50_000 < receipt.gas_used < 200_000
    assert 200_000 < observed.gas_used < 1_000_000


def test_settled_legs_have_no_size_and_leave(venue, positions, trader, maker, other):
    """The loser pays the final price, then the winner is paid; nothing is left of the market."""
    future = venue.instrument("ETH-FUTURE")
    begin(venue)
    venue.set_price("ETH", 2050)
    end(venue, other)
    venue.clearinghouse.finishSettlement(future, sender=other)
    final = venue.clearinghouse.settlementOf(future)["finalPrice"]
    profit = 2 * (final - wad(2000))
    assert pending(venue, trader) == (0, 0, profit, 0)
    assert pending(venue, maker) == (0, 0, 0, -profit)
    venue.set_price("ETH", 2500)

    venue.settle(trader)
    assert venue.position(trader, "ETH-FUTURE") == (0, 0)
    assert claim(venue, trader, "ETH-FUTURE", longs=True) == (profit, wad(2))
    assert losses(venue, "ETH-FUTURE")["units"] == (wad(2), 0)
    venue.settle(maker)
    venue.settle(trader)

    assert venue.cash(trader) == wad(100_000) + profit
    assert venue.cash(maker) == wad(100_000) - profit
    for owner in (trader, maker):
        assert venue.clearinghouse.legIds(venue.account(owner)) == []
    found = market(venue, "ETH-FUTURE")
    assert (found["open_interest"], found["pool"], losses(venue, "ETH-FUTURE")["units"]) == (0, 0, (0, 0))


def test_finish_settlement_keeps_its_times(venue, positions, other):
    """Not before expiry, and once."""
    future, expiry = venue.instrument("ETH-FUTURE"), expiry_of(venue)
    begin(venue)
    with venue.refuses("SettlementTooEarly", id=future, time=ANY, earliest=expiry):
        venue.clearinghouse.finishSettlement(future, sender=other)
    end(venue, other)
    venue.clearinghouse.finishSettlement(future, sender=other)

    with venue.refuses("AlreadySettled", id=future):
        venue.clearinghouse.finishSettlement(future, sender=other)


def test_a_window_that_was_missed_goes_on_after_expiry(venue, positions, other):
    """No source proves it: a month later twenty minutes count, each as much as another, and no more than twenty."""
    future = venue.instrument("ETH-FUTURE")
    venue.warp(expiry_of(venue) + 30 * 86_400 - venue.node.now)
    venue.set_price("ETH", 600)
    observe_now(venue, 10, other)
    venue.set_price("ETH", 800)
    observe_now(venue, 10, other)
    venue.set_price("ETH", 2000)
    with venue.refuses("ObservedEnough", id=future, observations=20):
        venue.clearinghouse.observeSettlement(future, sender=other)
    receipt = venue.clearinghouse.finishSettlement(future, sender=other)
    assert receipt.event("SettlementFinished").average == wad(700)


def test_a_source_in_doubt_delays_the_end_by_a_day_at_most(venue, positions, other, guardian):
    """An index that nobody trusts is not observed; a day after expiry what two sources prove counts."""
    future, feed = venue.instrument("ETH-FUTURE"), venue.feed("ETH")
    begin(venue)
    venue.oracle.forceUncertain(feed, 7 * 86_400, sender=guardian)
    doubted = venue.clearinghouse.observeSettlement(future, sender=other)
    assert doubted.event("IndexDoubted").time == venue.node.now
    venue.warp(expiry_of(venue) + 60 - venue.node.now)
    with venue.refuses("PriceNotValid", **unpriced(venue, "ETH")):
        venue.clearinghouse.observeSettlement(future, sender=other)
    venue.warp(expiry_of(venue) + 86_390 - venue.node.now)
    with venue.refuses("PriceNotValid", **unpriced(venue, "ETH")):
        venue.clearinghouse.observeSettlement(future, sender=other)
    venue.set_price("ETH", 2500)
    venue.warp(10)
    end(venue, other)
    receipt = venue.clearinghouse.finishSettlement(future, sender=other)
    assert receipt.event("SettlementFinished").average == wad(2000)


def test_a_dead_source_delays_the_end_by_three_days_at_most(venue, positions, other, guardian):
    """A day after expiry a price that is not Valid counts if it is of the last hour, and after three days any."""
    future, feed = venue.instrument("ETH-FUTURE"), venue.feed("ETH")
    venue.warp(expiry_of(venue) - venue.node.now)
    venue.set_price("ETH", 2000)
    venue.oracle.forceUncertain(feed, 7 * 86_400, sender=guardian)
    said = venue.oracle.price(feed).time
    for wait in (86_400 + 60, 2 * 86_400 - 120):
        venue.warp(wait, refresh=False)
        with venue.refuses("PriceTooOld", feedId=feed, time=said, earliest=ANY):
            venue.clearinghouse.observeSettlement(future, sender=other)
    for _ in range(20):
        venue.warp(120, refresh=False)
        venue.clearinghouse.observeSettlement(future, sender=other)
    receipt = venue.clearinghouse.finishSettlement(future, sender=other)
    assert receipt.event("SettlementFinished").average == wad(2000)


def test_observations_keep_their_times(venue, positions, other):
    """None in the half hour before expiry while the index is Valid, once after it, none of a known average."""
    future, expiry = venue.instrument("ETH-FUTURE"), expiry_of(venue)
    venue.warp(expiry - 2 * WINDOW - venue.node.now)
    with venue.refuses("SettlementTooEarly", id=future, time=ANY, earliest=expiry - WINDOW):
        venue.clearinghouse.observeSettlement(future, sender=other)
    begin(venue)
    with venue.refuses("SettlementTooEarly", id=future, time=ANY, earliest=expiry + 1):
        venue.clearinghouse.observeSettlement(future, sender=other)
    end(venue, other)
    with venue.refuses("ObservedEnough", id=future, observations=30):
        venue.clearinghouse.observeSettlement(future, sender=other)
    option = venue.instrument("ETH-QUARTERLY-2500-C")
    venue.clearinghouse.finishSettlement(future, sender=other)
    with venue.refuses("AverageKnown", id=option, average=wad(2000)):
        venue.clearinghouse.observeSettlement(option, sender=other)


def test_settlement_is_for_expiring_instruments(venue, other):
    """A perpetual has no final price."""
    perpetual = venue.instrument("ETH-PERP")
    with venue.refuses("UnknownInstrument", id=perpetual):
        venue.clearinghouse.observeSettlement(perpetual, sender=other)
    with venue.refuses("UnknownInstrument", id=perpetual):
        venue.clearinghouse.finishSettlement(perpetual, sender=other)
