from crossmargin.chain.decimals import wad
from tests.helpers.batches import DEPOSIT, FOREVER, TRANSFER
from tests.helpers.reverts import ANY


def test_transfer_of_cash_to_anyone(venue, trader, other):
    """A gift of cash needs no permission of the receiver."""
    venue.deposit(trader, "USDC", "10")
    venue.vault.transfer(venue.account(trader), venue.account(other), venue.tokens["USDC"], 4_000_000, sender=trader)
    assert (venue.cash(trader), venue.cash(other)) == (wad(6), wad(4))


def test_transfer_of_collateral_between_own_accounts(venue, trader):
    """How a trader isolates a position."""
    venue.deposit(trader, "WETH", "2")
    receipt = venue.vault.transfer(
        venue.account(trader), venue.account(trader, 1), venue.tokens["WETH"], 10**18, sender=trader
    )
    assert receipt.event("CollateralMoved")["amount"] == 10**18
    assert (venue.balance(trader, "WETH"), venue.balance(trader, "WETH", 1)) == (10**18, 10**18)


def test_transfer_of_collateral_reverts_without_permission_of_the_receiver(venue, trader, other):
    """Attack 36: dust of every asset cannot be pushed into an account."""
    venue.deposit(trader, "WETH", "2")
    account = venue.account(other)
    with venue.refuses("NotAuthorised", trader, other, caller=trader, account=account, permission=DEPOSIT):
        venue.vault.transfer(venue.account(trader), account, venue.tokens["WETH"], 1, sender=trader)


def test_transfer_reverts_for_strangers(venue, trader, other):
    """Withdrawing for an owner is another permission."""
    venue.deposit(trader, "USDC", "10")
    account = venue.account(trader)
    with venue.refuses("NotAuthorised", trader, caller=other, account=account, permission=TRANSFER):
        venue.vault.transfer(account, venue.account(other), venue.tokens["USDC"], 1, sender=other)


def test_transfer_by_an_operator(venue, trader, other):
    """With TRANSFER only."""
    venue.deposit(trader, "USDC", "10")
    venue.vault.setOperator(other, TRANSFER, FOREVER, sender=trader)
    venue.vault.transfer(venue.account(trader), venue.account(other), venue.tokens["USDC"], 10_000_000, sender=other)
    assert venue.cash(other) == wad(10)


def test_transfer_reverts_below_initial_margin(venue, borrower, other):
    """Attack 22: what secures a loan cannot be given away."""
    account = venue.account(borrower)
    with venue.refuses("BelowInitialMargin", borrower, other, account=account, excess=ANY):
        venue.vault.transfer(account, venue.account(borrower, 1), venue.tokens["WETH"], 9 * 10**18, sender=borrower)


def test_transfer_to_oneself_changes_nothing(venue, trader):
    """No round trip makes money (INV-06)."""
    venue.deposit(trader, "USDC", "10")
    account = venue.account(trader)
    venue.vault.transfer(account, account, venue.tokens["USDC"], 3_333_333, sender=trader)
    assert venue.cash(trader) == wad(10)
