"""What to do about a refusal, by the name of its error. Touches nothing."""

from typing import Final

__all__ = ["CHANGE_REMEDIES", "REMEDIES"]

REMEDIES: Final = {
    "OrderExpired": "make the order anew: it is valid for `ttl` seconds",
    "OrderVoid": "make another order: this one was cancelled for good",
    "OverFill": "fill less: `remaining` is what is left of the order",
    "NonceTooLow": "make the order anew: all below `minimum` were cancelled",
    "BadSignature": "let `signer` sign the order as it is now, for this chain and this exchange",
    "EpochOver": "let the operator make and sign the order anew: its owner has named it again since",
    "NotAuthorised": "let the account's owner call `set_operator` with the permission that is missing",
    "PriceNotCrossed": "name a limit that the maker's price meets",
    "PriceOutsideBand": "quote inside of the band around the mark",
    "FeeAboveCap": "accept more with `max_fee`",
    "PricesNotValid": "`refresh` the feeds and `refresh_stale` the arrays of the account, then again; where something "
    "it holds expires within half an hour, wait for its settlement",
    "PriceNotValid": "the index, or an option's volatility, is not Valid: `refresh` the feed, or wait for a post",
    "BelowInitialMargin": "deposit or trade less: `excess` is what is missing",
    "MarginExcessFell": "a reduce-only order of an unsound account must not make it worse",
    "NoEquity": "the account is worth nothing: deposit first, or leave it to the auction",
    "ReductionTooDear": "below maintenance margin, reduce nearer to the mark",
    "InAuction": "deposit or repay until the account is healthy, then end its auction",
    "RiskIncreasePaused": "only reduce until `until`",
    "InsufficientBalance": "the account has `available`: withdraw at most that",
    "InsufficientLiquidity": "lenders' cash is lent out: take `available` now, the rest when loans are repaid",
    "OutflowLimitExceeded": "take `available` now, the rest later: the limit refills",
    "CapExceeded": "deposit less: the vault accepts `cap`",
    "OpenInterestCapExceeded": "trade less: the market's cap is reached",
    "StepTooLarge": "post a part of the move, and the rest later",
    "ForwardStepTooLarge": "post a part of the move, and the rest later",
    "TooSoon": "post again at `earliest`",
    "ButterflyArbitrage": "the slice gives money away at log-moneyness `k`: fit it anew",
    "CalendarArbitrage": "the slice gives money away at log-moneyness `k`: fit it anew",
    "SurfaceUncertain": "the guardian distrusts the surface: nothing is posted before",
    "SettlementTooEarly": "start or finish at `earliest`",
    "SettlementWindowPassed": "nobody finished in time: start again",
    "ERC20InsufficientAllowance": "`approve` the vault for the amount, or `deposit_with_permit`",
    "ERC20InsufficientBalance": "deposit less: the wallet has `balance`",
}
"""For whoever trades, posts or settles; docs/client.md shows the same sentences."""

CHANGE_REMEDIES: Final = {
    "AccessManagerUnauthorizedCall": "only the governor schedules: send from its account, or --export for a multisig",
    "AccessManagerUnauthorizedAccount": "send from the account that has the role",
    "AccessManagerAlreadyScheduled": "wait for its time, or have it cancelled first",
    "AccessManagerNotReady": "wait until its time has come",
    "AccessManagerNotScheduled": "schedule it first",
    "AccessManagerExpired": "schedule it again: a week after its time an operation expires",
    "QuoteNotUsd": "name an aggregator whose description ends in USD",
    "SourceDecimalsMismatch": "set `decimals` of the source to what the aggregator answers in",
    "DecimalsMismatch": "set `decimals` of the token to its own",
    "SourceUnusable": "the source gives no price: look at its address, decimals and gas_limit",
    "NoPrice": "wait for the source's first price, or name another source",
    "RateUnavailable": "name the token and the function that tell the ratio",
    "PriceOutOfBand": "set minimum and maximum around the price",
    "SourcesDisagree": "wait until the sources agree within deviation_limit, or widen it",
    "SequencerFeedUnusable": "name the chain's own uptime feed",
    "PriceNotValid": "post or update what it needs: the index, and for an option a slice not older than max_age",
    "NoSlice": "let the poster post a slice for this expiry first",
    "UnknownUnderlying": "let the risk parameters with this underlying be executed first",
    "UnknownFeed": "let the feed be executed first",
    "UnknownInstrument": "let the listing be executed first",
    "InstrumentExpired": "name a later expiry in a new entry",
    "TenorTooLong": "raise max_tenor of the underlying, or name an earlier expiry",
    "TooSoon": "wait for min_interval of [options], then again",
    "ExposureUnitChanged": "leave exposure_unit as it was: a unit never changes",
    "LastAuction": "give another module the auction's role first",
    "DelayTooShort": "raise governance.delay to minimum_delay at least",
    "LastGuardian": "grant the new guardian the role first",
}
"""For whoever deploys or governs a venue: there an error has another cause, and another hand puts it right."""
