"""Silence that begins after an auction, while nobody looks."""

from typing import Any

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import bid, start
from tests.helpers.markets import PERPETUAL
from tests.helpers.venue import Venue


def test_silence_that_nobody_has_looked_at_pays_no_reward(
    lent: Venue, lender: Any, other: Any, trader: Any, maker: Any, keeper: Any
) -> None:
    """The auction begins a minute before ether's silence counts, and nobody looks for two hours.

    All of that counts, for the first look found Valid prices: who lent loses 311,972 by the maker's bid, of the same
    owner. With a look as the silence begins, as keepers take, it is 10,264.
    """
    lent.deposit(maker, "USDC", 1_000_000)
    lent.deposit(trader, "WBTC", 40)
    for _ in range(6):
        lent.trade(trader, maker, PERPETUAL, 250)
    lent.withdraw(trader, "USDC", 1_500_000)
    half = lent.oracle.feedConfig(lent.feed("ETH")).primary.maxAge // 2
    for _ in range(2):
        lent.warp(half - 30, refresh=False)
        lent.set_price("BTC", 37_480)
    start(lent, trader, keeper)
    lent.warp(7_300, refresh=False)
    lent.set_price("BTC", 37_480)
    before = lent.vault.insuranceCash() + sum(lent.cash(each) for each in (lender, other))
    bid(lent, trader, maker)
    after = lent.vault.insuranceCash() + sum(lent.cash(each) for each in (lender, other))
    assert after - before >= -wad(15_000)
