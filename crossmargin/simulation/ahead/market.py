"""What years of bars say: a path through each hour, and the multipliers that the steward would have told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossmargin.chain.decimals import ppm
from crossmargin.deployment.volatility import StewardSettings
from crossmargin.errors import NetworkConfigError, PriceHistoryError
from crossmargin.model.units import PPM
from crossmargin.simulation.calibration.history import History, find, read
from crossmargin.simulation.liquidations.bars import Floats
from crossmargin.simulation.liquidations.venue import Venue
from crossmargin.volatility.forest import Forest
from crossmargin.volatility.hourly import HOUR, Hourly, Integers, spread
from crossmargin.volatility.panel import Panel, forecasts, panel, windows
from crossmargin.volatility.posted import announced, levels, multipliers
from crossmargin.volatility.steward import UNIT, Rule

__all__ = ["PARTS", "STEPS", "Market", "Told", "load", "tell"]

STEPS: Final = 12
"""Looks an hour."""
PARTS: Final = STEPS // 3
"""Looks of each of an hour's three legs."""
_PROXY: Final = "LINK"
"""Whose rule of the steward a coin has that has none."""


@dataclass(frozen=True, eq=False)
class Market:
    """Every hour that all assets have in common: numbers since the epoch, and prices [USD] by look and asset."""

    assets: tuple[str, ...]
    hours: Integers
    prices: Floats
    histories: tuple[Hourly, ...]

    def place(self, hour: int) -> int:
        """Give the place of an hour."""
        return hour - int(self.hours[0])


@dataclass(frozen=True, eq=False)
class Told:
    """Multipliers that margins count with, by hour and asset."""

    initial: Floats
    maintenance: Floats

    @classmethod
    def constant(cls, market: Market, value: float) -> "Told":
        """Tell the same always."""
        same = np.full((len(market.hours), len(market.assets)), value)
        return cls(same, same)


def load(folder: Path, assets: Sequence[str]) -> Market:
    """Read hourly bars of every asset from a folder; hours that one of them lacks have the price before."""
    files = find(folder)
    if missing := [asset for asset in assets if asset not in files]:
        raise PriceHistoryError(f"{folder}: neither {missing[0]}.csv nor {missing[0]}.parquet is there")
    histories = [read(files[asset]) for asset in assets]
    if wrong := [each for each in histories if each.step != HOUR]:
        raise PriceHistoryError(f"{files[wrong[0].asset]}: bars of {wrong[0].step} s, {HOUR} are needed")
    first = max(int(each.times[0]) for each in histories) // HOUR
    end = min(int(each.times[-1]) for each in histories) // HOUR + 1
    if first >= end:
        raise PriceHistoryError(f"{folder}: {', '.join(assets)} have no hour in common")
    paths = np.stack([_path(each, first, end) for each in histories], axis=1)
    return Market(tuple(assets), np.arange(first, end), paths, tuple(_hourly(each) for each in histories))


def _path(history: History, first: int, end: int) -> Floats:
    """Lead through open, both extremes and close of each hour; the extreme that is nearer to the open comes first."""
    columns = [history.opens, history.highs, history.lows, history.closes]
    place = np.searchsorted(history.times // HOUR, np.arange(first, end), side="right") - 1
    known = history.times[place] // HOUR == np.arange(first, end)
    opens, highs, lows, closes = (np.where(known, each[place], history.closes[place]) for each in columns)
    rose = closes >= opens  # a rise dips first, a fall peaks first
    points = np.stack([opens, np.where(rose, lows, highs), np.where(rose, highs, lows), closes], axis=1)
    share = np.arange(1, PARTS + 1) / PARTS
    legs = points[:, :-1, None] + (points[:, 1:] - points[:, :-1])[:, :, None] * share
    return np.asarray(legs.reshape(-1), np.float64)


def _hourly(history: History) -> Hourly:
    """Make the hours that forecasts are made of: net moves, and variances of ranges (Garman and Klass)."""
    opens, highs, lows, closes = (np.log(each) for each in (history.opens, history.highs, history.lows, history.closes))
    variances = 0.5 * (highs - lows) ** 2 - (2 * np.log(2) - 1) * (closes - opens) ** 2
    logs = np.floor(closes * PPM).astype(np.int64)
    return spread(history.asset, history.times // HOUR, logs, variances)


def tell(market: Market, venue: Venue, forest: Forest | None, majors: Sequence[str]) -> Told:
    """Give what the steward tells at each hour's beginning, poked every hour: of the floor, or the higher of both."""
    from crossmargin.volatility.baselines import floor_deviations  # noqa: PLC0415 - needs scipy, which a wheel lacks

    settings = venue.config.volatility
    if settings is None or _PROXY not in settings.underlyings:
        raise NetworkConfigError(f"{venue.config.network}: [volatility] has no underlying {_PROXY}")
    chief = [each for each in market.histories if each.asset in majors]
    data = panel([windows(each, chief, 1) for each in market.histories])
    found = floor_deviations(data, market.histories) * float(settings.floor_factor)
    if forest is not None:
        found = np.maximum(found, forecasts(forest, data.rows))
    rules: Mapping[str, StewardSettings] = settings.underlyings
    most = float(venue.config.engine.max_multiplier)
    told = [
        _of_asset(market, data, place, found, _rule(rules.get(asset, rules[_PROXY])))
        for place, asset in enumerate(market.assets)
    ]
    initial, maintenance = (np.clip(np.stack(each, axis=1), 1, most) for each in zip(*told, strict=True))
    return Told(initial, maintenance)


def _rule(settings: StewardSettings) -> Rule:
    return Rule(*(ppm(each) for each in (settings.base, settings.least, settings.most, settings.default)))


def _of_asset(market: Market, data: Panel, place: int, found: Floats, rule: Rule) -> tuple[Floats, Floats]:
    """Follow the forecasts of an asset; an hour without one keeps that before, and the first of all asks for 1."""
    own = data.places == place
    asked = _kept(market.hours, data.rows.hours[own], found[own], float(rule.base))
    path = levels(asked.astype(np.int64), rule)
    begun = np.concatenate([path[:1], path[:-1]])
    return multipliers(begun, UNIT), multipliers(announced(begun), UNIT)


def _kept(hours: Integers, known: Integers, values: Floats, before: float) -> Floats:
    place: NDArray[np.int64] = np.searchsorted(known, hours, side="right") - 1
    return np.where(place < 0, before, values[np.maximum(place, 0)])
