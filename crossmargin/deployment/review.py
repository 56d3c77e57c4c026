"""What a file to be signed would do, for each signer, before signing.

Its hashes are computed anew, its calls decoded and played on a copy of the chain, and the venue's settings compared.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from eth_abi.abi import encode as abi_encode
from eth_typing import BlockNumber, ChecksumAddress, HexStr
from eth_utils.crypto import keccak
from hexbytes import HexBytes

from crossmargin.chain.logs import arguments_of
from crossmargin.chain.units import ChainId
from crossmargin.deployment.fork import Copy, copy_of
from crossmargin.deployment.problem import Problem
from crossmargin.deployment.safe import Call, signing_file
from crossmargin.deployment.steps import Context, Setting, Step, Value, flatten
from crossmargin.deployment.track import MANAGER, meaning
from crossmargin.errors import CrossMarginError, DeploymentError, NotDeployedError

__all__ = ["Review", "Signable", "read_file", "review"]

_SCHEDULES: Final = 2
"""Storage slot of the access manager's schedules."""
_NONCE_BITS: Final = 48
"""Where the nonce is in a schedule's word, above the time."""
_HASHES: Final = ("domainHash", "messageHash", "safeTxHash")


@dataclass(frozen=True)
class Signable:
    """One transaction of the Safe: what is signed, and nothing that a file says about it."""

    nonce: int
    to: ChecksumAddress
    data: HexStr
    domain_hash: str
    message_hash: str
    hash: str


@dataclass
class Review:
    """What would come of it."""

    changes: list[tuple[str, Value, Value]] = field(default_factory=list)
    """Path, before, after."""
    refused: list[Problem] = field(default_factory=list)


def read_file(path: Path, chain_id: ChainId, safe: str) -> list[Signable]:
    """Read transactions to be signed; refuse a file of another chain or Safe, or whose hashes are not its own."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        stated = (int(found["chainId"]), found["safe"])
        version, entries = str(found["safeVersion"]), list(found["transactions"])
        if stated != (chain_id, safe):
            here = f"here: chain {chain_id}, Safe {safe}"
            raise DeploymentError(f"{path} is for chain {stated[0]}, Safe {stated[1]}; {here}")
        return [_checked(path, chain_id, safe, version, entry) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DeploymentError(f"{path}: not a file that configure --export wrote: {error!r}") from error


def _checked(path: Path, chain_id: ChainId, safe: str, version: str, entry: Mapping[str, Any]) -> Signable:
    fields = entry["safeTx"]
    nonce, to, data = int(fields["nonce"]), fields["to"], fields["data"]
    call = Call("", "", to, data, {"name": "", "inputs": []}, [])
    (anew,) = signing_file(chain_id, safe, nonce, [call], version)["transactions"]
    for name in ("safeTx", *_HASHES):
        if anew[name] != entry[name]:
            raise DeploymentError(f"{path}: nonce {nonce}: its {name} is not what it says: do not sign")
    return Signable(nonce, to, data, *(anew[name] for name in _HASHES))


def review(venue: Context[Any], steps: Sequence[Step], safe: str, entries: Sequence[Signable]) -> Review:
    """Play transactions as the Safe, let their delays be over, execute what they scheduled; compare all settings."""
    found = Review()
    with copy_of(venue.chain, safe) as copy:
        there = Context[Any](copy, venue.config, venue.record)
        before = _settings(there, steps)
        first = BlockNumber(copy.web3.eth.block_number + 1)
        for entry in entries:
            _send(there, copy, entry.to, entry.data, found)
        for log in list(arguments_of(there.contract(MANAGER).events.OperationScheduled(), first)):
            _let_time_pass(there, copy, log["operationId"])
            data = there.contract(MANAGER).encode_abi("execute", args=[log["target"], log["data"]])
            _send(there, copy, there.contract(MANAGER).address, HexStr(data), found)
        after = _settings(there, steps)
    found.changes = [
        (path, before.get(path), after.get(path)) for path in {**before, **after} if before.get(path) != after.get(path)
    ]
    return found


def _send(venue: Context[Any], copy: Copy, to: ChecksumAddress, data: HexStr, found: Review) -> None:
    try:
        copy.send({"to": to, "data": data})
    except CrossMarginError as error:
        found.refused.append(Problem.of(meaning(venue, to, data), error))


def _let_time_pass(venue: Context[Any], copy: Copy, operation: bytes) -> None:
    """Let an operation be ready now: were the clock moved instead, every price on the copy would be old."""
    slot = keccak(abi_encode(["bytes32", "uint256"], [operation, _SCHEDULES]))
    now = copy.web3.eth.get_block("latest")["timestamp"]
    word = venue.read(MANAGER, "getNonce", operation) << _NONCE_BITS | now
    copy.rpc("anvil_setStorageAt", venue.address(MANAGER), HexBytes(slot).to_0x_hex(), f"0x{word:064x}")
    if venue.read(MANAGER, "getSchedule", operation) != now:
        raise DeploymentError("the access manager keeps its schedules elsewhere: a delay cannot be played")


def _settings(venue: Context[Any], steps: Sequence[Step]) -> dict[str, Value]:
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
