"""What a venue shows, for people: names and decimals, and the exact integers beside them as `exact`. Asks no node."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from crossmargin.chain.accounts import account_name
from crossmargin.chain.decimals import of_ppm, of_units, of_wad
from crossmargin.client import views
from crossmargin.client.exact import Read, Shown, named, of
from crossmargin.client.names import Names
from crossmargin.model.instruments import decode, strike_of
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import MAX_UINT256, AssetIndex, InstrumentId, Seconds, Wad

__all__ = [
    "Asset",
    "Auction",
    "Balance",
    "Margin",
    "Market",
    "Portfolio",
    "Position",
    "health_of",
    "moment",
]


def health_of(factor: Wad) -> Decimal | None:
    """Give a health factor; None where nothing is required."""
    return None if factor == MAX_UINT256 else of_wad(factor)


def moment(time: Seconds | None) -> datetime | None:
    """Give a time [UTC]; None where there is none."""
    return datetime.fromtimestamp(time, UTC) if time else None


def _asset(names: Names, index: AssetIndex) -> str:
    return names.asset_at(index).symbol


def _amount(exact: views.Spot, names: Names) -> Decimal:
    return of_units(exact.amount, names.asset_at(exact.asset_index).decimals)


def _token(names: Names, address: str) -> str:
    return next((each.symbol for each in names.assets if each.token == address), address)


def _each(kind: Any) -> Any:  # noqa: ANN401 (one of the records below)
    return lambda names, found: tuple(kind.of(each, names) for each in found)


@dataclass(frozen=True, slots=True)
class Margin(Shown[views.Margin]):
    """Margin in one set [USD]."""

    excess: Annotated[Decimal, of("excess", of_wad)]
    """Assets minus requirement."""
    paid_excess: Annotated[Decimal, of("paid_excess", of_wad)]
    """The same without unpaid profit: what may leave, at most."""
    requirement: Annotated[Decimal, of("requirement", of_wad)]
    equity: Annotated[Decimal, of("equity", of_wad)]
    prices_valid: Annotated[bool, of("prices_valid", bool)]


@dataclass(frozen=True, slots=True)
class Balance(Shown[views.Spot]):
    """Collateral: amount in whole tokens, value at mid [USD]."""

    asset: Annotated[str, named("asset_index", _asset)]
    amount: Annotated[Decimal, Read(_amount)]
    value: Annotated[Decimal, of("value", of_wad)]


@dataclass(frozen=True, slots=True)
class Position(Shown[views.Leg]):
    """A leg: contracts, positive long; what they won so far and what closed ones are owed and owe [USD]."""

    instrument: Annotated[str, named("instrument", Names.instrument)]
    size: Annotated[Decimal, of("size", of_wad)]
    value: Annotated[Decimal, of("value", of_wad)]
    """Profit at mid, claims and debts included."""
    claims: Annotated[Decimal, of("claims", of_wad)]
    debts: Annotated[Decimal, of("debts", of_wad)]


@dataclass(frozen=True, slots=True)
class Portfolio(Shown[views.AccountView]):
    """Everything about an account."""

    account: Annotated[str, of("account", account_name)]
    """Its owner, and `/n` behind for any but the first."""
    health: Annotated[Decimal | None, of("health_factor", health_of)]
    """Below 1 it is sold; None where nothing is required."""
    initial: Annotated[Margin, of("initial", Margin.of)]
    maintenance: Annotated[Margin, of("maintenance", Margin.of)]
    cash: Annotated[Decimal, of("cash", of_wad)]
    """Negative: a loan [USD]."""
    balances: Annotated[tuple[Balance, ...], named("spot", _each(Balance))]
    positions: Annotated[tuple[Position, ...], named("legs", _each(Position))]
    in_auction: Annotated[bool, of("in_auction", bool)]


def _expiry(instrument: InstrumentId) -> datetime | None:
    return moment(decode(instrument).expiry)


def _strike(instrument: InstrumentId) -> Decimal | None:
    terms = decode(instrument)
    return of_wad(strike_of(terms.strike)) if terms.kind.is_option else None


@dataclass(frozen=True, slots=True)
class Market(Shown[views.MarketView]):
    """An instrument: prices [USD], open interest and its cap [contracts a side], funding [part of the index a day]."""

    name: Annotated[str, named("instrument", Names.instrument)]
    kind: Annotated[str, of("instrument", lambda instrument: decode(instrument).kind.name.lower())]
    underlying: Annotated[
        str, named("instrument", lambda names, instrument: names.underlying(decode(instrument).underlying))
    ]
    index: Annotated[Decimal, of("index", lambda price: of_wad(price.mid))]
    mark: Annotated[Decimal, of("mark", of_wad)]
    status: Annotated[PriceStatus, of("mark_status", PriceStatus)]
    """Of the mark."""
    funding: Annotated[Decimal, of("funding_rate", of_ppm)]
    open_interest: Annotated[Decimal, of("open_interest", of_wad)]
    cap: Annotated[Decimal, of("open_interest_cap", of_wad)]
    pool: Annotated[Decimal, of("pool", of_wad)]
    shortfall: Annotated[Decimal, of("shortfall", of_wad)]
    expiry: Annotated[datetime | None, of("instrument", _expiry)]
    strike: Annotated[Decimal | None, of("instrument", _strike)]


@dataclass(frozen=True, slots=True)
class Asset(Shown[views.AssetView]):
    """A collateral asset: its price [USD], what the vault holds and takes at most [whole tokens]."""

    name: Annotated[str, named("token", _token)]
    underlying: Annotated[str, named("underlying", Names.underlying)]
    price: Annotated[Decimal, of("price", lambda price: of_wad(price.mid))]
    status: Annotated[PriceStatus, of("price", lambda price: price.status)]
    total: Annotated[Decimal, Read(lambda exact, _: of_units(exact.total, exact.decimals))]
    cap: Annotated[Decimal, Read(lambda exact, _: of_units(exact.cap, exact.decimals))]


@dataclass(frozen=True, slots=True)
class Auction(Shown[views.AuctionView]):
    """A live auction: what all of the account costs now, negative where the bidder is paid, and is worth [USD]."""

    account: Annotated[str, of("account", account_name)]
    insolvent: Annotated[bool, of("insolvent", bool)]
    price: Annotated[Decimal, of("price", of_wad)]
    value: Annotated[Decimal, of("value", of_wad)]
    max_fraction: Annotated[Decimal, of("max_fraction", of_wad)]
