"""Settings of whom the keeper asks beside its nodes: who offers to close, hedges, prices, relays. Touches nothing."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from crossmargin.model.units import Ppm
from keepers.entries import Entries, amount
from keepers.units import Blocks, ClockSeconds, Part, Usd

__all__ = ["ClosingSettings", "HedgerSettings", "PricingSettings", "RelaySettings"]


class ClosingSettings(Entries):
    """Closing what the bidder has taken over against signed orders of others; without sources nothing is closed."""

    orders: list[str] = Field([], description="files and http(s) addresses of signed orders, read again and again")
    refresh_seconds: ClockSeconds = Field(ClockSeconds(2.0), ge=0, description="seconds until they are read again")
    max_slippage_ppm: Part = Field(Ppm(5_000), description="worst price, from index or mark [ppm]")
    max_fee_ppm: Part = Field(Ppm(1_000), description="highest fee of the exchange accepted [ppm of notional]")
    min_size: Usd = amount(10, "smaller fills are left alone [USD notional]")
    max_cost: Usd = amount(5, "most gas for one fill [USD]")
    max_fills: int = Field(4, ge=1, description="most fills per block")


class HedgerSettings(Entries):
    """A process of your own that hedges elsewhere what the bidder holds: JSON lines on stdin and stdout."""

    command: list[str] = Field([], description="program and arguments; empty for none")
    repeat_seconds: ClockSeconds = Field(
        ClockSeconds(5.0), gt=0, description="seconds until what it has not acknowledged is told again"
    )


class RelaySettings(Entries):
    """Sending as bundles to a relay, out of everybody's sight, instead of to the node's pool."""

    url: str = Field("", description="address that takes eth_sendBundle; empty sends to the node")
    identity: Path | None = Field(None, description="file with the key that signs requests, made at the first use")
    timeout: ClockSeconds = Field(ClockSeconds(2.0), gt=0, description="seconds until an answer counts as lost")
    ahead: Blocks = Field(Blocks(2), ge=1, le=10, description="next blocks that each bundle is offered for")
    patience: Blocks = Field(Blocks(5), ge=1, description="blocks until a bundle that is not mined counts as dropped")
    without: Literal["public", "wait"] = Field(
        "public", description="what is done when the relay is down or drops a bundle: send to the node, or wait"
    )


class PricingSettings(Entries):
    """A process of your own that says what auctions are worth to you: JSON lines on stdin and stdout."""

    command: list[str] = Field([], description="program and arguments; empty for none")
    time_limit: ClockSeconds = Field(ClockSeconds(0.5), gt=0, description="seconds it has for all auctions of a block")
    without: Literal["own", "nothing"] = Field(
        "own", description="what is done about an auction it says nothing of: bid as without it, or not at all"
    )
