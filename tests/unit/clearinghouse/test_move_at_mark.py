import pytest

from crossmargin.chain.decimals import wad
from tests.unit.clearinghouse.conftest import market


def test_move_at_mark_leaves_the_profit_with_the_giver(venue, modules, trader, maker, liquidator):
    """The taker begins at the index price; the giver's value does not change."""
    modules.trade("ETH-PERP", trader, maker, 4, 2000)
    venue.set_price("ETH", 1900)

    modules.move_at_mark(trader, liquidator, "ETH-PERP", 3)

    assert venue.position(liquidator, "ETH-PERP") == (wad(3), wad(5700))
    assert venue.position(trader, "ETH-PERP") == (wad(1), wad(2300))
    found = market(venue, "ETH-PERP")
    assert (found["open_interest"], found["long_basis"]) == (wad(4), wad(8000))


def test_move_at_mark_of_all_leaves_the_loss_in_a_flat_leg(venue, modules, trader, maker, liquidator):
    """No cash moves: the loss waits for settlement and counts in full meanwhile."""
    modules.trade("ETH-PERP", trader, maker, 4, 2000)
    venue.set_price("ETH", 1900)

    modules.move_at_mark(trader, liquidator, "ETH-PERP", 4)

    assert venue.position(trader, "ETH-PERP") == (0, wad(400))
    venue.settle(trader)
    assert venue.cash(trader) == wad(99_600)


@pytest.mark.parametrize("size", ["4.1", -1])
def test_move_at_mark_refuses_more_than_the_position(venue, modules, trader, maker, liquidator, size):
    """Only what the giver holds, of its sign."""
    modules.trade("ETH-PERP", trader, maker, 4, 2000)

    with venue.refuses(
        "NotReducing",
        trader,
        liquidator,
        account=venue.account(trader),
        sizeBefore=wad(4),
        sizeAfter=wad(4) - wad(size),
    ):
        modules.move_at_mark(trader, liquidator, "ETH-PERP", size)


def test_move_at_mark_refuses_strangers_and_nothing(venue, modules, trader, maker, other):
    """Only the auction, and something to move."""
    modules.trade("ETH-PERP", trader, maker, 4, 2000)
    arguments = (venue.account(trader), venue.account(maker), venue.instrument("ETH-PERP"))

    with venue.refuses("NotModule", trader, maker, caller=other):
        venue.clearinghouse.moveAtMark(*arguments, wad(1), sender=other)
    with venue.refuses("ZeroSize", trader, maker):
        modules.move_at_mark(trader, maker, "ETH-PERP", 0)
    with venue.refuses("SelfTrade", trader, maker, account=venue.account(trader)):
        modules.move_at_mark(trader, trader, "ETH-PERP", 1)
