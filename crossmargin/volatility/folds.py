"""Walk-forward: what a model may have seen before the hours it is tested on, and proofs that it saw no more."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossmargin.errors import ForestError
from crossmargin.volatility.hourly import HOUR, Hourly
from crossmargin.volatility.hours import WEEK
from crossmargin.volatility.panel import Panel, Windows

__all__ = ["EMBARGO", "Fold", "audit", "check", "first_hour", "folds"]

EMBARGO: Final = 168
"""Hours between the last move that was learnt from and the first that is forecast."""
_PAST: Final = ("sums", "majors", "span", "shape", "net")
_CUTS: Final = 5
_NEAR: Final = 3 * WEEK

Maker = Callable[[Hourly, Sequence[Hourly], int], Windows]


@dataclass(frozen=True, eq=False)
class Fold:
    """Rows to learn from and rows to be tested on."""

    name: str
    learn: NDArray[np.bool_]
    test: NDArray[np.bool_]


def first_hour(year: int) -> int:
    """Give the first hour of a year, since the epoch."""
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) // HOUR


def folds(data: Panel, horizon: int, first: int, last: int) -> Iterator[Fold]:
    """Test year by year; learn from everything before, less the embargo."""
    hours = data.rows.hours
    for year in range(first, last + 1):
        start, end = first_hour(year), first_hour(year + 1)
        fold = Fold(str(year), hours + horizon + EMBARGO <= start, (hours >= start) & (hours < end))
        check(fold, hours, horizon)
        if fold.learn.any() and fold.test.any():
            yield fold


def check(fold: Fold, hours: NDArray[np.int64], horizon: int) -> None:
    """Refuse a fold that learns from what was not over, embargo included, when its test begins."""
    if not (fold.learn.any() and fold.test.any()):
        return
    learnt, tested = int(hours[fold.learn].max()) + horizon, int(hours[fold.test].min())
    if learnt + EMBARGO > tested:
        raise ForestError(f"fold {fold.name} learns until hour {learnt} and is tested from {tested} on: look-ahead")


def audit(make: Maker, hourly: Hourly, majors: Sequence[Hourly], horizon: int) -> Windows:
    """Make features; refuse them where they change with the future: put nonsense there, and compare."""
    whole = make(hourly, majors, horizon)
    if not len(whole.hours):
        raise ForestError(f"no hour of {hourly.asset} can be forecast: a week of hours has to be closed before it")
    for place in np.linspace(0, len(whole.hours) - 1, _CUTS + 2).astype(int)[1:-1]:
        hour = int(whole.hours[place])
        others = [other for each in majors if len((other := _blinded(each, hour)).numbers)]
        past = make(_blinded(hourly, hour), others, horizon)
        at = int(np.searchsorted(past.hours, hour))
        for name in _PAST:
            if not np.array_equal(getattr(past, name)[at], getattr(whole, name)[place]):
                raise ForestError(f"{hourly.asset}: {name} of hour {hour} knows what happened later: look-ahead")
    return whole


def _blinded(hourly: Hourly, hour: int) -> Hourly:
    """Keep some weeks around an hour, and put nonsense in place of what happened from it on."""
    near = np.abs(hourly.numbers - hour) < _NEAR
    columns = ("numbers", "net", "variance", "known", "run")
    part = replace(hourly, **{name: getattr(hourly, name)[near] for name in columns})
    later = part.numbers >= hour
    return replace(part, net=np.where(later, 777_777, part.net), variance=np.where(later, 10**9, part.variance))
