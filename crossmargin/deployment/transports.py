"""Transports between chains as a configuration has them: who vouches for messages, and how far its word counts."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from crossmargin.chain.units import ChainId
from crossmargin.deployment.fields import Address, Settings

__all__ = ["HUB", "Domain", "SignersSettings", "Standing", "TransportSettings", "check_transports", "full_transports"]

HUB: Final = "hub"
"""What a spoke's configuration calls the chain of the venue."""
MOST_TRANSPORTS: Final = 8
"""Most that one end may have."""

Domain = Annotated[ChainId, Field(ge=1, le=2**32 - 1)]
"""Number of a chain among transports: its id."""


class Standing(IntEnum):
    """How far a transport's word counts: `Standing` of contracts/crosschain/Endpoint.sol."""

    NONE = 0
    FAST = 1
    FULL = 2


class SignersSettings(Settings):
    """Signers of whom `threshold` have to sign."""

    signers: Annotated[tuple[Address, ...], Field(min_length=1)]
    threshold: Annotated[int, Field(ge=1, le=255)]

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.threshold > len(self.signers):
            raise ValueError(
                f"threshold {self.threshold} is above the {len(self.signers)} signers: name more, or lower it"
            )
        twice = next((each for each in self.signers if self.signers.count(each) > 1), None)
        if twice is not None:
            raise ValueError(f"signers: {twice} is there twice: a signer counts once, remove one")
        return self

    def ordered(self) -> list[str]:
        """Give the signers in ascending order, as contracts take them."""
        return sorted(self.signers, key=lambda each: int(each, 16))


class TransportSettings(Settings):
    """A transport at one end."""

    kind: Literal["attestation", "hyperlane"]
    standing: Literal["none", "fast", "full"] = "full"
    """`full`: counts towards what is required. `fast`: alone it lets the fast part through. `none`: is not heard."""
    attesters: SignersSettings | None = None
    """Of an attestation: who signs messages to this chain."""
    mailbox: Address | None = None
    """Hyperlane's on this chain."""
    hook: Address | None = None
    """Its Merkle tree hook, whose root validators sign."""
    validators: dict[str, SignersSettings] = Field(default_factory=dict)
    """Of Hyperlane: who signs messages from a chain, by the chain's name; from the venue's chain: `hub`."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.kind == "attestation":
            foreign = next((name for name in ("mailbox", "hook", "validators") if getattr(self, name)), None)
            if foreign is not None:
                raise ValueError(f"{foreign} is of kind hyperlane: remove it, or change the kind")
            if self.attesters is None:
                raise ValueError("attesters is missing: add attesters = { signers = [...], threshold = 2 }")
            return self
        if self.attesters is not None:
            raise ValueError("attesters is of kind attestation: name validators by chain instead")
        for name in ("mailbox", "hook"):
            if getattr(self, name) is None:
                raise ValueError(f"{name} is missing: name Hyperlane's contract on this chain")
        return self


def full_transports(transports: Mapping[str, TransportSettings]) -> int:
    """Count the transports whose word counts fully."""
    return sum(each.standing == "full" for each in transports.values())


def check_transports(place: str, transports: Mapping[str, TransportSettings], chains: Mapping[str, object]) -> None:
    """Hold transports against the chains that they carry to."""
    if len(transports) > MOST_TRANSPORTS:
        raise ValueError(f"{place}: {len(transports)} transports, at most {MOST_TRANSPORTS}: remove some")
    for name, each in transports.items():
        if each.kind != "hyperlane":
            continue
        for chain in each.validators:
            if chain not in chains:
                known = ", ".join(chains) or "none"
                raise ValueError(f"{place}.{name}.validators.{chain}: no chain of this name; there are {known}")
        for chain in chains:
            if chain not in each.validators:
                raise ValueError(
                    f"{place}.{name}.validators: nobody signs for {chain}: add {chain} with signers and threshold"
                )
