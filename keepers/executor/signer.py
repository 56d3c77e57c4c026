"""What is signed, and who signs: the key is elsewhere. Values only: touches nothing."""

from dataclasses import dataclass
from typing import Protocol

from crossmargin.chain.units import ChainId, Gas
from keepers.units import Address, HexData, Nonce, TxHash, Wei

__all__ = ["Fees", "Signer", "Unsigned"]


@dataclass(frozen=True, slots=True)
class Fees:
    """Fees per gas."""

    max_fee: Wei
    tip: Wei


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A call without value that is to be signed."""

    nonce: Nonce
    to: Address
    data: HexData
    gas: Gas
    fees: Fees

    def fields(self, chain_id: ChainId) -> dict[str, int | str]:
        """Write it as EIP-1559 has it."""
        return {
            "type": 2,
            "chainId": chain_id,
            "nonce": self.nonce,
            "to": self.to,
            "value": 0,
            "data": self.data,
            "gas": self.gas,
            "maxFeePerGas": self.fees.max_fee,
            "maxPriorityFeePerGas": self.fees.tip,
        }


class Signer(Protocol):
    """Signs EIP-1559 transactions of one chain, by one address."""

    address: Address

    async def sign(self, call: Unsigned) -> tuple[TxHash, HexData]:
        """Sign a call; give hash and raw transaction (hex)."""

    def call_of(self, raw: HexData) -> tuple[Address, HexData]:
        """Give what a transaction calls, and with which data; raise where this signer has not signed it."""
