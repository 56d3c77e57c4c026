"""The governor's next calls as its Safe takes them: a batch for the Transaction Builder, and transactions to sign.

Asks nobody: what is signed can be hashed and compared on a machine that has no network.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from eth_typing import ChecksumAddress
from eth_utils.crypto import keccak
from hexbytes import HexBytes
from safe_eth.safe import SafeTx

from crossmargin.chain.units import ChainId

__all__ = ["Call", "batch", "batch_checksum", "safe_transaction", "signing_file"]

_BATCH_VERSION: Final = "1.0"
_BUILDER_VERSION: Final = "1.16.5"
_WORD: Final = 32
_PREFIX: Final = 2


@dataclass(frozen=True)
class Call:
    """One call of a contract, decoded."""

    step: str
    meaning: str
    """What the access manager will call, for people."""
    to: str
    data: str
    function: dict[str, Any]
    """The function's entry in the ABI."""
    arguments: list[Any]


def batch(chain_id: ChainId, safe: str, name: str, calls: Sequence[Call]) -> dict[str, Any]:
    """Make a file that Safe's Transaction Builder loads; it warns if the file was changed since."""
    found: dict[str, Any] = {
        "version": _BATCH_VERSION,
        "chainId": str(chain_id),
        "createdAt": int(time.time() * 1000),
        "meta": {
            "name": name,
            "description": "; ".join(f"{call.function['name']} {call.meaning}" for call in calls),
            "txBuilderVersion": _BUILDER_VERSION,
            "createdFromSafeAddress": safe,
            "createdFromOwnerAddress": "",
        },
        "transactions": [_decoded(call) for call in calls],
    }
    found["meta"]["checksum"] = batch_checksum(found)
    return found


def batch_checksum(found: dict[str, Any]) -> str:
    """Hash a batch as the Transaction Builder does: sorted keys, without its name and the checksum itself."""
    meta = {key: value for key, value in found["meta"].items() if key != "checksum"}
    return "0x" + keccak(text=_serialized({**found, "meta": {**meta, "name": None}})).hex()


def safe_transaction(chain_id: ChainId, safe: str, nonce: int, call: Call, version: str) -> SafeTx:
    """Make the Safe's transaction of a call: it pays no refund, and estimates no gas."""
    nobody: Any = None  # neither gas token nor receiver
    return SafeTx(
        cast("Any", None),  # no node: everything it would be asked for is given
        cast("ChecksumAddress", safe),
        cast("ChecksumAddress", call.to),
        0,
        bytes(HexBytes(call.data)),
        0,
        0,
        0,
        0,
        nobody,
        nobody,
        safe_nonce=nonce,
        safe_version=version,
        chain_id=chain_id,
    )


def signing_file(chain_id: ChainId, safe: str, nonce: int, calls: Sequence[Call], version: str) -> dict[str, Any]:
    """List the transactions with the three hashes that a wallet shows, from `nonce` on, one a call."""
    transactions = [safe_transaction(chain_id, safe, nonce + place, call, version) for place, call in enumerate(calls)]
    return {
        "chainId": str(chain_id),
        "safe": safe,
        "safeVersion": version,
        "transactions": [_signable(call, each) for call, each in zip(calls, transactions, strict=True)],
    }


def _signable(call: Call, transaction: SafeTx) -> dict[str, Any]:
    document = transaction.eip712_structured_data
    preimage = bytes(transaction.safe_tx_hash_preimage)[_PREFIX:]
    message = {field["name"]: document["message"][field["name"]] for field in document["types"]["SafeTx"]}
    return {
        "step": call.step,
        "meaning": call.meaning,
        "method": call.function["name"],
        "arguments": _values(call),
        "safeTx": {key: _text(value) for key, value in message.items()},
        "domainHash": "0x" + preimage[:_WORD].hex(),
        "messageHash": "0x" + preimage[_WORD:].hex(),
        "safeTxHash": "0x" + bytes(transaction.safe_tx_hash).hex(),
    }


def _decoded(call: Call) -> dict[str, Any]:
    inputs = [{key: entry[key] for key in ("internalType", "name", "type")} for entry in call.function["inputs"]]
    return {
        "to": call.to,
        "value": "0",
        "data": call.data,
        "contractMethod": {"inputs": inputs, "name": call.function["name"], "payable": False},
        "contractInputsValues": _values(call),
    }


def _values(call: Call) -> dict[str, str]:
    names = [entry["name"] for entry in call.function["inputs"]]
    return {name: _text(value) for name, value in zip(names, call.arguments, strict=True)}


def _text(value: Any) -> str:  # noqa: ANN401 (any argument)
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)


def _serialized(value: Any) -> str:  # noqa: ANN401 (any JSON)
    """Write JSON as the Transaction Builder hashes it, which is not JSON."""
    if isinstance(value, list):
        return f"[{','.join(_serialized(each) for each in value)}]"
    if isinstance(value, dict):
        keys = sorted(value)
        inner = "".join(f"{_serialized(value[key])}," for key in keys)
        return f"{{{_json(keys)}{inner}}}"
    return _json(value)


def _json(value: Any) -> str:  # noqa: ANN401 (any JSON)
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
