"""Whoever sees a loss first leaves with no more than those who stay."""

from typing import Any

import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import bid, borrow, start
from tests.helpers.lenders import DOLLAR, LENT
from tests.helpers.venue import Venue

LOAN = 1_500_000


@pytest.fixture
def bankrupt(venue: Venue, trader: Any, maker: Any, lender: Any, other: Any, keeper: Any, liquidator: Any) -> Any:
    """Let a borrower of 1,500,000 go bankrupt who has 1,000 ether, for more than the fund has; the auction runs."""
    for each in (lender, other):
        venue.deposit(each, "USDC", LENT)
    venue.deposit(liquidator, "WETH", 2_000)
    borrow(venue, trader, maker, 1_000, LOAN)
    venue.set_price("ETH", 1300)
    start(venue, trader, keeper)
    return trader


def test_attack_71_a_lender_who_leaves_before_a_loss_leaves_its_part(venue, bankrupt, lender, other, liquidator):
    """The loss beyond the fund is a part of all that is lent; who leaves has left as much of his as who stays loses."""
    loss, insurance, lent = venue.vault.lossInSight(), venue.vault.insuranceCash(), venue.vault.cashTotals()["supply"]
    assert 0 <= loss - (wad(LOAN) - 1_000 * wad(1300)) <= wad(20), "what the borrower is worth less than nothing"
    assert insurance < loss
    asked = LENT * DOLLAR

    receipt = venue.vault.withdraw(
        venue.account(lender), venue.tokens["USDC"], 2**256 - 1, lender.address, sender=lender
    )

    fee = receipt.event("LeavingCharged").amount
    assert fee == pytest.approx(asked * (loss - insurance) // (lent - insurance), rel=1e-6)
    assert venue.tokens["USDC"].balanceOf(lender) == pytest.approx(asked - fee, rel=1e-8), "with seconds of interest"
    assert venue.cash(lender) < 10**12
    assert venue.vault.insuranceCash() == pytest.approx(insurance + fee * 10**12, abs=10**12)
    bid(venue, bankrupt, liquidator)
    stayed = venue.cash(other) // 10**12
    assert asked - fee == pytest.approx(stayed, rel=1e-4), "but for a reward of seconds"


def test_attack_71_repaying_a_loan_of_ones_own_with_lent_cash_is_leaving(venue, bankrupt, lender):
    """Cash that is moved to an account that owes leaves its part as well; to one that does not owe all arrives."""
    token, account = venue.tokens["USDC"], venue.account(lender)
    insurance = venue.vault.insuranceCash()
    part = (venue.vault.lossInSight() - insurance) / (venue.vault.cashTotals()["supply"] - insurance)
    assert part > 0.02
    venue.vault.transfer(account, venue.account(lender, 1), token, 50_000 * DOLLAR, sender=lender)
    assert venue.cash(lender, 1) == pytest.approx(wad(50_000), abs=10)
    venue.deposit(lender, "WETH", 100, sub_id=2)
    venue.withdraw(lender, "USDC", 60_000, sub_id=2)
    before = venue.cash(lender, 2)

    venue.vault.transfer(account, venue.account(lender, 2), token, 50_000 * DOLLAR, sender=lender)

    assert (venue.cash(lender, 2) - before) / wad(50_000) == pytest.approx(1 - part, rel=1e-3)
    assert venue.cash(lender) == pytest.approx(wad(LENT - 100_000), rel=1e-8)


def test_attack_71_a_loan_leaves_nothing_behind(venue, bankrupt, other):
    """Who borrows takes nothing that he lent."""
    venue.deposit(other, "WETH", 100, sub_id=1)
    receipt = venue.withdraw(other, "USDC", 10_000, sub_id=1)
    assert not receipt.events("LeavingCharged")
    assert venue.cash(other, 1) <= -wad(10_000)


def test_attack_71_shares_of_the_fund_leave_net_of_what_is_in_sight(
    venue, trader, maker, lender, other, keeper, liquidator
):
    """Of what the fund has 20,000 are in sight: who leaves bears his part of them, as who stays does."""
    token, fund = venue.tokens["USDC"], venue.fund
    for each in (lender, other):
        venue.mint(each, "USDC", 15_000)
        token.approve(fund, 15_000 * DOLLAR, sender=each)
        fund.deposit(15_000 * DOLLAR, each, sender=each)
        fund.requestRedeem(fund.balanceOf(each), sender=each)
    venue.deposit(liquidator, "USDC", 1_000_000)
    borrow(venue, trader, maker, 100, 150_000)
    venue.warp(fund.cooldown())
    before = fund.previewRedeem(fund.balanceOf(lender))
    venue.set_price("ETH", 1300)
    start(venue, trader, keeper)
    shares, available, loss = fund.balanceOf(lender), fund.available(), venue.vault.lossInSight()

    expected = fund.previewRedeem(shares)
    assert expected == pytest.approx(before * (available - loss) // available, rel=1e-3)
    assert fund.maxWithdraw(lender) == expected
    assert fund.maxRedeem(lender) == shares
    fund.redeem(shares, lender, lender, sender=lender)

    assert token.balanceOf(lender) == expected
    bid(venue, trader, liquidator)
    assert fund.previewRedeem(fund.balanceOf(other)) == pytest.approx(expected, rel=1e-3)
