"""Everything that is decided before anything starts: prices, portfolios, the venue's configuration, or a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crossmargin.chain.times import minute_text, span_text
from crossmargin.deployment import NetworkConfig
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.simulation.demo.fit import fit_config
from crossmargin.simulation.demo.horizon import within_expiries
from crossmargin.simulation.demo.own_prices import load_own
from crossmargin.simulation.stage.prices import PriceSeries, generate
from crossmargin.simulation.stage.scenario import Scenario, Source
from crossmargin.simulation.stage.venue import Actor

__all__ = ["Plan", "prepare"]

_CONFIG: Final = REPOSITORY / "config" / "local.toml"


@dataclass(frozen=True)
class Plan:
    """What a run plays."""

    scenario: Scenario
    series: PriceSeries
    config: NetworkConfig
    poster: Actor
    notes: tuple[str, ...] = ()
    """What was done to a user's own prices, and what was left out."""


def prepare(
    scenario: Scenario,
    files: Sequence[tuple[str | None, Path]] = (),
    window: str | None = None,
    config_file: Path = _CONFIG,
) -> Plan:
    """Read prices, and fit portfolios and configuration to them."""
    network, poster = NetworkConfig.load(config_file), Actor.named("poster")
    notes: list[str] = []
    if files:
        own = load_own(files, scenario, window)
        scenario, series, notes = _of_own(scenario, own.series, own.notes), own.series, [*own.notes]
    else:
        series = generate(scenario)
    scenario, series, left_out = within_expiries(scenario, series, network)
    config = fit_config(network, scenario, series, poster.address)
    return Plan(scenario, series, config, poster, (*notes, *left_out))


def _of_own(scenario: Scenario, series: PriceSeries, notes: Sequence[str]) -> Scenario:
    """Say what is played: the scenario's own title and sources are of other prices."""
    begin, length = minute_text(series.times[0]), span_text(series.times[-1] - series.times[0])
    changes = {
        "title": f"Own prices from {begin} UTC, {length}",
        "summary": f"The portfolios of the scenario {scenario.name}, on prices of one's own.",
        "sources": [Source(name="one's own", url="-", figure=note) for note in notes],
    }
    return scenario.model_copy(update=changes)
