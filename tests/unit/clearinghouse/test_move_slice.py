import pytest

from crossmargin.chain.decimals import wad
from tests.unit.clearinghouse.conftest import claim, market


def test_move_slice_moves_size_and_basis_alike(venue, modules, trader, maker, liquidator):
    """A fraction of every leg; nothing changes hands in cash."""
    modules.trade("ETH-PERP", trader, maker, 3, 2000)
    modules.trade("BTC-PERP", maker, trader, 1, 60_000)
    before = [market(venue, name) for name in ("ETH-PERP", "BTC-PERP")]

    modules.move_slice(trader, liquidator, "0.25")

    assert venue.position(trader, "ETH-PERP") == (wad("2.25"), wad(4500))
    assert venue.position(liquidator, "ETH-PERP") == (wad("0.75"), wad(1500))
    assert venue.position(liquidator, "BTC-PERP") == (-wad("0.25"), -wad(15_000))
    assert [market(venue, name) for name in ("ETH-PERP", "BTC-PERP")] == before
    assert venue.cash(trader) == wad(100_000)


def test_move_slice_of_all_leaves_no_leg(venue, modules, trader, maker, liquidator):
    """A closed account holds nothing, dust included."""
    modules.trade("ETH-PERP", trader, maker, "3.000000000000000001", "2000.7")
    modules.trade("BTC-PERP", maker, trader, 1, 60_000)
    held = [venue.position(trader, name) for name in ("ETH-PERP", "BTC-PERP")]

    modules.move_slice(trader, liquidator, 1)

    assert venue.clearinghouse.legIds(venue.account(trader)) == []
    assert [venue.position(liquidator, name) for name in ("ETH-PERP", "BTC-PERP")] == held


def test_move_slice_rounds_toward_zero(venue, modules, trader, maker, liquidator):
    """The giver keeps the odd wei, and each its part of the basis."""
    modules.trade("ETH-PERP", trader, maker, "0.000000000000000003", 2000)

    modules.move_slice(trader, liquidator, "0.5")

    assert venue.position(trader, "ETH-PERP") == (2, 4000)
    assert venue.position(liquidator, "ETH-PERP") == (1, 2000)


def test_move_slice_into_the_other_side_shrinks_open_interest(venue, modules, trader, maker, liquidator):
    """INV-03: a long that meets a short is no longer open."""
    venue.deposit(liquidator, "USDC", "100000")
    modules.trade("ETH-PERP", trader, maker, 4, 2000)
    venue.set_price("ETH", 2100)
    modules.trade("ETH-PERP", maker, liquidator, 3, 2100)

    modules.move_slice(trader, liquidator, 1)

    assert venue.position(liquidator, "ETH-PERP") == (wad(1), wad(2000))
    assert claim(venue, liquidator, longs=True) == (wad(300), wad(3))
    assert claim(venue, liquidator, longs=False) == (0, 0)
    assert market(venue, "ETH-PERP")["open_interest"] == wad(1)


def test_move_slice_that_flattens_leaves_a_claim(venue, modules, trader, maker, liquidator):
    """What is left of two legs that cancel is a claim, cashed by the next settlement."""
    venue.deposit(liquidator, "USDC", "100000")
    modules.trade("ETH-PERP", trader, maker, 4, 2000)
    venue.set_price("ETH", 2100)
    modules.trade("ETH-PERP", maker, liquidator, 4, 2100)

    modules.move_slice(trader, liquidator, 1)

    assert venue.position(liquidator, "ETH-PERP") == (0, 0)
    assert claim(venue, liquidator, longs=True) == (wad(400), wad(4))
    venue.settle(maker)
    venue.settle(liquidator)
    assert venue.cash(liquidator) == wad(100_400)
    assert venue.clearinghouse.legIds(venue.account(liquidator)) == []


def test_move_slice_moves_claims_and_debts(venue, modules, trader, maker, other, liquidator):
    """A quarter of what closed contracts are owed and owe, and of the contracts of a claim; no cash."""
    venue.deposit(other, "USDC", "100000")
    venue.deposit(maker, "WETH", "100")
    venue.withdraw(maker, "USDC", "all")
    modules.trade("ETH-PERP", trader, maker, 2, 2000)
    venue.set_price("ETH", 2050)
    modules.trade("ETH-PERP", other, trader, 2, 2050)
    modules.trade("ETH-PERP", maker, other, 2, 2050)
    assert (claim(venue, trader, longs=True), claim(venue, maker, longs=False)) == ((wad(100), wad(2)), (-wad(100), 0))

    modules.move_slice(trader, liquidator, "0.25")
    modules.move_slice(maker, liquidator, "0.25")

    assert [claim(venue, owner, longs=True) for owner in (trader, liquidator)] == [
        (wad(75), wad("1.5")),
        (wad(25), wad("0.5")),
    ]
    assert [claim(venue, owner, longs=False) for owner in (maker, liquidator)] == [(-wad(75), 0), (-wad(25), 0)]
    assert venue.cash(liquidator) == 0
    modules.move_slice(trader, liquidator, 1)
    assert venue.clearinghouse.legIds(venue.account(trader)) == []
    assert claim(venue, liquidator, longs=True) == (wad(100), wad(2))


def test_move_slice_changes_both_nonces(venue, modules, trader, maker, liquidator):
    """A bidder can tell that the account changed."""
    modules.trade("ETH-PERP", trader, maker, 4, 2000)
    accounts = [venue.account(owner) for owner in (trader, liquidator)]
    before = [venue.clearinghouse.nonceOf(account) for account in accounts]

    modules.move_slice(trader, liquidator, "0.1")

    assert [venue.clearinghouse.nonceOf(account) for account in accounts] == [nonce + 1 for nonce in before]


def test_move_slice_refuses_strangers_and_nonsense(venue, modules, trader, maker, other):
    """Only the auction moves legs; never more than all, never to oneself."""
    modules.trade("ETH-PERP", trader, maker, 4, 2000)
    accounts = (venue.account(trader), venue.account(maker))

    with venue.refuses("NotModule", trader, maker, caller=other):
        venue.clearinghouse.moveSlice(*accounts, wad(1), sender=other)
    with venue.refuses("ParameterOutOfRange", trader, maker, value=wad("1.1"), limit=wad(1)):
        modules.move_slice(trader, maker, "1.1")
    with venue.refuses("SelfTrade", trader, maker, account=accounts[0]):
        modules.move_slice(trader, trader, "0.5")


@pytest.mark.parametrize("fraction", ["0.1", 1])
def test_move_slice_of_an_empty_account_does_nothing(venue, modules, trader, maker, fraction):
    """No legs, no change but the nonces."""
    modules.move_slice(trader, maker, fraction)

    assert venue.clearinghouse.legIds(venue.account(maker)) == []
