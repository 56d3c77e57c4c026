"""A hedge at a dead price is worth to a bidder what who owes its other side can pay; to who owns that one, all."""

from typing import Any

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import bid, equity, start
from tests.helpers.disputes import fall_silent
from tests.helpers.markets import FUTURE, PERPETUAL, insured_and_lent, lost_by_who_was_paid, wealth
from tests.helpers.venue import Venue


def hedge(venue: Venue, debtor: Any, winner: Any, loser: Any) -> None:
    """Let a debtor have 1,500 ether in perpetuals of a winner, and be short of as many in futures of a loser."""
    for _ in range(6):
        venue.trade(debtor, winner, PERPETUAL, 250)
        venue.trade(loser, debtor, FUTURE, 250)


def dead_and_insolvent(venue: Venue, debtor: Any, winner: Any, loser: Any, keeper: Any) -> None:
    """Let a debtor of 1,500,000 have 40 bitcoin and a hedge, of which a loser with 320,000 owes the one side.

    Ether's sources fall silent at 2,000, and bitcoin falls until a little of the loan is missing. Then two hours pass.
    """
    venue.deposit(winner, "USDC", 1_000_000)
    venue.deposit(loser, "USDC", 320_000)
    venue.deposit(debtor, "WBTC", 40)
    hedge(venue, debtor, winner, loser)
    venue.withdraw(debtor, "USDC", 1_500_000)
    fall_silent(venue, {"BTC": 37_480})
    start(venue, debtor, keeper)
    venue.warp(7_200, refresh=False)
    venue.set_price("BTC", 37_480)


def test_who_lent_pays_no_reward_for_a_hedge_of_which_the_broke_owe_one_side(
    lent: Venue, lender: Any, other: Any, trader: Any, maker: Any, poster: Any, keeper: Any
) -> None:
    """The trader, the maker and the poster are one owner's; all three together have no ether to win or lose.

    Of the loan 2,536 are missing. While nothing of a hedge was in doubt insurance and lenders paid 217,668 to the maker
    after two hours, and the owner had 215,132 more, at 2,000 as at 1,500. Now it is 17,578.
    """
    dead_and_insolvent(lent, trader, maker, poster, keeper)
    before = insured_and_lent(lent, lender, other)
    own = equity(lent, maker) + equity(lent, poster)
    bid(lent, trader, maker)
    lost = before - insured_and_lent(lent, lender, other)
    lent.set_price("ETH", 1500)
    gained = equity(lent, maker) + equity(lent, poster) - own
    assert max(gained, lost) < wad(20_000)


def test_nobody_else_bids_for_a_hedge_of_which_the_broke_owe_one_side(
    lent: Venue, trader: Any, maker: Any, poster: Any, keeper: Any, liquidator: Any
) -> None:
    """Where everybody knows 1,500 a keeper who bids has lost more than 240,000, even where 191,496 were paid to him.

    It pays 750,000 to the maker for the perpetuals. Of as much for the futures the poster has 320,000 less fees.
    """
    lent.deposit(keeper, "USDC", 3_000_000)
    dead_and_insolvent(lent, trader, maker, poster, keeper)
    had = equity(lent, keeper)
    bid(lent, trader, keeper)
    lent.set_price("ETH", 1500)
    start(lent, poster, keeper)
    bid(lent, poster, liquidator)
    assert wealth(lent, keeper) - had < -wad(240_000)


def test_who_was_paid_by_others_pays_no_reward_for_a_hedge_of_which_the_broke_owe_one_side(
    desk: Venue, trader: Any, maker: Any, poster: Any, other: Any, keeper: Any, liquidator: Any
) -> None:
    """The trader has no loan, but lost all of 600,000, and 2,460, in 40 bitcoin to the maker, his owner's.

    An honest one has won 900,000 in 60 bitcoin of somebody who has paid them. While nothing of a hedge was in doubt it
    lost 131,122 of them, and the owner had 128,662 more.
    """
    desk.deposit(trader, "USDC", 600_000)
    desk.deposit(poster, "USDC", 320_000)
    desk.deposit(other, "USDC", 500_000)
    hedge(desk, trader, maker, poster)
    assert lost_by_who_was_paid(desk, trader, maker, liquidator, other, keeper) <= wad(12_000)
