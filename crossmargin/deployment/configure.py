"""Bring a venue in being to its configuration, through the timelock: what differs, what waits, what may be executed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from eth_typing import HexStr
from web3.types import TxParams, TxReceipt

from crossmargin.deployment.steps import Change, Create, Kind, Setting, Step, VenueContext
from crossmargin.model.units import Seconds

__all__ = ["Operation", "Status", "execute", "missing_contracts", "operations", "schedule"]

_MANAGER: Final = "AccessManager"


class Status(Enum):
    """Where a change stands in the timelock."""

    NEW = "not scheduled"
    WAITING = "waiting"
    READY = "ready"


@dataclass(frozen=True)
class Operation:
    """A change, the call that makes it, and its place in the timelock."""

    change: Change
    target: str
    data: HexStr
    ready_at: Seconds
    """When it may be executed; 0 if it is not scheduled, or was and has expired [s]."""
    status: Status

    @property
    def name(self) -> str:
        """The setting's name."""
        return self.change.setting.name

    def call(self, venue: VenueContext) -> TxParams | None:
        """Make the governor's next transaction for it; None while it waits."""
        manager = venue.contract(_MANAGER)
        if self.status is Status.WAITING:
            return None
        if self.status is Status.NEW:
            data = manager.encode_abi("schedule", args=[self.target, self.data, 0])
        else:
            data = manager.encode_abi("execute", args=[self.target, self.data])
        return {"to": manager.address, "data": HexStr(data)}


def missing_contracts(venue: VenueContext, steps: Sequence[Step]) -> list[Create]:
    """List contracts that the configuration needs and nobody has deployed: a new asset's token or feed."""
    return [step for step in steps if isinstance(step, Create) and step.name not in venue.record.contracts]


def operations(venue: VenueContext, steps: Sequence[Step]) -> list[Operation]:
    """List every change from what is to what is configured, in the order in which they have to be executed."""
    now = Seconds(venue.chain.web3.eth.get_block("latest")["timestamp"])
    found = []
    for step in steps:
        if isinstance(step, Setting) and step.kind is not Kind.ONCE and step.possible(venue):
            change = step.check(venue)
            if change is not None:
                found.append(_operation(venue, change, now))
    return found


def schedule(venue: VenueContext, operation: Operation) -> TxReceipt:
    """Announce the change; it may be executed after the governor's delay."""
    return _act(venue, operation, Status.NEW)


def execute(venue: VenueContext, operation: Operation) -> TxReceipt:
    """Make the change."""
    return _act(venue, operation, Status.READY)


def _act(venue: VenueContext, operation: Operation, status: Status) -> TxReceipt:
    call = operation.call(venue)
    if operation.status is not status or call is None:
        raise ValueError(f"{operation.name}: {operation.status.value}")
    return venue.chain.send(call)


def _operation(venue: VenueContext, change: Change, now: Seconds) -> Operation:
    target: str = change.setting.contract(venue).address
    data = HexStr(change.setting.calldata(venue))
    identity: Any = venue.read(_MANAGER, "hashOperation", venue.config.governor, target, data)
    ready_at = Seconds(venue.read(_MANAGER, "getSchedule", identity))
    status = Status.NEW if ready_at == 0 else Status.WAITING if now < ready_at else Status.READY
    return Operation(change, target, data, ready_at, status)
