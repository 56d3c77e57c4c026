"""Write the governor's next calls to files, for a Safe to sign, and note them as announced."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from web3.exceptions import Web3Exception

from crossmargin.chain.times import time_text
from crossmargin.deployment.configure import Operation
from crossmargin.deployment.safe import Call, batch, signing_file
from crossmargin.deployment.steps import Context
from crossmargin.deployment.track import announce, governor_of
from crossmargin.errors import DeploymentError

__all__ = ["export_calls"]

_VIEWS: Final[list[dict[str, Any]]] = [
    {"type": "function", "name": name, "inputs": [], "outputs": [{"type": kind}], "stateMutability": "view"}
    for name, kind in (("nonce", "uint256"), ("VERSION", "string"))
]


def export_calls(venue: Context[Any], found: Sequence[Operation], folder: Path, nonce: int | None = None) -> str:
    """Write batch.json and signing.json; say what they hold, and what is to be done with them."""
    due = [(each, call) for each in found if (call := each.decoded(venue)) is not None]
    calls = [call for _, call in due]
    governor, chain_id = governor_of(venue), venue.chain.chain_id
    known, version = _safe(venue, governor)
    first = known if nonce is None else nonce
    for each, _ in due:
        announce(venue, each.name, each.target, each.data)
    files = {
        "batch.json": batch(chain_id, governor, f"{venue.config.network}: {len(calls)} calls", calls),
        "signing.json": signing_file(chain_id, governor, first, calls, version),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, indent=2) + "\n")
    if not calls:
        waiting = [each.ready_at for each in found]
        until = f" before {time_text(min(waiting))}, by the chain's clock" if waiting else ""
        return f"nothing to sign{until}: {folder}/batch.json and {folder}/signing.json are empty"
    return _said(governor, folder, first, calls)


def _said(governor: str, folder: Path, first: int, calls: Sequence[Call]) -> str:
    last = first + len(calls) - 1
    nonces = f"nonce {first}" if len(calls) == 1 else f"nonces {first} to {last}"
    return (
        f"{_counted(calls)} for the Safe {governor}, {nonces}, announced in the record. Propose {folder}/batch.json in "
        f"its Transaction Builder, or sign {folder}/signing.json one by one. Before that each signer looks: "
        f"ape run review {folder}/signing.json"
    )


def _counted(calls: Sequence[Call]) -> str:
    """Count the calls by what they do: `2 calls of schedule`."""
    names = Counter(str(call.function["name"]) for call in calls)
    return " and ".join(f"{count} call{'s' * (count > 1)} of {name}" for name, count in names.items())


def _safe(venue: Context[Any], governor: str) -> tuple[int, str]:
    """Ask the Safe for its next nonce and its version."""
    if not venue.chain.code(governor):
        raise DeploymentError(f"the governor {governor} is no Safe on this chain: it sends by itself, with --yes")
    contract: Any = venue.chain.web3.eth.contract(address=governor, abi=_VIEWS)  # type: ignore[call-overload]
    try:
        return contract.functions.nonce().call(), contract.functions.VERSION().call()
    except (Web3Exception, ValueError) as error:
        raise DeploymentError(f"the governor {governor} is a contract, and no Safe: export is for a Safe") from error
