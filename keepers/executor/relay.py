"""A relay that takes bundles (`eth_sendBundle`), with the header that says who sends them.

The header is `address:signature`, of the hash of the body by a key that is known for nothing else and holds nothing.
"""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import httpx
import orjson

from keepers.errors import ResponseError, SettingsError, TransportError
from keepers.outside import RelaySettings
from keepers.rpc.classify import rpc_error
from keepers.units import BlockNumber, HexData

__all__ = ["Relay"]

_HEADER: Final = "X-Flashbots-Signature"
_KEY_BYTES: Final = 32


class Relay:
    """Speaks to a relay."""

    def __init__(self, settings: RelaySettings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """Prepare, with the identity that is configured or one for this run; nothing is asked."""
        from eth_account import Account  # noqa: PLC0415 - slow to import

        self._url = settings.url
        self._key = Account.from_key(_identity(settings.identity))
        self._client = httpx.AsyncClient(timeout=settings.timeout, transport=transport)

    async def offer(self, raws: Sequence[HexData], block: BlockNumber) -> str:
        """Offer transactions for one block, all or none in this order; give the bundle's hash."""
        params = [{"txs": list(raws), "blockNumber": hex(block)}]
        body = orjson.dumps({"jsonrpc": "2.0", "id": 1, "method": "eth_sendBundle", "params": params})
        try:
            response = await self._client.post(self._url, content=body, headers=self._headers(body))
            answer = orjson.loads(response.content)
        except (httpx.HTTPError, httpx.InvalidURL, orjson.JSONDecodeError) as error:
            raise TransportError(f"{type(error).__name__}: {error}") from error
        if isinstance(answer, dict) and isinstance(answer.get("error"), dict):
            raise rpc_error("eth_sendBundle", answer["error"])
        result = answer.get("result") if isinstance(answer, dict) else None
        if not response.is_success or not isinstance(result, dict):
            raise ResponseError(f"status {response.status_code}: {str(answer)[:200]}")
        return str(result.get("bundleHash", ""))

    async def close(self) -> None:
        """Close the connection."""
        await self._client.aclose()

    def _headers(self, body: bytes) -> dict[str, str]:
        from eth_account.messages import encode_defunct  # noqa: PLC0415 - slow to import
        from eth_hash.auto import keccak  # noqa: PLC0415 - beside it

        signed = self._key.sign_message(encode_defunct(text=f"0x{keccak(body).hex()}"))
        signature = f"{self._key.address}:0x{bytes(signed.signature).hex()}"
        return {"Content-Type": "application/json", _HEADER: signature}


def _identity(path: Path | None) -> bytes:
    """Read the key that names the sender, made at the first use; without a file one that ends with the process."""
    if path is None:
        return secrets.token_bytes(_KEY_BYTES)
    try:
        if not path.exists():
            path.touch(mode=0o600, exist_ok=False)
            path.write_text(secrets.token_bytes(_KEY_BYTES).hex(), encoding="ascii")
        key = bytes.fromhex(path.read_text(encoding="ascii").strip().removeprefix("0x"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"relay.identity {path}: {error}") from error
    if len(key) != _KEY_BYTES:
        raise SettingsError(f"relay.identity {path}: {len(key)} bytes are no key")
    return key
