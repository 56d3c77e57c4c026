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


def test_in_doubt_the_clock_of_an_insolvent_account_crawls(venue, trader, maker, keeper, guardian, other):
    """Past six minutes of 8,400 s a hundred count, of those until a doubt is over none; of a solvent account all do."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    venue.oracle.forceUncertain(venue.feed("ETH"), 9_000, sender=guardian)
    start(venue, trader, keeper)
    solvent = venue.auction.auctionOf(account)
    assert not solvent.stopped
    venue.set_price("ETH", 1400)

    receipt = venue.auction.poke(account, sender=other)

    assert receipt.event("ClockChanged").stopped
    assert venue.auction.auctionOf(account).solventTime == receipt.time - solvent.seenAt
    venue.warp(360, refresh=False)
    assert venue.auction.poke(account, sender=other).events("ClockChanged") == []
    assert venue.auction.auctionOf(account).insolventTime == 360
    venue.warp(8_400)
    venue.set_price("ETH", 1400)
    before = venue.auction.auctionOf(account)
    poked = venue.auction.poke(account, sender=other)
    crawled = venue.auction.auctionOf(account)
    assert crawled.insolventTime - before.insolventTime == (poked.time - before.seenAt) // 84 >= 100
    assert poked.events("ClockChanged") == []
    venue.warp(900)
    venue.set_price("ETH", 1400)
    awake = venue.auction.poke(account, sender=other)
    assert not awake.event("ClockChanged").stopped
    assert venue.auction.auctionOf(account).insolventTime == crawled.insolventTime
    venue.warp(60, refresh=False)
    again = venue.auction.poke(account, sender=other)
    assert venue.auction.auctionOf(account).insolventTime == crawled.insolventTime + again.time - awake.time


def test_an_auction_that_begins_in_doubt_counts_six_minutes(venue, trader, maker, keeper, guardian, other):
    """Of an insolvent account's time since its start no more, if nobody has looked until the doubt is over."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1400)
    venue.oracle.forceUncertain(venue.feed("ETH"), 600, sender=guardian)
    start(venue, trader, keeper)
    assert venue.auction.auctionOf(account).stopped
    venue.warp(7_200)
    venue.set_price("ETH", 1400)
    assert not venue.auction.poke(account, sender=other).event("ClockChanged").stopped
    assert venue.auction.auctionOf(account).insolventTime == 360


def test_poke_reverts_without_auction(venue, trader, other):
    """There is nothing to bring up to date."""
    account = venue.account(trader)

    with venue.refuses("NotInAuction", trader, account=account):
        venue.auction.poke(account, sender=other)
