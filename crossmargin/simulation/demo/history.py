"""What happened, read from the chain's events alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from eth_utils.address import to_checksum_address

from crossmargin.model.units import AccountId
from crossmargin.simulation.demo.outcome import AuctionOutcome, BidOutcome, BlockSample, LossOutcome
from crossmargin.simulation.stage.venue import Venue

__all__ = ["Bill", "Event", "History", "gas_bills"]


@dataclass(frozen=True)
class Event:
    """An event, with its place in the chain."""

    name: str
    block: int
    index: int
    arguments: Mapping[str, Any]


class History:
    """Every event of the venue, fetched once per kind."""

    def __init__(self, venue: Venue, names: Mapping[AccountId, str]) -> None:
        """Call accounts by these names."""
        self._venue = venue
        self._names = names
        self._events: dict[tuple[str, str], list[Event]] = {}
        self._times: dict[int, int] = {}

    def of(self, contract: str, *names: str) -> list[Event]:
        """All events of these names from a contract, in order."""
        found = [event for name in names for event in self._of_one(contract, name)]
        return sorted(found, key=lambda event: (event.block, event.index))

    def _of_one(self, contract: str, name: str) -> list[Event]:
        key = (contract, name)
        if key not in self._events:
            logs = self._venue.contract(contract).events[name]().get_logs(from_block=0)
            self._events[key] = [Event(name, log["blockNumber"], log["logIndex"], log["args"]) for log in logs]
        return self._events[key]

    def name(self, account: AccountId) -> str:
        """Name of an account; its owner's address and number where it has none."""
        owner, sub = divmod(account, 2**96)
        return self._names.get(account, f"{to_checksum_address(f'{owner:#042x}')}/{sub}")

    def time(self, block: int) -> int:
        """Time of a block [s]."""
        if block not in self._times:
            self._times[block] = self._venue.chain.web3.eth.get_block(block)["timestamp"]
        return self._times[block]

    @cached_property
    def accounts(self) -> list[AccountId]:
        """Every account that ever had cash, collateral or a position."""
        vault, clearinghouse = "MarginVault", "Clearinghouse"
        found = {event.arguments["account"] for event in self.of(vault, "CashChanged", "Deposited")}
        found |= {event.arguments["account"] for event in self.of(clearinghouse, "PositionChanged")}
        found |= {event.arguments["to"] for event in self.of(vault, "CollateralMoved")}
        return sorted(found)

    def auctions(self) -> tuple[AuctionOutcome, ...]:
        """Every auction with its bids."""
        kinds = ("AuctionStarted", "Bid", "BundleBid", "PhaseChanged", "AuctionEnded")
        grouped: dict[int, list[Event]] = {}
        for event in self.of("LiquidationAuction", *kinds):
            grouped.setdefault(event.arguments["id"], []).append(event)
        return tuple(self._auction(events) for events in grouped.values())

    def _auction(self, events: list[Event]) -> AuctionOutcome:
        begin = events[0].arguments
        ends = [event for event in events if event.name == "AuctionEnded"]
        phases = [event.arguments["insolvent"] for event in events if event.name in ("AuctionStarted", "PhaseChanged")]
        return AuctionOutcome(
            account=self.name(begin["account"]),
            number=begin["id"],
            started=self.time(events[0].block),
            starter=self.name(begin["starter"]),
            starter_pay=begin["starterPay"],
            insolvent=any(phases),
            ended=self.time(ends[0].block) if ends else None,
            closed=any(event.arguments["closed"] for event in ends),
            bids=tuple(self._bid(event) for event in events if event.name in ("Bid", "BundleBid")),
        )

    def _bid(self, event: Event) -> BidOutcome:
        bundle = event.name == "BundleBid"
        arguments = event.arguments
        return BidOutcome(
            block=event.block,
            time=self.time(event.block),
            bidder=self.name(arguments["bidder"]),
            fraction=0 if bundle else arguments["fraction"],
            payment=-arguments["giveUp"] if bundle else arguments["payment"],
            value=0 if bundle else arguments["value"],
            bundle=bundle,
        )

    def losses(self) -> tuple[LossOutcome, ...]:
        """Every loss beyond an account's equity."""
        return tuple(
            LossOutcome(
                account=self.name(event.arguments["account"]),
                time=self.time(event.block),
                fund=event.arguments["fund"],
                markets=event.arguments["markets"],
                lenders=event.arguments["lenders"],
                deficit=event.arguments["deficit"],
            )
            for event in self.of("LiquidationAuction", "LossAllocated")
        )

    def sum(self, contract: str, name: str, argument: str) -> int:
        """Add up an argument over all events of a name."""
        return sum(event.arguments[argument] for event in self._of_one(contract, name))


@dataclass
class Bill:
    """What someone spent on gas [wei], and how many transactions were mined and failed."""

    wei: int = 0
    failed: int = 0


def gas_bills(venue: Venue, senders: Sequence[str], samples: Sequence[BlockSample]) -> dict[str, Bill]:
    """Add up what each sender spent in the blocks that were played."""
    bills = {sender: Bill() for sender in senders}
    if not samples:
        return bills
    for number in range(samples[0].number, samples[-1].number + 1):
        for receipt in venue.chain.rpc("eth_getBlockReceipts", hex(number)):
            bill = bills.get(to_checksum_address(receipt["from"]))
            if bill is not None:
                bill.wei += int(receipt["gasUsed"], 16) * int(receipt["effectiveGasPrice"], 16)
                bill.failed += int(receipt["status"], 16) != 1
    return bills
