"""What a venue shows: frozen records of what the lens answers; numbers in the unit of their type."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from crossmargin.model.breakdown import Doubt
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import (
    MAX_UINT256,
    WAD,
    AccountId,
    AssetIndex,
    AuctionId,
    FeedId,
    InstrumentId,
    Ppm,
    Seconds,
    StateNonce,
    TokenUnits,
    Wad,
)

__all__ = ["AccountView", "AssetView", "AuctionView", "Leg", "Margin", "MarketView", "Price", "Spot"]


@dataclass(frozen=True, slots=True)
class Price:
    """A price with its edges [wad USD]."""

    mid: Wad
    low: Wad
    high: Wad
    time: Seconds
    status: PriceStatus

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        """Read the contract's struct."""
        mid, low, high, time, status = raw
        return cls(Wad(mid), Wad(low), Wad(high), Seconds(time), PriceStatus(status))


@dataclass(frozen=True, slots=True)
class Margin:
    """Margin in one set [wad USD]."""

    excess: Wad
    """Assets minus requirement; the health factor is at least 1 where the maintenance excess is not negative."""
    paid_excess: Wad
    """The same without unpaid profit; in the initial set what may leave as cash, or back a loan, at most."""
    numerator: Wad
    denominator: Wad
    requirement: Wad
    unhedged_haircut: Wad
    equity: Wad
    prices_valid: bool
    doubt: Doubt
    free: bool
    """Neither debt nor open contracts."""

    @property
    def health_factor(self) -> Wad:
        """Give what is there over what is owed and required, down [wad]; 2^256 - 1 where that is nothing."""
        return Wad(self.numerator * WAD // self.denominator if self.denominator else MAX_UINT256)

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        """Read the contract's struct."""
        *numbers, prices_valid, doubt, free = raw
        excess, paid_excess, numerator, denominator, requirement, unhedged_haircut, equity = numbers
        return cls(
            excess=Wad(excess),
            paid_excess=Wad(paid_excess),
            numerator=Wad(numerator),
            denominator=Wad(denominator),
            requirement=Wad(requirement),
            unhedged_haircut=Wad(unhedged_haircut),
            equity=Wad(equity),
            prices_valid=prices_valid,
            doubt=Doubt(doubt),
            free=free,
        )


@dataclass(frozen=True, slots=True)
class Spot:
    """Collateral: amount [token units], value at mid [wad USD]."""

    asset_index: AssetIndex
    amount: TokenUnits
    value: Wad

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        """Read the contract's struct."""
        asset_index, amount, value = raw
        return cls(AssetIndex(asset_index), TokenUnits(amount), Wad(value))


@dataclass(frozen=True, slots=True)
class Leg:
    """A leg: open contracts with their basis [wad base, wad USD], and what closed ones left to be paid [wad USD]."""

    instrument: InstrumentId
    size: Wad
    basis: Wad
    value: Wad
    """Profit at mid, claims and debts included."""
    claims: Wad
    """Owed for closed contracts: paid once their losers have paid."""
    debts: Wad
    """Owed by closed contracts."""

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        """Read the contract's struct."""
        instrument, *amounts = raw
        return cls(InstrumentId(instrument), *map(Wad, amounts))


@dataclass(frozen=True, slots=True)
class AccountView:
    """Everything about an account."""

    account: AccountId
    health_factor: Wad
    """[wad]; 2^256 - 1 where nothing is required."""
    initial: Margin
    maintenance: Margin
    cash: Wad
    """Signed [wad USD]."""
    spot: tuple[Spot, ...]
    legs: tuple[Leg, ...]
    in_auction: bool
    state_nonce: StateNonce

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        """Read the contract's struct."""
        account, health_factor, initial, maintenance, cash, spot, legs, in_auction, state_nonce = raw
        return cls(
            account=AccountId(account),
            health_factor=Wad(health_factor),
            initial=Margin.decode(initial),
            maintenance=Margin.decode(maintenance),
            cash=Wad(cash),
            spot=tuple(Spot.decode(each) for each in spot),
            legs=tuple(Leg.decode(each) for each in legs),
            in_auction=in_auction,
            state_nonce=StateNonce(state_nonce),
        )


@dataclass(frozen=True, slots=True)
class MarketView:
    """Everything about an instrument."""

    instrument: InstrumentId
    index: Price
    funding_index: Wad
    """Now [wad USD per base]."""
    funding_rate: Ppm
    """Now [ppm of the index a day]."""
    premium: Wad
    """What funding is still to pay of the index [wad]."""
    open_interest: Wad
    """[wad base]."""
    flags: int
    pool: Wad
    """Collected from losers and not yet paid to winners [wad USD]."""
    shortfall: Wad
    """Values and claims that nothing collected backs [wad USD]."""
    mark: Wad
    """The index, or the mark of an option [wad USD]."""
    mark_status: PriceStatus
    open_interest_cap: Wad
    funding_depth: Wad
    """Open interest that fills are weighed against at least in the premium [wad USD]."""
    max_funding_rate: Ppm

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        """Read the contract's struct."""
        instrument, index, *state, mark_status, config = raw
        funding_index, funding_rate, premium, open_interest, flags, pool, shortfall, mark = state
        open_interest_cap, funding_depth, max_funding_rate = config
        return cls(
            instrument=InstrumentId(instrument),
            index=Price.decode(index),
            funding_index=Wad(funding_index),
            funding_rate=Ppm(funding_rate),
            premium=Wad(premium),
            open_interest=Wad(open_interest),
            flags=flags,
            pool=Wad(pool),
            shortfall=Wad(shortfall),
            mark=Wad(mark),
            mark_status=PriceStatus(mark_status),
            open_interest_cap=Wad(open_interest_cap),
            funding_depth=Wad(funding_depth),
            max_funding_rate=Ppm(max_funding_rate),
        )


@dataclass(frozen=True, slots=True)
class AssetView:
    """A collateral asset and its price; cap and total [token units]."""

    token: str
    decimals: int
    feed_id: FeedId
    underlying: FeedId
    closed_until: Seconds
    """No deposits until then; `CLOSED` where governance has closed them [s]."""
    cap: TokenUnits
    total: TokenUnits
    price: Price

    @classmethod
    def decode(cls, config: Sequence[Any], price: Sequence[Any]) -> Self:
        """Read the contract's two structs."""
        token, decimals, feed_id, underlying, closed_until, cap, total = config
        return cls(
            token=token,
            decimals=decimals,
            feed_id=FeedId(feed_id),
            underlying=FeedId(underlying),
            closed_until=Seconds(closed_until),
            cap=TokenUnits(cap),
            total=TokenUnits(total),
            price=Price.decode(price),
        )


@dataclass(frozen=True, slots=True)
class AuctionView:
    """A live auction and its quote."""

    account: AccountId
    id: AuctionId
    """Counts up from 1; 0 = no auction."""
    seen_at: Seconds
    """When the last action on it was."""
    insolvent: bool
    price: Wad
    """Of the whole account now; negative: paid to the bidder [wad USD]."""
    max_fraction: Wad
    """Largest useful part [wad]."""
    value: Wad
    """Mark value without reserved cash [wad USD]."""
