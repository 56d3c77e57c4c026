"""The command `moves`: what prices did within the time of a liquidation, beside the margins meant to cover it."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Final

import click

from crossmargin.console import standard_output
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.deployment.config import NetworkConfig
from crossmargin.errors import CrossMarginError, PriceHistoryError
from crossmargin.model.parameters import NO_GROUP, RiskSet
from crossmargin.model.units import PPM
from crossmargin.simulation.calibration.history import History, find, read
from crossmargin.simulation.calibration.measures import QUANTILES, bad_day, extremes, gap
from crossmargin.simulation.liquidations.tables import Sheet, markdown, rendered
from crossmargin.simulation.liquidations.venue import Venue

__all__ = ["moves"]

_FOLDERS: Final = ("spot_1h", "intraday")
_HORIZONS: Final = (900, 3_600)
"""How long a liquidation may take, and how long a feed may be halted before one [s]."""
_LEGEND: Final = (
    "moves and margins in %; MM and IM of a pair are those of equal notionals; bad days in times of ordinary ones"
)
_MINUTE: Final = 60
_FILE: Final = click.Path(dir_okay=False, exists=True, path_type=Path)
_FOLDER: Final = click.Path(file_okay=False, exists=True, path_type=Path)
_QUANTILE_HEADS: Final = tuple(f"{100 * each:g} %" for each in QUANTILES)
_MARGIN_HEADS: Final = ("MM", "days a year beyond", "IM", "days a year beyond")


@click.command()
@click.option("--data", type=_FOLDER, required=True, help="Folder of market data: spot_1h and intraday are read.")
@click.option("--config", type=_FILE, default=REPOSITORY / "config" / "local.toml", help="A network's parameters.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Markdown file for the tables.")
def moves(*, data: Path, config: Path, out: Path | None) -> None:
    """Measure moves of prices over the time of a liquidation, beside the margins that are meant to cover them.

    docs/calibration.md says what is measured, and what follows from it.
    """
    console = standard_output()
    try:
        histories = {name: read(path) for folder in _FOLDERS for name, path in find(data / folder).items()}
        if not histories:
            raise PriceHistoryError(f"{data}: neither {' nor '.join(_FOLDERS)} has a history")
        venue = Venue.of(NetworkConfig.load(config), sorted({each.asset for each in histories.values()}))
        tables = [_extremes(histories, venue), _gaps(histories, venue), _bad_days(histories)]
    except CrossMarginError as error:
        raise click.ClickException(str(error)) from error
    console.print(rendered(tables, _LEGEND))
    if out is not None:
        out.write_text(markdown("Moves", tables, _LEGEND))
        console.print(out, soft_wrap=True)


def _extremes(histories: dict[str, History], venue: Venue) -> Sheet:
    """Hold each asset's moves against its derivative shocks."""
    heads = ("history", "within", "years", *_QUANTILE_HEADS, "worst fall", "worst rise", *_MARGIN_HEADS)
    rows = []
    for horizon in _HORIZONS:
        for name, history in histories.items():
            if (bars := history.bars_in(horizon)) is None:
                continue
            shocks = [_shock(venue, history.asset, which) for which in RiskSet]
            found = extremes(history, bars, shocks)
            numbers = map(_percent, (*found.quantiles, found.fall, found.rise))
            rows.append((*_head(name, horizon, history), *numbers, *_held(shocks, found.beyond)))
    return Sheet("Worst moves after a close", heads, tuple(rows))


def _gaps(histories: dict[str, History], venue: Venue) -> Sheet:
    """Hold what two of a group part by against the margin of a pair of equal notionals."""
    heads = ("pair", "within", "years", *_QUANTILE_HEADS, "most", "correlation", "in crashes", *_MARGIN_HEADS)
    rows = []
    for (name, one), (beside, other), horizon in _pairs(histories, venue):
        margins = [_pair_margin(venue, one.asset, other.asset, which) for which in RiskSet]
        found = gap(one, other, horizon // one.step, margins)
        numbers = (*map(_percent, (*found.quantiles, found.most)), f"{found.correlation:.2f}")
        held = _held(margins, found.beyond)
        rows.append((*_head(f"{name} / {beside}", horizon, one), *numbers, f"{found.crash_correlation:.2f}", *held))
    return Sheet("How far pairs part between closes", heads, tuple(rows))


def _pairs(
    histories: dict[str, History], venue: Venue
) -> Iterator[tuple[tuple[str, History], tuple[str, History], int]]:
    """Pair histories of one group with bars of the same length, each over the shortest horizon that it knows."""
    for first, second in combinations(histories.items(), 2):
        groups = [venue.params.underlying(venue.feeds[each.asset]).group for _, each in (first, second)]
        step = first[1].step
        if step == second[1].step and groups[0] == groups[1] != NO_GROUP and first[1].asset != second[1].asset:
            yield first, second, next(each for each in _HORIZONS if each % step == 0)


def _bad_days(histories: dict[str, History]) -> Sheet:
    """Tell what the worst days do to volatility, volume, and the impact that follows from both."""
    heads = (
        "history",
        "volatility of a day",
        "times on the worst 1 %",
        "volume, times",
        "impact, times",
        "90 % of them",
    )
    rows = []
    for name, history in histories.items():
        if history.step != _HORIZONS[-1]:
            continue
        found = bad_day(history)
        times = (found.volatility_times, found.volume_times, found.scale, found.scale_high)
        rows.append((name, _percent(found.volatility), *(f"{each:.1f}" for each in times)))
    return Sheet("Bad days beside the ninety before them", heads, tuple(rows))


def _shock(venue: Venue, asset: str, which: RiskSet) -> float:
    return venue.params.underlying(venue.feeds[asset]).of(which).derivative_shock / PPM


def _pair_margin(venue: Venue, asset: str, beside: str, which: RiskSet) -> float:
    """Give what a dollar of one against a dollar of the other must have, without impact."""
    shocks = [_shock(venue, each, which) for each in (asset, beside)]
    rho = venue.params.offset(venue.params.underlying(venue.feeds[asset]).group, which) / PPM
    return sum(shocks) - rho * (sum(shocks) - abs(shocks[0] - shocks[1]))


def _head(name: str, horizon: int, history: History) -> tuple[str, str, str]:
    return name, f"{horizon // _MINUTE} min", f"{history.years:.1f}"


def _held(margins: list[float], beyond: tuple[float, ...]) -> tuple[str, ...]:
    pairs = zip(margins, beyond, strict=True)
    return tuple(text for margin, days in pairs for text in (_percent(margin), f"{days:.1f}"))


def _percent(part: float) -> str:
    return f"{100 * part:.1f}"
