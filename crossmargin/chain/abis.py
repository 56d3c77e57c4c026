"""ABIs of the contracts, which ship with the library in crossmargin/abis. Reads those files."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

__all__ = ["ERC20", "read_abi"]

ERC20: Final = "TestToken"
"""The ABI for any token: ERC-20 with permits, and a faucet that only test tokens have."""


@cache
def read_abi(contract: str) -> list[dict[str, Any]]:
    """Read the ABI of a contract by its name."""
    content: list[dict[str, Any]] = json.loads((files("crossmargin") / "abis" / f"{contract}.json").read_text())
    return content
