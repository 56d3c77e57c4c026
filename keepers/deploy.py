"""Deploying the contract that liquidates without capital, at an address that follows from what it is made of.

Through the deployer by salt that stands at one address on most chains, so that a second time finds the first.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from keepers.contracts import Contracts
from keepers.errors import SettingsError
from keepers.node import Node
from keepers.sending import alone, send
from keepers.settings import Settings
from keepers.units import Address, HexData, TxHash

__all__ = ["Deployed", "deploy"]

_DEPLOYER: Final = Address("0x4e59b44847b379578588920ca78fbf26c0b4956c")
_SALT: Final = bytes(32)
_TYPES: Final = ["address"] * 5


@dataclass(frozen=True, slots=True)
class Deployed:
    """Where the contract is, and the transaction that made it; None if it was there."""

    address: Address
    transaction: TxHash | None


async def deploy(settings: Settings, artifact: Path, factory: Address, owner: Address | None) -> Deployed:
    """Deploy the contract for the signer as its keeper; the profit is the owner's, by default the signer."""
    code = _creation_code(artifact)
    async with alone(settings) as (node, contracts, signer):
        for name, address in (("the deployer by salt", _DEPLOYER), ("Uniswap's factory", factory)):
            if not await node.code(address):
                raise SettingsError(f"no contract at {address} ({name})")
        code += _arguments(contracts, owner or signer.address, signer.address, factory)
        made = Address("0x" + keccak(b"\xff" + _bytes(_DEPLOYER) + _SALT + keccak(code))[-20:].hex())
        if await node.code(made):
            return Deployed(made, None)
        sent = await send(settings, node, signer, (_DEPLOYER, HexData("0x" + (_SALT + code).hex())))
        await _require_there(node, made)
        return Deployed(made, sent)


def _creation_code(artifact: Path) -> bytes:
    """Read what the compiler wrote."""
    try:
        found = orjson.loads(artifact.read_bytes())
        return bytes.fromhex(found["bytecode"]["object"].removeprefix("0x"))
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise SettingsError(f"{artifact}: no compiled contract ({error!r}): run `make build`") from error


def _arguments(contracts: Contracts, owner: Address, keeper: Address, factory: Address) -> bytes:
    places = contracts.addresses
    return encode(_TYPES, [owner, keeper, places["MarginVault"], places["Clearinghouse"], factory])


async def _require_there(node: Node, address: Address) -> None:
    if not await node.code(address):
        raise SettingsError(f"nothing was made at {address}")


def _bytes(address: Address) -> bytes:
    return bytes.fromhex(address.removeprefix("0x"))
