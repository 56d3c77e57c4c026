"""A price that is not Valid stays for a while, and everybody knows what it will be: who acts at it with what he owes.

Docstrings have the numbers that were seen. Where a test fails as it is expected to, that is so still.
"""

from contextlib import suppress
from typing import Any

import pytest

from crossmargin.chain.decimals import wad
from crossmargin.errors import ContractRevert
from tests.helpers.auctions import bid, equity, start
from tests.helpers.disputes import dispute
from tests.helpers.markets import BITCOIN, FUTURE, PERPETUAL, try_to_settle, wealth
from tests.helpers.reverts import ANY
from tests.helpers.venue import MAX_UINT256, Venue

STALE = 2
PULLED_AGE = 60  # s, as of a feed that is pushed to


def silence(venue: Venue, *feeds: str) -> None:
    """Let feeds have the age of one that is pushed to."""
    for feed in feeds:
        config = {**venue.oracle.feedConfig(venue.feed(feed))}
        for source in ("primary", "secondary"):
            config[source] = {**config[source], "maxAge": PULLED_AGE}
        venue.govern(venue.oracle, "setFeed", venue.feed(feed), config)
    venue.refresh()


def over_hedged(venue: Venue, owner: Any, buyer: Any, honest: Any, cash: int) -> int:
    """Let the owner be long of 300 ether against somebody honest, short of 550 of the future; what that one has."""
    venue.deposit(owner, "USDC", cash)
    venue.trade(owner, honest, PERPETUAL, 300)
    venue.trade(buyer, owner, FUTURE, 550)
    venue.set_price("ETH", 2000)
    return wealth(venue, honest)


def find_out(venue: Venue, owner: Any, keeper: Any, liquidator: Any, *others: Any, truth: int = 1500) -> None:
    """Let both sources of ether say the truth, settle accounts, and sell the owner's where it is worth nothing."""
    venue.set_price("ETH", truth)
    for each in (*others, venue.account(owner)):
        for instrument in venue.clearinghouse.legIds(venue.account(each)):
            try_to_settle(venue, venue.account(each), instrument, keeper)
    if equity(venue, owner) < 0:
        if not venue.vault.isInAuction(venue.account(owner)):
            start(venue, owner, keeper)
        bid(venue, owner, liquidator)
        venue.settle(liquidator)


def test_no_hedge_is_given_away_at_a_price_in_doubt(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any, liquidator: Any
) -> None:
    """The trader and the maker are of one owner; the short future would pay what the perpetual will owe.

    Both close the future at 2,000: of a net short of 250 a net long of 300 is left, for which margin asks less, because
    nothing is matched any more. At 1,500 the trader owed 150,000 and had 79,210, which the honest one got; the maker
    owed nothing instead of 275,000. The owner lost 79,760 instead of 150,000.
    """
    before = over_hedged(desk, trader, maker, other, 80_000)
    dispute(desk, 1500)
    sell_future = desk.order(maker, FUTURE, -550, 2000, reduce_only=True)
    with suppress(ContractRevert):
        desk.fill(sell_future, desk.order(trader, FUTURE, 550, 2000, reduce_only=True))
    find_out(desk, trader, keeper, liquidator, maker, other)
    assert wealth(desk, other) - before >= wad(149_000)


def test_what_hedges_nothing_is_closed_at_a_price_in_doubt(
    desk: Venue, trader: Any, maker: Any, other: Any, lender: Any
) -> None:
    """The maker has the future, and bitcoin at a Valid price, the lender the other side of a part of it."""
    over_hedged(desk, trader, maker, other, 400_000)
    desk.trade(lender, maker, BITCOIN, 2)
    desk.trade(maker, lender, FUTURE, 20)
    desk.trade(other, maker, FUTURE, 10)
    dispute(desk, 1500)
    offer = desk.order(maker, FUTURE, -100, 2000, reduce_only=True)
    with desk.refuses("PriceNotValid", trader, maker, feedId=desk.feed("ETH")):
        desk.fill(offer, desk.order(trader, FUTURE, 100, 2000, reduce_only=True))
    # short of the perpetual, long of ten of the future
    cover = desk.order(other, PERPETUAL, 10, 2000, reduce_only=True)
    with desk.refuses("PriceNotValid", trader, other, feedId=desk.feed("ETH")):
        desk.fill(cover, desk.order(trader, PERPETUAL, -10, 2000, reduce_only=True))

    desk.fill(offer, desk.order(lender, FUTURE, 20, 2000, reduce_only=True))

    assert desk.position(lender, FUTURE)[0] == 0


@pytest.mark.parametrize(("token", "refused"), [("WETH", True), ("LINK", False)])
def test_collateral_in_doubt_keeps_its_hedge(
    desk: Venue, trader: Any, maker: Any, token: str, *, refused: bool
) -> None:
    """The trader has ether, or LINK at a Valid price, and a short of the perpetual."""
    desk.deposit(trader, "USDC", 30_000)
    desk.deposit(trader, token, 20)
    desk.trade(maker, trader, PERPETUAL, 30)
    dispute(desk, 1500)
    offer = desk.order(maker, PERPETUAL, -10, 2000, reduce_only=True)
    cover = desk.order(trader, PERPETUAL, 10, 2000, reduce_only=True)
    if refused:
        with desk.refuses("PriceNotValid", trader, maker, feedId=desk.feed("ETH")):
            desk.fill(offer, cover)
        return
    desk.fill(offer, cover)
    assert desk.position(trader, PERPETUAL)[0] == -wad(20)


def test_dust_hedges_nothing(desk: Venue, trader: Any, maker: Any, other: Any) -> None:
    """Less than a thousandth of what is closed stops nobody; more does."""
    desk.deposit(trader, "USDC", 50_000)
    desk.trade(trader, other, PERPETUAL, 100)
    dispute(desk, 1500)
    buy = desk.order(other, PERPETUAL, 100, 2000, reduce_only=True)
    sell = desk.order(trader, PERPETUAL, -100, 2000, reduce_only=True)
    desk.deposit(other, "WETH", "0.05")
    desk.fill(buy, sell, size=50)
    desk.deposit(other, "WETH", "0.001")
    with desk.refuses("PriceNotValid", trader, other, feedId=desk.feed("ETH")):
        desk.fill(buy, sell, size=50)


def test_no_bundle_takes_a_hedge_at_a_price_in_doubt(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any, liquidator: Any
) -> None:
    """As above, and the trader is sick at 2,000 once shocks are widened: an account of its owner takes all the future.

    The honest one got 79,997 of 150,000, the bidder won 275,000 of the maker's other account.
    """
    desk.set_price("ETH", 1920)
    before = over_hedged(desk, trader, maker, other, 76_800)
    desk.deposit(maker, "USDC", 600_000, sub_id=1)
    sick, bidder = desk.account(trader), desk.account(maker, 1)
    dispute(desk, 1500)
    desk.auction.start(sick, bidder, sender=maker)
    taken = (sick, bidder, [desk.instrument(FUTURE)], [wad(-550)], [], [], 0, MAX_UINT256, MAX_UINT256)
    with desk.refuses("BundleTooSmall", trader, bidder, risen=ANY, least=ANY):
        desk.auction.bidBundle(taken, sender=maker)
    find_out(desk, trader, keeper, liquidator, maker, bidder, other)
    assert wealth(desk, other) - before >= wad(149_000)


def sick_by_bitcoin(venue: Venue, owner: Any, cash: int) -> tuple[int, int]:
    """Give an owner's account cash and a long of three bitcoin, against another one of his; return both."""
    for sub_id, dollars in ((1, cash), (2, 600_000)):
        venue.deposit(owner, "USDC", dollars, sub_id=sub_id)
    venue.trade(owner, owner, BITCOIN, 3, sub_ids=(1, 2))
    return venue.account(owner, 1), venue.account(owner, 2)


@pytest.mark.parametrize(("cash", "enough"), [(371_000, False), (372_000, True)])
def test_who_buys_his_hedge_back_at_a_disputed_price_can_pay_what_it_hedged(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any, liquidator: Any, cash: int, *, enough: bool
) -> None:
    """The other side of the trader's hedge is sick by bitcoin, whose price is Valid, and of one owner with him.

    The edges of a disputed price are around what both sources say, and a bidder is asked for margin at the worse one.
    """
    sold, winner = sick_by_bitcoin(desk, maker, 160_000)
    desk.deposit(trader, "USDC", cash)
    desk.trade(trader, other, PERPETUAL, 300)
    desk.trade(maker, trader, FUTURE, 550, sub_ids=(1, 0))
    before = wealth(desk, other)
    dispute(desk, 1500)
    desk.set_price("BTC", 30_000)
    desk.auction.start(sold, winner, sender=maker)
    if enough:
        bid(desk, sold, trader)
        assert -wad(340) < desk.position(trader, FUTURE)[0] < -wad(330)
    else:
        with desk.refuses("BelowInitialMargin", trader, sold, account=desk.account(trader), excess=ANY):
            bid(desk, sold, trader)
    find_out(desk, trader, keeper, liquidator, sold, winner, other)
    assert wealth(desk, other) - before >= wad(149_000)


def owe_at_a_stale_price(venue: Venue, owner: Any, own: Any, honest: Any, cash: int) -> tuple[int, int]:
    """Let the owner have cash, and 300 perpetuals of somebody honest, and nobody push a price for ten minutes.

    An account of his other wallet's is sick by bitcoin, and long of 500 of the future against another one: return both.
    """
    silence(venue, "ETH", "BTC")
    venue.deposit(owner, "USDC", cash)
    sold, winner = sick_by_bitcoin(venue, own, 110_000)
    venue.refresh()
    for _ in range(5):
        venue.trade(own, own, FUTURE, 100, sub_ids=(1, 2))
    venue.trade(owner, honest, PERPETUAL, 300)
    venue.set_price("BTC", 31_000)
    venue.warp(600, refresh=False)
    price = venue.oracle.price(venue.feed("ETH"))
    assert (price.mid, price.status) == (wad(2000), STALE)
    assert price.low == pytest.approx(wad(1800), abs=wad(1))
    venue.auction.start(sold, winner, sender=own)
    return sold, winner


def test_no_slice_spends_what_is_owed_at_a_stale_price(
    desk: Venue, trader: Any, maker: Any, other: Any, keeper: Any, liquidator: Any
) -> None:
    """Ether is at 1,500: the trader, who has 200,000, owes the honest one 150,000. He bids for four fifths.

    He would owe his own 203,000 beside. Where the edges of 2,000 stayed a hundredth apart, however old it was, the
    honest one got 96,786 of 150,000, and the owner lost 96,786.
    """
    before = wealth(desk, other)
    sold, winner = owe_at_a_stale_price(desk, trader, maker, other, 200_000)
    with desk.refuses("BelowInitialMargin", trader, sold, account=desk.account(trader), excess=ANY):
        bid(desk, sold, trader)
    desk.set_price("BTC", 31_000)
    find_out(desk, trader, keeper, liquidator, sold, winner, other)
    assert wealth(desk, other) - before >= wad(149_000)


@pytest.mark.parametrize(("truth", "owed", "paid"), [(1600, 120_000, 119_900), (1500, 150_000, 135_000)])
def test_who_bids_at_a_stale_price_can_pay_what_may_have_happened(
    desk: Venue,
    trader: Any,
    maker: Any,
    other: Any,
    keeper: Any,
    liquidator: Any,
    truth: int,
    owed: int,
    paid: int,
) -> None:
    """With 320,000 he may. At 1,600, a tenth below the lower edge, he owes 282,000 in all, and pays; at 1,500 352,000.

    Then the honest one gets 139,315 of 150,000: initial margin covers an eighth beyond the edge, the fall is more.
    """
    before = wealth(desk, other)
    sold, winner = owe_at_a_stale_price(desk, trader, maker, other, 320_000)
    bid(desk, sold, trader)
    assert desk.position(trader, FUTURE)[0] > wad(400)
    desk.set_price("BTC", 31_000)
    find_out(desk, trader, keeper, liquidator, sold, winner, other, truth=truth)
    assert wad(paid) <= wealth(desk, other) - before <= wad(owed)
