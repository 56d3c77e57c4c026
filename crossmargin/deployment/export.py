"""Write the governor's next calls to files, for a Safe to sign, and note them as announced."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from crossmargin.deployment.configure import Operation
from crossmargin.deployment.safe import SAFE_VERSION, batch, signing_file
from crossmargin.deployment.steps import Context
from crossmargin.deployment.track import announce, governor_of

__all__ = ["export_calls"]

_VIEWS: Final[list[dict[str, Any]]] = [
    {"type": "function", "name": name, "inputs": [], "outputs": [{"type": kind}], "stateMutability": "view"}
    for name, kind in (("nonce", "uint256"), ("VERSION", "string"))
]


def export_calls(venue: Context[Any], found: Sequence[Operation], folder: Path, nonce: int | None = None) -> str:
    """Write batch.json and signing.json; say what they hold."""
    due = [(each, call) for each in found if (call := each.decoded(venue)) is not None]
    calls = [call for _, call in due]
    for each, _ in due:
        announce(venue, each.name, each.target, each.data)
    governor, chain_id = governor_of(venue), venue.chain.chain_id
    known, version = _safe(venue, governor)
    first = known if nonce is None else nonce
    files = {
        "batch.json": batch(chain_id, governor, f"{venue.config.network}: {len(calls)} calls", calls),
        "signing.json": signing_file(chain_id, governor, first, calls, version),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, indent=2) + "\n")
    return f"{len(calls)} calls in {folder}/batch.json and {folder}/signing.json, from the Safe's nonce {first} on"


def _safe(venue: Context[Any], governor: str) -> tuple[int, str]:
    """Ask a Safe for its next nonce and its version; a governor that is none begins at 0."""
    if not venue.chain.code(governor):
        return 0, SAFE_VERSION
    contract: Any = venue.chain.web3.eth.contract(address=governor, abi=_VIEWS)  # type: ignore[call-overload]
    return contract.functions.nonce().call(), contract.functions.VERSION().call()
