"""Interest and surplus: equal to the reference model, and nothing is made of nothing."""

from crossmargin.chain.decimals import wad
from crossmargin.model.interest import SCALED_ONE, RateCurve, Reserves, accrued

YEAR = 365 * 86_400


def test_interest_accrues_as_the_model_says(venue, borrower):
    """INV-12, to the wei: indices after a month."""
    model = venue.vault.rateModel()
    curve = RateCurve(*model.values())
    venue.vault.collectSurplus(sender=borrower)
    supply_index, borrow_index = venue.vault.indices().values()
    totals = venue.vault.cashTotals()
    before = venue.node.now
    venue.warp(30 * 86_400, refresh=False)
    receipt = venue.vault.collectSurplus(sender=borrower)

    event = receipt.event("InterestAccrued")
    # indices are 1 so far: scaled totals are the totals
    assert (supply_index, borrow_index) == (10**27, 10**27)
    supply, borrowed = (totals[name] * SCALED_ONE for name in ("supply", "borrowed"))
    reserves = Reserves(supply, borrowed, supply_index, borrow_index, totals["pools"])
    expected = accrued(reserves, curve, receipt.time - before)
    assert (event["supplyIndex"], event["borrowIndex"]) == (expected.supply_index, expected.borrow_index)


def test_debt_grows_by_more_than_deposits(venue, borrower, lender):
    """INV-02: the difference is the reserve, and rounding is the vault's."""
    lent, owed = venue.cash(lender), venue.cash(borrower)
    venue.warp(YEAR, refresh=False)
    earned, paid = venue.cash(lender) - lent, owed - venue.cash(borrower)
    assert 0 < earned < paid


def test_surplus_goes_to_the_fund(venue, borrower, other):
    """The reserve part of the interest, once collected, is the fund's cash."""
    fund = venue.fund.fundAccount()
    venue.warp(YEAR, refresh=False)
    before = venue.vault.cashOf(fund)
    receipt = venue.vault.collectSurplus(sender=other)
    event = receipt.event("SurplusCollected")
    assert event["toDeficit"] == 0
    assert event["toFund"] > 0
    assert venue.vault.cashOf(fund) - before >= event["toFund"] - 2
    assert event["toFund"] % 10**12 == 0
    totals = venue.vault.cashTotals()
    assert totals["tokens"] + totals["borrowed"] + totals["deficit"] >= totals["supply"] + totals["pools"]


def test_surplus_collected_twice_is_collected_once(venue, borrower, other):
    """Nothing is left for the second."""
    venue.warp(YEAR, refresh=False)
    venue.vault.collectSurplus(sender=other)
    second = venue.vault.collectSurplus(sender=other)
    assert second.event("SurplusCollected")["toFund"] < wad("0.001")


def test_a_strangers_settle_makes_no_dear_loan(venue, trader, maker, lender, other):
    """A loss of 50,000 beside 25,000 of lenders: settling lends nothing, or what its winner then lends: two thirds."""
    venue.deposit(lender, "USDC", 25_000)
    venue.deposit(maker, "WETH", 1_000)
    venue.deposit(trader, "WETH", 200)
    venue.trade(trader, maker, "ETH-PERP", 100)
    venue.set_price("ETH", 1_500)
    fees = -venue.cash(trader)
    venue.settle(trader, "ETH-PERP", sender=other)
    assert -venue.cash(trader) == fees < wad(100)
    perpetual = venue.instrument("ETH-PERP")
    venue.clearinghouse.settleBetween(perpetual, venue.account(maker), venue.account(trader), sender=other)
    owed = -venue.cash(trader)
    assert owed >= wad(49_000)

    venue.warp(YEAR, refresh=False)

    assert -venue.cash(trader) - owed < owed * 8 // 100
