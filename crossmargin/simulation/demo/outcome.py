"""What a run of the demo recorded, and nothing else: reports and pictures are made from it. Money is wad USD."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from crossmargin.simulation.stage.scenario import Source

__all__ = [
    "WAD",
    "AccountOutcome",
    "AuctionOutcome",
    "BidOutcome",
    "BlockSample",
    "Check",
    "DemoRun",
    "KeeperOutcome",
    "LossOutcome",
    "OptionSample",
    "SeriesOutcome",
    "save_run",
]

WAD: Final = 10**18


@dataclass(frozen=True)
class OptionSample:
    """An account that holds options, after a block."""

    required: int
    """Maintenance requirement."""
    equity: int
    """Mark value."""
    binding: str | None
    """The scenario that asks most of it; None where nothing is asked."""


@dataclass(frozen=True)
class BlockSample:
    """The venue after a block."""

    number: int
    time: int
    prices: Mapping[str, int]
    """[10^-8 USD]"""
    health: Mapping[str, int | None]
    """By account [wad]; None where nothing is required."""
    fund: int
    deficit: int
    volatility: Mapping[str, int] = field(default_factory=dict)
    """At the money as last posted, by slice [10^-8 a year]."""
    marks: Mapping[str, int] = field(default_factory=dict)
    """By instrument."""
    options: Mapping[str, OptionSample] = field(default_factory=dict)
    """By account that holds options."""
    multipliers: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Of initial and maintenance margin, by underlying [wad]; none where nothing was observed."""


@dataclass(frozen=True)
class BidOutcome:
    """A bid that was executed."""

    block: int
    time: int
    bidder: str
    fraction: int
    """Of what the account then had [wad]; 0 for a bundle."""
    payment: int
    """From the bidder; negative: to the bidder. For a bundle the fee that the bidder got, negative."""
    value: int
    """Mark value of the account before the bid."""
    bundle: bool = False

    @property
    def taken(self) -> int:
        """Mark value that the bidder received."""
        return self.value * self.fraction // WAD

    @property
    def profit(self) -> int:
        """Mark value received less what was paid."""
        return self.taken - self.payment


@dataclass(frozen=True)
class AuctionOutcome:
    """One auction."""

    account: str
    number: int
    started: int
    starter: str
    starter_pay: int
    insolvent: bool
    """At any time."""
    ended: int | None
    closed: bool
    bids: tuple[BidOutcome, ...]


@dataclass(frozen=True)
class LossOutcome:
    """How a loss beyond an account's equity was borne."""

    account: str
    time: int
    fund: int
    markets: int
    lenders: int
    deficit: int

    @property
    def total(self) -> int:
        """Loss beyond the account's equity."""
        return self.fund + self.markets + self.lenders + self.deficit


@dataclass(frozen=True)
class AccountOutcome:
    """A portfolio before and after."""

    name: str
    about: str
    book: str | None
    held: str
    equity_before: int
    """When it was opened, and what was added since."""
    equity_after: int
    hypothetical: int
    """Equity that the portfolio would have at the last prices, had nothing been liquidated."""
    health_low: int | None
    state: str
    opened: int = 0
    """Notional of its positions when they were opened."""


@dataclass(frozen=True)
class SeriesOutcome:
    """A series of options that was traded."""

    name: str
    kind: str
    expiry: int
    """[s since 1970]"""
    strike: int
    slice: str
    """Its volatility's name among those of a block."""


@dataclass(frozen=True)
class KeeperOutcome:
    """What a keeper did and took."""

    name: str
    starts: int
    bids: int
    reverted: int
    """Transactions that were mined and reverted."""
    received: int
    """Mark value taken over."""
    paid: int
    tips: int
    gas: int
    reported: Mapping[str, object] = field(default_factory=dict)
    """What its own `status` says."""

    @property
    def take(self) -> int:
        """Mark value received and pay for starts, less payments and gas."""
        return self.received - self.paid + self.tips - self.gas


@dataclass(frozen=True)
class Check:
    """Something that must hold at the end."""

    name: str
    passed: bool
    detail: str


@dataclass(frozen=True)
class DemoRun:
    """Everything a run recorded."""

    scenario: str
    title: str
    summary: str
    sources: tuple[Source, ...]
    notes: tuple[str, ...]
    """What was done to a user's own prices, and what was left out."""
    blocks: tuple[BlockSample, ...]
    accounts: tuple[AccountOutcome, ...]
    auctions: tuple[AuctionOutcome, ...]
    losses: tuple[LossOutcome, ...]
    keepers: tuple[KeeperOutcome, ...]
    series: tuple[SeriesOutcome, ...]
    checks: tuple[Check, ...]
    seconds: Mapping[str, float]
    """Wall time by part of the run."""

    @property
    def passed(self) -> bool:
        """Whether every check held."""
        return all(check.passed for check in self.checks)

    def bids_on(self, account: str) -> tuple[BidOutcome, ...]:
        """Every bid on an account, in order."""
        return tuple(bid for auction in self.auctions if auction.account == account for bid in auction.bids)

    def liquidated(self, account: str) -> int:
        """Part of the account that bidders took by slices, over all auctions [wad]."""
        left = WAD
        for bid in self.bids_on(account):
            left = left * (WAD - bid.fraction) // WAD
        return WAD - left

    def price_got(self, account: str) -> int | None:
        """Average price of what was sold at a price, as part of its mark value [wad]; None where nothing was."""
        solvent = [bid for bid in self.bids_on(account) if bid.taken > 0]
        value = sum(bid.taken for bid in solvent)
        return sum(bid.payment for bid in solvent) * WAD // value if value else None

    def given_up(self, account: str) -> int:
        """Discounts and pay for starts that came out of an account's own value: what liquidation cost it."""
        own = [auction for auction in self.auctions if auction.account == account]
        rewards = sum(bid.profit for bid in self.bids_on(account) if bid.taken > 0 or bid.bundle)
        return rewards + sum(auction.starter_pay for auction in own)

    def bidders(self, account: str) -> list[str]:
        """Who bid on an account, in order of first bid."""
        return list(dict.fromkeys(bid.bidder for bid in self.bids_on(account)))

    def bad_debt(self, account: str | None = None) -> int:
        """Losses beyond equity, of one account or of all."""
        return sum(loss.total for loss in self.losses if account in (None, loss.account))


def save_run(run: DemoRun, path: Path) -> None:
    """Write everything as JSON; integers stay exact, as Python and most tools read them."""
    record = asdict(run) | {"sources": [source.model_dump() for source in run.sources]}
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
