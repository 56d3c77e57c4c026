"""What a venue shows, for people: names and decimals, and the exact integers beside them as `exact`. Asks no node."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Self

from crossmargin.chain.accounts import account_name
from crossmargin.chain.decimals import of_ppm, of_units, of_wad
from crossmargin.client import views
from crossmargin.client.names import Names
from crossmargin.client.option_views import ScenarioView
from crossmargin.model.instruments import decode, strike_of
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import MAX_UINT256, Seconds, Wad

__all__ = [
    "Asset",
    "Auction",
    "Balance",
    "Margin",
    "Market",
    "Portfolio",
    "Position",
    "Requirement",
    "health_of",
    "moment",
]


def health_of(factor: Wad) -> Decimal | None:
    """Give a health factor; None where nothing is required."""
    return None if factor == MAX_UINT256 else of_wad(factor)


def moment(time: Seconds | None) -> datetime | None:
    """Give a time [UTC]; None where there is none."""
    return datetime.fromtimestamp(time, UTC) if time else None


@dataclass(frozen=True, slots=True)
class Margin:
    """Margin in one set [USD]."""

    excess: Decimal
    """Assets minus requirement."""
    paid_excess: Decimal
    """The same without unpaid profit: what may leave, at most."""
    requirement: Decimal
    equity: Decimal
    prices_valid: bool
    exact: views.Margin

    @classmethod
    def of(cls, exact: views.Margin) -> Self:
        """Show a margin."""
        return cls(
            of_wad(exact.excess),
            of_wad(exact.paid_excess),
            of_wad(exact.requirement),
            of_wad(exact.equity),
            exact.prices_valid,
            exact,
        )


@dataclass(frozen=True, slots=True)
class Balance:
    """Collateral: amount in whole tokens, value at mid [USD]."""

    asset: str
    amount: Decimal
    value: Decimal
    exact: views.Spot

    @classmethod
    def of(cls, exact: views.Spot, names: Names) -> Self:
        """Show a balance."""
        asset = names.asset_at(exact.asset_index)
        return cls(asset.symbol, of_units(exact.amount, asset.decimals), of_wad(exact.value), exact)


@dataclass(frozen=True, slots=True)
class Position:
    """A leg: contracts, positive long; what they won so far and what closed ones are owed and owe [USD]."""

    instrument: str
    size: Decimal
    value: Decimal
    """Profit at mid, claims and debts included."""
    claims: Decimal
    debts: Decimal
    exact: views.Leg

    @classmethod
    def of(cls, exact: views.Leg, names: Names) -> Self:
        """Show a leg."""
        return cls(
            instrument=names.instrument(exact.instrument),
            size=of_wad(exact.size),
            value=of_wad(exact.value),
            claims=of_wad(exact.claims),
            debts=of_wad(exact.debts),
            exact=exact,
        )


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Everything about an account."""

    account: str
    """Its owner, and `/n` behind for any but the first."""
    health: Decimal | None
    """Below 1 it is sold; None where nothing is required."""
    initial: Margin
    maintenance: Margin
    cash: Decimal
    """Negative: a loan [USD]."""
    balances: tuple[Balance, ...]
    positions: tuple[Position, ...]
    in_auction: bool
    exact: views.AccountView

    @classmethod
    def of(cls, exact: views.AccountView, names: Names) -> Self:
        """Show an account."""
        return cls(
            account=account_name(exact.account),
            health=health_of(exact.health_factor),
            initial=Margin.of(exact.initial),
            maintenance=Margin.of(exact.maintenance),
            cash=of_wad(exact.cash),
            balances=tuple(Balance.of(each, names) for each in exact.spot),
            positions=tuple(Position.of(each, names) for each in exact.legs),
            in_auction=exact.in_auction,
            exact=exact,
        )


@dataclass(frozen=True, slots=True)
class Market:
    """An instrument: prices [USD], open interest and its cap [contracts a side], funding [part of the index a day]."""

    name: str
    kind: str
    underlying: str
    index: Decimal
    mark: Decimal
    status: PriceStatus
    """Of the mark."""
    funding: Decimal
    open_interest: Decimal
    cap: Decimal
    pool: Decimal
    shortfall: Decimal
    expiry: datetime | None
    strike: Decimal | None
    exact: views.MarketView

    @classmethod
    def of(cls, exact: views.MarketView, names: Names) -> Self:
        """Show an instrument."""
        terms = decode(exact.instrument)
        return cls(
            name=names.instrument(exact.instrument),
            kind=terms.kind.name.lower(),
            underlying=names.underlying(terms.underlying),
            index=of_wad(exact.index.mid),
            mark=of_wad(exact.mark),
            status=exact.mark_status,
            funding=of_ppm(exact.funding_rate),
            open_interest=of_wad(exact.open_interest),
            cap=of_wad(exact.open_interest_cap),
            pool=of_wad(exact.pool),
            shortfall=of_wad(exact.shortfall),
            expiry=moment(terms.expiry),
            strike=of_wad(strike_of(terms.strike)) if terms.kind.is_option else None,
            exact=exact,
        )


@dataclass(frozen=True, slots=True)
class Asset:
    """A collateral asset: its price [USD], what the vault holds and takes at most [whole tokens]."""

    name: str
    underlying: str
    price: Decimal
    status: PriceStatus
    total: Decimal
    cap: Decimal
    exact: views.AssetView

    @classmethod
    def of(cls, exact: views.AssetView, names: Names) -> Self:
        """Show an asset."""
        name = next((each.symbol for each in names.assets if each.token == exact.token), exact.token)
        return cls(
            name=name,
            underlying=names.underlying(exact.underlying),
            price=of_wad(exact.price.mid),
            status=exact.price.status,
            total=of_units(exact.total, exact.decimals),
            cap=of_units(exact.cap, exact.decimals),
            exact=exact,
        )


@dataclass(frozen=True, slots=True)
class Auction:
    """A live auction: what all of the account costs now, negative where the bidder is paid, and is worth [USD]."""

    account: str
    insolvent: bool
    price: Decimal
    value: Decimal
    max_fraction: Decimal
    exact: views.AuctionView

    @classmethod
    def of(cls, exact: views.AuctionView) -> Self:
        """Show an auction."""
        return cls(
            account=account_name(exact.account),
            insolvent=exact.insolvent,
            price=of_wad(exact.price),
            value=of_wad(exact.value),
            max_fraction=of_wad(exact.max_fraction),
            exact=exact,
        )


@dataclass(frozen=True, slots=True)
class Requirement:
    """Where the scenario requirement of one underlying comes from [USD]."""

    underlying: str
    profits: Mapping[str, Decimal]
    """By scenario; a loss is negative."""
    binding: str | None
    requirement: Decimal
    add_ons: Decimal
    exact: ScenarioView

    @classmethod
    def of(cls, exact: ScenarioView, names: Names) -> Self:
        """Show an underlying's scenarios."""
        return cls(
            underlying=names.underlying(exact.underlying),
            profits={name: of_wad(profit) for name, profit in exact.profits.items()},
            binding=exact.binding,
            requirement=of_wad(exact.requirement),
            add_ons=of_wad(exact.add_ons),
            exact=exact,
        )
