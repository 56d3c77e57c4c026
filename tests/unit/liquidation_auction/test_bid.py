import pytest

from crossmargin.chain.decimals import wad
from crossmargin.model.auction import largest_fraction, slice_payment, whole_price
from crossmargin.model.units import WAD
from tests.helpers.auctions import ROUNDING, bid, equity, open_long, rest, set_params, start, terms
from tests.helpers.reverts import ANY
from tests.helpers.venue import MAX_UINT256

PERMISSION_BID = 16


@pytest.fixture
def account(venue, trader, maker, keeper, liquidator):
    """Put the trader's account in a solvent auction, and give a liquidator money."""
    account = open_long(venue, trader, maker)
    venue.deposit(liquidator, "USDC", 100_000)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    return account


def test_bid_takes_a_slice_at_the_models_price(venue, account, trader, liquidator):
    """INV-17: the bidder pays price times fraction, rounded up, and gets the slice and no more."""
    venue.warp(60)
    before, value = rest(venue, trader), equity(venue, liquidator)
    auction = venue.auction.auctionOf(account)

    receipt = bid(venue, trader, liquidator, "0.1")

    event = receipt.event("Bid")
    price = whole_price(terms(venue), before, receipt.time - auction.seenAt)
    assert event.fraction == wad("0.1")
    assert event.value == before.value
    assert event.payment == slice_payment(wad("0.1"), price)
    assert venue.position(trader, "ETH-PERP")[0] == wad(18)
    assert venue.position(liquidator, "ETH-PERP")[0] == wad(2)
    gain = equity(venue, liquidator) - value
    assert 0 <= before.value // 10 - event.payment - gain <= ROUNDING
    auction = venue.auction.auctionOf(account)
    assert auction.reserved == event.payment // 10**9 * 10**9
    assert venue.auction.exposureOf(venue.feed("ETH")) == 18
    assert event.excess == venue.margin(trader)[1].excess > before.excess


def test_bid_is_clamped_to_what_restores_the_account(venue, account, trader, liquidator):
    """INV-16, INV-18: the largest slice brings the excess to its target and ends the auction."""
    venue.warp(60)
    before, auction = rest(venue, trader), venue.auction.auctionOf(account)

    receipt = bid(venue, trader, liquidator)

    price = whole_price(terms(venue), before, receipt.time - auction.seenAt)
    assert receipt.event("Bid").fraction == largest_fraction(terms(venue), before, price) < WAD
    margin = venue.margin(trader)[1]
    # impact falls faster than the size, so that a little more than the target is reached
    assert 0 <= margin.excess - margin.requirement // 2 <= margin.requirement // 500
    assert not receipt.event("AuctionEnded").closed
    assert not venue.vault.isInAuction(account)
    assert venue.auction.auctionOf(account).id == 0
    assert (venue.auction.globalExposure(), venue.auction.exposureOf(venue.feed("ETH"))) == (0, 0)


def test_competing_bidders_get_the_same_terms(venue, account, trader, liquidator, other):
    """Cash of the first bid is reserved: the second pays the same for the same part of what is left."""
    set_params(venue, startReward=wad("0.2"), kneeReward=wad("0.2"))
    venue.deposit(other, "USDC", 100_000)
    before = equity(venue, liquidator), equity(venue, other)

    first = bid(venue, trader, liquidator, "0.1").event("Bid")
    second = bid(venue, trader, other, "0.1").event("Bid")

    gains = equity(venue, liquidator) - before[0], equity(venue, other) - before[1]
    assert second.value == pytest.approx(first.value * 9 // 10, abs=ROUNDING)
    assert gains[1] * 10 == pytest.approx(gains[0] * 9, rel=1e-3)


def test_bid_closes_a_small_account_whole(venue, account, trader, liquidator):
    """The owner keeps what the bidder paid."""
    set_params(venue, smallAccount=wad(10_000))

    with venue.refuses("FillTooSmall", trader, liquidator, fraction=wad("0.5"), minimum=WAD):
        bid(venue, trader, liquidator, "0.5")
    receipt = bid(venue, trader, liquidator)

    assert receipt.event("AuctionEnded").closed
    assert venue.clearinghouse.legIds(account) == []
    assert venue.cash(trader) == pytest.approx(receipt.event("Bid").payment, abs=2)
    venue.withdraw(trader, "USDC", "all")


def test_bid_at_price_zero_is_free(venue, account, trader, liquidator):
    """After the slow leg a slice costs nothing; it still helps the account."""
    venue.warp(900 + 7200)

    event = bid(venue, trader, liquidator, "0.1").event("Bid")

    assert event.payment == 0


def test_operator_bids(venue, account, trader, liquidator, other):
    """PERMISSION_BID is enough, and needed."""
    bidder = venue.account(liquidator)
    with venue.refuses("NotAuthorised", trader, liquidator, caller=other, account=bidder, permission=PERMISSION_BID):
        bid(venue, trader, liquidator, "0.1", sender=other)

    venue.vault.setOperator(other, PERMISSION_BID, 2**48 - 1, sender=liquidator)
    bid(venue, trader, liquidator, "0.1", sender=other)

    assert venue.position(liquidator, "ETH-PERP")[0] == wad(2)


def test_bid_goes_on_with_a_stale_price(venue, account, trader, liquidator):
    """Liquidation goes on through Stale, with widened shocks."""
    venue.warp(3 * 86_400, refresh=False)
    assert venue.oracle.price(venue.feed("ETH")).status == 2

    bid(venue, trader, liquidator, "0.1")

    assert venue.position(liquidator, "ETH-PERP")[0] == wad(2)


def test_bid_goes_on_in_a_pause(venue, account, trader, liquidator, guardian):
    """No pause stops a liquidation."""
    venue.vault.pauseRiskIncrease(86_400, sender=guardian)

    bid(venue, trader, liquidator, "0.1")

    assert venue.position(liquidator, "ETH-PERP")[0] == wad(2)


def test_bid_reverts_while_the_price_is_halted(venue, account, trader, liquidator, guardian):
    """The clock stands still; after the halt it goes on."""
    venue.warp(60)
    venue.oracle.forceHalt(venue.feed("ETH"), 600, sender=guardian)

    with venue.refuses("ClockHalted", trader, liquidator):
        bid(venue, trader, liquidator, "0.1")
    venue.auction.poke(account, sender=liquidator)
    assert venue.auction.quote(account).maxFraction == 0
    venue.warp(700)
    receipt = bid(venue, trader, liquidator, "0.1")

    assert receipt.event("ClockChanged").stopped is False
    auction = venue.auction.auctionOf(account)
    assert 60 <= auction.solventTime < 70
    assert (auction.seenAt, auction.stopped) == (receipt.time, False)


def test_bid_reverts_without_auction(venue, maker, trader, liquidator):
    """Nobody buys from an account that is not for sale."""
    account = open_long(venue, trader, maker)

    with venue.refuses("NotInAuction", trader, liquidator, account=account):
        bid(venue, trader, liquidator)


@pytest.mark.parametrize("fraction", ["0", "1.000000000000000001"])
def test_bid_reverts_for_a_fraction_out_of_range(venue, account, trader, liquidator, fraction):
    """A fraction is above 0 and at most 1."""
    with venue.refuses("FractionOutOfRange", trader, liquidator, fraction=wad(fraction), limit=WAD):
        bid(venue, trader, liquidator, fraction)


def test_bid_reverts_below_the_bidders_minimum(venue, account, trader, liquidator):
    """A clamp below the minimum is no fill."""
    with venue.refuses("FillTooSmall", trader, liquidator, fraction=wad("0.1"), minimum=wad("0.2")):
        bid(venue, trader, liquidator, "0.1", minimum="0.2")


def test_bid_reverts_above_the_bidders_limit(venue, account, trader, liquidator):
    """INV-17: the limit is for the price of the whole."""
    set_params(venue, startReward=wad("0.2"), kneeReward=wad("0.2"))
    price = venue.auction.quote(account).price

    with venue.refuses("PriceLimit", trader, liquidator, payment=price, limit=price - 1):
        bid(venue, trader, liquidator, "0.1", limit=price - 1)
    bid(venue, trader, liquidator, "0.1", limit=price)


def test_bid_reverts_for_another_state(venue, account, trader, liquidator, other):
    """The nonce of a bid names the state it was computed for."""
    venue.deposit(other, "USDC", 100_000)
    nonce = venue.auction.stateNonce(account)
    bid(venue, trader, other, "0.1", nonce=nonce)
    actual = venue.auction.stateNonce(account)

    with venue.refuses("NonceMismatch", trader, liquidator, account=account, actual=actual, expected=nonce):
        bid(venue, trader, liquidator, "0.1", nonce=nonce)


def test_bid_reverts_after_its_deadline(venue, account, trader, liquidator):
    """A bid does not wait for ever."""
    deadline = venue.node.now
    venue.warp(10)

    with venue.refuses("DeadlinePassed", trader, liquidator, time=ANY, deadline=deadline):
        bid(venue, trader, liquidator, "0.1", deadline=deadline)


def test_bid_reverts_of_the_account_itself(venue, account, trader):
    """An account does not buy itself."""
    with venue.refuses("SelfBid", trader, account=account):
        bid(venue, trader, trader)


def test_bid_reverts_for_a_bidder_in_auction(venue, account, trader, maker, other, keeper):
    """Who is for sale does not buy."""
    venue.set_price("ETH", 2000)
    bidder = open_long(venue, other, maker)
    venue.set_price("ETH", 1560)
    start(venue, other, keeper)

    with venue.refuses("AlreadyInAuction", trader, other, account=bidder):
        bid(venue, trader, other, "0.1")


def test_bid_reverts_for_a_restored_account(venue, account, trader, liquidator):
    """What is restored is no longer for sale."""
    venue.deposit(trader, "USDC", 10_000)
    excess = venue.margin(trader)[1].excess

    with venue.refuses("Healthy", trader, liquidator, account=account, excess=excess):
        bid(venue, trader, liquidator, "0.1", nonce=MAX_UINT256)


def test_bid_reverts_for_a_healthy_account_below_the_target(venue, account, trader, liquidator):
    """INV-15: a healthy account is untouchable, in auction or not."""
    venue.deposit(trader, "USDC", 500)
    margin = venue.margin(trader)[1]
    assert 0 < margin.excess < margin.requirement // 2

    with venue.refuses("Healthy", trader, liquidator, account=account, excess=margin.excess):
        bid(venue, trader, liquidator, "0.1")


def test_the_clock_stands_after_a_bid_that_leaves_the_account_healthy(venue, account, trader, liquidator):
    """Nobody may bid then, so the price does not fall; should the account fall again, the clock goes on."""
    venue.warp(60)
    fraction = venue.auction.quote(account).maxFraction * 9 // 10
    receipt = venue.auction.bid(
        account, venue.account(liquidator), fraction, 0, 2**255 - 1, MAX_UINT256, MAX_UINT256, sender=liquidator
    )
    margin = venue.margin(trader)[1]
    assert 0 < margin.excess < margin.requirement // 2
    auction = venue.auction.auctionOf(account)
    assert (auction.stopped, auction.seenAt) == (True, receipt.time)
    assert receipt.event("ClockChanged").stopped

    venue.warp(1_000)
    venue.set_price("ETH", 1500)
    poked = venue.auction.poke(account, sender=liquidator)
    assert not poked.event("ClockChanged").stopped
    assert venue.auction.auctionOf(account).solventTime == auction.solventTime


def test_bid_reverts_for_dust(venue, account, trader, liquidator):
    """Attack 32: a bid that changes the state others bid for takes at least a hundredth, or all that is needed."""
    bidder, least = venue.account(liquidator), 10**16
    with venue.refuses("FillTooSmall", trader, liquidator, fraction=least - 1, minimum=least):
        venue.auction.bid(account, bidder, least - 1, 0, 2**255 - 1, MAX_UINT256, MAX_UINT256, sender=liquidator)


def test_the_smallest_bid_still_helps(venue, account, trader, liquidator):
    """INV-16: roundings are paid by the bidder, so that the least fraction raises the excess."""
    excess = venue.margin(trader)[1].excess
    bidder = venue.account(liquidator)

    venue.auction.bid(account, bidder, 10**16, 0, 2**255 - 1, MAX_UINT256, MAX_UINT256, sender=liquidator)

    assert venue.margin(trader)[1].excess > excess
