"""A network's configuration fitted to a scenario: first prices, first volatility, the options that it trades."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from crossmargin.deployment import NetworkConfig
from crossmargin.deployment.config import FeedSettings
from crossmargin.deployment.fields import Expiry
from crossmargin.deployment.instruments import InstrumentSettings, SliceSettings
from crossmargin.errors import ScenarioError
from crossmargin.simulation.demo.prices import PRICE_DECIMALS
from crossmargin.simulation.demo.scenario import Scenario, SeriesSettings
from crossmargin.simulation.demo.surface import moved, slice_key

__all__ = ["fit_config"]

_STRIKE_DIGITS: Final = 4


def fit_config(
    config: NetworkConfig,
    scenario: Scenario,
    first: Mapping[str, int],
    volatility: Mapping[str, int],
    poster: str,
) -> NetworkConfig:
    """Begin at the first prices and volatilities with the scenario's options; see that what it names is there."""
    fitted = config.model_copy(
        update={
            "feeds": _feeds(config, first),
            "surfaces": _surfaces(config, volatility),
            "instruments": _instruments(config, scenario, first),
        }
    )
    _check_accounts(fitted, scenario)
    return fitted.with_roles(poster=poster)


def _feeds(config: NetworkConfig, first: Mapping[str, int]) -> dict[str, FeedSettings]:
    """Let posted feeds begin at the first prices."""
    feeds = dict(config.feeds)
    for name, price in first.items():
        feed = feeds.get(name)
        if feed is None or feed.primary.kind != "posted":
            posted = ", ".join(key for key, each in feeds.items() if each.primary.kind == "posted")
            raise ScenarioError(f"prices.{name}: no posted feed of the venue; there are {posted}")
        exact = Decimal(price).scaleb(-PRICE_DECIMALS)
        if not feed.minimum <= exact <= feed.maximum:
            raise ScenarioError(f"prices.{name}: {exact} is outside the feed's band, {feed.minimum} to {feed.maximum}")
        feeds[name] = feed.model_copy(update={"primary": feed.primary.model_copy(update={"price": exact})})
    return feeds


def _surfaces(config: NetworkConfig, volatility: Mapping[str, int]) -> dict[str, dict[Expiry, SliceSettings]]:
    """Move the first slices to the first volatilities."""
    surfaces = {name: dict(slices) for name, slices in config.surfaces.items()}
    for name, level in volatility.items():
        underlying, expiry = slice_key(name)
        shape = surfaces.get(underlying, {}).get(expiry)
        if shape is None:
            known = ", ".join(f"{each}.{which}" for each, slices in surfaces.items() for which in slices)
            raise ScenarioError(f"volatility.{underlying}.{expiry}: no such slice of the venue; there are {known}")
        surfaces[underlying][expiry] = moved(shape, level)
    return surfaces


def _instruments(config: NetworkConfig, scenario: Scenario, first: Mapping[str, int]) -> dict[str, InstrumentSettings]:
    """Replace the venue's options by the scenario's, whose strikes are near its prices."""
    listed = {name: each for name, each in config.instruments.items() if each.strike is None}
    for name, series in scenario.options.items():
        if name in listed:
            raise ScenarioError(f"options.{name}: the venue has another instrument of this name")
        listed[name] = _option(config, name, series, first[series.underlying])
    return listed


def _option(config: NetworkConfig, name: str, series: SeriesSettings, price: int) -> InstrumentSettings:
    """Take caps from an option of the same underlying."""
    strike = series.strike * Decimal(price).scaleb(-PRICE_DECIMALS)
    rounded = Decimal(f"{strike:.{_STRIKE_DIGITS - 1}e}")
    changes = {"kind": series.kind, "expiry": series.expiry, "strike": rounded}
    for each in config.instruments.values():
        if each.strike is not None and each.underlying == series.underlying:
            return each.model_copy(update=changes)
    raise ScenarioError(f"options.{name}: the venue has no options on {series.underlying}")


def _check_accounts(config: NetworkConfig, scenario: Scenario) -> None:
    """See that the venue has every token and instrument that an account names."""
    collateral = {config.quote, *config.assets}
    for account in scenario.accounts:
        for kind, names, known in (
            ("deposits", account.deposits, collateral),
            ("positions", account.positions, set(config.instruments)),
        ):
            for name in names:
                if name not in known:
                    raise ScenarioError(f"{account.name}: {kind}.{name}: the venue has {', '.join(sorted(known))}")
