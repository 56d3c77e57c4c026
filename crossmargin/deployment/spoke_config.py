"""Configuration of a spoke: what a chain beside the venue's takes, for whom it is held, and when it comes back."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from crossmargin.chain.decimals import parse_units
from crossmargin.deployment.custody import TokenSettings
from crossmargin.deployment.explain import FromToml
from crossmargin.deployment.fields import DAY, Address, Duration, Number, Positive, Settings, checksummed
from crossmargin.deployment.governed import Governed
from crossmargin.deployment.transports import HUB, Domain, TransportSettings, check_transports, full_transports
from crossmargin.errors import NetworkConfigError

__all__ = [
    "EXIT_MARGIN",
    "L1_BLOCK",
    "LEAST_SILENCE",
    "OP_STACK",
    "HubSettings",
    "LockSettings",
    "ProofSettings",
    "SpokeConfig",
]

LEAST_EXIT: Final = 45 * DAY  # s
EXIT_MARGIN: Final = 14 * DAY
"""By how much exits begin after the hub has given a route up, at least [s]."""
LEAST_SILENCE: Final = 3 * DAY  # s
_MOST_SILENCE: Final = 30 * DAY  # s
OP_STACK: Final = "op-stack"
"""A chain of the OP stack, which knows the blocks of the chain below it: the venue's."""
L1_BLOCK: Final = "0x4200000000000000000000000000000000000015"
"""Contract that knows them on each."""


class HubSettings(Settings):
    """The venue's hub. What is left out is read from the record of its deployment."""

    domain: Domain
    address: Address | None = None
    counterparts: Mapping[str, Address] = Field(default_factory=dict)
    """The transports there, by the names of those here."""
    exit_after: Annotated[Duration, Field(ge=LEAST_EXIT)]
    """Silence of the hub after which governance may give back what is locked; fixed for good [s]."""


class LockSettings(Settings):
    """A token that the spoke takes."""

    open: bool = True
    required: Annotated[int, Field(ge=1, le=8)]
    """How many transports must have delivered a message of the hub before it counts."""
    capacity: Positive
    """Of the bucket: most that is paid out within a window [tokens]."""
    window: Annotated[Duration, Field(ge=1, le=2**32 - 1)]
    least: Number
    """Least that is locked at once [tokens]."""

    def encode(self, decimals: int) -> tuple[Any, ...]:
        """`SpokeToken` of the spoke."""
        amounts = (parse_units(each, decimals) for each in (self.capacity, self.least))
        return (self.open, self.required, self.window, *amounts)


def _source(value: str) -> str:
    return value if value == OP_STACK else checksummed(value)


class ProofSettings(Settings):
    """By what redemptions are proved where the hub is silent."""

    blocks: Annotated[str, AfterValidator(_source)]
    """Where blocks of the venue's chain are known from: of the OP stack itself, or a contract with `blockHash`."""
    after: Annotated[Duration, Field(ge=LEAST_SILENCE, le=_MOST_SILENCE)]
    """Silence of the hub after which proofs count [s]."""


class SpokeConfig(FromToml, Governed):
    """Everything a spoke on one network is deployed and configured with."""

    kind: Literal["spoke"]
    hub: HubSettings
    tokens: dict[str, TokenSettings]
    transports: Annotated[dict[str, TransportSettings], Field(min_length=1)]
    locks: dict[str, LockSettings]
    proofs: ProofSettings | None = None
    """Left out: nothing on this chain knows blocks of the venue's."""

    @classmethod
    def load(cls, path: Path, **overrides: Any) -> Self:  # noqa: ANN401 (any field)
        """Read a TOML file; decimals stay exact. Keyword arguments replace whole top-level entries."""
        return cls.read(path, NetworkConfigError, overrides=overrides)

    @property
    def known_hub(self) -> str:
        """The hub's address, which must be known."""
        if self.hub.address is None:
            raise NetworkConfigError(
                f"{self.where('hub', 'address')}hub.address: not known: name it, or deploy the hub first, with its "
                f"record deployments/{self.hub.domain}.json beside this one's"
            )
        return self.hub.address

    @model_validator(mode="after")
    def _check_entries(self) -> Self:
        check_transports("transports", self.transports, {HUB: self.hub})
        if self.hub.domain == self.chain_id:
            raise ValueError(f"hub.domain: {self.hub.domain} is this chain: name the id of the venue's")
        for name in self.hub.counterparts:
            if name not in self.transports:
                known = ", ".join(self.transports)
                raise ValueError(f"hub.counterparts.{name}: no transport of this name; there are {known}")
        full = full_transports(self.transports)
        for name, lock in self.locks.items():
            if name not in self.tokens:
                raise ValueError(f"locks.{name}: no token named {name}; there are {', '.join(self.tokens) or 'none'}")
            if lock.required > full:
                raise ValueError(
                    f"locks.{name}.required: {lock.required} transports must deliver, {full} count fully: lower it, "
                    "or add one"
                )
            for field in ("capacity", "least"):
                amount = getattr(lock, field)
                if amount.scaleb(self.tokens[name].decimals) >= 2**128:
                    raise ValueError(f"locks.{name}.{field}: {amount} is too much, must be below 2^128 units")
        return self
