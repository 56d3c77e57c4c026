"""Markets of the venue of the fixtures; whoever settles in them, and what owners are worth once it is done."""

from typing import Any

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import bid, equity, reward, start
from tests.helpers.disputes import fall_silent
from tests.helpers.venue import Venue

PERPETUAL, FUTURE, BITCOIN, LINK = "ETH-PERP", "ETH-FUTURE", "BTC-PERP", "LINK-PERP"


def try_to_settle(venue: Venue, owner: Any, name: str, sender: Any) -> None:
    """Settle a leg through the batch, which leaves out whom it may not settle."""
    venue.settler.settle(venue.instrument(name), [venue.account(owner)], sender=sender)


def sale(venue: Venue, owner: Any, buyer: Any, size: int, price: str) -> tuple[Any, str, tuple[Any, ...]]:
    """Give the call that has an owner reduce LINK against a buyer."""
    one, two = venue.order(owner, LINK, -size, price, reduce_only=True), venue.order(buyer, LINK, size, price)
    return venue.exchange, "fill", (one.encode(), venue.sign(one), two.encode(), venue.sign(two), wad(size))


def sell(venue: Venue, owner: Any, keeper: Any, bidder: Any) -> None:
    """Have the account of an owner auctioned, and taken whole."""
    start(venue, owner, keeper)
    bid(venue, owner, bidder)
    for instrument in venue.clearinghouse.legIds(venue.account(bidder)):
        try_to_settle(venue, bidder, instrument, keeper)


def wealth(venue: Venue, *owners: Any) -> int:
    """Add up what accounts are worth, once they have borne their parts [wad USD]."""
    for each in owners:
        venue.settle(each)
    return sum(equity(venue, each) for each in owners)


def insured_and_lent(venue: Venue, *lenders: Any) -> int:
    """Add up the cash of the insurance fund and of lenders [wad USD]."""
    return venue.vault.insuranceCash() + sum(venue.cash(each) for each in lenders)


def worth(venue: Venue, owner: Any, accounts: int) -> int:
    """Mark value of the first accounts of an owner [wad USD]."""
    return sum(equity(venue, owner, sub_id) for sub_id in range(accounts))


def start_in_doubt(venue: Venue, debtor: Any, winner: Any, keeper: Any) -> None:
    """Let a debtor of 1,250,000 with 30 bitcoin and 7 ether go bankrupt, once ether's sources have fallen silent.

    Six minutes later the clock of its auction crawls.
    """
    venue.deposit(winner, "USDC", 1_000_000)
    venue.deposit(debtor, "WBTC", 30)
    venue.trade(debtor, winner, PERPETUAL, 7)
    venue.withdraw(debtor, "USDC", 1_250_000)
    fall_silent(venue, {"BTC": 41_000})
    start(venue, debtor, keeper)
    venue.warp(360, refresh=False)
    venue.set_price("BTC", 41_000)
    venue.auction.poke(venue.account(debtor), sender=keeper)
    found = venue.auction.auctionOf(venue.account(debtor))
    assert found.stopped
    assert found.insolventTime >= 360


def lost_by_who_was_paid(venue: Venue, debtor: Any, winner: Any, loser: Any, honest: Any, keeper: Any) -> int:
    """Let a debtor lose 600,000, and some thousands, in 40 bitcoin to a winner of the same owner, who bids for it.

    An honest one has won 900,000 in 60 bitcoin of a loser who has paid them. Ether is silent, and nobody else bids for
    two hours. Gives what the honest one loses by it.
    """
    venue.trade(debtor, winner, BITCOIN, 40)
    venue.trade(loser, honest, BITCOIN, 60)
    fall_silent(venue, {"BTC": 45_000})
    for each in (loser, honest):
        venue.settle(each)
    before = wealth(venue, honest)
    start(venue, debtor, keeper)
    venue.warp(7_200, refresh=False)
    venue.set_price("BTC", 45_000)
    bid(venue, debtor, winner)
    return before - wealth(venue, honest)


def lost_in_a_falling_market(
    venue: Venue, debtor: Any, keeper: Any, bidder: Any, lenders: tuple[Any, ...], prices: dict[str, int]
) -> int:
    """Let bitcoin fall by thirty every ten minutes, from 41,000, until a twentieth of the requirement is paid.

    A keeper looks at the auction each time. After a day somebody bids anyway. Gives what insurance and lenders lose.
    """
    bitcoin = 41_000
    before = insured_and_lent(venue, *lenders)
    for _ in range(144):
        bitcoin -= 30
        venue.warp(600, refresh=False)
        venue.set_prices({**prices, "BTC": bitcoin})
        venue.auction.poke(venue.account(debtor), sender=keeper)
        if reward(venue, debtor) >= wad("0.0499"):
            break
    bid(venue, debtor, bidder)
    return before - insured_and_lent(venue, *lenders)
