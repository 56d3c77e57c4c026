"""Steps of a deployment: each reads what is, says what should be, and names the one transaction between the two.

The same steps deploy (send what is missing), verify (list what differs) and configure (schedule what differs), so the
three cannot disagree on what a configured venue is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

from web3.contract import Contract

from crossmargin.chain.record import DeploymentRecord
from crossmargin.deployment.config import NetworkConfig
from crossmargin.deployment.governed import Governed
from crossmargin.deployment.spoke_config import SpokeConfig
from crossmargin.deployment.target import Chain

__all__ = [
    "Arguments",
    "Change",
    "Context",
    "Create",
    "Kind",
    "Setting",
    "SpokeContext",
    "Step",
    "Value",
    "VenueContext",
    "addresses",
    "flatten",
    "named",
    "struct_setting",
]

_Config = TypeVar("_Config", bound=Governed)


Value = int | str | bytes | bool | Mapping[str, "Value"] | None
"""What a setting is: a number, a text, a truth, or a table of such; None for what is not there."""


class Kind(Enum):
    """When a step applies."""

    SETTING = "setting"
    """Holds for good; governance changes it through the timelock."""
    ROLE = "role"
    """Holds for good; who may do what."""
    ONCE = "once"
    """Done by the deployer before the hand-over and free to change afterwards."""


@dataclass
class Context(Generic[_Config]):
    """A deployment in the making or in being: its chain, its configuration and what is deployed."""

    chain: Chain
    config: _Config
    record: DeploymentRecord

    def address(self, name: str) -> str:
        """Address of a contract the deployment made."""
        return self.record.address(name)

    def contract(self, name: str) -> Contract:
        """Bind a contract the deployment made."""
        return self.chain.contract(self._artifact(name), self.address(name))

    def read(self, name: str, function: str, *arguments: Any) -> Any:  # noqa: ANN401 (what the function returns)
        """Call a view."""
        return self.contract(name).functions[function](*arguments).call()

    def table(self, name: str, function: str, *arguments: Any) -> Value:  # noqa: ANN401 (what the function takes)
        """Call a view that returns a struct or several values; name each after the ABI."""
        outputs = self.chain.artifacts[self._artifact(name)].functions[function]["outputs"]
        result = self.read(name, function, *arguments)
        return named(outputs[0]["components"], result) if len(outputs) == 1 else named(outputs, result)

    def encoded(self, name: str, function: str, argument: int, values: tuple[Any, ...]) -> Value:
        """Name the fields of a struct that is argument number `argument` of a function."""
        inputs = self.chain.artifacts[self._artifact(name)].functions[function]["inputs"]
        return named(inputs[argument]["components"], values)

    def _artifact(self, name: str) -> str:
        entry = self.record.contracts.get(name)
        return entry.contract if entry else name

    def token(self, name: str) -> str:
        """Address of a token, existing or made, or of a route's receipts."""
        return self.record.tokens.get(name) or self.address(f"token:{name}")


VenueContext = Context[NetworkConfig]
"""A venue: the hub of its spokes."""
SpokeContext = Context[SpokeConfig]
"""A spoke."""


Arguments = Callable[[Context[Any]], tuple[Any, ...]]
"""Makes the arguments of a constructor or a call."""


@dataclass(frozen=True)
class Create:
    """Deploy a contract."""

    name: str
    artifact: str
    arguments: Arguments


@dataclass(frozen=True)
class Setting:
    """Bring one thing on the chain to what the configuration says."""

    name: str
    kind: Kind
    target: str
    """Contract called, by its name in the record."""
    function: str
    arguments: Arguments
    read: Callable[[Context[Any]], Value]
    want: Callable[[Context[Any]], Value]
    possible: Callable[[Context[Any]], bool] = lambda _: True
    """Whether the thing is there to be set: an asset that is not listed has no cap."""
    posted: "Callable[[Context[Any], int], str | None]" = lambda _venue, _time: None
    """Names what a poster has to post anew for it to be accepted at a time [s]; None where nothing."""
    note: Callable[[Context[Any]], None] = lambda _: None
    """Writes down in the record what came of it, once it holds."""
    external: str | None = None
    """Artifact of a target that the deployment did not make; `target` is then its address."""

    def check(self, venue: Context[Any]) -> "Change | None":
        """Compare; None where nothing differs: then what came of it is noted."""
        current, wanted = self.read(venue), self.want(venue)
        if current != wanted:
            return Change(self, current, wanted)
        self.note(venue)
        return None

    def contract(self, venue: Context[Any]) -> Contract:
        """Bind the contract that is called."""
        return venue.chain.contract(self.external, self.target) if self.external else venue.contract(self.target)

    def calldata(self, venue: Context[Any]) -> str:
        """Encode the call."""
        return str(self.contract(venue).encode_abi(self.function, args=list(self.arguments(venue))))


Step = Create | Setting


@dataclass(frozen=True)
class Change:
    """A setting that is not what it should be."""

    setting: Setting
    current: Value
    wanted: Value

    def differences(self) -> list[tuple[str, Value, Value]]:
        """List what differs: path, current, wanted."""
        old, new = flatten(self.setting.name, self.current), flatten(self.setting.name, self.wanted)
        return [(key, old.get(key), new.get(key)) for key in {**old, **new} if old.get(key) != new.get(key)]


def named(components: Sequence[Mapping[str, Any]], values: Sequence[Any]) -> dict[str, Value]:
    """Name the fields of a struct, and of structs within it, after its ABI."""
    return {
        entry["name"]: named(entry["components"], value) if entry["type"] == "tuple" else value
        for entry, value in zip(components, values, strict=True)
    }


def flatten(name: str, value: Value) -> dict[str, Value]:
    """Spread a table into its entries, each under its path."""
    if not isinstance(value, Mapping):
        return {name: value}
    return {path: entry for key, inner in value.items() for path, entry in flatten(f"{name}.{key}", inner).items()}


def struct_setting(name: str, contract: str, setter: str, view: str, values: tuple[Any, ...], *key: int) -> Setting:
    """Set one struct, under a key where there is one, and read it back by a view of the same key."""
    return Setting(
        name=name,
        kind=Kind.SETTING,
        target=contract,
        function=setter,
        arguments=lambda _: (*key, values),
        read=lambda venue: venue.table(contract, view, *key),
        want=lambda venue: venue.encoded(contract, setter, len(key), values),
    )


def addresses(*names: str) -> Arguments:
    """Name contracts of the record as arguments, in order."""
    return lambda venue: tuple(venue.address(name) for name in names)
