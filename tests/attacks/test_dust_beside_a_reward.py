"""Dust at a price in doubt keeps others from being paid for a bankrupt account, and takes what they have waited."""

from typing import Any

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import bid, equity, open_long, reward, start
from tests.helpers.disputes import fall_silent
from tests.helpers.markets import insured_and_lent
from tests.helpers.venue import Venue

DUST = "0.000001"


def wait(venue: Venue, seconds: int, bitcoin: int) -> None:
    """Let time pass in which LINK stays silent, and nobody acts on the auction."""
    venue.warp(seconds, refresh=False)
    venue.set_price("BTC", bitcoin)


def borrow_dollars(venue: Venue, debtor: Any) -> None:
    """Let the debtor borrow 1,250,000 against 30 bitcoin."""
    venue.deposit(debtor, "WBTC", 30)
    venue.withdraw(debtor, "USDC", 1_250_000)


def test_dust_in_doubt_keeps_nobody_from_being_paid_for_a_bankrupt(lent: Venue, trader: Any, keeper: Any) -> None:
    """Forty bitcoin and a millionth of LINK, a hundredth of a millicent, which is Stale.

    All that is for sale is at a Valid price. Where dust counted a week paid what two hours pay without it, and bitcoin
    might fall all that time at the cost of who lent.
    """
    borrow_dollars(lent, trader)
    lent.deposit(trader, "LINK", DUST)
    fall_silent(lent, {"ETH": 2_000, "BTC": 60_000}, feed="LINK")
    lent.set_price("BTC", 41_000)
    start(lent, trader, keeper)
    wait(lent, 7_200, 41_000)
    assert reward(lent, trader) >= wad("0.99")


def test_who_lent_does_not_bear_a_day_of_falling_prices_for_dust(
    lent: Venue, lender: Any, other: Any, trader: Any, keeper: Any, liquidator: Any
) -> None:
    """Somebody bids as soon as a quarter of the requirement is paid; bitcoin falls by a hundred every half hour.

    20,000 are missing at first. Where dust counted nobody bid for a day, and insurance and lenders lost 178,377;
    without it 49,590.
    """
    borrow_dollars(lent, trader)
    lent.deposit(trader, "LINK", DUST)
    fall_silent(lent, {"ETH": 2_000, "BTC": 60_000}, feed="LINK")
    bitcoin = 41_000
    lent.set_price("BTC", bitcoin)
    start(lent, trader, keeper)
    before = insured_and_lent(lent, lender, other)
    for _ in range(48):
        bitcoin -= 100
        wait(lent, 1_810, bitcoin)
        if reward(lent, trader) >= wad("0.25"):
            break
    bid(lent, trader, liquidator)
    after = insured_and_lent(lent, lender, other)
    assert after - before >= -wad(55_000)


def test_dust_that_is_paid_in_takes_no_waiting_time(lent: Venue, trader: Any, keeper: Any) -> None:
    """The auction has run for 7,000 s at Valid prices. Its owner pays in a millionth of LINK and pokes.

    Where dust counted 83 s were left, and he might do so each time that somebody was about to bid.
    """
    borrow_dollars(lent, trader)
    fall_silent(lent, {"ETH": 2_000, "BTC": 60_000}, feed="LINK")
    lent.set_price("BTC", 41_000)
    start(lent, trader, keeper)
    wait(lent, 7_000, 41_000)
    earned = reward(lent, trader)
    assert earned >= wad("0.97")
    lent.deposit(trader, "LINK", DUST)
    lent.auction.poke(lent.account(trader), sender=trader)
    assert reward(lent, trader) >= earned


def test_dust_takes_no_reward_where_reserved_cash_is_left(
    venue: Venue, trader: Any, maker: Any, keeper: Any, liquidator: Any
) -> None:
    """What an earlier bid paid in is not for sale: the account has lost all else, and yet has something.

    Of 6,587 that were paid in 5,695 cover the rest. Nine dollars of LINK are Stale, beside 419,440 in contracts: more
    than a thousandth of what is left, and next to nothing of what is for sale.
    """
    open_long(venue, trader, maker, cash=200_000, size=400)
    venue.deposit(trader, "LINK", "0.6")
    venue.deposit(liquidator, "USDC", 500_000)
    fall_silent(venue, {"ETH": 2_000, "BTC": 60_000}, feed="LINK")
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    bid(venue, trader, liquidator, "0.3")
    venue.set_price("ETH", 1498)
    venue.auction.poke(venue.account(trader), sender=keeper)
    assert equity(venue, trader) > 0
    venue.warp(7_200, refresh=False)
    venue.set_price("ETH", 1498)
    assert reward(venue, trader) >= wad("0.98")
