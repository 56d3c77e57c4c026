import pytest

from crossmargin.chain.decimals import wad
from tests.unit.clearinghouse.conftest import claim, market


def test_move_at_mark_leaves_what_was_lost_with_the_giver(venue, modules, trader, maker, liquidator):
    """The taker begins at the index price; the giver owes what the moved contracts lost, and keeps the rest."""
    modules.trade("ETH-PERP", trader, maker, 4, 2000)
    venue.set_price("ETH", 1900)

    modules.move_at_mark(trader, liquidator, "ETH-PERP", 3)

    assert venue.position(liquidator, "ETH-PERP") == (wad(3), wad(5700))
    assert venue.position(trader, "ETH-PERP") == (wad(1), wad(2000))
    assert claim(venue, trader, longs=True) == (-wad(300), 0)
    assert market(venue, "ETH-PERP")["open_interest"] == wad(4)


def test_move_at_mark_of_all_leaves_a_debt(venue, modules, trader, maker, liquidator):
    """No cash moves: the loss waits for settlement and counts in full meanwhile."""
    modules.trade("ETH-PERP", trader, maker, 4, 2000)
    venue.set_price("ETH", 1900)

    modules.move_at_mark(trader, liquidator, "ETH-PERP", 4)

    assert venue.position(trader, "ETH-PERP") == (0, 0)
    assert (claim(venue, trader, longs=True), venue.cash(trader)) == ((-wad(400), 0), wad(100_000))
    venue.settle(trader)
    assert venue.cash(trader) == wad(99_600)
    assert venue.clearinghouse.legIds(venue.account(trader)) == []


def test_move_at_mark_of_a_winner_leaves_a_claim(venue, modules, trader, maker, liquidator):
    """What the moved contracts won is owed to the giver, of as many contracts."""
    modules.trade("ETH-PERP", trader, maker, 4, 2000)
    venue.set_price("ETH", 1900)

    modules.move_at_mark(maker, liquidator, "ETH-PERP", -3)

    assert venue.position(liquidator, "ETH-PERP") == (-wad(3), -wad(5700))
    assert venue.position(maker, "ETH-PERP") == (-wad(1), -wad(2000))
    assert claim(venue, maker, longs=False) == (wad(300), wad(3))


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
