"""A network's configuration fitted to a scenario: first prices, first volatility, the options that it trades.

Whatever the venue would refuse is refused here, before anything starts.
"""

from datetime import datetime
from decimal import Decimal
from typing import Final

from crossmargin.chain.times import day_text, minute_text
from crossmargin.deployment import NetworkConfig
from crossmargin.deployment.feeds import FeedSettings
from crossmargin.deployment.fields import Expiry
from crossmargin.deployment.instruments import InstrumentSettings, SliceSettings
from crossmargin.errors import ScenarioError
from crossmargin.simulation.demo.horizon import LEAD, outlives
from crossmargin.simulation.stage.prices import PRICE_DECIMALS, PriceSeries
from crossmargin.simulation.stage.scenario import AccountSettings, Scenario, SeriesSettings
from crossmargin.simulation.stage.surface import moved, slice_key

__all__ = ["fit_config"]

_STRIKE_DIGITS: Final = 4


def fit_config(config: NetworkConfig, scenario: Scenario, series: PriceSeries, poster: str) -> NetworkConfig:
    """Begin at the first prices and volatilities with the scenario's options; see that what it names is there."""
    fitted = config.model_copy(
        update={
            "feeds": _feeds(config, scenario, series),
            "surfaces": _surfaces(config, scenario, series),
            "instruments": _instruments(config, scenario, series),
        }
    )
    for index, account in enumerate(scenario.accounts):
        _check_account(fitted, scenario, index, account)
    return fitted.with_roles(poster=poster)


def _feeds(config: NetworkConfig, scenario: Scenario, series: PriceSeries) -> dict[str, FeedSettings]:
    """Let posted feeds begin at the first prices; every price must be one that the feed believes."""
    feeds = dict(config.feeds)
    for name, prices in series.prices.items():
        feed, where = feeds.get(name), scenario.where("prices", name)
        if feed is None or feed.primary.kind != "posted":
            posted = ", ".join(key for key, each in feeds.items() if each.primary.kind == "posted")
            raise ScenarioError(f"{where}prices.{name}: the venue posts no prices of {name}; it does of {posted}")
        for time, price in zip(series.times, prices, strict=True):
            if not feed.minimum <= _usd(price) <= feed.maximum:
                raise ScenarioError(
                    f"{where}prices.{name}: {_usd(price).normalize():f} USD on {minute_text(time)} is outside what the "
                    f"venue believes, {feed.minimum} to {feed.maximum} ({config.where('feeds', name)}feeds.{name})"
                )
        feeds[name] = feed.model_copy(update={"primary": feed.primary.model_copy(update={"price": _usd(prices[0])})})
    return feeds


def _surfaces(config: NetworkConfig, scenario: Scenario, series: PriceSeries) -> dict[str, dict[Expiry, SliceSettings]]:
    """Move the first slices to the first volatilities."""
    surfaces = {name: dict(slices) for name, slices in config.surfaces.items()}
    for name, level in series.volatility_at(0).items():
        underlying, expiry = slice_key(name)
        shape = surfaces.get(underlying, {}).get(expiry)
        if shape is None:
            known = ", ".join(f"{each}.{which}" for each, slices in surfaces.items() for which in slices)
            where = scenario.where("volatility", underlying, expiry)
            raise ScenarioError(f"{where}volatility.{underlying}.{expiry}: the venue has no such slice, only {known}")
        surfaces[underlying][expiry] = moved(shape, level)
    return surfaces


def _instruments(config: NetworkConfig, scenario: Scenario, series: PriceSeries) -> dict[str, InstrumentSettings]:
    """Replace the venue's options by the scenario's, whose strikes are near its prices; drop what ends in the run."""
    listed: dict[str, InstrumentSettings] = {}
    for name, each in config.instruments.items():
        if isinstance(each.expiry, datetime) and each.expiry.timestamp() <= series.times[0] - LEAD:
            raise ScenarioError(
                f"{config.where('instruments', name, 'expiry')}instruments.{name}: expires on "
                f"{day_text(each.expiry.timestamp())}, before the scenario begins on {day_text(series.times[0])}: "
                "write a later date"
            )
        if each.strike is None and (each.expiry is None or outlives(each.expiry, series, scenario)):
            listed[name] = each
    for name, settings in scenario.options.items():
        if name in listed:
            where = scenario.where("options", name)
            raise ScenarioError(f"{where}options.{name}: the venue has another instrument of this name: choose another")
        listed[name] = _option(config, scenario, name, settings, series.at(0)[settings.underlying])
    return listed


def _option(
    config: NetworkConfig, scenario: Scenario, name: str, settings: SeriesSettings, price: int
) -> InstrumentSettings:
    """Take caps from an option of the same underlying."""
    rounded = Decimal(f"{settings.strike * _usd(price):.{_STRIKE_DIGITS - 1}e}")
    changes = {"kind": settings.kind, "expiry": settings.expiry, "strike": rounded}
    known = {each.underlying: each for each in config.instruments.values() if each.strike is not None}
    if settings.underlying not in known:
        where = scenario.where("options", name, "underlying")
        has = ", ".join(known)
        raise ScenarioError(f"{where}options.{name}: the venue has no options on {settings.underlying}, only on {has}")
    return known[settings.underlying].model_copy(update=changes)


def _check_account(config: NetworkConfig, scenario: Scenario, index: int, account: AccountSettings) -> None:
    """See that the venue has every token and instrument that an account names."""
    collateral = {config.quote, *config.assets}
    for kind, names, known in (
        ("deposits", account.deposits, collateral),
        ("positions", account.positions, set(config.instruments)),
    ):
        for name in names:
            if name not in known:
                where = scenario.where("accounts", index, kind, name)
                raise ScenarioError(f"{where}{account.name}: {kind}.{name}: the venue has {', '.join(sorted(known))}")


def _usd(price: int) -> Decimal:
    return Decimal(price).scaleb(-PRICE_DECIMALS)
