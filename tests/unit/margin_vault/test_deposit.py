import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.batches import DEPOSIT, EVERYTHING, FOREVER
from tests.helpers.venue import MAX_UINT256

UNKNOWN = "0x" + "11" * 20
NOBODY = "0x" + "00" * 20


def approved(venue, owner, token, amount):
    """Mint and approve; give the units."""
    units = venue.units(token, amount)
    venue.tokens[token].mint(owner, units, sender=owner)
    venue.tokens[token].approve(venue.vault, units, sender=owner)
    return units


def test_deposit_credits_cash_in_wad(venue, trader):
    """6 decimals of the token become 18 of cash."""
    receipt = venue.deposit(trader, "USDC", "1.000001")
    event = receipt.event("Deposited")
    assert (event["account"], event["amount"]) == (venue.account(trader), 1_000_001)
    assert venue.cash(trader) == wad("1.000001")
    assert venue.tokens["USDC"].balanceOf(venue.vault) - 1_000_001 == _tokens_before(venue)


def _tokens_before(venue):
    return venue.vault.cashTotals()["tokens"] // 10**12 - 1_000_001


def test_deposit_credits_collateral_in_token_units(venue, trader):
    """Collateral stays in its own units and counts towards the asset's total."""
    total = venue.vault.assetAt(venue.asset("WBTC"))["total"]
    venue.deposit(trader, "WBTC", "0.5")
    assert venue.balance(trader, "WBTC") == 50_000_000
    assert venue.vault.assetAt(venue.asset("WBTC"))["total"] == total + 50_000_000


def test_deposit_of_quote_by_anyone(venue, trader, other):
    """Repaying for somebody needs no permission."""
    units = approved(venue, other, "USDC", "5")
    venue.vault.deposit(venue.account(trader), venue.tokens["USDC"], units, sender=other)
    assert venue.cash(trader) == wad(5)


def test_deposit_of_collateral_reverts_without_permission(venue, trader, other):
    """Attack 36: nobody fills an account with dust."""
    units = approved(venue, other, "WETH", "1")
    account = venue.account(trader)
    with venue.refuses("NotAuthorised", trader, caller=other, account=account, permission=DEPOSIT):
        venue.vault.deposit(account, venue.tokens["WETH"], units, sender=other)


def test_deposit_of_collateral_by_an_operator(venue, trader, other):
    """An operator with DEPOSIT may."""
    venue.vault.setOperator(other, DEPOSIT, FOREVER, sender=trader)
    units = approved(venue, other, "WETH", "1")
    venue.vault.deposit(venue.account(trader), venue.tokens["WETH"], units, sender=other)
    assert venue.balance(trader, "WETH") == units


def test_deposit_reverts_on_zero(venue, trader):
    """Nothing is not an amount."""
    with venue.refuses("ZeroAmount", trader):
        venue.vault.deposit(venue.account(trader), venue.tokens["USDC"], 0, sender=trader)


def test_deposit_reverts_on_an_unlisted_token(venue, trader):
    """Only listed tokens are called at all."""
    with venue.refuses("UnknownAsset", trader, token=UNKNOWN):
        venue.vault.deposit(venue.account(trader), UNKNOWN, 1, sender=trader)


def test_deposit_reverts_above_the_cap(venue, trader):
    """The cap holds to the unit."""
    token = venue.tokens["WETH"]
    config = venue.vault.assetAt(venue.asset("WETH"))
    venue.govern(venue.vault, "configureAsset", token, config["total"] + 10**18, True)
    units = approved(venue, trader, "WETH", "1.000000000000000001")
    with venue.refuses("CapExceeded", trader, token=token, total=config["total"] + units, cap=config["total"] + 10**18):
        venue.vault.deposit(venue.account(trader), token, units, sender=trader)
    venue.vault.deposit(venue.account(trader), token, 10**18, sender=trader)


def test_deposit_of_quote_above_the_cap_only_repays(venue, borrower, lender):
    """The cap is for cash that earns; a loan can always be repaid."""
    venue.govern(venue.vault, "configureAsset", venue.tokens["USDC"], 1, True)
    venue.deposit(borrower, "USDC", "5000")
    assert venue.cash(borrower) < -wad(4_999)
    units = approved(venue, lender, "USDC", "1")
    held = venue.tokens["USDC"].balanceOf(venue.vault)
    with venue.refuses("CapExceeded", lender, token=venue.tokens["USDC"], total=held + units, cap=1):
        venue.vault.deposit(venue.account(lender), venue.tokens["USDC"], units, sender=lender)


def test_deposit_reverts_when_disabled(venue, trader, guardian):
    """The guardian closes an asset at once."""
    venue.vault.disableDeposits(venue.tokens["WETH"], 3_600, sender=guardian)
    units = approved(venue, trader, "WETH", "1")
    with venue.refuses("DepositsDisabled", trader, token=venue.tokens["WETH"]):
        venue.vault.deposit(venue.account(trader), venue.tokens["WETH"], units, sender=trader)


def test_deposit_credits_what_arrives(venue, trader, hook):
    """Attack 50: a fee on transfer is the depositor's."""
    hook.mint(trader, 10**18, sender=trader)
    hook.approve(venue.vault, MAX_UINT256, sender=trader)
    hook.configure(10**17, False, NOBODY, b"", sender=trader)
    venue.vault.deposit(venue.account(trader), hook, 10**18, sender=trader)
    assert venue.vault.balanceOf(venue.account(trader), venue.vault.assetIndexOf(hook)) == 9 * 10**17
    assert hook.balanceOf(venue.vault) == 9 * 10**17


@pytest.mark.parametrize("reentry", ["deposit", "withdraw", "transfer", "unlock", "collectSurplus"])
def test_deposit_cannot_be_re_entered(venue, trader, hook, reentry):
    """Attack 25: while a token moves, nothing opens; the deposit itself goes on."""
    account, token = venue.account(trader), venue.tokens["USDC"]
    arguments = {
        "deposit": (account, token, 1),
        "withdraw": (account, token, 1, trader),
        "transfer": (account, account + 1, token, 1),
        "unlock": (b"",),
        "collectSurplus": (),
    }[reentry]
    venue.deposit(trader, "USDC", "100")
    venue.vault.setOperator(hook, EVERYTHING, FOREVER, sender=trader)
    hook.mint(trader, 10**18, sender=trader)
    hook.approve(venue.vault, MAX_UINT256, sender=trader)
    data = getattr(venue.vault, reentry).encode(*arguments)
    hook.configure(0, False, venue.vault, data, sender=trader)

    venue.vault.deposit(account, hook, 10**18, sender=trader)

    assert hook.hookSucceeded() is False
    refusal = venue.node.errors.decode(bytes(hook.hookResult()))
    assert refusal.name == "TokenTransferInProgress"


def test_donation_is_never_credited(venue, trader, other):
    """INV-01, attack 19: tokens sent without a deposit belong to nobody."""
    before = venue.vault.cashTotals()["tokens"]
    venue.mint(other, "USDC", "100")
    venue.tokens["USDC"].transfer(venue.vault, 10**8, sender=other)
    assert venue.vault.cashTotals()["tokens"] == before
    venue.deposit(trader, "USDC", "1")
    assert venue.cash(trader) == wad(1)
