"""What a run on two chains recorded, and nothing else: table and picture are made from it. Amounts in whole tokens."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

__all__ = ["Attack", "Deed", "Holding", "Sample", "TwoChainsRun", "save_run"]


@dataclass(frozen=True)
class Deed:
    """Something that somebody did."""

    time: int
    """Since the first deed [s]."""
    where: str
    who: str
    what: str


@dataclass(frozen=True)
class Holding:
    """What an account has of a token on another chain, as its receipts tell at the venue."""

    when: str
    who: str
    chain: int
    """Number of the other chain."""
    receipt: str
    locked: Decimal
    """There, for the account."""
    credited: Decimal
    """Of it, ever."""
    held: Decimal
    """Receipts in the account now, won ones among them."""
    redeemed: Decimal
    """Ever, for the account's owner."""


@dataclass(frozen=True)
class Sample:
    """How far an attack had come."""

    time: int
    """Since the first forged message [s]."""
    taken: Decimal
    bound: Decimal
    """What the bucket has let through at most by then."""


@dataclass(frozen=True)
class Attack:
    """Messages forged with every key of one transport."""

    name: str
    token: str
    required: int
    """Transports that must say the same."""
    forged: Decimal
    bucket: Decimal
    bound: Decimal
    """The bucket, and what refilled until the guardian paused; 0 where another transport has to agree."""
    taken: Decimal
    refusal: str
    """How the last attempt ended."""
    samples: tuple[Sample, ...]


@dataclass(frozen=True)
class TwoChainsRun:
    """Everything a run recorded."""

    deeds: tuple[Deed, ...]
    holdings: tuple[Holding, ...]
    attacks: tuple[Attack, ...]
    checks: Mapping[str, bool]
    price: Decimal
    """Of a token in the attack [USD]."""
    delay: int
    """From the first forged message to the guardian's pause [s]."""
    seconds: Mapping[str, float]
    """Wall time by part of the run."""

    @property
    def passed(self) -> bool:
        """Whether every check held."""
        return all(self.checks.values())


def save_run(run: TwoChainsRun, path: Path) -> None:
    """Write everything as JSON; amounts as decimals in texts."""
    path.write_text(json.dumps(asdict(run), indent=1, default=str) + "\n", encoding="utf-8")
