from tests.helpers.auctions import open_long, start


def test_poke_turns_the_phase_and_keeps_its_clock(venue, trader, maker, keeper, other):
    """A change of the value's sign turns to the other phase's clock; neither is set back."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    started = venue.auction.auctionOf(account).seenAt
    venue.warp(900)
    venue.set_price("ETH", 1400)

    receipt = venue.auction.poke(account, sender=other)

    assert receipt.event("PhaseChanged").insolvent
    auction = venue.auction.auctionOf(account)
    assert (auction.insolvent, auction.seenAt, auction.insolventTime) == (True, receipt.time, 0)
    assert auction.solventTime == receipt.time - started
    quote = venue.auction.quote(account)
    assert quote.insolvent
    assert quote.value < 0


def test_poke_moves_no_clock(venue, trader, maker, keeper, other):
    """Nobody sets the clock back, or forth."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    auction = venue.auction.auctionOf(account)
    venue.warp(900)

    receipt = venue.auction.poke(account, sender=other)

    after = venue.auction.auctionOf(account)
    assert after.solventTime == after.seenAt - auction.seenAt == receipt.time - auction.seenAt
    assert {**after, "seenAt": 0, "solventTime": 0} == {**auction, "seenAt": 0, "solventTime": 0}
    assert receipt.events("PhaseChanged") == receipt.events("ClockChanged") == []


def test_poke_stops_the_clock_of_a_halt(venue, trader, maker, keeper, guardian, other):
    """The clock stands from the poke in a halt to the next action after it."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    venue.oracle.forceHalt(venue.feed("ETH"), 600, sender=guardian)

    assert venue.auction.poke(account, sender=other).event("ClockChanged").stopped
    auction = venue.auction.auctionOf(account)
    assert auction.stopped
    venue.warp(700)
    receipt = venue.auction.poke(account, sender=other)

    assert not receipt.event("ClockChanged").stopped
    after = venue.auction.auctionOf(account)
    assert (after.stopped, after.solventTime) == (False, auction.solventTime)


def test_poke_reverts_without_auction(venue, trader, other):
    """There is nothing to bring up to date."""
    account = venue.account(trader)

    with venue.refuses("NotInAuction", trader, account=account):
        venue.auction.poke(account, sender=other)
