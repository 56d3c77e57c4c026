"""The table of the configuration that switches chores on. Amounts are given in USD and kept in wad; reads nothing."""

from pydantic import Field

from crossmargin.model.freshness import DEVIATION
from crossmargin.model.units import Ppm
from keepers.entries import Entries, amount
from keepers.units import Part, Usd

__all__ = ["ChoreSettings"]


class ChoreSettings(Entries):
    """What anybody may do for the venue, and nobody is paid for: each is switched on by itself."""

    push_feeds: bool = Field(False, description="refresh feeds whose sources say something newer that matters")
    deviation_ppm: Part = Field(DEVIATION, description="move of a price that matters [ppm]")
    near_deviation_ppm: Part = Field(
        Ppm(100), description="the same, of a feed that somebody near liquidation depends on [ppm]"
    )
    push_cost: Usd = amount(1, "most gas for one feed [USD]")
    renew_arrays: bool = Field(False, description="refresh the risk arrays of all options held, at refresh_at_ppm")
    observe_volatility: bool = Field(False, description="observe prices for the forecaster, and poke the steward")
    volatility_cost: Usd = amount(1, "most gas for one underlying, each five minutes [USD]")
    settle: bool = Field(False, description="settle everybody's positions of expiries that are over, losers first")
    settle_cost: Usd = amount(1, "most gas for one position [USD]")
    redeem_receipts: bool = Field(
        False, description="take receipts for tokens on other chains out, to be paid there to the account's owner"
    )
    redeem_least: Usd = amount(100, "least worth of receipts that are taken out [USD]")
    redeem_cost: Usd = amount(5, "most gas for it [USD]")
    watch_fund: bool = Field(False, description="look at the insurance fund")
    fund_least: Usd = amount(10_000, "what the fund has to have [USD]")
