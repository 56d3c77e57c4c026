"""What insurance and lenders may have to bear of an auction, as its last look found it."""

import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import bid, borrow, open_long, start


@pytest.fixture
def account(venue, trader, maker, liquidator) -> int:
    """Let a trader owe 150,000 against 100 ether."""
    venue.deposit(liquidator, "USDC", 1_000_000)
    return borrow(venue, trader, maker)


def shortfall(price: int) -> int:
    """Give what the trader is worth less than nothing at a price, in whole dollars [wad USD]."""
    return wad(150_000 - 100 * price)


def test_start_notes_what_a_borrower_is_worth_less_than_nothing(venue, account, trader, keeper):
    """Down, in whole dollars: interest and a starter's pay are in it."""
    venue.set_price("ETH", 1400)
    start(venue, trader, keeper)
    assert venue.vault.lossInSight() == shortfall(1400)


def test_start_of_a_solvent_account_notes_nothing(venue, account, trader, keeper):
    """It has something left to pay with."""
    venue.set_price("ETH", 1650)
    start(venue, trader, keeper)
    assert venue.vault.lossInSight() == 0


def test_a_loss_of_a_market_is_not_in_sight(venue, trader, maker, keeper):
    """Its winners bear what an account without a loan cannot pay."""
    open_long(venue, trader, maker)
    venue.set_price("ETH", 1400)
    start(venue, trader, keeper)
    assert venue.auction.quote(venue.account(trader)).insolvent
    assert venue.vault.lossInSight() == 0


def test_poke_notes_what_prices_have_made_of_it(venue, account, trader, keeper, other):
    """More, less, nothing, and again."""
    venue.set_price("ETH", 1400)
    start(venue, trader, keeper)
    for price, seen in ((1300, 20_000), (1450, 5_000), (1600, 0), (1400, 10_000)):
        venue.set_price("ETH", price)
        venue.auction.poke(account, sender=other)
        assert 0 <= venue.vault.lossInSight() - wad(seen) <= wad(seen and 2)


def test_a_bid_for_a_part_notes_what_is_left(venue, account, trader, keeper, liquidator):
    """Half of the account is half of the loss; the rest ends with it."""
    venue.set_price("ETH", 1400)
    start(venue, trader, keeper)
    bid(venue, trader, liquidator, "0.5")
    assert venue.vault.lossInSight() == pytest.approx(wad(5_000), rel=0.01)
    bid(venue, trader, liquidator)
    assert venue.vault.lossInSight() == 0


def test_end_forgets_it(venue, account, trader, keeper, other):
    """The account is healthy again."""
    venue.set_price("ETH", 1400)
    start(venue, trader, keeper)
    venue.set_price("ETH", 3000)
    venue.auction.end(account, sender=other)
    assert venue.vault.lossInSight() == 0
