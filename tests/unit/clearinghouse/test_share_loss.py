import pytest

from crossmargin.chain.decimals import wad
from tests.unit.clearinghouse.conftest import claim, losses, market, pending, smooth

UNITS_KEPT = 16


@pytest.fixture
def crash(venue, modules, trader, maker, other):
    """Two shorts that win 400 and 100 dollars, and a long that lost 500."""
    venue.deposit(other, "USDC", "100000")
    modules.trade("ETH-PERP", trader, maker, 4, 2000)
    modules.trade("ETH-PERP", trader, other, 1, 2000)
    venue.set_price("ETH", 1900)


def test_share_loss_charges_contracts_alike(venue, modules, crash, trader, maker, other):
    """INV-22: each pays 60 of its 100, and the market's books still balance."""
    receipt = modules.share_loss(trader, "ETH-PERP", 300, longs_pay=False)

    shared = receipt.event("LossShared")
    assert (shared.longsPay, shared.amount, shared.perUnit, shared.price) == (False, wad(300), 60 * 10**27, wad(1900))
    assert venue.position(trader, "ETH-PERP") == (wad(5), wad(9700))
    assert (losses(venue)["epoch"], losses(venue)["shortfall"]) == (1, wad(300))
    assert pending(venue, maker) == (-wad(4), -wad(7760), 0, 0)

    venue.settle(trader)
    collected = venue.settle(maker).event("LossCollected")
    venue.settle(other)

    assert (collected.amount, collected.shortfall) == (wad(240), wad(60))
    assert [venue.cash(owner) for owner in (trader, maker, other)] == [wad(99_800), wad(100_160), wad(100_040)]
    assert (market(venue, "ETH-PERP")["pool"], losses(venue)["shortfall"]) == (0, 0)


def test_share_loss_takes_at_most_what_each_won(venue, modules, crash, trader, maker, other):
    """INV-22: nobody pays more than its profit at the price of the loss; what is beyond stays shortfall."""
    receipt = modules.share_loss(trader, "ETH-PERP", 10_000, longs_pay=False)

    assert receipt.event("LossShared").perUnit == 2000 * 10**27
    assert venue.position(trader, "ETH-PERP")[1] == 0
    assert losses(venue)["shortfall"] == wad(10_000)
    venue.set_price("ETH", 1500)
    venue.settle(maker)
    venue.settle(other)
    assert losses(venue)["shortfall"] == wad(10_000) - 5 * wad(100)
    assert venue.position(maker, "ETH-PERP")[1] == -wad(8000) + 4 * wad(100)
    assert venue.vault.cashTotals()["deficit"] == 0


def test_share_loss_of_the_losing_side_is_borne_by_nobody(venue, modules, crash, trader):
    """Those without profit pay nothing: the loss stays shortfall."""
    modules.share_loss(trader, "ETH-PERP", 300, longs_pay=True)

    receipt = venue.settle(trader)

    assert receipt.events("LossCollected") == []
    assert (losses(venue)["epoch"], losses(venue)["shortfall"]) == (1, wad(300))
    assert receipt.event("Settled").amount == -wad(200)


def test_share_loss_below_a_dollar_uses_no_record(venue, modules, crash, trader):
    """It is all shortfall, so that nobody uses up the records."""
    small = modules.share_loss(trader, "ETH-PERP", "0.999999999999999999", longs_pay=False)
    assert (losses(venue)["epoch"], losses(venue)["shortfall"]) == (0, wad(1) - 1)
    assert (small.event("LossShared").amount, small.event("LossShared").perUnit) == (wad(1) - 1, 0)

    modules.share_loss(trader, "ETH-PERP", 1, longs_pay=False)
    assert (losses(venue)["epoch"], losses(venue)["shortfall"]) == (1, wad(2) - 1)


def test_share_loss_without_bearers_is_shortfall(venue, modules, trader):
    """A market that nobody is in has nobody to pay."""
    modules.share_loss(trader, "ETH-PERP", 300, longs_pay=True)

    assert (losses(venue)["epoch"], losses(venue)["shortfall"]) == (0, wad(300))
    assert claim(venue, trader, longs=False) == (wad(300), 0)


def test_share_loss_charges_claims_as_open_contracts(venue, modules, crash, trader, maker, other, liquidator):
    """INV-21, INV-22: who closed with profit that is not paid yet bears 30 a contract too; a new short none."""
    venue.deposit(liquidator, "USDC", "100000")
    modules.trade("ETH-PERP", maker, liquidator, 4, 1900)
    assert claim(venue, maker, longs=False) == (wad(400), wad(4))

    shared = modules.share_loss(trader, "ETH-PERP", 270, longs_pay=False).event("LossShared")

    assert shared.perUnit == 30 * 10**27
    assert pending(venue, maker) == (0, 0, 0, wad(280))
    venue.settle(trader)
    collected = venue.settle(maker).event("LossCollected")
    assert (collected.amount, collected.shortfall) == (wad(120), wad(150))
    assert venue.cash(maker) == wad(100_230)
    assert claim(venue, maker, longs=False) == (wad(50), -(-wad(4) * 50 // 280))
    venue.settle(other)
    venue.settle(liquidator)
    assert losses(venue)["shortfall"] == wad(120)
    assert pending(venue, liquidator) == (-wad(4), -wad(7600), 0, 0)


def test_share_loss_credits_a_claim_that_bears_nothing(venue, modules, crash, maker, liquidator):
    """The credit is owed to the side that lost, of no contracts; the claim of those that won bears its share."""
    venue.deposit(liquidator, "USDC", "100000")
    modules.trade("ETH-PERP", maker, liquidator, 4, 1900)

    modules.share_loss(maker, "ETH-PERP", 270, longs_pay=False)

    assert claim(venue, maker, longs=True) == (wad(270), 0)
    assert pending(venue, maker) == (0, 0, wad(270), wad(280))


def test_share_loss_reaches_only_positions_of_its_time(venue, modules, crash, trader, maker, liquidator):
    """Attack 29: who opens after the loss owes no share of it; who sells owes it still."""
    venue.deposit(liquidator, "USDC", "100000")
    modules.share_loss(trader, "ETH-PERP", 300, longs_pay=False)

    receipt = modules.trade("ETH-PERP", maker, liquidator, 4, 1900)

    assert receipt.event("LossCollected").amount == wad(240)
    assert claim(venue, maker, longs=False) == (wad(160), wad(4))
    venue.set_price("ETH", 1800)
    assert pending(venue, liquidator) == (-wad(4), -wad(7600), 0, 0)


def test_share_loss_of_a_contract_that_won_nothing_is_shortfall(venue, modules, crash, trader, liquidator):
    """INV-22: a short that entered low counts but has no profit, later profit included: its share is nobody's cash."""
    venue.deposit(liquidator, "USDC", "100000")
    modules.trade("ETH-PERP", trader, liquidator, 1, 1900)
    shared = modules.share_loss(trader, "ETH-PERP", 300, longs_pay=False).event("LossShared")
    assert shared.perUnit == 50 * 10**27
    venue.set_price("ETH", 1700)

    receipt = venue.settle(liquidator)

    assert receipt.events("LossCollected") == []
    assert losses(venue)["shortfall"] == wad(300)
    assert pending(venue, liquidator) == (-wad(1), -wad(1900), 0, 0)


def test_shortfall_is_not_paid_from_the_surplus(venue, modules, crash, trader, other):
    """Fees and reserves are the fund's: a market's gap is paid as later losers pay, or not at all."""
    modules.share_loss(trader, "ETH-PERP", 10_000, longs_pay=False)
    modules.run((other,), venue.vault, "chargeFee", venue.account(other), wad(20))

    collected = venue.vault.collectSurplus(sender=other).event("SurplusCollected")

    assert wad(20) - 10**12 <= collected.toFund <= wad(20), "whole token units"
    assert losses(venue)["shortfall"] == wad(10_000)
    assert market(venue, "ETH-PERP")["pool"] == 0


def test_share_loss_pays_debts_of_its_account_first(venue, modules, crash, trader, maker):
    """A losing leg meets the winning one of its buyer: its debt is paid, the rest lowers the basis."""
    modules.move_slice(trader, maker, "0.2")
    assert (claim(venue, maker, longs=True), claim(venue, maker, longs=False)) == ((-wad(100), 0), (wad(100), wad(1)))

    shared = modules.share_loss(maker, "ETH-PERP", 200, longs_pay=False).event("LossShared")

    assert shared.perUnit == 40 * 10**27
    assert claim(venue, maker, longs=True) == (0, 0)
    assert venue.position(maker, "ETH-PERP") == (-wad(3), -wad(6100))
    assert pending(venue, maker) == (-wad(3), -wad(5980), 0, wad(60))


def test_share_loss_credits_an_account_without_a_leg(venue, modules, crash, trader, liquidator):
    """The credit is a claim on the market, of no contracts, paid as losers pay."""
    modules.share_loss(liquidator, "ETH-PERP", 100, longs_pay=False)

    assert venue.position(liquidator, "ETH-PERP") == (0, 0)
    assert claim(venue, liquidator, longs=True) == (wad(100), 0)
    assert losses(venue)["units"] == (0, 0)
    venue.settle(liquidator)
    assert venue.cash(liquidator) == 0
    venue.settle(trader)
    venue.settle(liquidator)
    assert venue.cash(liquidator) == wad(100)
    assert venue.clearinghouse.legIds(venue.account(liquidator)) == []


def test_share_loss_falls_on_the_contracts_before_the_jump(venue, modules, trader, maker, other, liquidator):
    """While prices are not calm no contracts are opened; a loss is divided by those from before, handed on or not."""
    smooth(venue)
    for owner in (other, liquidator):
        venue.deposit(owner, "USDC", "100000")
    modules.trade("ETH-PERP", trader, maker, 4, 2000)
    modules.trade("ETH-PERP", trader, other, 1, 2000)
    venue.set_price("ETH", 1900)

    with venue.refuses("PriceNotCalm", trader, id=venue.instrument("ETH-PERP")):
        modules.trade("ETH-PERP", trader, liquidator, 5, 1900)
    modules.trade("ETH-PERP", maker, liquidator, 1, 1900)

    assert market(venue, "ETH-PERP")["flags"] & UNITS_KEPT
    assert losses(venue)["kept"] == (wad(5), wad(5))
    shared = modules.share_loss(trader, "ETH-PERP", 300, longs_pay=False).event("LossShared")
    assert shared.perUnit == 60 * 10**27
    venue.warp(8 * 3600)
    venue.warp(8 * 3600)
    venue.settle(maker)
    assert not market(venue, "ETH-PERP")["flags"] & UNITS_KEPT
    assert modules.share_loss(trader, "ETH-PERP", 300, longs_pay=False).event("LossShared").perUnit == 50 * 10**27


def test_share_loss_refuses_what_is_not_listed(venue, modules, trader):
    """There is no such market."""
    with venue.refuses("UnknownInstrument", trader, id=12345):
        modules.share_loss(trader, 12345, 300, longs_pay=False)


def test_share_loss_refuses_strangers(venue, modules, crash, trader, other):
    """Only the auction shares losses."""
    with venue.refuses("NotModule", trader, caller=other):
        venue.clearinghouse.shareLoss(venue.account(trader), venue.instrument("ETH-PERP"), False, 1, sender=other)
