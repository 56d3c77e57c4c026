"""Addresses as people write them, with or without a checksum. Pure."""

import re
from typing import Final

from eth_hash.auto import keccak

from keepers.units import Address

__all__ = ["address_of"]

_DIGITS: Final = re.compile("[0-9a-fA-F]{40}")
_UPPER: Final = 8


def address_of(text: str) -> Address:
    """Read an address; a mixed case is a checksum (EIP-55), and has to be right."""
    digits = text.removeprefix("0x")
    if not _DIGITS.fullmatch(digits) or digits not in {digits.lower(), digits.upper(), _checksummed(digits.lower())}:
        msg = f"not an address: {text!r}"
        raise ValueError(msg)
    return Address(f"0x{digits.lower()}")


def _checksummed(digits: str) -> str:
    by = keccak(digits.encode()).hex()
    return "".join(one.upper() if int(how, 16) >= _UPPER else one for one, how in zip(digits, by, strict=False))
