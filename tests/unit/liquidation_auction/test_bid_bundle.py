import pytest

from crossmargin.chain.decimals import wad
from crossmargin.model.auction import bundle_give_up, bundle_least, reward, whole_price
from tests.helpers.auctions import MAX_INT256, ROUNDING, bid, borrow, bundle, equity, open_long, rest, start, terms
from tests.helpers.reverts import ANY
from tests.helpers.undone import undone
from tests.helpers.venue import MAX_UINT256


@pytest.fixture
def account(venue, trader, maker, keeper, liquidator):
    """Put an account in auction with a long that hurts and a little short."""
    account = open_long(venue, trader, maker)
    venue.trade(maker, trader, "BTC-PERP", "0.05")
    venue.deposit(liquidator, "USDC", 100_000)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    venue.warp(120)
    return account


def test_bundle_moves_legs_at_mark_for_the_models_give_up(venue, account, trader, liquidator):
    """The account pays what the model allows; the excess rises."""
    before, value = rest(venue, trader), equity(venue, liquidator)
    seen = venue.auction.auctionOf(account).seenAt

    receipt = bundle(venue, trader, liquidator, {"ETH-PERP": 3})

    event = receipt.event("BundleBid")
    whole = reward(terms(venue), before, receipt.time - seen)
    benefit = event.excessAfter + event.giveUp - event.excessBefore
    assert event.giveUp == bundle_give_up(terms(venue), before, benefit, whole) > 0
    assert venue.position(trader, "ETH-PERP")[0] == wad(17)
    assert venue.position(liquidator, "ETH-PERP")[0] == wad(3)
    assert equity(venue, liquidator) - value == pytest.approx(event.giveUp, abs=ROUNDING)
    assert venue.margin(trader)[1].excess == pytest.approx(event.excessAfter, abs=ROUNDING)
    assert event.excessAfter > event.excessBefore
    assert venue.auction.auctionOf(account).reserved == 0


def test_bundle_is_a_better_deal_than_a_slice(venue, account, trader, liquidator):
    """For the same rise of the excess a slice gives up more."""
    before, value = rest(venue, trader), equity(venue, trader)
    with undone():
        event = bundle(venue, trader, liquidator, {"ETH-PERP": 3}).event("BundleBid")
        risen = event.excessAfter - event.excessBefore
    price = whole_price(terms(venue), before, venue.node.now + 1 - venue.auction.auctionOf(account).seenAt)
    fraction = -(-risen * 10**18 // (price - before.excess))

    venue.auction.bid(
        account, venue.account(liquidator), fraction, 0, MAX_INT256, MAX_UINT256, MAX_UINT256, sender=liquidator
    )

    assert venue.margin(trader)[1].excess - before.excess >= risen - ROUNDING
    assert value - equity(venue, trader) > event.giveUp


def test_bundle_sells_collateral_at_mid(venue, trader, lender, keeper, liquidator):
    """The bidder pays the mid price, up, and is paid the give-up."""
    borrow(venue, trader, lender)
    venue.deposit(liquidator, "USDC", 100_000)
    venue.set_price("ETH", 1740)
    start(venue, trader, keeper)
    venue.warp(120)
    before, cash = equity(venue, liquidator), venue.cash(liquidator)

    event = bundle(venue, trader, liquidator, assets={"WETH": 5}).event("BundleBid")

    assert event.giveUp > 0
    assert venue.balance(liquidator, "WETH") == wad(5)
    assert cash - venue.cash(liquidator) == pytest.approx(wad(5 * 1740) - event.giveUp, abs=ROUNDING)
    assert equity(venue, liquidator) - before == pytest.approx(event.giveUp, abs=ROUNDING)


def test_bundle_reverts_when_it_sells_too_much(venue, account, trader, liquidator):
    """No more is sold than what restores the account."""
    with venue.refuses("BundleTooLarge", trader, liquidator, excess=ANY, limit=ANY):
        bundle(venue, trader, liquidator, {"ETH-PERP": 20})


def test_bundle_reverts_when_it_makes_nothing_better(venue, account, trader, liquidator):
    """INV-16: an empty bundle is none."""
    least = bundle_least(terms(venue), rest(venue, trader))

    with venue.refuses("BundleTooSmall", trader, liquidator, risen=0, least=least):
        bundle(venue, trader, liquidator)


def test_bundle_reverts_for_dust(venue, account, trader, liquidator):
    """Row D: a bundle that changes what others bid for brings a hundredth of what is missing, or restores."""
    least = bundle_least(terms(venue), rest(venue, trader))
    nonce = venue.auction.stateNonce(account)

    with venue.refuses("BundleTooSmall", trader, liquidator, risen=ANY, least=least):
        bundle(venue, trader, liquidator, {"ETH-PERP": "0.000000000001"})
    assert venue.auction.stateNonce(account) == nonce


@pytest.mark.parametrize("size", ["-1", "20.1", "0"])
def test_bundle_reverts_unless_every_leg_shrinks(venue, account, trader, liquidator, size):
    """Sizes have the position's sign and are at most as large."""
    with venue.refuses("BundleNotReducing", trader, liquidator, before=wad(20), moved=wad(size)):
        bundle(venue, trader, liquidator, {"ETH-PERP": size})


def test_bundle_reverts_for_a_repeated_leg(venue, account, trader, liquidator):
    """Attack 28: ids are strictly ascending."""
    eth = venue.instrument("ETH-PERP")
    bidder = venue.account(liquidator)

    with venue.refuses("DuplicateId", trader, liquidator, id=eth):
        wanted = (account, bidder, [eth, eth], [1, 1], [], [], 0, MAX_UINT256, MAX_UINT256)
        venue.auction.bidBundle(wanted, sender=liquidator)


def test_bundle_reverts_for_lists_of_different_length(venue, account, trader, liquidator):
    """Every leg has a size."""
    eth = venue.instrument("ETH-PERP")
    bidder = venue.account(liquidator)

    with venue.refuses("LengthMismatch", trader, liquidator, actual=0, expected=1):
        wanted = (account, bidder, [eth], [], [], [], 0, MAX_UINT256, MAX_UINT256)
        venue.auction.bidBundle(wanted, sender=liquidator)


def test_bundle_reverts_below_the_bidders_minimum(venue, account, trader, liquidator):
    """The bidder's least fee."""
    with venue.refuses("GiveUpTooSmall", trader, liquidator, giveUp=ANY, least=wad(1_000)):
        bundle(venue, trader, liquidator, {"ETH-PERP": 3}, minimum=wad(1_000))


def test_bundle_reverts_in_the_insolvent_phase(venue, account, trader, liquidator):
    """Without value there is nothing to give up."""
    venue.set_price("ETH", 1400)

    with venue.refuses("WrongPhase", trader, liquidator, account=account, insolvent=True):
        bundle(venue, trader, liquidator, {"ETH-PERP": 3})


def test_slices_go_on_after_a_bundle(venue, account, trader, liquidator):
    """What a bundle leaves is sold as before."""
    bundle(venue, trader, liquidator, {"ETH-PERP": 1})

    bid(venue, trader, liquidator)

    assert not venue.vault.isInAuction(account)
