"""The table that says when to start and when to bid. Amounts are given in USD and kept in wad; reads nothing."""

from pydantic import Field

from crossmargin.model.units import AssetIndex, FeedId, InstrumentId, Ppm, Seconds
from keepers.entries import Entries, amount
from keepers.units import Part, Usd

__all__ = ["StrategySettings"]


class StrategySettings(Entries):
    """When to start, and when and how much to bid."""

    native_price: Usd = amount(3000, "price of the chain's gas token [USD]")
    native_price_feed: FeedId | None = Field(
        None, ge=1, le=255, description="feed of that price, used when it is valid"
    )
    min_start_profit: Usd = amount(0, "least pay for a start after gas [USD]")
    start_for_bids: bool = Field(True, description="start also when the bid to follow would pay for it")
    min_profit: Usd = amount(5, "least profit of a bid after hedging and gas [USD]")
    min_margin_ppm: Part = Field(Ppm(2_000), description="least profit [ppm of requirement]")
    patience_ppm: Part = Field(
        Ppm(20_000), description="margin to wait for were there no competitor [ppm of requirement]"
    )
    uncertain_margin_ppm: Part = Field(
        Ppm(50_000), description="more margin while much is in doubt [ppm of requirement]"
    )
    competitors: int = Field(1, ge=0, description="expected rivals; the margin waited for is patience / (1 + rivals)")
    tip_share_ppm: Part = Field(
        Ppm(250_000), description="part of what is expected offered as a tip, times how often rivals were first [ppm]"
    )
    hedge_cost_ppm: Part = Field(Ppm(1_500), description="cost of closing what was taken [ppm of notional]")
    averaged_cost_ppm: Part = Field(
        Ppm(50_000), description="what contracts may pay less while their average is being made [ppm of notional]"
    )
    hedge_cost_by_underlying: dict[FeedId, Part] = Field({}, description="exceptions, by underlying id [ppm]")
    market_limit: Usd = amount(250_000, "largest position in an instrument [USD notional]")
    market_limits: dict[InstrumentId, Usd] = Field({}, description="exceptions, by instrument id [USD]")
    underlying_limit: Usd = amount(500_000, "largest exposure to an underlying, hedges off [USD notional]")
    underlying_limits: dict[FeedId, Usd] = Field({}, description="exceptions, by underlying id [USD]")
    inventory_skew_ppm: Part = Field(
        Ppm(1_000), description="less bid for more of the same, in full at the underlying's limit [ppm of notional]"
    )
    collateral_limit: Usd = amount(250_000, "largest holding of a collateral asset [USD]")
    collateral_limits: dict[AssetIndex, Usd] = Field({}, description="exceptions, by asset index [USD]")
    margin_reserve: Usd = amount(1_000, "initial-margin excess the bidder keeps [USD]")
    max_payment: Usd = amount(100_000, "most cash for one bid [USD]")
    min_fraction_ppm: Part = Field(Ppm(500_000), description="least fill accepted, as part of the fraction asked [ppm]")
    limit_slack_ppm: Part = Field(
        Ppm(20_000), description="how much worse the price may get until inclusion [ppm of requirement]"
    )
    deadline_seconds: Seconds = Field(Seconds(60), ge=1, description="a bid is void after so many seconds")
    max_actions: int = Field(250, ge=1, description="most actions per block")
    bundles: bool = Field(True, description="bid for single legs where that pays more than a slice of everything")
    end_restored: bool = Field(True, description="end auctions of restored accounts")
    poke: bool = Field(True, description="let stopped clocks go on and update phases")
    look_seconds: Seconds = Field(
        Seconds(600), ge=60, description="after so long poke what is insolvent, that a doubt finds little unseen"
    )
    upkeep_cost: Usd = amount(2, "most gas for one end or poke [USD]")
    end_expiries: bool = Field(True, description="observe the index for expiries that somebody holds, and finish them")
    expiry_cost: Usd = amount(50, "most gas for one observation or finish [USD]")
    refresh_arrays: bool = Field(True, description="refresh stale risk arrays of options that matter")
    refresh_at_ppm: Part = Field(Ppm(500_000), description="stale from this part of the venue's limits on [ppm]")
    refresh_cost: Usd = amount(2, "most gas for one risk array [USD]")
