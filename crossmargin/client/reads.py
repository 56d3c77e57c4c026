"""The venue's views as plans: what is asked, and what the answers come to. They ask no node themselves."""

from collections.abc import Sequence

from crossmargin.client import shown
from crossmargin.client.names import Names
from crossmargin.client.plans import Plan, Question
from crossmargin.client.views import AccountView, AssetView, Margin, MarketView
from crossmargin.model.units import AccountId, Wad

__all__ = ["accounts", "asset_list", "assets", "health", "margin", "market_list", "markets", "portfolios"]


def health(account: AccountId) -> Plan[Wad]:
    """Ask for a health factor."""
    (factor,) = yield [Question("RiskEngine", "health", (account,))]
    return Wad(factor)


def margin(account: AccountId) -> Plan[tuple[Margin, Margin]]:
    """Ask for initial and maintenance margin."""
    ((initial, maintenance),) = yield [Question("RiskEngine", "margin", (account,))]
    return Margin.decode(initial), Margin.decode(maintenance)


def accounts(ids: Sequence[AccountId]) -> Plan[list[AccountView]]:
    """Ask for accounts whole."""
    (found,) = yield [Question("MarginLens", "accountViews", (list(ids),))]
    return [AccountView.decode(each) for each in found]


def markets() -> Plan[list[MarketView]]:
    """Ask for every instrument."""
    (found,) = yield [Question("MarginLens", "markets")]
    return [MarketView.decode(each) for each in found]


def assets() -> Plan[list[AssetView]]:
    """Ask for every collateral asset."""
    ((configs, prices),) = yield [Question("MarginLens", "assets")]
    return [AssetView.decode(config, price) for config, price in zip(configs, prices, strict=True)]


def portfolios(ids: Sequence[AccountId], names: Names) -> Plan[list[shown.Portfolio]]:
    """Ask for accounts, for people."""
    found = yield from accounts(ids)
    return [shown.Portfolio.of(each, names) for each in found]


def market_list(names: Names) -> Plan[dict[str, shown.Market]]:
    """Ask for every instrument, for people."""
    found = yield from markets()
    return {each.name: each for each in (shown.Market.of(view, names) for view in found)}


def asset_list(names: Names) -> Plan[dict[str, shown.Asset]]:
    """Ask for every collateral asset, for people."""
    found = yield from assets()
    return {each.name: each for each in (shown.Asset.of(view, names) for view in found)}
