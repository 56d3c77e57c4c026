"""A key that another machine keeps: web3signer's JSON-RPC (`eth_signTransaction`), whose answers are checked.

It signs only what it is sent, so the answer must be just that transaction, by the address that is configured.
"""

from typing import Final

import httpx
import orjson
from eth_hash.auto import keccak

from crossmargin.chain.units import ChainId
from keepers.errors import SignerError
from keepers.executor.signed import call_of, read_signed
from keepers.executor.signer import Unsigned
from keepers.units import Address, HexData, TxHash

__all__ = ["RemoteSigner"]

_PATIENCE: Final = 5.0


class RemoteSigner:
    """Asks a signer at an address of the network."""

    def __init__(
        self, url: str, address: Address, chain_id: ChainId, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """Prepare; nothing is asked."""
        self.address = address
        self._url = url
        self._chain_id = chain_id
        self._transport = transport

    async def sign(self, call: Unsigned) -> tuple[TxHash, HexData]:
        """Have a call signed; give hash and raw transaction (hex)."""
        wanted = call.fields(self._chain_id)
        asked = {name: hex(value) if isinstance(value, int) else value for name, value in wanted.items()}
        body = {"jsonrpc": "2.0", "id": 1, "method": "eth_signTransaction", "params": [{"from": self.address, **asked}]}
        try:
            async with httpx.AsyncClient(timeout=_PATIENCE, transport=self._transport) as client:
                response = await client.post(self._url, json=body)
            answer = orjson.loads(response.content)
        except (httpx.HTTPError, httpx.InvalidURL, orjson.JSONDecodeError) as error:
            raise SignerError(f"remote signer: {type(error).__name__}: {error}") from error
        raw = answer.get("result") if isinstance(answer, dict) else None
        if not isinstance(raw, str):
            raise SignerError(f"remote signer: {str(answer)[:200]}")
        self._check(raw, wanted)
        return TxHash("0x" + keccak(bytes.fromhex(raw.removeprefix("0x"))).hex()), HexData(raw)

    def call_of(self, raw: HexData) -> tuple[Address, HexData]:
        """Give what a transaction calls that this signer has signed."""
        return call_of(raw, self.address)

    def _check(self, raw: str, wanted: dict[str, int | str]) -> None:
        """Refuse whatever is not the very transaction that was asked for."""
        sender, signed = read_signed(raw)
        found = {name: signed.get(name) for name in wanted}
        if sender != self.address or found != wanted or signed.get("accessList"):
            raise SignerError(f"remote signer: asked for {wanted} by {self.address}, got {found} by {sender}")
