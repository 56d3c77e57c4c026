"""Silence that begins after an auction, while nobody looks."""

from typing import Any

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import bid, start
from tests.helpers.markets import PERPETUAL, insured_and_lent
from tests.helpers.venue import Venue

BITCOIN_PRICE = 37_480


def start_before_silence(venue: Venue, debtor: Any, winner: Any, keeper: Any) -> None:
    """Let a debtor who lacks 2,263 be put into auction a minute before the silence of ether counts.

    It has 40 bitcoin, a loan of 1,500,000 and 1,500 ether, which the winner, of the same owner, is short of.
    """
    venue.deposit(winner, "USDC", 1_000_000)
    venue.deposit(debtor, "WBTC", 40)
    for _ in range(6):
        venue.trade(debtor, winner, PERPETUAL, 250)
    venue.withdraw(debtor, "USDC", 1_500_000)
    half = venue.oracle.feedConfig(venue.feed("ETH")).primary.maxAge // 2
    for _ in range(2):
        pass_silence(venue, half - 30)
    start(venue, debtor, keeper)


def pass_silence(venue: Venue, seconds: int) -> None:
    """Let time pass in which ether's sources are silent."""
    venue.warp(seconds, refresh=False)
    venue.set_price("BTC", BITCOIN_PRICE)


def paid_by_others(venue: Venue, lenders: tuple[Any, Any], debtor: Any, bidder: Any) -> int:
    """Give what insurance and lenders pay for a bid [wad USD]."""
    before = insured_and_lent(venue, *lenders)
    bid(venue, debtor, bidder)
    return before - insured_and_lent(venue, *lenders)


def test_silence_that_nobody_has_looked_at_pays_no_reward(
    lent: Venue, lender: Any, other: Any, trader: Any, maker: Any, keeper: Any
) -> None:
    """Nobody looks for two hours. Where all of that counted who lent lost 311,972, instead of 21,276."""
    start_before_silence(lent, trader, maker, keeper)
    pass_silence(lent, 7_300)
    assert paid_by_others(lent, (lender, other), trader, maker) <= wad(24_000)


def test_a_halt_makes_no_silence_count(
    lent: Venue, lender: Any, other: Any, trader: Any, maker: Any, keeper: Any, guardian: Any
) -> None:
    """A look while ether is halted, at the end of two hours that nobody saw. Afterwards it is silent as before.

    Where time counted in full that a halt ends, the maker had the reward of two hours again.
    """
    start_before_silence(lent, trader, maker, keeper)
    pass_silence(lent, 7_300)
    lent.oracle.forceHalt(lent.feed("ETH"), 60, sender=guardian)
    lent.auction.poke(lent.account(trader), sender=maker)
    pass_silence(lent, 120)
    assert paid_by_others(lent, (lender, other), trader, maker) <= wad(24_000)
