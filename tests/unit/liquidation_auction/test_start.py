from crossmargin.chain.decimals import wad
from crossmargin.model.auction import starter_pay
from tests.helpers.auctions import open_long, set_params, start


def test_start_opens_the_auction_and_pays_the_starter(venue, trader, maker, keeper):
    """INV-15: below HF 1 anyone starts; the pay comes from the account, at most 1 % of its value."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    margin = venue.margin(trader)[1]
    assert margin.excess < 0

    receipt = start(venue, trader, keeper)

    event = receipt.event("AuctionStarted")
    pay = starter_pay(wad(10), wad("0.02"), wad(500), -margin.excess, margin.equity)
    assert (event.value, event.excess, event.starterPay) == (margin.equity, margin.excess, pay)
    assert venue.cash(keeper) == pay > 0
    auction = venue.auction.auctionOf(account)
    assert (auction.id, auction.insolvent, auction.stopped, auction.reserved) == (event.id, False, False, 0)
    assert (auction.seenAt, auction.solventTime, auction.insolventTime) == (receipt.time, 0, 0)
    assert venue.vault.isInAuction(account)
    assert venue.auction.exposureOf(venue.feed("ETH")) == 20
    assert venue.auction.globalExposure() == auction.exposure == -(-margin.requirement // 10**9)


def test_start_of_an_insolvent_account_pays_nothing(venue, trader, maker, keeper):
    """What is left to pay is somebody else's money."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1400)

    event = start(venue, trader, keeper).event("AuctionStarted")

    assert (event.insolvent, event.starterPay, venue.cash(keeper)) == (True, 0, 0)
    assert venue.auction.auctionOf(account).insolvent


def test_start_during_a_halt_is_unpaid_and_has_no_clock(venue, trader, maker, keeper, guardian):
    """A halt freezes the clock but hides nobody."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    venue.oracle.forceHalt(venue.feed("ETH"), 600, sender=guardian)

    event = start(venue, trader, keeper).event("AuctionStarted")

    assert (event.starterPay, venue.cash(keeper)) == (0, 0)
    assert venue.auction.auctionOf(account).stopped


def test_start_reverts_for_a_healthy_account(venue, trader, maker, keeper):
    """INV-15: at HF 1 and above an account is untouchable."""
    account = open_long(venue, trader, maker)
    excess = venue.margin(trader)[1].excess

    with venue.refuses("Healthy", trader, keeper, account=account, excess=excess):
        start(venue, trader, keeper)


def test_start_reverts_for_an_account_without_debt(venue, trader, keeper):
    """Cash alone is never sold."""
    venue.deposit(trader, "USDC", 1)

    with venue.refuses("Healthy", trader, account=venue.account(trader), excess=wad(1)):
        start(venue, trader, keeper)


def test_start_reverts_twice(venue, trader, maker, keeper):
    """INV-18: one live auction per account."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)

    with venue.refuses("AlreadyInAuction", trader, keeper, account=account):
        start(venue, trader, keeper)


def test_start_reverts_with_the_account_as_starter(venue, trader, maker):
    """An account does not pay itself."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)

    with venue.refuses("SelfBid", trader, account=account):
        venue.auction.start(account, account, sender=trader)


def test_start_reverts_at_the_global_cap_while_others_run(venue, trader, maker, other, keeper):
    """The cap is a breaker, never a stop: the first account passes it, the next waits for room."""
    set_params(venue, globalExposureCap=wad(1_000))
    first, second = open_long(venue, trader, maker), open_long(venue, other, maker)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    exposure = venue.auction.globalExposure()
    assert exposure > 1_000 * 10**9

    with venue.refuses("ExposureCapReached", other, keeper, underlying=0, exposure=exposure, cap=1_000 * 10**9):
        start(venue, other, keeper)

    venue.deposit(trader, "USDC", 10_000)
    venue.auction.end(first, sender=keeper)
    assert venue.auction.globalExposure() == 0
    start(venue, other, keeper)
    assert venue.auction.auctionOf(second).id


def test_start_reverts_at_the_cap_of_an_underlying_while_others_run(venue, trader, maker, other, keeper):
    """The same for one underlying, in units."""
    open_long(venue, trader, maker)
    open_long(venue, other, maker)
    eth = venue.feed("ETH")
    params = {**venue.parameters.underlyingParams(eth), "exposureCap": 15}
    globals_ = venue.parameters.globalParams()
    venue.govern(venue.parameters, "setParameters", [eth], [tuple(params.values())], [], [], globals_)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)

    with venue.refuses("ExposureCapReached", other, keeper, underlying=eth, exposure=20, cap=15):
        start(venue, other, keeper)
