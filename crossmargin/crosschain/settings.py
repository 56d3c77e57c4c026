"""Configuration of signers and relayers: chains, contracts, keys, folders; typed TOML."""

import os
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from eth_typing import ChecksumAddress, HexAddress, HexStr
from eth_utils.address import is_checksum_address
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from crossmargin.chain.signers import KeySigner
from crossmargin.crosschain.units import Domain
from crossmargin.errors import RelayConfigError
from crossmargin.model.units import Seconds

__all__ = [
    "ChainSettings",
    "CrossChainSettings",
    "Finality",
    "KeySettings",
    "RelaySettings",
    "SignerSettings",
    "Standing",
    "TransportSettings",
]

_LONGEST_KEY: Final = 80


def _checksummed(value: str) -> ChecksumAddress:
    if not is_checksum_address(value):
        raise ValueError(f"{value!r} is not an address with its checksum")
    return ChecksumAddress(HexAddress(HexStr(value)))


def _whole(value: object) -> object:
    """Take a number of ether as TOML's decimal or a text."""
    return str(value) if isinstance(value, float) else value


Address = Annotated[ChecksumAddress, AfterValidator(_checksummed)]


def _finality(value: object) -> object:
    if value == "finalized" or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise ValueError(f'{value!r}: write "finalized", or a number of blocks')


Finality = Annotated[Literal["finalized"] | int, BeforeValidator(_finality)]
"""The node's `finalized` tag, or a number of blocks that must stand on top of a block: 0 is the newest."""
Standing = Literal["full", "fast"]
"""As the ends of the channel have it: `fast` signs by the chain's fast rule."""


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChainSettings(_Settings):
    """A chain with one end of the channel: the hub's, or a spoke's."""

    rpc: str
    """Node; `$NAME` in it is read from the environment."""
    domain: Annotated[Domain, Field(gt=0)]
    """Its chain id."""
    contract: Address
    """CollateralHub on the hub's chain, CollateralSpoke on any other."""
    finality: Finality
    fast: Annotated[int, Field(ge=0)] = 1
    """Blocks on top of one before fast transports vouch for it."""
    first_block: Annotated[int, Field(ge=0)] = 0
    """Where the contracts of this chain begin: nothing is read before it."""
    overlap: Annotated[int, Field(ge=1)] = 64
    """Newest blocks that are read again each time, for reorganisations."""

    @property
    def url(self) -> str:
        """The node's address."""
        return os.path.expandvars(self.rpc)


class TransportSettings(_Settings):
    """A transport: one contract on each chain, and where those who vouch for its messages keep their signatures."""

    kind: Literal["attestation", "hyperlane"]
    standing: Standing = "full"
    at: dict[str, Address]
    """By chain."""
    stores: tuple[Path, ...] = ()
    """Folders of signers; of a validator of Hyperlane's the one that holds a folder for each domain."""


class KeySettings(_Settings):
    """Where a key is: in a variable of the environment, or in a keystore with its passphrase in one."""

    env: str | None = None
    keystore: Path | None = None
    passphrase_env: str | None = None

    def signer(self, place: str) -> KeySigner:
        """Load it; `place` names it in messages. RelayConfigError where a variable is missing."""
        if self.env:
            return KeySigner.from_key(_variable(place, self.env))
        if self.keystore and self.passphrase_env:
            return KeySigner.from_keystore(self.keystore, _variable(place, self.passphrase_env))
        raise RelayConfigError(f"{place}: name `env`, or `keystore` and `passphrase_env`")


class SignerSettings(_Settings):
    """One who vouches for a transport's messages."""

    transport: str
    key: KeySettings
    store: Path
    """Folder of the signatures."""
    chains: tuple[str, ...] = ()
    """Chains whose messages are signed; none named: all."""


class RelaySettings(_Settings):
    """How messages are carried."""

    key: KeySettings
    poll: Annotated[float, Field(gt=0)] = 2.0
    """Time between two turns [s]."""
    heartbeat: Annotated[Seconds, Field(ge=0)] = Seconds(300)
    """A beat is sent each way that often [s]; 0: never."""
    resend: Annotated[Seconds, Field(ge=1)] = Seconds(900)
    """What the other end does not know after this time is sent anew [s]."""
    account_period: Annotated[Seconds, Field(ge=0)] = Seconds(300)
    """An account's state is sent at most that often [s]; 0: never."""
    spend_limit: Annotated[Decimal, BeforeValidator(_whole), Field(ge=0)] = Decimal("0.05")
    """From each purse (beats, locks, redemptions, accounts) and on each chain nothing more is sent once so much was
    spent within a day: it may be passed by one transaction [its coin]."""
    fee_headroom: Annotated[Decimal, BeforeValidator(_whole), Field(ge=0, le=1)] = Decimal("0.001")
    """Sent along with each message beyond what transports ask for: one may ask for more once it is mined. What none of
    them takes comes back [coin of the chain]."""
    spent_file: Path = Path("relay-spent.json")
    """What was spent, so that a restart forgets nothing."""
    seen: Path = Path("relay-seen")
    """Folder of what was read of each chain, so that a restart reads only what is new; safe to delete."""


class CrossChainSettings(_Settings):
    """Everything about the channel; signers, validators and relayers each read their part."""

    hub: str
    """Name of the hub's chain."""
    chains: dict[str, ChainSettings]
    transports: dict[str, TransportSettings]
    signers: dict[str, SignerSettings] = Field(default_factory=dict)
    relay: RelaySettings | None = None

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a TOML file; folders are relative to it. RelayConfigError with a line for each mistake."""
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=str)
        except OSError as error:
            raise RelayConfigError(f"{path}: {error.strerror or error}") from error
        except ValueError as error:
            raise RelayConfigError(f"{path}: not TOML: {error}") from error
        return cls.of(raw, path)

    @classmethod
    def of(cls, raw: Mapping[str, Any], path: Path) -> Self:
        """Check what a file says, with folders relative to `path`."""
        try:
            return cls.model_validate(raw).beside(path.parent)
        except ValidationError as error:
            lines = (_line(path, dict(fault)) for fault in error.errors())
            raise RelayConfigError("\n".join(lines)) from error

    @cached_property
    def spokes(self) -> tuple[str, ...]:
        """Names of the chains of spokes."""
        return tuple(name for name in self.chains if name != self.hub)

    @cached_property
    def names(self) -> dict[Domain, str]:
        """Chains by domain."""
        return {chain.domain: name for name, chain in self.chains.items()}

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.hub not in self.chains:
            raise ValueError(f"hub: no chain is named {self.hub!r}")
        if len(self.names) != len(self.chains):
            raise ValueError("chains: each needs a domain of its own")
        return self

    @model_validator(mode="after")
    def _check_transports(self) -> Self:
        for name, transport in self.transports.items():
            strangers = transport.at.keys() - self.chains.keys()
            if strangers:
                raise ValueError(f"transports.{name}.at: no chain is named {min(strangers)!r}")
            if transport.kind == "hyperlane" and transport.standing == "fast":
                raise ValueError(f"transports.{name}.standing: a checkpoint cannot be taken back: only full")
            if self.hub not in transport.at:
                raise ValueError(f"transports.{name}.at: the hub's chain is missing")
        return self

    @model_validator(mode="after")
    def _check_signers(self) -> Self:
        for name, signer in self.signers.items():
            if signer.transport not in self.transports:
                raise ValueError(f"signers.{name}.transport: no transport is named {signer.transport!r}")
            strangers = set(signer.chains) - self.transports[signer.transport].at.keys()
            if strangers:
                raise ValueError(f"signers.{name}.chains: the transport is not on {min(strangers)!r}")
        return self

    def beside(self, folder: Path) -> Self:
        """Give the same with folders below the file's."""
        transports = {
            name: each.model_copy(update={"stores": tuple(folder / store for store in each.stores)})
            for name, each in self.transports.items()
        }
        signers = {
            name: each.model_copy(update={"store": folder / each.store, "key": _key_beside(each.key, folder)})
            for name, each in self.signers.items()
        }
        relay = self.relay and self.relay.model_copy(
            update={
                "spent_file": folder / self.relay.spent_file,
                "seen": folder / self.relay.seen,
                "key": _key_beside(self.relay.key, folder),
            }
        )
        return self.model_copy(update={"transports": transports, "signers": signers, "relay": relay})


def _key_beside(key: KeySettings, folder: Path) -> KeySettings:
    return key if key.keystore is None else key.model_copy(update={"keystore": folder / key.keystore})


def _variable(place: str, name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise RelayConfigError(f"{place}: the environment has no {name}")
    return value


def _line(path: Path, fault: Mapping[str, Any]) -> str:
    """Say in a line what is wrong where."""
    place = ".".join(str(part) for part in fault["loc"])
    message = fault["msg"].removeprefix("Value error, ")
    if fault["type"] == "missing":
        message = "is missing"
    elif fault["type"] == "extra_forbidden":
        message = "no such field"
    shown = "" if fault["type"] in {"missing", "value_error", "extra_forbidden"} else f" (it is {_short(fault)})"
    return f"{path}: {place}{': ' if place else ''}{message}{shown}"


def _short(fault: Mapping[str, Any]) -> str:
    text = repr(fault["input"])
    return text if len(text) <= _LONGEST_KEY else f"{text[:_LONGEST_KEY]}..."
