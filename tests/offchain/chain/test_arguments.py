"""What people read of errors' arguments and of accounts."""

import pytest

from crossmargin.chain.accounts import account_name, owner_of, parse_account
from crossmargin.chain.arguments import Vocabulary, described, whole
from crossmargin.errors import UnitError
from crossmargin.model.instruments import account_id
from crossmargin.model.units import MAX_UINT256

OWNER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
ACCOUNT = account_id(int(OWNER, 16), 3)
USDC = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
WORDS = Vocabulary({USDC.lower(): ("USDC", 6)}, {1 << 60: "ETH-PERP"})


@pytest.mark.parametrize(
    ("error", "arguments", "shown"),
    [
        ("BelowInitialMargin", {"account": ACCOUNT, "excess": -12 * 10**17}, [f"{OWNER}/3", "-1.2 USD"]),
        (
            "InsufficientBalance",
            {"account": ACCOUNT, "token": USDC, "amount": MAX_UINT256, "available": 1_500_000},
            [f"{OWNER}/3", "USDC", "everything", "1.5 USDC"],
        ),
        (
            "OpenInterestCapExceeded",
            {"id": 1 << 60, "openInterest": 3 * 10**18, "cap": 2 * 10**18},
            ["ETH-PERP", "3", "2"],
        ),
        (
            "OrderExpired",
            {"orderHash": b"\1" * 32, "time": 1_728_000_000, "expiry": 90},
            ["0x" + "01" * 32, "2024-10-04 00:00:00 UTC", "90 s"],
        ),
        ("FeeAboveCap", {"fee": 400, "cap": 100}, ["0.0004", "0.0001"]),
        ("CapExceeded", {"token": OWNER, "total": 7, "cap": 6}, [OWNER, "7 token units", "6 token units"]),
        ("NobodyKnows", {"flag": True, "count": 7, "name": "ETH"}, ["True", "7", "ETH"]),
    ],
)
def test_arguments_are_written_for_people(error, arguments, shown):
    """Accounts, tokens and instruments by name, amounts with their unit, times as such; the rest as it is."""
    assert list(described(error, arguments, WORDS).values()) == shown


@pytest.mark.parametrize("sub_id", [0, 1, 2**96 - 1])
def test_accounts_are_read_as_they_are_written(sub_id):
    """The owner alone is the owner's first account."""
    account = account_id(int(OWNER, 16), sub_id)
    assert account_name(account) == OWNER + (f"/{sub_id}" if sub_id else "")
    assert parse_account(account_name(account).lower()) == account
    assert owner_of(account) == OWNER


@pytest.mark.parametrize("text", ["", "0x12", f"{OWNER}/x", f"{OWNER}/-1", f"{OWNER}/{2**96}", "ETH"])
def test_what_is_no_account_is_refused(text):
    """With what was written."""
    with pytest.raises(UnitError, match=f"^{text!r}"):
        parse_account(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-25_000, "-25,000"),
        (10**24, "1,000,000e18"),
        (-(10**15), "-0.001e18"),
        (2**96 - 1, "79,228,162,514.264337593543950335e18"),
        (1 << 60 | 4 << 48, "1154047404513689600"),
        (2**256 - 1, "2^256 - 1"),
        (0x70997970C51812DC3A010C7D01B50E0D17DC79C8 << 96 | 3, "0x70997970C51812dc3A010C7d01b50e0d17dc79C8/3"),
    ],
)
def test_whole_numbers_of_no_known_unit_can_be_read(value, text):
    """Exactly, in few digits."""
    assert whole(value) == text
