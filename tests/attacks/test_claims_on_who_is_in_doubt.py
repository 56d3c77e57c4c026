"""An account without anything in doubt that is owed by one whose collateral has a dead price."""

from typing import Any

import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import bid, equity, start
from tests.helpers.disputes import fall_silent
from tests.helpers.markets import BITCOIN, insured_and_lent, try_to_settle, wealth
from tests.helpers.venue import Venue

BITCOIN_PRICE = 29_900


def owed_by_who_is_in_doubt(venue: Venue, debtor: Any, loser: Any, keeper: Any) -> None:
    """Let a debtor of 1,500,000 have 40 bitcoin, and be short of 10 in perpetuals, which a loser has bought at 60,000.

    Ether falls silent at 2,000. The loser adds 155 of it, which everybody knows to be worth less, and bitcoin falls
    until a little of the loan is missing. The 301,000 that the loser owes are what keeps the debtor from lacking more.
    Then two hours pass.
    """
    venue.deposit(loser, "USDC", 70_000)
    venue.deposit(debtor, "WBTC", 40)
    venue.trade(loser, debtor, BITCOIN, 10)
    venue.withdraw(debtor, "USDC", 1_500_000)
    fall_silent(venue, {"BTC": 60_000})
    venue.deposit(loser, "WETH", 155)
    venue.set_price("BTC", BITCOIN_PRICE)
    start(venue, debtor, keeper)
    venue.warp(7_200, refresh=False)
    venue.set_price("BTC", BITCOIN_PRICE)


@pytest.mark.xfail(strict=True, reason="what an account is owed by who is in doubt is in no doubt: known issue 54")
def test_who_lent_pays_no_reward_for_claims_that_nobody_else_wants(
    lent: Venue, lender: Any, other: Any, trader: Any, poster: Any, maker: Any, keeper: Any
) -> None:
    """The trader, the poster, who owes him, and the maker, who bids, are one owner's.

    Insurance and lenders pay 84,075, and the owner has 80,759 more, all that is required. An honest one bids for 5 %.
    """
    lent.deposit(maker, "USDC", 1_000_000)
    owed_by_who_is_in_doubt(lent, trader, poster, keeper)
    try_to_settle(lent, poster, BITCOIN, keeper)
    before = insured_and_lent(lent, lender, other)
    own = equity(lent, maker) + equity(lent, poster)
    bid(lent, trader, maker)
    lost = before - insured_and_lent(lent, lender, other)
    gained = equity(lent, maker) + equity(lent, poster) - own
    assert max(gained, lost) < wad(15_000)


def test_nobody_else_bids_for_claims_on_who_is_in_doubt(
    lent: Venue, trader: Any, poster: Any, keeper: Any, liquidator: Any
) -> None:
    """Where everybody knows 700 a keeper who bids in the last second has lost 41,979 though it was paid 80,759.

    Of the 301,000 that the poster owes it lacks 122,738 then.
    """
    lent.deposit(keeper, "USDC", 3_000_000)
    owed_by_who_is_in_doubt(lent, trader, poster, keeper)
    had = equity(lent, keeper)
    bid(lent, trader, keeper)
    lent.set_price("ETH", 700)
    try_to_settle(lent, poster, BITCOIN, keeper)
    start(lent, poster, keeper)
    bid(lent, poster, liquidator)
    assert wealth(lent, keeper) - had < -wad(40_000)
