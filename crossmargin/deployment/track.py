"""What governance has announced, kept in the deployment's file, and held against what waits on the chain."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from eth_typing import BlockNumber
from eth_utils.crypto import keccak
from hexbytes import HexBytes
from web3.exceptions import Web3Exception

from crossmargin.chain.arguments import whole
from crossmargin.chain.logs import arguments_of
from crossmargin.chain.record import OperationRecord
from crossmargin.deployment.steps import Context
from crossmargin.model.units import EPOCH, Seconds

__all__ = ["MANAGER", "Stranger", "announce", "follow", "governor_of", "meaning", "shown", "strangers"]

MANAGER: Final = "AccessManager"
_LONG: Final = 256
"""Longer arguments are told by their hash [bytes]."""
_ENDS: Final[tuple[tuple[str, Literal["executed", "cancelled"]], ...]] = (
    ("OperationExecuted", "executed"),
    ("OperationCanceled", "cancelled"),
)


@dataclass(frozen=True)
class Stranger:
    """An operation in the timelock that nobody announced."""

    id: str
    nonce: int
    """How often it has been scheduled: each time is another alarm."""
    caller: str
    target: str
    data: str
    ready_at: Seconds
    waits: bool
    """Whether it can still be executed: neither cancelled, executed nor expired."""


def governor_of(venue: Context[Any]) -> str:
    """Who governs now: whoever the venue was handed to, until a new one has the role."""
    return venue.record.roles.get("governor") or venue.config.governor


def announce(venue: Context[Any], step: str, target: str, data: str) -> OperationRecord:
    """Note the governor's call that waits now, or that it is about to schedule once: another time is not announced."""
    caller = governor_of(venue)
    identity = HexBytes(venue.read(MANAGER, "hashOperation", caller, target, HexBytes(data))).to_0x_hex()
    known = next((each for each in venue.record.operations if each.id == identity), None)
    if known is None:
        known = OperationRecord(id=identity, step=step, caller=caller, target=target, data=data)
        venue.record.operations.append(known)
    ready_at, nonce = _standing(venue, identity)
    if ready_at:
        known.state, known.nonce, known.ready_at = "scheduled", nonce, ready_at
    else:
        known.state, known.nonce, known.ready_at = "exported", nonce + 1, EPOCH
    return known


def follow(venue: Context[Any], only: OperationRecord | None = None) -> None:
    """Bring every operation of the file, or one, to where it stands on the chain."""
    for each in venue.record.operations if only is None else [only]:
        if each.state in ("exported", "scheduled"):
            _update(venue, each)


def strangers(venue: Context[Any], first: BlockNumber | None = None) -> list[Stranger]:
    """List what was scheduled and is not announced in the file, from block `first` on.

    What is scheduled more often than it was announced is as strange as what was never announced.
    """
    announced = {each.id: each.nonce for each in venue.record.operations}
    latest = {}
    for log in _logs(venue, "OperationScheduled", first):
        identity = HexBytes(log["operationId"]).to_0x_hex()
        if log["nonce"] > announced.get(identity, 0):
            ready_at, nonce = _standing(venue, identity)
            data, waits = HexBytes(log["data"]).to_0x_hex(), bool(ready_at) and nonce == log["nonce"]
            latest[identity] = Stranger(
                identity, log["nonce"], log["caller"], log["target"], data, log["schedule"], waits
            )
    return list(latest.values())


def meaning(venue: Context[Any], target: str, data: str) -> str:
    """Decode a call, where the target is the venue's own; of one through the timelock, what it is for as well."""
    name = next((name for name, each in venue.record.contracts.items() if each.address == target), None)
    if name is None:
        return f"a call of {target}, which is no contract of the venue: {data}"
    try:
        function, arguments = venue.contract(name).decode_function_input(HexBytes(data))
    except (Web3Exception, ValueError):
        return f"an unknown call of {name}: {data}"
    if name == MANAGER and function.fn_name in ("schedule", "execute"):
        return f"{function.fn_name} {meaning(venue, arguments['target'], HexBytes(arguments['data']).to_0x_hex())}"
    return f"{name}.{function.fn_name}({', '.join(f'{key}={shown(value)}' for key, value in arguments.items())})"


def shown(value: Any) -> str:  # noqa: ANN401 (any argument)
    """Write an argument of a call for people; of long bytes the number and the hash."""
    if isinstance(value, bytes):
        long = len(value) > _LONG
        return f"{len(value):,} bytes, keccak-256 0x{keccak(value).hex()}" if long else "0x" + value.hex()
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}={shown(each)}' for key, each in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(shown, value))}]"
    return whole(value).replace(",", "") if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _update(venue: Context[Any], operation: OperationRecord) -> None:
    ready_at, nonce = _standing(venue, operation.id)
    if nonce < operation.nonce:
        return
    if ready_at and nonce == operation.nonce:
        operation.state, operation.ready_at = "scheduled", ready_at
        return
    for event, state in _ENDS:
        if any(True for _ in _logs(venue, event, None, operationId=operation.id, nonce=operation.nonce)):
            operation.state = state


def _standing(venue: Context[Any], identity: str) -> tuple[Seconds, int]:
    """Ask when an operation may be executed, 0 if it does not wait, and how often it has been scheduled."""
    key: Any = HexBytes(identity)
    return Seconds(venue.read(MANAGER, "getSchedule", key)), venue.read(MANAGER, "getNonce", key)


def _logs(venue: Context[Any], event: str, first: BlockNumber | None, **filters: Any) -> Iterator[Any]:  # noqa: ANN401
    start = venue.record.contracts[MANAGER].block if first is None else first
    return arguments_of(venue.contract(MANAGER).events[event](), start, **filters)
