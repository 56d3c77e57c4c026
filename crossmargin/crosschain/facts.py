"""What the two ends of the channel have told by events, and what follows of it. Touches nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from eth_typing import ChecksumAddress

from crossmargin.crosschain.units import RouteNumber, Sequence
from crossmargin.model.units import AccountId, TokenUnits

__all__ = ["Fact", "HubLedger", "SpokeLedger", "hub_ledger", "spoke_ledger"]


@dataclass(frozen=True, slots=True)
class Fact:
    """An event of an end of the channel."""

    name: str
    args: dict[str, Any]


@dataclass(slots=True)
class HubLedger:
    """The hub's side; sums and last values."""

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
    confirmed: set[tuple[bytes, str]] = field(default_factory=set)
    """Messages by id and transport that delivered it."""

    def waiting(self) -> list[tuple[RouteNumber, AccountId]]:
        """Accounts that have less than is locked for them."""
        return [key for key, locked in self.countable.items() if locked > self.credited.get(key, 0)]


@dataclass(slots=True)
class SpokeLedger:
    """A spoke's side; sums and last values."""

    locks: dict[tuple[ChecksumAddress, AccountId], Sequence] = field(default_factory=dict)
    """Number of an account's last lock."""
    heard: dict[tuple[ChecksumAddress, ChecksumAddress], TokenUnits] = field(default_factory=dict)
    """What a recipient is to be paid in all, as the hub was heard to say."""
    paid: dict[tuple[ChecksumAddress, ChecksumAddress], TokenUnits] = field(default_factory=dict)
    """Or given back before, without the hub."""
    confirmed: set[tuple[bytes, str]] = field(default_factory=set)
    """Messages by id and transport that delivered it."""

    def unpaid(self) -> list[tuple[ChecksumAddress, ChecksumAddress]]:
        """Token and recipient of what was heard and is not paid."""
        return [key for key, asked in self.heard.items() if asked > self.paid.get(key, 0)]


def hub_ledger(facts: Iterable[Fact]) -> HubLedger:
    """Sum up the hub's events, in order."""
    ledger = HubLedger()
    for fact in facts:
        args = fact.args
        match fact.name:
            case "LockReported":
                key = RouteNumber(args["route"]), AccountId(args["account"])
                ledger.countable[key] = TokenUnits(args["locked"])
                sequence = Sequence(args["sequence"])
                if not args["isFinal"]:
                    ledger.fast[key] = sequence
                    continue
                ledger.reported[key] = sequence
                if sequence >= ledger.fast.get(key, sequence):
                    ledger.fast.pop(key, None)
            case "ReportsForgotten":
                key = RouteNumber(args["route"]), AccountId(args["account"])
                ledger.reported.pop(key, None)
                ledger.fast.pop(key, None)
            case "Credited" | "Reclaimed" | "ExitSettled":
                key = RouteNumber(args["route"]), AccountId(args["account"])
                ledger.credited[key] = TokenUnits(ledger.credited.get(key, 0) + args["amount"])
            case "Redeemed":
                ledger.redeemed[RouteNumber(args["route"]), args["recipient"]] = TokenUnits(args["total"])
            case "MessageConfirmed":
                ledger.confirmed.add((bytes(args["id"]), args["transport"]))
    return ledger


def spoke_ledger(facts: Iterable[Fact]) -> SpokeLedger:
    """Sum up a spoke's events, in order."""
    ledger = SpokeLedger()
    for fact in facts:
        args = fact.args
        match fact.name:
            case "Locked":
                ledger.locks[args["token"], AccountId(args["account"])] = Sequence(args["sequence"])
            case "RedemptionHeard" | "RedemptionCancelled":
                ledger.heard[args["token"], args["recipient"]] = TokenUnits(args["redeemed"])
            case "Paid" | "RedemptionSettled":
                key = args["token"], args["recipient"]
                ledger.paid[key] = TokenUnits(ledger.paid.get(key, 0) + args["amount"])
            case "MessageConfirmed":
                ledger.confirmed.add((bytes(args["id"]), args["transport"]))
    return ledger
