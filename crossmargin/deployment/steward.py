"""Forecaster and steward in a plan: their contracts, and what is set in them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from crossmargin.chain.decimals import ppm
from crossmargin.deployment.config import NetworkConfig
from crossmargin.deployment.steps import Create, Kind, Setting, Step, VenueContext, addresses, struct_setting
from crossmargin.volatility.card import read_forest

__all__ = ["FORECASTER", "STEWARD", "steward_contracts", "steward_steps", "volatility_source"]

FORECASTER: Final = "VolatilityForecaster"
STEWARD: Final = "RiskSteward"


def volatility_source(config: NetworkConfig) -> str:
    """Name the contract that margins ask for multipliers."""
    return STEWARD if config.volatility else "FixedVolatility"


def steward_contracts(config: NetworkConfig) -> Iterator[Step]:
    """Deploy both, where the configuration has volatility."""
    if config.volatility:
        yield Create(FORECASTER, FORECASTER, addresses("AccessManager", "OracleAdapter"))
        yield Create(STEWARD, STEWARD, addresses("AccessManager", FORECASTER))


def steward_steps(config: NetworkConfig) -> Iterator[Step]:
    """Set what is observed, and how forecasts become multipliers."""
    if config.volatility is None:
        return
    ids = {name: config.feed_id(name) for name in config.volatility.underlyings}
    yield struct_setting("volatility", FORECASTER, "setRules", "rules", config.volatility.encode(ids))
    for name, settings in config.volatility.underlyings.items():
        yield _breaker(f"volatility.{name}.breaker", ids[name], ppm(settings.breaker))
        yield struct_setting(f"volatility.{name}", STEWARD, "setRule", "ruleOf", settings.encode(), ids[name])
    if config.volatility.forest is not None:
        yield _forest(config.volatility.forest)


def _breaker(name: str, underlying: int, breaker: int) -> Setting:
    def read(venue: VenueContext) -> int:
        return int(venue.read(FORECASTER, "breakerOf", underlying))

    return Setting(
        name=name,
        kind=Kind.SETTING,
        target=FORECASTER,
        function="setBreaker",
        arguments=lambda _: (underlying, breaker),
        read=read,
        want=lambda _: breaker,
    )


def _forest(path: Path) -> Setting:
    """Install a forest by its bytes; what is compared is its hash."""
    forest, _ = read_forest(path)

    def read(venue: VenueContext) -> str | None:
        found = venue.read(FORECASTER, "forest")[0]
        return "0x" + bytes(found).hex() if any(found) else None

    return Setting(
        name="volatility.forest",
        kind=Kind.SETTING,
        target=FORECASTER,
        function="installForest",
        arguments=lambda _: (forest.pack(),),
        read=read,
        want=lambda _: "0x" + forest.hash.hex(),
    )
