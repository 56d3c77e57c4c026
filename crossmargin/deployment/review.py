"""What a file to be signed would do, for each signer, before signing.

Its hashes are computed anew, its calls played on a copy of the chain, and the venue's settings compared.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from eth_abi.abi import encode as abi_encode
from eth_utils.crypto import keccak
from hexbytes import HexBytes
from web3.types import TxParams

from crossmargin.chain.logs import arguments_of
from crossmargin.chain.units import ChainId
from crossmargin.deployment.fork import Copy, copy_of
from crossmargin.deployment.problem import Problem, remedy
from crossmargin.deployment.safe import Call, signing_file
from crossmargin.deployment.steps import Setting, Step, Value, VenueContext, flatten
from crossmargin.deployment.track import MANAGER
from crossmargin.errors import CrossMarginError, DeploymentError, NotDeployedError

__all__ = ["Review", "read_file", "review"]

_SCHEDULES: Final = 2
"""Storage slot of the access manager's schedules."""
_HASHES: Final = ("domainHash", "messageHash", "safeTxHash")


@dataclass
class Review:
    """What would come of it."""

    changes: list[tuple[str, Value, Value]] = field(default_factory=list)
    """Path, before, after."""
    refused: list[Problem] = field(default_factory=list)


def read_file(path: Path, chain_id: ChainId, safe: str) -> list[dict[str, Any]]:
    """Read transactions to be signed; refuse a file of another chain or Safe, or whose hashes are not its own."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        entries = list(found["transactions"])
        stated = (int(found["chainId"]), found["safe"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DeploymentError(f"{path}: not a file that configure --export wrote: {error}") from error
    if stated != (chain_id, safe):
        raise DeploymentError(f"{path} is for chain {stated[0]}, Safe {stated[1]}; here: chain {chain_id}, Safe {safe}")
    for entry in entries:
        fields = entry["safeTx"]
        call = Call(entry["step"], "", fields["to"], fields["data"], {"name": "", "inputs": []}, [])
        (anew,) = signing_file(chain_id, safe, int(fields["nonce"]), [call], found["safeVersion"])["transactions"]
        for name in ("safeTx", *_HASHES):
            if anew[name] != entry[name]:
                raise DeploymentError(f"{path}: {entry['step']}: its {name} is not what it says: do not sign")
    return entries


def review(venue: VenueContext, steps: Sequence[Step], safe: str, entries: Sequence[Mapping[str, Any]]) -> Review:
    """Play transactions as the Safe, let their delays be over, execute what they scheduled; compare all settings."""
    found = Review()
    with copy_of(venue.chain, safe) as copy:
        there = VenueContext(copy, venue.config, venue.record)
        before = _settings(there, steps)
        first = copy.web3.eth.block_number + 1
        for entry in entries:
            _send(copy, entry["step"], {"to": entry["safeTx"]["to"], "data": entry["safeTx"]["data"]}, found)
        names = {entry["safeTx"]["data"]: entry["step"] for entry in entries}
        for log in list(arguments_of(there.contract(MANAGER).events.OperationScheduled(), first)):
            _let_time_pass(there, copy, log["operationId"])
            data = there.contract(MANAGER).encode_abi("execute", args=[log["target"], log["data"]])
            schedule = there.contract(MANAGER).encode_abi("schedule", args=[log["target"], log["data"], 0])
            _send(copy, names.get(schedule, log["target"]), {"to": venue.address(MANAGER), "data": data}, found)  # type: ignore[typeddict-item]
        after = _settings(there, steps)
    found.changes = [
        (path, before.get(path), after.get(path)) for path in {**before, **after} if before.get(path) != after.get(path)
    ]
    return found


def _send(copy: Copy, step: str, transaction: TxParams, found: Review) -> None:
    try:
        copy.send(transaction)
    except CrossMarginError as error:
        found.refused.append(Problem(step, str(error), remedy(error)))


def _let_time_pass(venue: VenueContext, copy: Copy, operation: bytes) -> None:
    """Let an operation be ready now: were the clock moved instead, every price on the copy would be old."""
    slot = keccak(abi_encode(["bytes32", "uint256"], [operation, _SCHEDULES]))
    nonce = venue.read(MANAGER, "getNonce", operation)
    now = copy.web3.eth.get_block("latest")["timestamp"]
    word = nonce << 48 | now
    copy.rpc("anvil_setStorageAt", venue.address(MANAGER), HexBytes(slot).to_0x_hex(), f"0x{word:064x}")
    if venue.read(MANAGER, "getSchedule", operation) != now:
        raise DeploymentError("the access manager keeps its schedules elsewhere: a delay cannot be played")


def _settings(venue: VenueContext, steps: Sequence[Step]) -> dict[str, Value]:
    """Read every setting, by path."""
    found: dict[str, Value] = {}
    for step in steps:
        if isinstance(step, Setting):
            try:
                if step.possible(venue):
                    found.update(flatten(step.name, step.read(venue)))
            except NotDeployedError:
                continue
    return found
