"""What an operator may do for an owner, by name. Touches nothing."""

from enum import IntFlag

__all__ = ["Permission"]


class Permission(IntFlag):
    """Bits of PERMISSION_* in contracts/types/Permissions.sol; combine them with `|`."""

    NONE = 0
    """Revokes."""
    DEPOSIT = 1
    """Put collateral into the owner's accounts; cash anybody may."""
    WITHDRAW = 2
    """Take money out, to any address."""
    TRANSFER = 4
    """Move money to other accounts inside the vault."""
    TRADE = 8
    """Sign, fill and cancel orders."""
    BID = 16
    """Bid in auctions."""
    ALL = 31
