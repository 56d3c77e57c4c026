import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.reverts import ANY
from tests.unit.clearinghouse.conftest import claim, losses, market, pending, unpriced

WINDOW = 1800


def expiry_of(venue) -> int:
    """Expiry of the ether future [s]."""
    return (venue.instrument("ETH-FUTURE") >> 24 & 0xFFFFFF) * 3600


def start(venue, sender, seconds_before=WINDOW - 60):
    """Open the averaging window shortly before expiry."""
    venue.warp(expiry_of(venue) - seconds_before - venue.node.now)
    return venue.clearinghouse.startSettlement(venue.instrument("ETH-FUTURE"), sender=sender)


@pytest.fixture
def positions(venue, modules, trader, maker):
    """Open a long future of two ether at 2000."""
    modules.trade("ETH-FUTURE", trader, maker, 2, 2000)


def test_finish_settlement_takes_the_average_of_the_window(venue, positions, other):
    """Half the window at 2000, half at 2100; a spike before it does not count."""
    future = venue.instrument("ETH-FUTURE")
    venue.set_price("ETH", 2600)
    venue.warp(3600)
    venue.set_price("ETH", 2000)
    started = start(venue, other).time
    venue.warp(900)
    changed = venue.set_price("ETH", 2100).time
    venue.warp(expiry_of(venue) + 120 - venue.node.now)

    receipt = venue.clearinghouse.finishSettlement(future, sender=other)

    price = receipt.event("SettlementFinished").average
    expected = (2000 * (changed - started) + 2100 * (receipt.time - changed)) * wad(1) // (receipt.time - started)
    assert price == expected
    settlement = venue.clearinghouse.settlementOf(future)
    assert (settlement["startedAt"], settlement["finalPrice"]) == (started, price)


def test_option_ends_the_window_of_its_expiry(venue, other):
    """The event names the average, not what the option pays; the future of the expiry is worth it, unfinished."""
    option, future = venue.instrument("ETH-QUARTERLY-2500-C"), venue.instrument("ETH-FUTURE")
    venue.set_price("ETH", 2100)
    venue.warp(expiry_of(venue) - WINDOW - venue.node.now)
    begun = venue.clearinghouse.startSettlement(option, sender=other)
    venue.warp(expiry_of(venue) - venue.node.now)

    receipt = venue.clearinghouse.finishSettlement(option, sender=other)

    assert (receipt.event("SettlementFinished").id, receipt.event("SettlementFinished").average) == (option, wad(2100))
    ends = [venue.clearinghouse.settlementOf(each) for each in (option, future)]
    assert [(end["average"], end["finalPrice"], end["finished"]) for end in ends] == [
        (wad(2100), 0, True),
        (wad(2100), wad(2100), False),
    ]
    # what a keeper expects of both calls
    assert 60_000 < min(begun.gas_used, receipt.gas_used) <= max(begun.gas_used, receipt.gas_used) < 120_000


def test_settled_legs_have_no_size_and_leave(venue, positions, trader, maker, other):
    """The loser pays the final price, then the winner is paid; nothing is left of the market."""
    future = venue.instrument("ETH-FUTURE")
    start(venue, other)
    venue.set_price("ETH", 2050)
    venue.warp(expiry_of(venue) + 120 - venue.node.now)
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
    """Not before it is started, not before a whole window and expiry, not after two; then it starts anew."""
    future = venue.instrument("ETH-FUTURE")
    with venue.refuses("SettlementNotStarted", id=future):
        venue.clearinghouse.finishSettlement(future, sender=other)
    started = start(venue, other, -7200).time
    venue.warp(WINDOW // 2)
    with venue.refuses("SettlementTooEarly", id=future, time=ANY, earliest=started + WINDOW):
        venue.clearinghouse.finishSettlement(future, sender=other)
    venue.warp(2 * WINDOW)
    with venue.refuses("SettlementWindowPassed", id=future, time=ANY, latest=started + 2 * WINDOW):
        venue.clearinghouse.finishSettlement(future, sender=other)

    venue.clearinghouse.startSettlement(future, sender=other)
    venue.warp(WINDOW)
    venue.clearinghouse.finishSettlement(future, sender=other)

    with venue.refuses("AlreadySettled", id=future):
        venue.clearinghouse.finishSettlement(future, sender=other)


def test_finish_settlement_needs_a_valid_price(venue, positions, other, guardian):
    """A halt may delay the end but not make the price; nothing is lost."""
    future, feed = venue.instrument("ETH-FUTURE"), venue.feed("ETH")
    start(venue, other)
    venue.warp(expiry_of(venue) + 120 - venue.node.now)
    venue.oracle.forceUncertain(feed, 300, sender=guardian)
    with venue.refuses("PriceNotValid", **unpriced(venue, "ETH")):
        venue.clearinghouse.finishSettlement(future, sender=other)

    venue.warp(301)
    venue.clearinghouse.finishSettlement(future, sender=other)


def test_start_settlement_keeps_its_times(venue, positions, other):
    """At most a window before expiry, and not while one is running."""
    future, expiry = venue.instrument("ETH-FUTURE"), expiry_of(venue)
    venue.warp(expiry - 2 * WINDOW - venue.node.now)
    with venue.refuses("SettlementTooEarly", id=future, time=ANY, earliest=expiry - WINDOW):
        venue.clearinghouse.startSettlement(future, sender=other)
    start(venue, other)
    with venue.refuses("SettlementRunning", id=future, time=ANY, latest=ANY):
        venue.clearinghouse.startSettlement(future, sender=other)


def test_settlement_is_for_expiring_instruments(venue, other):
    """A perpetual has no final price."""
    perpetual = venue.instrument("ETH-PERP")
    with venue.refuses("UnknownInstrument", id=perpetual):
        venue.clearinghouse.startSettlement(perpetual, sender=other)
    with venue.refuses("UnknownInstrument", id=perpetual):
        venue.clearinghouse.finishSettlement(perpetual, sender=other)
