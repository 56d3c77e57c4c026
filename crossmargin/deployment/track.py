"""What governance has announced, kept in the deployment's file, and held against what waits on the chain."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from hexbytes import HexBytes
from web3.exceptions import Web3Exception

from crossmargin.chain.logs import arguments_of
from crossmargin.chain.record import OperationRecord
from crossmargin.deployment.steps import VenueContext
from crossmargin.model.units import Seconds

__all__ = ["MANAGER", "Stranger", "announce", "follow", "governor_of", "meaning", "strangers"]

MANAGER: Final = "AccessManager"
_ENDS: Final[tuple[tuple[str, Literal["executed", "cancelled"]], ...]] = (
    ("OperationExecuted", "executed"),
    ("OperationCanceled", "cancelled"),
)


@dataclass(frozen=True)
class Stranger:
    """An operation in the timelock that nobody announced."""

    id: str
    caller: str
    target: str
    data: str
    ready_at: Seconds
    waits: bool
    """Whether it can still be executed: neither cancelled, executed nor expired."""


def governor_of(venue: VenueContext) -> str:
    """Who governs now: whoever the venue was handed to, until a new one has the role."""
    return venue.record.roles.get("governor") or venue.config.governor


def announce(venue: VenueContext, step: str, target: str, data: str) -> OperationRecord:
    """Note that the governor is about to schedule, or to execute, a call."""
    caller = governor_of(venue)
    identity = HexBytes(venue.read(MANAGER, "hashOperation", caller, target, HexBytes(data))).to_0x_hex()
    known = next((each for each in venue.record.operations if each.id == identity), None)
    if known is None:
        known = OperationRecord(id=identity, step=step, caller=caller, target=target, data=data)
        venue.record.operations.append(known)
    elif known.state in ("executed", "cancelled"):
        known.state = "exported"
    _update(venue, known)
    return known


def follow(venue: VenueContext) -> None:
    """Bring every operation of the file to where it stands on the chain."""
    for each in venue.record.operations:
        _update(venue, each)


def strangers(venue: VenueContext, first: int | None = None) -> list[Stranger]:
    """List what was scheduled and is not announced in the file, from block `first` on.

    What was cancelled or executed and is scheduled again is as strange as what was never announced.
    """
    announced = {each.id: each for each in venue.record.operations}
    latest = {}
    for log in _logs(venue, "OperationScheduled", first):
        identity = HexBytes(log["operationId"]).to_0x_hex()
        known = announced.get(identity)
        if known is None or (known.state != "exported" and log["nonce"] > known.nonce):
            waits = bool(venue.read(MANAGER, "getSchedule", log["operationId"]))
            data = HexBytes(log["data"]).to_0x_hex()
            latest[identity] = Stranger(identity, log["caller"], log["target"], data, log["schedule"], waits)
    return list(latest.values())


def meaning(venue: VenueContext, found: Stranger) -> str:
    """Decode what would be called, where the target is the venue's own."""
    name = next((name for name, each in venue.record.contracts.items() if each.address == found.target), None)
    if name is None:
        return f"a call of {found.target}, which is no contract of the venue"
    try:
        function, arguments = venue.contract(name).decode_function_input(HexBytes(found.data))
    except (Web3Exception, ValueError):
        return f"an unknown call of {name}"
    return f"{name}.{function.fn_name}({', '.join(f'{key}={value}' for key, value in arguments.items())})"


def _update(venue: VenueContext, operation: OperationRecord) -> None:
    identity: Any = HexBytes(operation.id)
    ready_at, nonce = venue.read(MANAGER, "getSchedule", identity), venue.read(MANAGER, "getNonce", identity)
    if operation.state == "exported" and ready_at:
        operation.state, operation.ready_at, operation.nonce = "scheduled", Seconds(ready_at), nonce
    elif operation.state == "scheduled" and not (ready_at and nonce == operation.nonce):
        for event, state in _ENDS:
            if any(True for _ in _logs(venue, event, None, operationId=identity, nonce=operation.nonce)):
                operation.state = state


def _logs(venue: VenueContext, event: str, first: int | None, **filters: Any) -> Iterator[Any]:  # noqa: ANN401
    start: Any = venue.record.contracts[MANAGER].block if first is None else first
    return arguments_of(venue.contract(MANAGER).events[event](), start, **filters)
