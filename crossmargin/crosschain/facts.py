"""What the two ends of the channel have told by events, and what follows of it. Touches nothing."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from copy import copy
from dataclasses import dataclass, field, fields
from typing import Any, Self

from eth_typing import ChecksumAddress

from crossmargin.crosschain.units import RouteNumber, Sequence
from crossmargin.model.units import AccountId, TokenUnits

__all__ = ["Fact", "HubLedger", "Ledger", "SpokeLedger", "hub_ledger", "spoke_ledger"]


@dataclass(frozen=True, slots=True)
class Fact:
    """An event of an end of the channel."""

    name: str
    args: dict[str, Any]


@dataclass(slots=True)
class Ledger:
    """One end's side; sums and last values."""

    confirmed: set[tuple[bytes, str]] = field(default_factory=set)
    """Messages by id and transport that delivered it."""

    def take(self, fact: Fact) -> None:
        """Count the event that comes next."""
        if fact.name == "MessageConfirmed":
            self.confirmed.add((bytes(fact.args["id"]), fact.args["transport"]))

    def copied(self) -> Self:
        """Give another that is the same, and can go on by itself."""
        return type(self)(**{each.name: copy(getattr(self, each.name)) for each in fields(self)})

    def forget(self, wanted: AbstractSet[bytes]) -> None:
        """Forget the delivery of messages that nobody knows any more; `wanted` are the ids of the others."""
        self.confirmed = {each for each in self.confirmed if each[0] in wanted}


@dataclass(slots=True)
class HubLedger(Ledger):
    """The hub's side."""

    reported: dict[tuple[RouteNumber, AccountId], Sequence] = field(default_factory=dict)
    """Last final report of an account."""
    fast: dict[tuple[RouteNumber, AccountId], Sequence] = field(default_factory=dict)
    """Last report of an account that was not final, where no final one has told as much since."""
    countable: dict[tuple[RouteNumber, AccountId], TokenUnits] = field(default_factory=dict)
    """Locked, by the last report of any kind."""
    credited: dict[tuple[RouteNumber, AccountId], TokenUnits] = field(default_factory=dict)
    """Or taken back, or given back there."""
    redeemed: dict[tuple[RouteNumber, ChecksumAddress], TokenUnits] = field(default_factory=dict)
    """To be paid to a recipient in all."""

    def waiting(self) -> list[tuple[RouteNumber, AccountId]]:
        """Accounts that have less than is locked for them."""
        return [key for key, locked in self.countable.items() if locked > self.credited.get(key, 0)]

    def take(self, fact: Fact) -> None:
        """Count the event that comes next."""
        args = fact.args
        match fact.name:
            case "LockReported":
                key = RouteNumber(args["route"]), AccountId(args["account"])
                self.countable[key] = TokenUnits(args["locked"])
                sequence = Sequence(args["sequence"])
                if not args["isFinal"]:
                    self.fast[key] = sequence
                    return
                self.reported[key] = sequence
                if sequence >= self.fast.get(key, sequence):
                    self.fast.pop(key, None)
            case "ReportsForgotten":
                key = RouteNumber(args["route"]), AccountId(args["account"])
                self.reported.pop(key, None)
                self.fast.pop(key, None)
            case "Credited" | "Reclaimed" | "ExitSettled":
                key = RouteNumber(args["route"]), AccountId(args["account"])
                self.credited[key] = TokenUnits(self.credited.get(key, 0) + args["amount"])
            case "Redeemed":
                self.redeemed[RouteNumber(args["route"]), args["recipient"]] = TokenUnits(args["total"])
            case _:
                Ledger.take(self, fact)


@dataclass(slots=True)
class SpokeLedger(Ledger):
    """A spoke's side."""

    locks: dict[tuple[ChecksumAddress, AccountId], Sequence] = field(default_factory=dict)
    """Number of an account's last lock."""
    heard: dict[tuple[ChecksumAddress, ChecksumAddress], TokenUnits] = field(default_factory=dict)
    """What a recipient is to be paid in all, as the hub was heard to say."""
    paid: dict[tuple[ChecksumAddress, ChecksumAddress], TokenUnits] = field(default_factory=dict)
    """Or given back before, without the hub."""

    def unpaid(self) -> list[tuple[ChecksumAddress, ChecksumAddress]]:
        """Token and recipient of what was heard and is not paid."""
        return [key for key, asked in self.heard.items() if asked > self.paid.get(key, 0)]

    def take(self, fact: Fact) -> None:
        """Count the event that comes next."""
        args = fact.args
        match fact.name:
            case "Locked":
                self.locks[args["token"], AccountId(args["account"])] = Sequence(args["sequence"])
            case "RedemptionHeard" | "RedemptionCancelled":
                self.heard[args["token"], args["recipient"]] = TokenUnits(args["redeemed"])
            case "Paid" | "RedemptionSettled":
                key = args["token"], args["recipient"]
                self.paid[key] = TokenUnits(self.paid.get(key, 0) + args["amount"])
            case _:
                Ledger.take(self, fact)


def hub_ledger(facts: Iterable[Fact]) -> HubLedger:
    """Sum up the hub's events, in order."""
    ledger = HubLedger()
    for fact in facts:
        ledger.take(fact)
    return ledger


def spoke_ledger(facts: Iterable[Fact]) -> SpokeLedger:
    """Sum up a spoke's events, in order."""
    ledger = SpokeLedger()
    for fact in facts:
        ledger.take(fact)
    return ledger
