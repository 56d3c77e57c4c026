"""Accounts in distress and bids on them; on top of the venue of the fixtures."""

from typing import Any

from crossmargin.chain.decimals import wad
from crossmargin.model.auction import AuctionTerms, Clock, Rest, reserved_cash
from crossmargin.model.breakdown import Doubt
from tests.helpers.handles import Receipt
from tests.helpers.venue import MAX_UINT256, Amount, Venue

MAX_INT256 = 2**255 - 1
ROUNDING = 10**14
"""What rounding and a few seconds' interest on the cash of a test may be off: a hundredth of a cent [wei USD]."""


def open_long(venue: Venue, owner: Any, maker: Any, cash: Amount = 10_000, size: Amount = 20) -> int:
    """Give the owner cash and a long of ETH at 2,000 against the maker; return his account."""
    venue.deposit(owner, "USDC", cash)
    venue.deposit(maker, "USDC", 1_000_000)
    venue.trade(owner, maker, "ETH-PERP", size)
    return venue.account(owner)


def borrow(venue: Venue, owner: Any, lender: Any, ether: Amount = 100, loan: Amount = 150_000) -> int:
    """Let the owner borrow dollars of the lender against ether; return his account."""
    venue.deposit(lender, "USDC", 1_000_000)
    venue.deposit(owner, "WETH", ether)
    venue.withdraw(owner, "USDC", loan)
    return venue.account(owner)


def start(venue: Venue, owner: Any, keeper: Any) -> Receipt:
    """Start the owner's auction; the keeper is paid."""
    return venue.auction.start(venue.account(owner), venue.account(keeper), sender=keeper)


def bid(
    venue: Venue,
    owner: Any,
    bidder: Any,
    fraction: Amount = 1,
    *,
    minimum: Amount = 0,
    limit: int = MAX_INT256,
    nonce: int = MAX_UINT256,
    deadline: int = MAX_UINT256,
    sender: Any = None,
    sub_id: int = 0,
) -> Receipt:
    """Bid for a fraction of the owner's account, by default at any price for all there is."""
    account, into = venue.account(owner), venue.account(bidder, sub_id)
    return venue.auction.bid(
        account, into, wad(fraction), wad(minimum), limit, nonce, deadline, sender=sender or bidder
    )


def bundle(
    venue: Venue,
    owner: Any,
    bidder: Any,
    legs: dict[str, Amount] | None = None,
    assets: dict[str, Amount] | None = None,
    *,
    minimum: int = 0,
) -> Receipt:
    """Bid for named legs and collateral."""
    positions = sorted((venue.instrument(name), wad(size)) for name, size in (legs or {}).items())
    amounts = sorted((venue.asset(name), venue.units(name, amount)) for name, amount in (assets or {}).items())
    wanted = (
        venue.account(owner),
        venue.account(bidder),
        [each for each, _ in positions],
        [size for _, size in positions],
        [each for each, _ in amounts],
        [amount for _, amount in amounts],
        minimum,
        MAX_UINT256,
        MAX_UINT256,
    )
    return venue.auction.bidBundle(wanted, sender=bidder)


def terms(venue: Venue) -> AuctionTerms:
    """Parameters as the model takes them."""
    p = venue.auction.params()
    return AuctionTerms(
        p.startReward,
        p.kneeReward,
        p.fastDuration,
        p.slowDuration,
        p.targetBuffer,
        p.smallAccount,
        p.insolventDuration,
        p.insolventFlat,
        p.bundleShare,
    )


def rest(venue: Venue, owner: Any) -> Rest:
    """Read what is for sale of an account, as the model takes it."""
    margin = venue.margin(owner)[1]
    stored = venue.auction.auctionOf(venue.account(owner)).reserved
    reserved = reserved_cash(stored, venue.cash(owner))
    return Rest(margin.equity - reserved, margin.excess - reserved, margin.requirement, reserved)


def elapsed(venue: Venue, owner: Any, before: Any, now: int) -> int:
    """Auction time of the phase of an account at a time, if nothing has happened since an action left its auction."""
    clock = Clock(before.seenAt, before.insolvent, before.stopped, before.solventTime, before.insolventTime)
    doubt = Doubt(venue.margin(owner)[1].doubt)
    return clock.look(now, rest(venue, owner), doubt=doubt)[0].elapsed


def reward(venue: Venue, owner: Any) -> int:
    """Give what a bid for all of an insolvent account earns now, as a part of its requirement [wad]."""
    quote = venue.auction.quote(venue.account(owner))
    assert quote.insolvent
    requirement = venue.margin(owner)[1].requirement
    return (-quote.price + quote.value) * 10**18 // requirement


def equity(venue: Venue, owner: Any, sub_id: int = 0) -> int:
    """Mark value of an account [wad USD]."""
    return venue.margin(owner, sub_id)[1].equity


def set_params(venue: Venue, **changes: int) -> None:
    """Change some parameters of the auction through governance."""
    p = {**venue.auction.params(), **changes}
    venue.govern(venue.auction, "setParams", tuple(p.values()))
