"""What slows the clock of a bankrupt where a bidder has nothing to fear, and what does not where he has."""

from typing import Any

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import bid, start
from tests.helpers.disputes import fall_silent
from tests.helpers.markets import (
    FUTURE,
    PERPETUAL,
    insured_and_lent,
    lost_in_a_falling_market,
    start_in_doubt,
    wealth,
)
from tests.helpers.option_desk import FAR_CALL, series, start_with_old_calls
from tests.helpers.venue import Venue


def test_a_hedge_at_a_dead_price_keeps_nobody_waiting(
    lent: Venue, lender: Any, other: Any, trader: Any, maker: Any, keeper: Any, liquidator: Any
) -> None:
    """Thirty bitcoin, a loan of 1,250,000, and a long of 4 ether in perpetuals beside a short of 4 in futures.

    Whatever ether is, a bidder neither wins nor loses. A twentieth of 98,735 is paid after six minutes, and insurance
    and lenders lose 26,039. While doubt made the clock crawl from the beginning it was 55,622, ten hours later. The
    debtor had bitcoin's rise of that time, and nothing of its fall.
    """
    lent.deposit(maker, "USDC", 1_000_000)
    lent.deposit(trader, "WBTC", 30)
    lent.trade(trader, maker, PERPETUAL, 4)
    lent.trade(maker, trader, FUTURE, 4)
    lent.withdraw(trader, "USDC", 1_250_000)
    fall_silent(lent, {"BTC": 41_000})
    start(lent, trader, keeper)
    assert lost_in_a_falling_market(lent, trader, keeper, liquidator, (lender, other), {}) < wad(35_000)


def test_bought_calls_keep_nobody_waiting_for_what_they_are_not_worth(
    lent: Venue, lender: Any, other: Any, trader: Any, maker: Any, keeper: Any, liquidator: Any
) -> None:
    """Six calls of 2,500 that cost 151 together, of which no more can be lost.

    Nobody posts volatility for a quarter of an hour; every index is Valid. While their strikes, 15,000, kept bidders
    waiting for a quarter of the requirement, insurance and lenders lost 141,556.
    """
    start_with_old_calls(lent, trader, trader, maker, keeper)
    assert lost_in_a_falling_market(lent, trader, keeper, liquidator, (lender, other), {"ETH": 1600}) < wad(35_000)


def test_looks_do_not_stop_the_crawl(lent: Venue, trader: Any, maker: Any, keeper: Any) -> None:
    """After six minutes the debtor looks every 83 s, for 354,268 of gas each: of 8,300 s 98 count, as by one look.

    While what is left of 84 seconds was dropped, it was none: 7 ether at a dead price kept a bankrupt for ever.
    """
    start_in_doubt(lent, trader, maker, keeper)
    account = lent.account(trader)
    before = lent.auction.auctionOf(account)
    begun = looked = before.seenAt
    for _ in range(100):
        lent.warp(looked + 82 - lent.node.now, refresh=False)
        looked = lent.auction.poke(account, sender=trader).time
    assert 8_000 <= looked - begun <= 8_300
    auction = lent.auction.auctionOf(account)
    assert auction.insolventTime - before.insolventTime == (looked - begun) // 84
    assert auction.seenAt == looked - (looked - begun) % 84


def test_waiting_for_an_average_pays_no_reward_that_nobody_else_wants(
    lent: Venue, lender: Any, other: Any, trader: Any, maker: Any, keeper: Any, liquidator: Any
) -> None:
    """The trader, the maker and the bidder are one owner's. 1,500 futures are between the trader and the maker.

    Ether is at 1,800 for five minutes of the last half hour, then at 2,000, and bitcoin falls: 2,016 are missing at
    the index, and 52,019 at the average of 1,967. Who bids has lost 50,000, but for the owner, who has them on the
    other side. While the clock counted in full there, insurance and lenders paid 56,251 a minute before expiry, and the
    owner had 54,239 more. Now it is 16,054: the shortfall, and 5 % of 271,755.
    """
    expiry = series(lent, FAR_CALL).expiry or 0
    lent.warp(expiry - 7200 - lent.node.now)
    for each in (maker, liquidator):
        lent.deposit(each, "USDC", 1_000_000)
    lent.deposit(trader, "WBTC", 40)
    for _ in range(15):
        lent.trade(trader, maker, FUTURE, 100)
    lent.withdraw(trader, "USDC", 1_500_000)
    lent.warp(expiry - 1800 - lent.node.now)
    lent.set_price("ETH", 1800)
    lent.warp(300)
    lent.set_prices({"ETH": 2000, "BTC": 37_480})
    before, own = insured_and_lent(lent, lender, other), wealth(lent, maker, liquidator)
    start(lent, trader, keeper)
    lent.warp(expiry - 60 - lent.node.now)
    bid(lent, trader, liquidator)
    lent.warp(expiry + 5 - lent.node.now)
    lent.clearinghouse.finishSettlement(lent.instrument(FUTURE), sender=keeper)
    gained = wealth(lent, liquidator, maker) - own
    lost = before - insured_and_lent(lent, lender, other)
    assert max(gained, lost) < wad(20_000)
