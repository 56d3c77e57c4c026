"""Accounts as people read them: the owner's address, and the number of the account behind a slash. Touches nothing."""

from eth_typing import ChecksumAddress
from eth_utils.address import is_address, to_checksum_address

from crossmargin.errors import EncodingError, UnitError
from crossmargin.model.instruments import account_id, split_account_id
from crossmargin.model.units import AccountId

__all__ = ["account_name", "owner_of", "parse_account"]


def owner_of(account: AccountId) -> ChecksumAddress:
    """Give the owner of an account."""
    return to_checksum_address(split_account_id(account)[0].to_bytes(20, "big"))


def account_name(account: AccountId) -> str:
    """Write an account as its owner, with `/n` behind for any but the owner's first."""
    sub_id = split_account_id(account)[1]
    return owner_of(account) + (f"/{sub_id}" if sub_id else "")


def parse_account(text: str) -> AccountId:
    """Read what `account_name` wrote."""
    owner, _, sub_id = text.strip().partition("/")
    if not is_address(owner) or not (sub_id or "0").isdecimal():
        raise UnitError(f"{text!r}: not an account: an address, or an address and /n")
    try:
        return account_id(int(owner, 16), int(sub_id or "0"))
    except EncodingError as error:
        raise UnitError(f"{text!r}: {error}") from error
