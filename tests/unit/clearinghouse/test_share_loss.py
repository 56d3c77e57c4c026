import pytest

from crossmargin.client.units import wad
from tests.unit.clearinghouse.conftest import market


@pytest.fixture
def crash(venue, modules, trader, maker, other):
    """Two shorts that win 400 and 100 dollars, and a long that lost 500."""
    venue.deposit(other, "USDC", "100000")
    modules.trade("ETH-PERP", trader, maker, 4, 2000)
    modules.trade("ETH-PERP", trader, other, 1, 2000)
    venue.set_price("ETH", 1900)


def state(venue):
    """Loss state of the ether perpetual."""
    return venue.clearinghouse.lossState(venue.instrument("ETH-PERP"))


def test_share_loss_charges_winners_by_size(venue, modules, crash, trader, maker, other):
    """INV-22: each pays its part of the side, and the market's books still balance."""
    receipt = modules.share_loss(trader, "ETH-PERP", 300, longs_pay=False)

    shared = receipt.event("MarketLossShared")
    assert (shared.longsPay, shared.amount, shared.perUnit) == (False, wad(300), 60 * 10**27)
    assert venue.position(trader, "ETH-PERP") == (wad(5), wad(9700))
    assert (state(venue)["epoch"], state(venue)["shortReceivable"]) == (1, wad(300))

    venue.settle(trader)
    collected = venue.settle(maker).event("MarketLossCollected")
    venue.settle(other)

    assert (collected.amount, collected.uncollected) == (wad(240), 0)
    assert [venue.cash(owner) for owner in (trader, maker, other)] == [wad(99_800), wad(100_160), wad(100_040)]
    assert (market(venue, "ETH-PERP")["pool"], state(venue)["shortReceivable"]) == (0, 0)


def test_share_loss_is_at_most_the_winners_profit(venue, modules, crash, trader, maker):
    """INV-22: beyond what the side has won nobody is charged."""
    receipt = modules.share_loss(trader, "ETH-PERP", 10_000, longs_pay=False)

    assert receipt.event("MarketLossShared").amount == wad(500)
    assert venue.position(trader, "ETH-PERP")[1] == wad(9500)
    again = modules.share_loss(trader, "ETH-PERP", 1, longs_pay=False)
    assert again.events("MarketLossShared") == []


def test_share_loss_of_the_losing_side_is_nothing(venue, modules, crash, trader):
    """Those without profit pay nothing."""
    modules.share_loss(trader, "ETH-PERP", 300, longs_pay=True)

    assert (state(venue)["epoch"], venue.position(trader, "ETH-PERP")[1]) == (0, wad(10_000))


def test_share_loss_reaches_only_positions_of_its_time(venue, modules, crash, trader, maker, liquidator):
    """Attack 29: who opens after the loss owes no share of it; who sells owes it still."""
    venue.deposit(liquidator, "USDC", "100000")
    modules.share_loss(trader, "ETH-PERP", 300, longs_pay=False)

    receipt = modules.trade("ETH-PERP", maker, liquidator, 4, 1900)

    assert receipt.event("MarketLossCollected").amount == wad(240)
    assert venue.clearinghouse.legs(venue.account(liquidator))[3] == 0
    assert venue.position(maker, "ETH-PERP") == (0, -wad(160))


def test_share_loss_beyond_one_winners_profit_is_a_deficit(venue, modules, crash, trader, maker, other, liquidator):
    """INV-22: a short that entered low owes by size but has no profit: its share goes to the deficit ledger."""
    venue.deposit(liquidator, "USDC", "100000")
    modules.trade("ETH-PERP", other, liquidator, 1, 1900)
    modules.share_loss(trader, "ETH-PERP", 300, longs_pay=False)

    receipt = venue.settle(liquidator)

    collected = receipt.event("MarketLossCollected")
    assert (collected.amount, collected.uncollected) == (0, wad(60))
    assert venue.vault.cashTotals()["deficit"] == wad(60)
    assert market(venue, "ETH-PERP")["pool"] == wad(60)


def test_share_loss_spares_no_bidder_that_won(venue, modules, crash, trader, maker):
    """The losing leg meets the winning one of its buyer, who is credited and still owes a share."""
    modules.move_slice(trader, maker, "0.2")
    modules.share_loss(maker, "ETH-PERP", 200, longs_pay=False)

    words = venue.clearinghouse.legs(venue.account(maker))

    assert venue.position(maker, "ETH-PERP")[0] == -wad(3)
    assert words[3] == wad(150)


def test_share_loss_credits_an_account_without_a_leg(venue, modules, crash, trader, maker, liquidator):
    """The credit is a claim on the market, paid as losers pay."""
    modules.share_loss(liquidator, "ETH-PERP", 100, longs_pay=False)

    assert venue.position(liquidator, "ETH-PERP") == (0, -wad(100))
    assert state(venue)["flatBasis"] == -wad(100)


def test_longs_pay_for(venue, modules, crash, trader, maker, liquidator):
    """The other side of a position; without size, the side that has won."""
    found = venue.instrument("ETH-PERP")
    ask = venue.clearinghouse.longsPayFor

    assert ask(venue.account(trader), found) is False
    assert ask(venue.account(maker), found) is True
    assert ask(venue.account(liquidator), found) is False


def test_share_loss_refuses_strangers(venue, modules, crash, trader, other):
    """Only the auction shares losses."""
    with venue.refuses("NotModule", trader, caller=other):
        venue.clearinghouse.shareLoss(venue.account(trader), venue.instrument("ETH-PERP"), False, 1, sender=other)
