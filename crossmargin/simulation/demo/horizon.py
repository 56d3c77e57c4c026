"""What a long run leaves out: contracts that would expire in it, and the portfolios that hold them."""

from dataclasses import replace
from typing import Final

from crossmargin.chain.times import minute_text
from crossmargin.deployment import NetworkConfig
from crossmargin.deployment.fields import Expiry, expiry_time
from crossmargin.errors import ScenarioError
from crossmargin.model.units import Seconds
from crossmargin.simulation.stage.prices import PriceSeries
from crossmargin.simulation.stage.scenario import Scenario

__all__ = ["LEAD", "last_moment", "outlives", "within_expiries"]

LEAD: Final = 3600
"""The venue is deployed so long before the first price [s]."""
_AVERAGING: Final = 7200
"""A contract that is played ends so long after the run [s]: before its expiry the price is averaged."""
_MINUTE: Final = 60


def last_moment(series: PriceSeries, scenario: Scenario) -> int:
    """When the run is over at the latest [s since 1970]."""
    return series.times[-1] + scenario.clock.settle_minutes * _MINUTE


def outlives(expiry: Expiry, series: PriceSeries, scenario: Scenario) -> bool:
    """Say whether a contract lasts longer than the run."""
    listed = Seconds(series.times[0] - LEAD)
    return expiry_time(expiry, listed) >= last_moment(series, scenario) + _AVERAGING


def within_expiries(
    scenario: Scenario, series: PriceSeries, config: NetworkConfig
) -> tuple[Scenario, PriceSeries, list[str]]:
    """Leave out options and futures that end in the run, with whole books of accounts that hold them; say so."""
    ending = {name for name, each in scenario.options.items() if not outlives(each.expiry, series, scenario)}
    ending |= {
        name
        for name, each in config.instruments.items()
        if each.expiry is not None and each.strike is None and not outlives(each.expiry, series, scenario)
    }
    out = [each for each in scenario.accounts if ending & each.positions.keys()]
    if not out:
        return scenario, series, []
    books = {each.book for each in out if each.book}
    left = [each for each in scenario.accounts if each not in out and each.book not in books]
    if not left:
        raise ScenarioError("every account holds something that expires in the run: play a shorter part of the prices")
    options = {name: each for name, each in scenario.options.items() if name not in ending}
    slices = {f"{each.underlying}:{each.expiry}" for each in options.values()}
    shorter = replace(series, volatility={name: each for name, each in series.volatility.items() if name in slices})
    volatility = {
        underlying: {expiry: path for expiry, path in paths.items() if f"{underlying}:{expiry}" in slices}
        for underlying, paths in scenario.volatility.items()
    }
    names = "; ".join(each.name for each in scenario.accounts if each not in left)
    end = minute_text(last_moment(series, scenario))
    note = f"left out, since what they hold expires before the end on {end}: {names}"
    changes = {"accounts": left, "options": options, "volatility": volatility}
    return scenario.model_copy(update=changes), shorter, [note]
