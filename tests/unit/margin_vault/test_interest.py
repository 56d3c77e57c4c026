"""Interest and surplus: equal to the reference model, and nothing is made of nothing."""

from crossmargin.chain.decimals import wad
from crossmargin.model.interest import RateCurve, Reserves, accrued

YEAR = 365 * 86_400


def test_interest_accrues_as_the_model_says(venue, borrower):
    """INV-12, to the wei: indices after a month."""
    model = venue.vault.rateModel()
    curve = RateCurve(model["baseRate"], model["slope1"], model["slope2"], model["kink"], model["reserveFactor"])
    venue.vault.accrueInterest(sender=borrower)
    supply_index, borrow_index = venue.vault.indices().values()
    totals = venue.vault.cashTotals()
    before = venue.node.now
    venue.warp(30 * 86_400, refresh=False)
    receipt = venue.vault.accrueInterest(sender=borrower)

    event = receipt.event("InterestAccrued")
    # indices are 1 so far: scaled totals are the totals
    assert (supply_index, borrow_index) == (10**27, 10**27)
    reserves = Reserves(totals["supply"], totals["borrowed"], supply_index, borrow_index)
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
    totals = venue.vault.cashTotals()
    assert totals["tokens"] + totals["borrowed"] + totals["deficit"] >= totals["supply"] + totals["pools"]


def test_surplus_collected_twice_is_collected_once(venue, borrower, other):
    """Nothing is left for the second."""
    venue.warp(YEAR, refresh=False)
    venue.vault.collectSurplus(sender=other)
    second = venue.vault.collectSurplus(sender=other)
    assert second.event("SurplusCollected")["toFund"] < wad("0.001")
