"""A loan that all goes to a winner, and never lies in a pool."""

import pytest

from crossmargin.chain.decimals import wad
from tests.unit.clearinghouse.conftest import claim, market, smooth


@pytest.fixture
def loser(venue, modules, trader, maker):
    """Give the trader 50 ether, no cash, and a long bitcoin that lost 1,000 dollars to the maker."""
    venue.deposit(trader, "WETH", "50")
    modules.trade("BTC-PERP", trader, maker, 1, 60_000)
    venue.withdraw(trader, "USDC", "all")
    venue.set_price("BTC", 59_000)
    return trader


def test_settle_between_lends_what_the_winner_is_paid(venue, modules, loser, maker, other):
    """Anyone may; the loser owes the loan, the winner has the cash, the pool is empty."""
    modules.settle_between("BTC-PERP", maker, loser, sender=other)

    assert (venue.cash(loser), venue.cash(maker)) == (-wad(1000), wad(101_000))
    assert venue.position(loser, "BTC-PERP") == (wad(1), wad(59_000))
    assert venue.position(maker, "BTC-PERP") == (-wad(1), -wad(59_000))
    assert market(venue, "BTC-PERP")["pool"] == 0


def test_settle_between_takes_cash_before_it_lends(venue, modules, loser, maker):
    """Only what the loser's cash and the pool leave is lent."""
    venue.deposit(loser, "USDC", "300")

    receipt = modules.settle_between("BTC-PERP", maker, loser)

    amounts = [event["args"].amount for event in receipt.events("Settled")]
    assert amounts == [-wad(300), wad(300), -wad(700), wad(700)]
    assert (venue.cash(loser), venue.cash(maker)) == (-wad(700), wad(101_000))


def test_settle_between_lends_no_more_than_the_winner_is_owed(venue, modules, trader, maker, other):
    """Of a loss of 1,000 the maker has won 400: the rest is lent for whoever won it."""
    venue.deposit(trader, "WETH", "50")
    venue.deposit(other, "USDC", "100000")
    modules.trade("BTC-PERP", trader, maker, "0.4", 60_000)
    modules.trade("BTC-PERP", trader, other, "0.6", 60_000)
    venue.withdraw(trader, "USDC", "all")
    venue.set_price("BTC", 59_000)

    modules.settle_between("BTC-PERP", maker, trader)

    assert (venue.cash(trader), venue.cash(maker)) == (-wad(400), wad(100_400))
    assert market(venue, "BTC-PERP")["pool"] == 0


def test_settle_between_lends_no_more_than_the_loser_owes(venue, modules, loser, maker, other, lender):
    """A winner of 4,000 beside a loser of 1,000."""
    venue.deposit(other, "WETH", "200")
    modules.trade("BTC-PERP", other, maker, 3, 60_000)

    modules.settle_between("BTC-PERP", maker, loser)

    assert (venue.cash(loser), venue.cash(maker)) == (-wad(1000), wad(101_000))
    assert venue.position(maker, "BTC-PERP") == (-wad(4), -wad(239_000))


def test_settle_between_pays_claims_of_closed_contracts(venue, modules, loser, maker, other):
    """In a calm a claim counts as the profit of open contracts does."""
    venue.deposit(other, "USDC", "100000")
    modules.trade("BTC-PERP", maker, other, 1, 59_000)
    assert claim(venue, maker, "BTC-PERP", longs=False) == (wad(1000), wad(50_000) // 59_000)

    modules.settle_between("BTC-PERP", maker, loser)

    assert (venue.cash(loser), venue.cash(maker)) == (-wad(1000), wad(101_000))
    assert venue.clearinghouse.legIds(venue.account(maker)) == []


def test_settle_between_collects_debts_of_closed_contracts(venue, modules, loser, maker, other):
    """What the loser realised without cash is owed, and lent for all the same."""
    venue.deposit(other, "USDC", "100000")
    modules.trade("BTC-PERP", other, loser, 1, 59_000)
    assert claim(venue, loser, "BTC-PERP", longs=True) == (-wad(1000), 0)

    modules.settle_between("BTC-PERP", maker, loser)

    assert (venue.cash(loser), venue.cash(maker)) == (-wad(1000), wad(101_000))
    assert venue.clearinghouse.legIds(venue.account(loser)) == []


def nothing_is_lent(venue, modules, winner, loser, instrument="BTC-PERP") -> None:
    """Settle both: the loser's cash stays 0, the pool empty, the winner unpaid."""
    unpaid = venue.cash(winner)
    receipt = modules.settle_between(instrument, winner, loser)
    assert receipt.events("Settled") == []
    assert (venue.cash(loser), venue.cash(winner)) == (0, unpaid)


def test_settle_between_lends_nothing_for_claims_without_a_calm(venue, modules, trader, maker, other):
    """A price far from the smoothed one pays no claims, so no loan is taken for them."""
    smooth(venue, "BTC")
    venue.deposit(trader, "WETH", "50")
    venue.deposit(other, "USDC", "100000")
    modules.trade("BTC-PERP", trader, maker, 1, 60_000)
    venue.withdraw(trader, "USDC", "all")
    venue.set_price("BTC", 57_000)
    modules.trade("BTC-PERP", maker, other, 1, 57_000)

    nothing_is_lent(venue, modules, maker, trader)


def test_settle_between_lends_nothing_against_unpaid_profit(venue, modules, trader, maker, other):
    """Healthy is not enough: who meets initial margin only with profit that nobody has paid is lent nothing."""
    venue.deposit(other, "USDC", "2500")
    venue.deposit(other, "WETH", "0.5")
    modules.trade("BTC-PERP", other, maker, "0.1", 60_000)
    modules.trade("ETH-PERP", trader, other, 5, 2000)
    venue.set_prices({"BTC": 160_000, "ETH": 2600})
    modules.settle_between("ETH-PERP", trader, other)
    initial = venue.margin(other)[0]
    assert initial.excess >= 0 > initial.paidExcess
    assert venue.cash(other) == 0

    nothing_is_lent(venue, modules, trader, other, "ETH-PERP")


def test_settle_between_lends_nothing_at_prices_that_are_not_valid(venue, modules, loser, maker, guardian):
    """A loan needs the prices that a withdrawal needs, of collateral too."""
    venue.oracle.forceUncertain(venue.feed("ETH"), 300, sender=guardian)
    nothing_is_lent(venue, modules, maker, loser)


def test_settle_between_lends_nothing_at_a_stale_price(venue, modules, loser, maker):
    """INV-23: profit of open contracts waits."""
    venue.warp(30 * 86_400, refresh=False)
    nothing_is_lent(venue, modules, maker, loser)


def test_settle_between_lends_nothing_to_an_account_in_auction(venue, modules, loser, maker):
    """An account for sale takes up no loan."""
    modules.set_in_auction(loser)
    nothing_is_lent(venue, modules, maker, loser)


def test_settle_between_one_account_or_strangers_does_nothing(venue, modules, loser, maker, other):
    """Who has no leg is owed nothing and owes nothing."""
    for winner, owing in ((loser, loser), (maker, maker), (other, loser), (maker, other)):
        receipt = modules.settle_between("BTC-PERP", winner, owing)
        assert receipt.events("Settled") == []
    assert (venue.cash(loser), venue.cash(maker), venue.cash(other)) == (0, wad(100_000), 0)


def test_settle_between_refuses_what_is_not_listed(venue, modules, trader, maker):
    """There is no such market."""
    with venue.refuses("UnknownInstrument", trader, maker, id=12345):
        modules.settle_between(12345, maker, trader)
