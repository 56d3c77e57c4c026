from tests.helpers.auctions import open_long, start
from tests.helpers.venue import MAX_UINT256


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


def test_end_reverts_below_the_target(venue, trader, maker, keeper):
    """Once bidders have begun HF 1 is not enough to leave: the target is above it."""
    account = open_long(venue, trader, maker)
    venue.deposit(keeper, "USDC", 100_000)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    venue.auction.bid(account, venue.account(keeper), 10**16, 0, 2**255 - 1, MAX_UINT256, MAX_UINT256, sender=keeper)
    venue.deposit(trader, "USDC", 500)
    margin = venue.margin(trader)[1]
    assert 0 < margin.excess < margin.requirement // 4

    with venue.refuses("NotRestored", trader, account=account, excess=margin.excess):
        venue.auction.end(account, sender=keeper)


def test_end_reverts_without_auction(venue, trader, keeper):
    """There is nothing to end."""
    account = venue.account(trader)

    with venue.refuses("NotInAuction", trader, account=account):
        venue.auction.end(account, sender=keeper)
