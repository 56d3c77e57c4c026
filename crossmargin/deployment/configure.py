"""Bring a venue in being to its configuration, through the timelock: what differs, what waits, what may be executed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from eth_typing import HexStr
from web3.exceptions import Web3Exception
from web3.types import TxParams, TxReceipt

from crossmargin.deployment.problem import Problem
from crossmargin.deployment.safe import Call
from crossmargin.deployment.steps import Change, Context, Create, Kind, Setting, Step
from crossmargin.deployment.track import MANAGER, announce, follow, governor_of, shown
from crossmargin.errors import CrossMarginError, NotDeployedError
from crossmargin.model.units import Seconds

__all__ = [
    "Operation",
    "Outcome",
    "Status",
    "blocked",
    "carry_out",
    "execute",
    "missing_contracts",
    "operations",
    "refused",
    "schedule",
    "warnings",
]


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

    def arguments(self) -> tuple[str, list[Any]] | None:
        """Name the access manager's function that comes next, and its arguments; None while it waits."""
        if self.status is Status.WAITING:
            return None
        if self.status is Status.NEW:
            return "schedule", [self.target, self.data, 0]
        return "execute", [self.target, self.data]

    def decoded(self, venue: Context[Any]) -> Call | None:
        """Describe that transaction, for a multisig to sign; None while it waits."""
        following, call = self.arguments(), self.call(venue)
        if following is None or call is None:
            return None
        setting = self.change.setting
        values = ", ".join(shown(value) for value in setting.arguments(venue))
        return Call(
            step=self.name,
            meaning=f"{setting.target}.{setting.function}({values})",
            to=str(call["to"]),
            data=str(call["data"]),
            function=venue.chain.artifacts["Authority"].functions[following[0]],
            arguments=following[1],
        )

    def call(self, venue: Context[Any]) -> TxParams | None:
        """Make the governor's next transaction for it; None while it waits."""
        following = self.arguments()
        if following is None:
            return None
        manager = venue.contract(MANAGER)
        return {"to": manager.address, "data": HexStr(manager.encode_abi(following[0], args=following[1]))}


@dataclass
class Outcome:
    """What came of a run: what was sent, and what was refused."""

    done: list[Operation] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)


def missing_contracts(venue: Context[Any], steps: Sequence[Step]) -> list[Create]:
    """List contracts that the configuration needs and nobody has deployed: a new asset's token or feed."""
    return [step for step in steps if isinstance(step, Create) and step.name not in venue.record.contracts]


def operations(venue: Context[Any], steps: Sequence[Step]) -> list[Operation]:
    """List every change from what is to what is configured, in the order in which they have to be executed.

    Roles come first: the poster of a new feed posts before the feed is set, so that its price is fresh then.
    """
    now = Seconds(venue.chain.web3.eth.get_block("latest")["timestamp"])
    found = []
    for setting in _settings(steps):
        change = _change(venue, setting)
        if isinstance(change, Change):
            found.append(_operation(venue, change, now))
    return found


def blocked(venue: Context[Any], steps: Sequence[Step]) -> list[Problem]:
    """List changes that need a contract which nobody has deployed yet."""
    found = {}
    for setting in _settings(steps):
        change = _change(venue, setting)
        if isinstance(change, NotDeployedError):
            problem = Problem(setting.name, f"needs {change.name}", "deploy it first: --deploy-missing")
            found[setting.name] = problem  # listing and limits of an asset have one name
    return list(found.values())


def refused(venue: Context[Any], found: Sequence[Operation]) -> list[Problem]:
    """List what is ready and would be refused if it were executed now."""
    governor = governor_of(venue)
    problems = []
    for each in found:
        call = each.call(venue) if each.status is Status.READY else None
        if call is not None:
            try:
                venue.chain.web3.eth.call({**call, "from": governor})
            except Web3Exception as error:
                explained = venue.chain.explain(error)
                problems.append(Problem.of(each.name, explained))
    return problems


def warnings(venue: Context[Any], found: Sequence[Operation]) -> list[Problem]:
    """List what will be too old when it is executed: posted prices and slices that nobody posts anew by then."""
    now = Seconds(venue.chain.web3.eth.get_block("latest")["timestamp"])
    problems = []
    for each in found:
        ready_at = each.ready_at or now + venue.config.governance.delay
        what = each.change.setting.posted(venue, max(ready_at, now))
        if what is not None:
            problems.append(Problem(each.name, f"{what} will be too old", "let the poster post it just before"))
    return problems


def carry_out(
    venue: Context[Any], found: Sequence[Operation], note: Callable[[Operation], None] = lambda _: None
) -> Outcome:
    """Schedule what is new, execute what is ready, go on past what is refused; `note` runs after each."""
    outcome = Outcome()
    for each in found:
        if each.status is Status.WAITING:
            continue
        try:
            _act(venue, each, each.status)
        except CrossMarginError as error:
            outcome.refused.append(Problem.of(each.name, error))
        else:
            outcome.done.append(each)
            note(each)
    return outcome


def schedule(venue: Context[Any], operation: Operation) -> TxReceipt:
    """Announce the change; it may be executed after the governor's delay."""
    return _act(venue, operation, Status.NEW)


def execute(venue: Context[Any], operation: Operation) -> TxReceipt:
    """Make the change."""
    return _act(venue, operation, Status.READY)


def _settings(steps: Sequence[Step]) -> Iterator[Setting]:
    found = [step for step in steps if isinstance(step, Setting) and step.kind is not Kind.ONCE]
    yield from (step for step in found if step.kind is Kind.ROLE and step.function != _DEPLOYERS_OWN)
    yield from (step for step in found if step.kind is not Kind.ROLE)


_DEPLOYERS_OWN: Final = "renounceRole"
"""The hand-over's last step, which nobody does for the deployer."""


def _change(venue: Context[Any], setting: Setting) -> Change | NotDeployedError | None:
    try:
        return setting.check(venue) if setting.possible(venue) else None
    except NotDeployedError as error:
        return error


def _act(venue: Context[Any], operation: Operation, status: Status) -> TxReceipt:
    call = operation.call(venue)
    if operation.status is not status or call is None:
        raise ValueError(f"{operation.name}: {operation.status.value}")
    if status is Status.NEW:
        receipt = venue.chain.send(call)
        announce(venue, operation.name, operation.target, operation.data)
    else:
        known = announce(venue, operation.name, operation.target, operation.data)
        receipt = venue.chain.send(call)
        follow(venue, known)
    return receipt


def _operation(venue: Context[Any], change: Change, now: Seconds) -> Operation:
    target: str = change.setting.contract(venue).address
    data = HexStr(change.setting.calldata(venue))
    identity: Any = venue.read(MANAGER, "hashOperation", governor_of(venue), target, data)
    ready_at = Seconds(venue.read(MANAGER, "getSchedule", identity))
    status = Status.NEW if ready_at == 0 else Status.WAITING if now < ready_at else Status.READY
    return Operation(change, target, data, ready_at, status)
