"""The quote token, as far as a deposit needs it: balances, allowances, decimals. Writes calls, asks no node."""

from typing import Any, Final

from crossmargin.model.units import TokenUnits
from keepers.abi import Abi
from keepers.units import Address, HexData

__all__ = ["allowance", "approve", "balance_of", "decimals", "number"]


def _entry(name: str, inputs: tuple[str, ...], output: str) -> dict[str, Any]:
    named = [{"name": f"a{at}", "type": kind} for at, kind in enumerate(inputs)]
    return {"type": "function", "name": name, "inputs": named, "outputs": [{"name": "", "type": output}]}


_ABI: Final = Abi(
    "ERC20",
    [
        _entry("balanceOf", ("address",), "uint256"),
        _entry("allowance", ("address", "address"), "uint256"),
        _entry("approve", ("address", "uint256"), "bool"),
        _entry("decimals", (), "uint8"),
    ],
)


def balance_of(owner: Address) -> HexData:
    """Ask what an address has."""
    return _ABI.function("balanceOf").encode(owner)


def allowance(owner: Address, spender: Address) -> HexData:
    """Ask what a spender may take."""
    return _ABI.function("allowance").encode(owner, spender)


def decimals() -> HexData:
    """Ask how the token counts."""
    return _ABI.function("decimals").encode()


def approve(spender: Address, amount: TokenUnits) -> HexData:
    """Let a spender take an amount."""
    return _ABI.function("approve").encode(spender, amount)


def number(answer: bytes) -> int:
    """Read what balance, allowance and decimals answer."""
    (value,) = _ABI.function("balanceOf").decode(answer)
    return int(value)
