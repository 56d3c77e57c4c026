from tests.helpers.auctions import open_long, start


def test_a_deposit_cures_and_anyone_ends(venue, trader, maker, keeper, other):
    """INV-18: an account at its target leaves, and is its owner's again."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    venue.deposit(trader, "USDC", 10_000)

    event = venue.auction.end(account, sender=other).event("AuctionEnded")

    assert not event.closed
    assert not venue.vault.isInAuction(account)
    assert (venue.auction.auctionOf(account).id, venue.auction.globalExposure()) == (0, 0)
    venue.withdraw(trader, "USDC", 1_000)


def test_a_recovered_price_cures(venue, trader, maker, keeper, other):
    """So does the market."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    venue.set_price("ETH", 2000)

    venue.auction.end(account, sender=other)

    assert not venue.vault.isInAuction(account)


def test_end_of_a_healthy_account_below_the_target(venue, trader, maker, keeper, other):
    """A healthy account is untouchable, and does not stay locked for want of the target."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    venue.deposit(trader, "USDC", 500)
    margin = venue.margin(trader)[1]
    assert 0 < margin.excess < margin.requirement // 2

    venue.auction.end(account, sender=other)

    assert not venue.vault.isInAuction(account)


def test_end_reverts_while_unhealthy(venue, trader, maker, keeper):
    """Nobody but a bidder or a deposit gets it out."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)

    with venue.refuses("NotRestored", trader, account=account, excess=venue.margin(trader)[1].excess):
        venue.auction.end(account, sender=keeper)


def test_end_reverts_without_auction(venue, trader, keeper):
    """There is nothing to end."""
    account = venue.account(trader)

    with venue.refuses("NotInAuction", trader, account=account):
        venue.auction.end(account, sender=keeper)
