import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.batches import FOREVER, TRADE, WITHDRAW
from tests.helpers.reverts import ANY
from tests.helpers.venue import MAX_UINT256


def test_withdraw_sends_and_debits(venue, trader, other):
    """Cash leaves in token units to whom the owner names."""
    venue.deposit(trader, "USDC", "10")
    venue.withdraw(trader, "USDC", "4", to=other)
    assert venue.cash(trader) == wad(6)
    assert venue.tokens["USDC"].balanceOf(other) == 4_000_000


def test_withdraw_everything(venue, trader):
    """The largest number takes all of an asset and forgets it."""
    venue.deposit(trader, "WETH", "2")
    venue.withdraw(trader, "WETH", "all")
    assert venue.tokens["WETH"].balanceOf(trader) == 2 * 10**18
    assert venue.vault.accountState(venue.account(trader))["spot"] == []


def test_withdraw_borrows_against_collateral(venue, borrower):
    """Cash may become negative: a loan of the pool."""
    assert -wad("10000.01") < venue.cash(borrower) <= -wad(10_000)
    assert venue.tokens["USDC"].balanceOf(borrower) == venue.units("USDC", "10000")


def test_withdraw_reverts_below_initial_margin(venue, borrower):
    """10 ether at 2,000 lend at most 80 %, less impact."""
    with venue.refuses("BelowInitialMargin", borrower, account=venue.account(borrower), excess=ANY):
        venue.withdraw(borrower, "USDC", "6000")
    venue.withdraw(borrower, "USDC", "5900")


def test_withdraw_of_collateral_reverts_below_initial_margin(venue, borrower):
    """The gate looks at the account, not at the asset."""
    with venue.refuses("BelowInitialMargin", borrower, account=venue.account(borrower), excess=ANY):
        venue.withdraw(borrower, "WETH", "4")


def test_withdraw_reverts_for_strangers(venue, trader, other):
    """Nor may an operator with another permission."""
    venue.deposit(trader, "USDC", "10")
    venue.vault.setOperator(other, TRADE, FOREVER, sender=trader)
    account = venue.account(trader)
    with venue.refuses("NotAuthorised", trader, caller=other, account=account, permission=WITHDRAW):
        venue.vault.withdraw(account, venue.tokens["USDC"], 1, other, sender=other)


def test_withdraw_reverts_on_nothing(venue, trader):
    """Zero, and all of nothing."""
    for amount in (0, MAX_UINT256):
        with venue.refuses("ZeroAmount", trader):
            venue.vault.withdraw(venue.account(trader), venue.tokens["WETH"], amount, trader, sender=trader)


def test_withdraw_reverts_above_the_balance(venue, trader):
    """Collateral cannot be borrowed."""
    venue.deposit(trader, "WETH", "1")
    token = venue.tokens["WETH"]
    with venue.refuses(
        "InsufficientBalance", trader, account=venue.account(trader), token=token, amount=10**18 + 1, available=10**18
    ):
        venue.vault.withdraw(venue.account(trader), token, 10**18 + 1, trader, sender=trader)


def test_withdraw_reverts_above_liquidity(venue, trader, lender):
    """Only tokens that are there can be borrowed."""
    venue.deposit(lender, "USDC", "100")
    venue.deposit(trader, "WETH", "100")
    there = venue.vault.cashTotals()["tokens"] // 10**12
    with venue.refuses("InsufficientLiquidity", trader, amount=there + 1, available=there):
        venue.vault.withdraw(venue.account(trader), venue.tokens["USDC"], there + 1, trader, sender=trader)


@pytest.mark.parametrize("amount", [2**96, MAX_UINT256 - 1])
def test_withdraw_reverts_on_absurd_amounts(venue, trader, amount):
    """Attack 17: nothing overflows."""
    with venue.refuses("ParameterOutOfRange", trader, value=amount, limit=2**96 - 1):
        venue.vault.withdraw(venue.account(trader), venue.tokens["USDC"], amount, trader, sender=trader)


def test_withdraw_without_debt_needs_no_price(venue, trader):
    """INV-23: whoever owes nothing leaves, even with every feed dead."""
    venue.deposit(trader, "WETH", "1")
    venue.warp(30 * 86_400, refresh=False)
    venue.withdraw(trader, "WETH", "all")
    assert venue.tokens["WETH"].balanceOf(trader) == 10**18


def test_withdraw_with_debt_reverts_at_stale_prices(venue, borrower):
    """INV-23: risk needs Valid prices."""
    venue.warp(30 * 86_400, refresh=False)
    with venue.refuses("PricesNotValid", borrower, account=venue.account(borrower)):
        venue.withdraw(borrower, "WETH", "0.1")


def test_withdraw_is_limited_per_window(venue, trader):
    """What left refills evenly over the window; debt or not."""
    token = venue.tokens["WETH"]
    venue.deposit(trader, "WETH", "3")
    venue.warp(7 * 86_400)
    venue.govern(venue.vault, "setOutflowLimit", token, 10**18, 3_600)
    venue.withdraw(trader, "WETH", "1")
    with venue.refuses("OutflowLimitExceeded", trader, token=token, amount=5 * 10**17, available=ANY):
        venue.withdraw(trader, "WETH", "0.5")
    venue.warp(1_800)
    venue.withdraw(trader, "WETH", "0.5")
    assert venue.vault.outflowOf(token)["available"] < 10**16


def test_withdraw_that_the_token_refuses_changes_nothing(venue, trader, hook):
    """Attack 35: a blocked transfer is the withdrawer's problem alone."""
    hook.mint(trader, 10**18, sender=trader)
    hook.approve(venue.vault, MAX_UINT256, sender=trader)
    venue.vault.deposit(venue.account(trader), hook, 10**18, sender=trader)
    hook.configure(0, True, "0x" + "00" * 20, b"", sender=trader)
    with venue.refuses("Refused", trader):
        venue.vault.withdraw(venue.account(trader), hook, 10**18, trader, sender=trader)
