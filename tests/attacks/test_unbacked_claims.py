"""A claim that nothing backs, made by one owner in one market, as margin in another."""

from typing import Any

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import bid, start
from tests.helpers.markets import BITCOIN, PERPETUAL
from tests.helpers.venue import Venue


def unbacked_claim(venue: Venue, loser: Any, winner: Any, keeper: Any) -> int:
    """Let a pair of one owner, opened at 40,000 and paid up to 60,000, go through a gap; return the claim [wad USD]."""
    venue.set_price("BTC", 40_000)
    venue.trade(loser, winner, BITCOIN, 10)
    venue.set_price("BTC", 60_000)
    venue.settle(winner)
    venue.settle(loser)
    venue.withdraw(loser, "USDC", str(venue.margin(loser)[0].paidExcess // wad(1)))
    venue.set_price("BTC", 45_000)
    start(venue, loser, keeper)
    bid(venue, loser, keeper)
    venue.settle(keeper)
    venue.trade(winner, keeper, BITCOIN, 10)
    venue.settle(winner)
    return int(venue.losses.claimOf(venue.instrument(BITCOIN), venue.account(winner), False)["amount"])


def test_attack_97_a_claim_that_nobody_backs_keeps_no_loser_alive(
    venue, trader, maker, lender, other, liquidator, keeper
):
    """The owner of trader, maker and lender loses to himself in ether what a claim on bitcoin's market covers.

    Nobody else is in bitcoin's market, and the winner bears there what its loser cannot pay. Otherwise the long has
    lost 100,000 dollars of 45,000, and its health factor is 2.7. The owner's short is paid 100,000 before the honest
    one, who gets 44,840 for as many contracts: 55,160 of his profit are the owner's.
    """
    for each in (trader, maker, lender, other, liquidator):
        venue.deposit(each, "USDC", 300_000)
    venue.deposit(keeper, "USDC", 5_000_000)
    assert unbacked_claim(venue, trader, maker, keeper) == 0
    assert venue.losses.shortfallOf(venue.instrument(BITCOIN)) < wad(1)
    venue.withdraw(maker, "USDC", venue.cash(maker) // wad(1) - 45_000)
    venue.trade(maker, lender, PERPETUAL, 200)
    venue.trade(liquidator, other, PERPETUAL, 200)

    for price in (1900, 1800, 1700):
        venue.set_price("ETH", price)
        venue.settle(maker, PERPETUAL)

    assert venue.health(maker) < wad(1), "what it has left is a claim on an empty market"
