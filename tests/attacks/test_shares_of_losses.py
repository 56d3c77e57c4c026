"""Equal contracts of a market bear equal parts of a loss: what an owner does so that his bear nothing."""

from typing import Any

import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import bid, equity, start
from tests.helpers.markets import PERPETUAL
from tests.helpers.option_desk import CALL, mark, post_surfaces, refresh_arrays
from tests.helpers.venue import Venue
from tests.unit.clearinghouse.conftest import smooth


@pytest.fixture(autouse=True)
def money(venue, trader, maker, lender, other, liquidator, keeper):
    """Give everybody cash."""
    for each in (trader, maker, lender, other, liquidator):
        venue.deposit(each, "USDC", 200_000)
    venue.deposit(keeper, "USDC", 1_000_000)


def take_out(venue: Venue, owner: Any) -> None:
    """Withdraw what initial margin does not need."""
    venue.withdraw(owner, "USDC", str(venue.margin(owner)[0].paidExcess // wad(1)))


def take_out_all_but(venue: Venue, owner: Any, cash: int) -> None:
    """Withdraw all cash but so much."""
    venue.withdraw(owner, "USDC", venue.cash(owner) // wad(1) - cash)


def test_attack_90_old_contracts_bear_their_part(venue, trader, maker, other, liquidator, keeper):
    """A short of 1,500 has paid its loss up to 2,000, wins 400 of the fall to 1,600, and bears nothing of a bankruptcy.

    The owner of both sides of such a pair lets the long go bankrupt. Otherwise the honest short, which won as much,
    bears of 21,968 dollars 10,984 as its share and 10,984 because the market has no more once the owner has settled.
    """
    venue.set_price("ETH", 1500)
    venue.trade(trader, maker, PERPETUAL, 100)
    venue.set_price("ETH", 2000)
    venue.settle(maker)
    venue.settle(trader)
    venue.trade(liquidator, other, PERPETUAL, 100)
    take_out(venue, trader)
    venue.set_price("ETH", 1600)
    own, honest, lost = equity(venue, maker), equity(venue, other), -equity(venue, trader)
    assert lost > wad(20_000)

    start(venue, trader, keeper)
    bid(venue, trader, keeper)
    for each in (liquidator, keeper, maker, other):
        venue.settle(each, PERPETUAL)

    assert abs(honest - venue.cash(other) - lost // 2) < wad(1)
    assert abs(own - equity(venue, maker) - lost // 2) < wad(1)


def test_attack_82_dust_claims_of_a_cheap_option_do_not_dilute_a_loss(venue, trader, maker, lender, other, keeper):
    """Calls that are worth nearly nothing change hands eight times before they are worth 80 dollars each.

    Each time a claim of all of them is left, which can bear nothing. Found: the owner of both hands pays less than a
    cent for it and gets all that the writer had, 27,000 dollars; who held as many calls and did nothing gets nothing
    of his 13,500, and 105,457 dollars of the loss are borne by nobody.
    """
    venue.set_price("ETH", 1500)
    post_surfaces(venue)
    refresh_arrays(venue, CALL, sender=keeper)
    price = mark(venue, CALL) / 10**18
    venue.trade(maker, trader, CALL, 1000, f"{price:.12f}")
    venue.trade(other, trader, CALL, 1000, f"{price:.12f}")
    hands = [maker, lender]
    for turn in range(8):
        price *= 1.03
        venue.trade(hands[(turn + 1) % 2], hands[turn % 2], CALL, 1000, f"{price:.12f}")
    take_out(venue, trader)
    venue.set_price("ETH", 2050)
    refresh_arrays(venue, CALL, sender=keeper)
    honest, lost = equity(venue, other), -equity(venue, trader)
    assert lost > wad(100_000)

    start(venue, trader, keeper)
    bid(venue, trader, keeper)
    for each in (keeper, maker, lender, other):
        venue.settle(each, CALL)

    assert venue.losses.shortfallOf(venue.instrument(CALL)) < wad(10), "all of it is borne"
    assert abs(honest - venue.cash(other) - lost // 2) < wad(1), "the honest half"


@pytest.mark.xfail(
    strict=True, reason="who was there before the gap and who came in it both bear, whoever is first all"
)
@pytest.mark.parametrize("first", ["maker", "other"])
def test_attack_91_who_is_collected_first_bears_no_more(venue, roles, trader, maker, other, keeper, first):
    """In a gap the maker hands its shorts on, and the price falls on: both have won, and the loss is of one count.

    Anybody collects anybody. Found: the one who is collected first bears all of 5,080 dollars, the other nothing.
    """
    smooth(venue)
    take_out_all_but(venue, trader, 20_000)
    venue.deposit(other, "USDC", 300_000)
    venue.trade(trader, maker, PERPETUAL, 100)
    venue.set_price("ETH", 1850)
    venue.trade(maker, other, PERPETUAL, 100)
    venue.set_price("ETH", 1750)
    lost = -equity(venue, trader)
    assert lost > wad(5_000)
    one = getattr(roles, first)
    had = equity(venue, one)
    start(venue, trader, keeper)
    bid(venue, trader, keeper)

    for each in (one, maker, other):
        venue.clearinghouse.collectShares(venue.account(each), venue.instrument(PERPETUAL), 9, sender=keeper)

    assert had - equity(venue, one) < lost * 3 // 4
