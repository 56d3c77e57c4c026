"""Who makes losses be in sight that are none, or keeps lent cash from those that are, gains what others leave or bear.

Gains are what somebody's accounts and shares of the fund are worth after, less before [wad USD]. Where a test fails as
it is expected to, its docstring has the number that was seen.
"""

from typing import Any

import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import ROUNDING, bid, borrow, equity, start
from tests.helpers.lenders import DOLLAR, LENT
from tests.helpers.markets import PERPETUAL, worth
from tests.helpers.option_desk import CALL, mark, post_surfaces
from tests.helpers.venue import MAX_UINT256, Venue


def join_fund(venue: Venue, owner: Any, dollars: int) -> None:
    """Let somebody buy shares of the insurance fund."""
    venue.mint(owner, "USDC", dollars)
    venue.tokens["USDC"].approve(venue.fund, dollars * DOLLAR, sender=owner)
    venue.fund.deposit(dollars * DOLLAR, owner, sender=owner)


def part_of_fund(venue: Venue, owner: Any) -> int:
    """Tell what somebody's shares are of all that the fund has [wad USD]."""
    return venue.fund.convertToAssets(venue.fund.balanceOf(owner)) * 10**12


def settle(venue: Venue, owner: Any, sub_id: int, name: str = PERPETUAL) -> None:
    """Settle one leg of one account of an owner."""
    venue.clearinghouse.settle(venue.account(owner, sub_id), [venue.instrument(name)], sender=owner)


# ------------------------------------------------------------ a loss that no insurance and no lender will bear


class Pair:
    """One owner's debtor (the trader), winner (the maker) and four fifths of the fund (the keeper).

    The debtor has 2,000,000 of bitcoin, a loan of 1,000,000, and a long of 2,300 ether against the winner. A fall by
    a half leaves it 1,300,000 short. All of that is of the market, so the winner bears it, and what the one account
    loses the other wins. Of the loan nothing will be missing.
    """

    def __init__(self, venue: Venue, debtor: Any, winner: Any, holder: Any) -> None:
        """Open it."""
        self.venue, self.debtor, self.winner, self.holder = venue, debtor, winner, holder
        join_fund(venue, holder, 400_000)
        venue.deposit(debtor, "WBTC", "33.3333333")
        venue.deposit(winner, "WBTC", 20)
        venue.trade(debtor, winner, PERPETUAL, 2_300)
        venue.withdraw(debtor, "USDC", 1_000_000)
        self.before = self.worth()

    def worth(self) -> int:
        """Add up both accounts and the shares of the fund [wad USD]."""
        accounts = sum(equity(self.venue, each) for each in (self.debtor, self.winner))
        return accounts + part_of_fund(self.venue, self.holder)

    def gain(self) -> int:
        """Tell what the owner has more than at the beginning, once the winner has borne its part."""
        self.venue.settle(self.winner)
        return self.worth() - self.before


@pytest.fixture
def pair(lent, trader, maker, keeper):
    """Open the pair beside the lenders, and let the price fall; nobody has looked."""
    pair = Pair(lent, trader, maker, keeper)
    lent.set_price("ETH", 1000)
    return pair


def test_a_loss_of_a_market_is_borne_by_its_winner_and_not_in_sight(lent, pair, trader, other, liquidator):
    """Neither fund nor lenders bear anything, though the account is worth less than nothing by more than its loan."""
    start(lent, trader, other)
    assert lent.vault.lossInSight() == 0
    allocated = bid(lent, trader, liquidator).event("LossAllocated")
    assert (allocated.fund, allocated.lenders, allocated.deficit) == (0, 0, 0)
    assert allocated.markets == pytest.approx(wad(1_300_000), rel=0.01)
    assert pair.gain() <= ROUNDING
    assert lent.cash(other) == pytest.approx(wad(LENT), rel=1e-8)


def test_a_lender_who_leaves_pays_no_owner_of_the_fund_for_a_loss_of_a_market(
    lent, pair, lender, trader, other, liquidator
):
    """Where the loan counted as in sight the lender left 249,770, and the pair's owner gained 199,816 of them."""
    start(lent, trader, other)
    lent.withdraw(lender, "USDC", "all")
    assert lent.tokens["USDC"].balanceOf(lender) == pytest.approx(LENT * DOLLAR, rel=1e-8)
    bid(lent, trader, liquidator)
    assert pair.gain() <= ROUNDING


def test_who_redeems_shares_pays_no_other_holder_for_a_loss_of_a_market(lent, trader, maker, keeper, other, liquidator):
    """Where the loan counted as in sight 24,197 of 60,288 came out, and who had 400,000 in the fund gained 28,873."""
    join_fund(lent, other, 60_000)
    lent.fund.requestRedeem(lent.fund.balanceOf(other), sender=other)
    pair = Pair(lent, trader, maker, keeper)
    lent.warp(lent.fund.cooldown())
    pair.before = pair.worth()
    lent.set_price("ETH", 1420)
    start(lent, trader, other)
    before = part_of_fund(lent, other)
    lent.fund.redeem(lent.fund.balanceOf(other), other, other, sender=other)
    out = lent.tokens["USDC"].balanceOf(other) * 10**12
    bid(lent, trader, liquidator)
    assert out == pytest.approx(before, rel=1e-6)
    assert pair.gain() <= ROUNDING


# ------------------------------------------------------------ cash that is not lent while others bear


@pytest.fixture
def hedged(lent, lender, trader, maker, keeper):
    """Let a lender hold a long and a short of his own, and a stranger's loan become worth 500,000 less than nothing.

    The pair was opened before the fall at the price of then; the long has no loan, and cash for its fee.
    """
    lent.deposit(lender, "USDC", 1_000, sub_id=1)
    lent.deposit(lender, "WBTC", 20, sub_id=1)
    lent.deposit(lender, "WBTC", 30, sub_id=2)
    lent.trade(lender, lender, PERPETUAL, 850, sub_ids=(1, 2))
    borrow(lent, trader, maker, 1_000, 1_500_000)
    lent.set_price("ETH", 1000)
    start(lent, trader, keeper)
    return lent


def part_in_sight(venue: Venue) -> float:
    """Tell what of each dollar that is lent is in sight as lost, beyond the insurance."""
    insurance = venue.vault.insuranceCash()
    return (venue.vault.lossInSight() - insurance) / (venue.vault.cashTotals()["supply"] - insurance)


def test_lent_cash_in_a_pool_of_ones_own_bears_its_part(hedged, lender, other, trader, liquidator):
    """His long would pay the short what it has lost, into the pool, and the short be paid after the bid.

    Where cash paid markets while a loss is in sight, 600,000 that should lose 108,886 lost nothing. Who stayed lost
    149,681 instead of 108,886. No fill, no fee, no band and no calm was needed.
    """
    part, before = part_in_sight(hedged), worth(hedged, lender, 3)
    assert part > 0.18
    own = hedged.account(lender, 1)
    hedged.vault.transfer(hedged.account(lender), own, hedged.tokens["USDC"], MAX_UINT256, sender=lender)
    cash = hedged.cash(lender, 1)
    settle(hedged, lender, 1)
    assert hedged.cash(lender, 1) == cash > wad(LENT)
    bid(hedged, trader, liquidator)
    settle(hedged, lender, 1)
    assert hedged.cash(lender, 1) < wad(1)
    settle(hedged, lender, 2)

    lost = before - worth(hedged, lender, 3)
    assert lost == pytest.approx(wad(LENT) * part, rel=0.01)
    assert hedged.cash(other) == pytest.approx(wad(LENT) * (1 - part), rel=0.01)


def test_lent_cash_that_pays_for_options_worth_nothing_bears_its_part(
    lent, lender, other, trader, maker, keeper, liquidator
):
    """Nothing was opened before: 12,000 calls marked at 0 are bought of himself at 49, which is inside the band.

    A fee of ppm of the premium is 235. Where cash paid markets meanwhile 3,214 were lost in all, where 109,091 are his
    part, and who stayed lost 148,924.
    """
    for sub_id in (1, 2):
        lent.deposit(lender, "WBTC", 40, sub_id=sub_id)
    borrow(lent, trader, maker, 1_000, 1_500_000)
    lent.set_price("ETH", 1000)
    start(lent, trader, keeper)
    post_surfaces(lent)
    part, before = part_in_sight(lent), worth(lent, lender, 3)
    assert mark(lent, CALL) == 0
    own = lent.account(lender, 1)
    lent.vault.transfer(lent.account(lender), own, lent.tokens["USDC"], MAX_UINT256, sender=lender)
    lent.trade(lender, lender, CALL, 12_000, 49, sub_ids=(1, 2))
    settle(lent, lender, 1, CALL)
    bid(lent, trader, liquidator)
    settle(lent, lender, 2, CALL)

    assert before - worth(lent, lender, 3) == pytest.approx(wad(LENT) * part, rel=0.01)
    assert lent.cash(other) == pytest.approx(wad(LENT) * (1 - part), rel=0.01)


def test_lent_cash_that_stays_bears_its_part(hedged, lender, other, trader, liquidator):
    """The same pair, where nobody moves: both lenders lose the part that was in sight."""
    part, before = part_in_sight(hedged), worth(hedged, lender, 3)
    bid(hedged, trader, liquidator)
    assert before - worth(hedged, lender, 3) == pytest.approx(wad(LENT) * part, rel=0.01)
    assert hedged.cash(other) == pytest.approx(wad(LENT) * (1 - part), rel=0.01)


# ------------------------------------------------------------ what leaves, and what does not help


def test_a_transfer_to_an_account_that_owes_a_little_leaves_a_little(lent, lender, trader, maker, keeper):
    """Of 600,000 that repay a loan of 1,000 only those leave, and what stays behind because of it.

    222 of 1,222 stay behind, as of a withdrawal that pays out 1,000; all that is moved would leave 109,091.
    """
    lent.deposit(lender, "WETH", 10, sub_id=1)
    lent.withdraw(lender, "USDC", 1_000, sub_id=1)
    borrow(lent, trader, maker, 1_000, 1_500_000)
    lent.set_price("ETH", 1000)
    start(lent, trader, keeper)
    part = part_in_sight(lent)
    receipt = lent.vault.transfer(
        lent.account(lender), lent.account(lender, 1), lent.tokens["USDC"], MAX_UINT256, sender=lender
    )
    fee = receipt.event("LeavingCharged").amount
    assert fee == pytest.approx(1_000 * DOLLAR * part / (1 - part), rel=0.01)


def test_a_repayment_leaves_what_a_withdrawal_of_it_would(lent, lender, other, trader, maker, keeper):
    """One lender repays 1,000 of a loan, another withdraws what the first one has given up: both have paid 1,000."""
    lent.deposit(lender, "WETH", 10, sub_id=1)
    lent.withdraw(lender, "USDC", 1_000, sub_id=1)
    borrow(lent, trader, maker, 1_000, 1_500_000)
    lent.set_price("ETH", 1000)
    start(lent, trader, keeper)
    before = sum(lent.cash(lender, sub_id) for sub_id in range(2))
    lent.vault.transfer(lent.account(lender), lent.account(lender, 1), lent.tokens["USDC"], MAX_UINT256, sender=lender)
    assert lent.cash(lender) < 10**12 < lent.cash(lender, 1)
    fee = before - lent.cash(lender, 1)
    paid = lent.tokens["USDC"].balanceOf(other)
    lent.vault.withdraw(lent.account(other), lent.tokens["USDC"], 1_000 * DOLLAR + fee // 10**12, other, sender=other)
    assert lent.tokens["USDC"].balanceOf(other) - paid == pytest.approx(1_000 * DOLLAR, abs=5)


def test_a_small_loss_in_sight_stops_no_settlement(lent, lender, trader, keeper):
    """At most 500 beyond the insurance, which is less than a thousandth of what was lent."""
    lent.deposit(lender, "WBTC", 30, sub_id=2)
    lent.trade(lender, lender, PERPETUAL, 100, sub_ids=(0, 2))
    ether = lent.vault.insuranceCash() // wad(500) + 1
    lent.deposit(trader, "WETH", ether)
    lent.withdraw(trader, "USDC", 1_500 * ether)
    lent.set_price("ETH", 1000)
    start(lent, trader, keeper)
    assert 0 < part_in_sight(lent) < 0.001
    cash = lent.cash(lender)
    settle(lent, lender, 0)
    assert cash - lent.cash(lender) == pytest.approx(100 * wad(1_000), rel=0.01)


def test_more_cash_for_a_moment_thins_no_loss(lent, lender, keeper, trader, maker):
    """Fifteen millions beside the 600,000 make the part small, and leave the rest of it behind when they go."""
    borrow(lent, trader, maker, 1_000, 1_500_000)
    lent.set_price("ETH", 1000)
    start(lent, trader, keeper)
    part = part_in_sight(lent)
    lent.deposit(keeper, "USDC", 15_000_000)
    paid = 0
    for each in (lender, keeper):
        paid += lent.withdraw(each, "USDC", "all").event("LeavingCharged").amount
    assert paid > LENT * DOLLAR * part
    assert paid == pytest.approx(15_600_000 * (400_000 / 17_200_000) * DOLLAR, rel=0.01)


def test_debts_of_dust_are_not_in_sight_as_dollars(lent, trader, keeper, other):
    """Four accounts miss less than half a cent each; a loss is in sight in whole dollars, down.

    A start costs 200,000 gas, and nobody bids: after two hours a payout of twice the debt is all there is.
    """
    for sub_id in range(4):
        lent.deposit(trader, "WETH", "0.00001", sub_id=sub_id)
        lent.withdraw(trader, "USDC", "0.014", sub_id=sub_id)
    lent.set_price("ETH", 1000)
    for sub_id in range(4):
        lent.auction.start(lent.account(trader, sub_id), lent.account(keeper), sender=keeper)
    missing = -worth(lent, trader, 4)
    assert 0 < missing < wad("0.02")
    assert lent.vault.lossInSight() <= 10 * missing


def test_shares_of_a_fund_that_was_replaced_leave_as_lenders_do(lent, node, deployer, trader, maker, lender, keeper):
    """The new fund has 1,000,000, of which 201,262 are in sight; the old one is asked for nothing."""
    join_fund(lent, lender, 25_000)
    lent.fund.requestRedeem(lent.fund.balanceOf(lender), sender=lender)
    borrow(lent, trader, maker, 1_000, 1_500_000)
    fresh = node.deploy("InsuranceFund", lent.vault, lent.manager, sender=deployer)
    lent.govern(lent.vault, "setInsuranceFund", fresh)
    lent.mint(keeper, "USDC", 1_000_000)
    lent.tokens["USDC"].approve(fresh, 1_000_000 * DOLLAR, sender=keeper)
    fresh.deposit(1_000_000 * DOLLAR, keeper, sender=keeper)
    lent.warp(lent.fund.cooldown())
    before = part_of_fund(lent, lender)
    lent.set_price("ETH", 1300)
    start(lent, trader, keeper)
    assert lent.vault.lossInSight() < lent.vault.insuranceCash()
    assert lent.fund.previewRedeem(lent.fund.balanceOf(lender)) * 10**12 == pytest.approx(before, rel=1e-6)
