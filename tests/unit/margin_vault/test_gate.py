"""The gate: one place, every account, the strictest mode, nothing left behind."""

import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.batches import EVERYTHING, FOREVER
from tests.helpers.reverts import ANY

SAFE, LIQUIDATED, REDUCE, BID, FULL = 1, 2, 3, 5, 7


@pytest.fixture
def batched(venue, trader, batch):
    """Let the trader's batches act for it."""
    venue.vault.setOperator(batch.batcher, EVERYTHING, FOREVER, sender=trader)
    return batch


def test_unlock_checks_at_the_end_only(venue, borrower, batch):
    """Collateral may leave first and the loan be repaid after: only the end counts."""
    venue.vault.setOperator(batch.batcher, EVERYTHING, FOREVER, sender=borrower)
    account, usdc, weth = venue.account(borrower), venue.tokens["USDC"], venue.tokens["WETH"]
    usdc.mint(batch.batcher, 10_001 * 10**6, sender=borrower)
    batch.run(
        borrower,
        (venue.vault, "withdraw", (account, weth, 10 * 10**18, batch.batcher.address)),
        (usdc, "approve", (venue.vault.address, 10_001 * 10**6)),
        (venue.vault, "deposit", (account, usdc, 10_001 * 10**6)),
    )
    assert venue.balance(borrower, "WETH") == 0
    assert 0 <= venue.cash(borrower) <= wad(1)


def test_unlock_reverts_everything_if_the_end_fails(venue, borrower, batch):
    """INV-10: no order of calls leaves an account below its margin."""
    venue.vault.setOperator(batch.batcher, EVERYTHING, FOREVER, sender=borrower)
    account = venue.account(borrower)
    with venue.refuses("BelowInitialMargin", borrower, account=account, excess=ANY):
        batch.run(
            borrower,
            (venue.vault, "withdraw", (account, venue.tokens["WETH"], 9 * 10**18, borrower.address)),
        )


def test_a_later_safe_action_does_not_clear_an_earlier_check(venue, borrower, batch):
    """Attack 23: a deposit after the withdrawal does not loosen what is asked."""
    venue.vault.setOperator(batch.batcher, EVERYTHING, FOREVER, sender=borrower)
    account, usdc = venue.account(borrower), venue.tokens["USDC"]
    usdc.mint(batch.batcher, 1, sender=borrower)
    with venue.refuses("BelowInitialMargin", borrower, account=account, excess=ANY):
        batch.run(
            borrower,
            (venue.vault, "withdraw", (account, venue.tokens["WETH"], 9 * 10**18, borrower.address)),
            (usdc, "approve", (venue.vault.address, 1)),
            (venue.vault, "deposit", (account, usdc, 1)),
            (venue.vault, "collectSurplus", ()),
        )


def test_valuations_revert_while_an_operation_is_open(venue, trader, batched):
    """Attack 26, INV-28: nobody reads a health in the middle of a change."""
    account = venue.account(trader)
    batched.run(
        trader,
        (venue.engine, "health", (account,)),
        (venue.engine, "margin", (account,)),
        tried=True,
    )
    for index in range(2):
        success, result = batched.outcome(index)
        assert not success
        assert venue.node.errors.decode(result).name == "OperationOpen"
    assert venue.vault.isGateOpen() is False


def test_operations_of_one_transaction_do_not_see_each_other(venue, trader, batched):
    """Nested operations end once; the gate is closed afterwards."""
    venue.deposit(trader, "USDC", "5")
    account, usdc = venue.account(trader), venue.tokens["USDC"]
    transfer = (venue.vault, "transfer", (account, venue.account(trader, 1), usdc, 10**6))
    batched.run(trader, transfer, transfer)
    assert (venue.cash(trader), venue.cash(trader, 1)) == (wad(3), wad(2))
    assert venue.vault.isGateOpen() is False


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("openGate", ()),
        ("closeGate", ()),
        ("touch", (1, SAFE)),
        ("chargeFee", (1, 1)),
        ("settleCash", (1, 1)),
        ("moveCash", (1, 2, 1)),
        ("moveCollateral", (1, 2, 0, 1)),
        ("moveSlice", (1, 2, 1, 1)),
        ("bearLoss", (1, 1, 1)),
        ("setInAuction", (1, True, 0)),
    ],
)
def test_module_functions_refuse_strangers(venue, other, function, arguments):
    """INV-25: the ledger is the modules'."""
    with venue.refuses("NotModule", caller=other):
        getattr(venue.vault, function)(*arguments, sender=other)


def test_modules_cannot_touch_the_ledger_outside_an_operation(venue, trader, other):
    """The ledger refuses accounts that the open operation has not touched."""
    venue.make_module(other, 15)
    account = venue.account(trader)
    with venue.refuses("GateClosed", trader):
        venue.vault.touch(account, FULL, sender=other)
    for function, arguments in (
        ("chargeFee", (account, 1)),
        ("settleCash", (account, 1)),
        ("moveCash", (account, 2, 1)),
        ("moveCollateral", (account, 2, 0, 1)),
        ("moveSlice", (account, 2, 1, 1)),
        ("bearLoss", (account, 1, 1)),
        ("setInAuction", (account, True, 0)),
    ):
        with venue.refuses("NotTouched", trader, account=account):
            getattr(venue.vault, function)(*arguments, sender=other)


def test_pause_stops_only_what_adds_risk(venue, borrower, guardian, lender):
    """Attack 39: deposits, repayment and debt-free exits go on, and it ends by itself."""
    venue.vault.pauseRiskIncrease(86_400, sender=guardian)
    until = venue.vault.pausedUntil()
    with venue.refuses("RiskIncreasePaused", borrower, until=until):
        venue.withdraw(borrower, "WETH", "1")
    venue.deposit(borrower, "USDC", "1")
    venue.withdraw(lender, "USDC", "1")
    venue.warp(86_401)
    venue.withdraw(borrower, "WETH", "1")


def test_pause_is_bounded_and_never_shortened_by_the_guardian(venue, guardian):
    """The guardian only tightens; governance loosens behind its delay."""
    with venue.refuses("ParameterOutOfRange", value=3 * 86_400 + 1, limit=3 * 86_400):
        venue.vault.pauseRiskIncrease(3 * 86_400 + 1, sender=guardian)
    venue.vault.pauseRiskIncrease(1_000, sender=guardian)
    until = venue.vault.pausedUntil()
    venue.vault.pauseRiskIncrease(1, sender=guardian)
    assert venue.vault.pausedUntil() == until
    venue.govern(venue.vault, "unpauseRiskIncrease")
    assert venue.vault.pausedUntil() == 0
