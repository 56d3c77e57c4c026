from tests.helpers.auctions import open_long, start


def test_poke_turns_the_phase_and_restarts_its_clock(venue, trader, maker, keeper, other):
    """A change of the value's sign begins the other phase at its start."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    venue.warp(900)
    venue.set_price("ETH", 1400)

    receipt = venue.auction.poke(account, sender=other)

    assert receipt.event("PhaseChanged").insolvent
    auction = venue.auction.auctionOf(account)
    assert (auction.insolvent, auction.startedAt) == (True, receipt.time)
    quote = venue.auction.quote(account)
    assert quote.insolvent
    assert quote.value < 0


def test_poke_changes_nothing_without_cause(venue, trader, maker, keeper, other):
    """Nobody sets the clock back."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    auction = venue.auction.auctionOf(account)
    venue.warp(900)

    receipt = venue.auction.poke(account, sender=other)

    assert venue.auction.auctionOf(account) == auction
    assert receipt.events("PhaseChanged") == receipt.events("ClockChanged") == []


def test_poke_stops_the_clock_of_a_halt(venue, trader, maker, keeper, guardian, other):
    """The clock stands from the poke in a halt to the next action after it."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    venue.oracle.forceHalt(venue.feed("ETH"), 600, sender=guardian)

    assert venue.auction.poke(account, sender=other).event("ClockChanged").halted
    assert venue.auction.auctionOf(account).halted
    venue.warp(700)
    receipt = venue.auction.poke(account, sender=other)

    assert not receipt.event("ClockChanged").halted
    assert venue.auction.auctionOf(account).startedAt == receipt.time


def test_poke_reverts_without_auction(venue, trader, other):
    """There is nothing to bring up to date."""
    account = venue.account(trader)

    with venue.refuses("NotInAuction", trader, account=account):
        venue.auction.poke(account, sender=other)
