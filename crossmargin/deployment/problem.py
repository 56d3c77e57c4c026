"""What stands in the way of a deployment or a change: where, what was found, what to do about it."""

from dataclasses import dataclass
from typing import Final

from crossmargin.errors import ContractRevert

__all__ = ["Problem", "remedy"]

_REMEDIES: Final = {
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
"""By the contract's error."""


@dataclass(frozen=True)
class Problem:
    """One thing that stands in the way."""

    place: str
    found: str
    remedy: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.place}: {self.found}: {self.remedy}"


def remedy(error: Exception) -> str:
    """Say what to do about a refusal."""
    known = _REMEDIES.get(error.name) if isinstance(error, ContractRevert) else None
    return known or "change what it names in the configuration"
