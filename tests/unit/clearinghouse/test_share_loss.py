import pytest

from crossmargin.chain.decimals import wad
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
    assert (shared.longsPay, shared.amount, shared.perUnit, shared.perClaim) == (False, wad(300), 60 * 10**27, 0)
    assert venue.position(trader, "ETH-PERP") == (wad(5), wad(9700))
    assert (state(venue)["epoch"], state(venue)["shortReceivable"]) == (1, wad(300))

    venue.settle(trader)
    collected = venue.settle(maker).event("MarketLossCollected")
    venue.settle(other)

    assert (collected.amount, collected.uncollected) == (wad(240), 0)
    assert [venue.cash(owner) for owner in (trader, maker, other)] == [wad(99_800), wad(100_160), wad(100_040)]
    assert (market(venue, "ETH-PERP")["pool"], state(venue)["shortReceivable"]) == (0, 0)


def test_share_loss_is_at_most_the_winners_profit(venue, modules, crash, trader, maker):
    """INV-22: beyond what the side has won nobody is charged; the credit is whole, the rest is shortfall."""
    receipt = modules.share_loss(trader, "ETH-PERP", 10_000, longs_pay=False)

    assert receipt.event("MarketLossShared").amount == wad(500)
    assert venue.position(trader, "ETH-PERP")[1] == 0
    assert receipt.event("ShortfallChanged").shortfall == state(venue)["shortfall"] == wad(9500)
    assert venue.vault.shortfalls() == wad(9500)
    assert venue.vault.cashTotals()["deficit"] == 0


def test_share_loss_of_the_losing_side_is_nothing(venue, modules, crash, trader):
    """Those without profit pay nothing: the loss is shortfall."""
    modules.share_loss(trader, "ETH-PERP", 300, longs_pay=True)

    assert (state(venue)["epoch"], state(venue)["shortfall"]) == (0, wad(300))
    assert venue.position(trader, "ETH-PERP")[1] == wad(9700)


def test_share_loss_of_dust_uses_no_epoch(venue, modules, crash, trader):
    """Below a millionth of a dollar a loss is shortfall, so that nobody uses up the epochs."""
    modules.share_loss(trader, "ETH-PERP", "0.000000999", longs_pay=False)
    assert (state(venue)["epoch"], state(venue)["shortfall"]) == (0, wad("0.000000999"))

    modules.share_loss(trader, "ETH-PERP", "0.000001", longs_pay=False)
    assert (state(venue)["epoch"], state(venue)["shortReceivable"]) == (1, wad("0.000001"))


def test_share_loss_charges_claims_without_size(venue, modules, crash, trader, maker, liquidator):
    """INV-22: who closed with profit that is not paid yet shares by it, beside the open side."""
    venue.deposit(liquidator, "USDC", "100000")
    modules.trade("ETH-PERP", maker, liquidator, 4, 1900)

    shared = modules.share_loss(trader, "ETH-PERP", 250, longs_pay=False).event("MarketLossShared")

    assert (shared.amount, shared.perUnit, shared.perClaim) == (wad(250), 10 * 10**27, 5 * 10**26)
    assert venue.clearinghouse.legs(venue.account(maker))[3] == wad(200)
    assert state(venue)["claimReceivable"] == wad(200)
    venue.settle(trader)
    collected = venue.settle(maker).event("MarketLossCollected")
    assert (collected.amount, collected.uncollected) == (wad(200), 0)
    assert venue.cash(maker) == wad(100_200)
    assert (state(venue)["claimReceivable"], state(venue)["flatClaims"]) == (0, 0)


def test_share_loss_credits_a_claim_that_has_paid_its_share(venue, modules, crash, trader, maker, liquidator):
    """A claim pays for what it was, and not for the credit."""
    venue.deposit(liquidator, "USDC", "100000")
    modules.trade("ETH-PERP", maker, liquidator, 4, 1900)

    modules.share_loss(maker, "ETH-PERP", 250, longs_pay=False)

    assert venue.position(maker, "ETH-PERP") == (0, -wad(450))
    assert venue.clearinghouse.legs(venue.account(maker))[3] == 0


def test_share_loss_reaches_only_positions_of_its_time(venue, modules, crash, trader, maker, liquidator):
    """Attack 29: who opens after the loss owes no share of it; who sells owes it still."""
    venue.deposit(liquidator, "USDC", "100000")
    modules.share_loss(trader, "ETH-PERP", 300, longs_pay=False)

    receipt = modules.trade("ETH-PERP", maker, liquidator, 4, 1900)

    assert receipt.event("MarketLossCollected").amount == wad(240)
    assert venue.clearinghouse.legs(venue.account(liquidator))[3] == 0
    assert venue.position(maker, "ETH-PERP") == (0, -wad(160))


def test_share_loss_beyond_one_winners_profit_is_shortfall(venue, modules, crash, trader, maker, other, liquidator):
    """INV-22: a short that entered low owes by size but has no profit: its share is nobody's cash."""
    venue.deposit(liquidator, "USDC", "100000")
    modules.trade("ETH-PERP", trader, liquidator, 1, 1900)
    modules.share_loss(trader, "ETH-PERP", 300, longs_pay=False)

    receipt = venue.settle(liquidator)

    collected = receipt.event("MarketLossCollected")
    assert (collected.amount, collected.uncollected) == (0, wad(50))
    assert (state(venue)["shortfall"], venue.vault.shortfalls()) == (wad(50), wad(50))
    assert venue.vault.cashTotals()["deficit"] == 0
    assert market(venue, "ETH-PERP")["pool"] == 0


def test_cover_shortfall_takes_the_vaults_surplus(venue, modules, crash, trader, maker, other):
    """Fees and reserves back what lost its backing, before the fund gets them; anyone may ask."""
    found = venue.instrument("ETH-PERP")
    modules.share_loss(trader, "ETH-PERP", 530, longs_pay=False)
    idle = venue.clearinghouse.coverShortfall(found, sender=other)
    assert (idle.events("ShortfallChanged"), state(venue)["shortfall"]) == ([], wad(30))
    modules.run((other,), venue.vault, "chargeFee", venue.account(other), wad(20))
    assert venue.vault.collectSurplus(sender=other).event("SurplusCollected").toFund == 0

    receipt = venue.clearinghouse.coverShortfall(found, sender=other)

    covered = wad(30) - state(venue)["shortfall"]
    assert wad(20) - 10 <= covered <= wad(20)
    assert receipt.event("DeficitRepaid").amount == covered == market(venue, "ETH-PERP")["pool"]
    assert venue.vault.shortfalls() == state(venue)["shortfall"] == receipt.event("ShortfallChanged").shortfall
    modules.run((other,), venue.vault, "chargeFee", venue.account(other), wad(20))
    venue.clearinghouse.coverShortfall(found, sender=other)
    assert (state(venue)["shortfall"], venue.vault.shortfalls()) == (0, 0)
    assert market(venue, "ETH-PERP")["pool"] == wad(30)
    assert venue.vault.collectSurplus(sender=other).event("SurplusCollected").toFund > wad(9)


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
    assert state(venue)["flatClaims"] == wad(100)


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
