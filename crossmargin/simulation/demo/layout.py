"""What both pictures show: series, colours and the time axis, taken from a run once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crossmargin.simulation.demo.losses import bearers
from crossmargin.simulation.demo.outcome import WAD, AuctionOutcome, BidOutcome, DemoRun

__all__ = [
    "HEALTH_FLOOR",
    "Axis",
    "Series",
    "Span",
    "auction_rows",
    "bid_weight",
    "binding_rows",
    "elapsed",
    "health_series",
    "keeper_colours",
    "loss_series",
    "option_health_series",
    "price_series",
    "requirement_series",
    "scenario_colours",
    "time_axis",
    "volatility_series",
]

_LINE_COLOURS: Final = (
    "#2f6db3",
    "#d1662b",
    "#3b8f5a",
    "#8a5cb8",
    "#b8902f",
    "#c04b6e",
    "#4a9aa8",
    "#6f6f6f",
    "#7a4f35",
    "#9bb32f",
    "#3d4f9e",
    "#b05fa8",
)
_BEARER_COLOURS: Final = {
    "the insurance fund": "#c04b4b",
    "winners of the markets": "#d1902b",
    "lenders": "#7a3fa0",
    "the deficit ledger": "#333333",
}
_KEEPER_COLOURS: Final = ("#1b9e77", "#d95f02", "#7570b3", "#e7298a", "#66a61e")
_FALLS: Final = ("#b2182b", "#e0734f", "#f4b183", "#f7d9b8")
_RISES: Final = ("#2166ac", "#5b9bd0", "#9cc7e4", "#cfe4f2")
_STILL: Final = ("#7b6fb0", "#b7aed8")
_OTHER: Final = "#a9a9a9"
_MINUTE: Final = 60
_UNITS: Final = ((86_400, "days"), (3600, "h"), (_MINUTE, "min"))
_ENOUGH: Final = 5  # of a unit make an axis of it
_ALIKE: Final = 0.05  # of the first price [%]
HEALTH_FLOOR: Final = 0.1
"""Health factors below, such as 0, are drawn here: the axis is logarithmic."""


@dataclass(frozen=True)
class Series:
    """One line: a value per block, None where there is none."""

    label: str
    colour: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Span:
    """A time during which one scenario asked most of an account [in the unit of the axis, since the first block]."""

    begin: float
    end: float
    scenario: str


@dataclass(frozen=True)
class Axis:
    """The times of all blocks since the first, and their unit: the one that the run's length is read in."""

    times: tuple[float, ...]
    unit: str


def time_axis(run: DemoRun) -> Axis:
    """Take the time of every block."""
    return Axis(tuple(elapsed(run, block.time) for block in run.blocks), _unit(run)[1])


def elapsed(run: DemoRun, time: int) -> float:
    """Time since the first block, in the unit of the axis."""
    return (time - run.blocks[0].time) / _unit(run)[0]


def _unit(run: DemoRun) -> tuple[int, str]:
    length = run.blocks[-1].time - run.blocks[0].time
    return next((size, name) for size, name in _UNITS if length >= _ENOUGH * size or size == _MINUTE)


def price_series(run: DemoRun) -> list[Series]:
    """Take every price that moves, as a percentage of its first."""
    first = run.blocks[0].prices
    shown: list[tuple[str, tuple[float, ...]]] = []
    for asset, price in first.items():
        values = tuple(100 * block.prices[asset] / price for block in run.blocks)
        # What moves as another does, such as a staked asset at its ratio, would only hide it.
        if len(set(values)) > 1 and not any(_alike(values, other) for _, other in shown):
            shown.append((asset, values))
    return [Series(asset, _colour(index), values) for index, (asset, values) in enumerate(shown)]


def health_series(run: DemoRun) -> list[Series]:
    """Take the health factor of every account without options."""
    return _health_lines(run, [account.name for account in run.accounts if account.name not in _with_options(run)])


def option_health_series(run: DemoRun) -> list[Series]:
    """Take the health factor of every account that holds options."""
    return _health_lines(run, _with_options(run))


def volatility_series(run: DemoRun) -> list[Series]:
    """Take the volatility of every slice at the money [% a year]."""
    return [
        Series(name.replace(":", " "), _colour(index), tuple(block.volatility[name] / 10**6 for block in run.blocks))
        for index, name in enumerate(run.blocks[0].volatility)
    ]


def requirement_series(run: DemoRun) -> list[Series]:
    """Take what every account with options needs to keep [thousand USD]."""
    return [
        Series(name, _colour(index), tuple(block.options[name].required / WAD / 1000 for block in run.blocks))
        for index, name in enumerate(_with_options(run))
    ]


def binding_rows(run: DemoRun) -> list[tuple[str, list[Span]]]:
    """List the accounts with options, each with the scenarios that asked most of it in turn."""
    times = [elapsed(run, block.time) for block in run.blocks]
    ends = [*times[1:], times[-1]]
    rows = []
    for name in _with_options(run):
        spans: list[Span] = []
        for begin, end, block in zip(times, ends, run.blocks, strict=True):
            scenario = block.options[name].binding
            if scenario and spans and spans[-1].scenario == scenario and spans[-1].end == begin:
                spans[-1] = Span(spans[-1].begin, end, scenario)
            elif scenario:
                spans.append(Span(begin, end, scenario))
        rows.append((name, spans))
    return rows


def scenario_colours(run: DemoRun) -> dict[str, str]:
    """Give each scenario that ever binds its colour: falls are red, rises blue."""
    names = sorted({span.scenario for _, spans in binding_rows(run) for span in spans})
    colours = {}
    for signs, palette in (("-", _FALLS), ("+", _RISES), ("0", _STILL)):
        alike = [name for name in names if name[0] in signs]
        colours.update({name: palette[index % len(palette)] for index, name in enumerate(alike)})
    return colours | {name: _OTHER for name in names if name not in colours}


def loss_series(run: DemoRun) -> list[Series]:
    """Add up bad debt by who bore it, and follow the insurance fund from where it began [USD]."""
    begun = run.blocks[0].fund
    lines = [Series("insurance fund, change", "#2f6db3", tuple((block.fund - begun) / WAD for block in run.blocks))]
    borne = [bearers(run, block.time) for block in run.blocks]
    for who, colour in _BEARER_COLOURS.items():
        values = tuple(each[who] / WAD for each in borne)
        if any(values):
            lines.append(Series(f"bad debt borne by {who}", colour, values))
    return lines if len(lines) > 1 else [*lines, Series("bad debt (none)", "#c04b4b", (0.0,) * len(run.blocks))]


def auction_rows(run: DemoRun) -> list[tuple[str, Sequence[AuctionOutcome]]]:
    """List the accounts that were auctioned, each with its auctions."""
    names = dict.fromkeys(auction.account for auction in run.auctions)
    return [(name, [auction for auction in run.auctions if auction.account == name]) for name in names]


def keeper_colours(run: DemoRun) -> dict[str, str]:
    """Give each keeper its colour."""
    return {keeper.name: _KEEPER_COLOURS[index % len(_KEEPER_COLOURS)] for index, keeper in enumerate(run.keepers)}


def bid_weight(run: DemoRun, bid: BidOutcome) -> float:
    """Compare a bid's value with the largest of the run: from 0 to 1."""
    largest = max((abs(each.taken) for auction in run.auctions for each in auction.bids), default=0)
    return abs(bid.taken) / largest if largest else 1.0


def _with_options(run: DemoRun) -> list[str]:
    return list(run.blocks[0].options)


def _health_lines(run: DemoRun, names: Sequence[str]) -> list[Series]:
    return [
        Series(name, _colour(index), tuple(_health(block.health.get(name)) for block in run.blocks))
        for index, name in enumerate(names)
    ]


def _health(value: int | None) -> float | None:
    return None if value is None else max(value / WAD, HEALTH_FLOOR)


def _colour(index: int) -> str:
    return _LINE_COLOURS[index % len(_LINE_COLOURS)]


def _alike(values: Sequence[float], others: Sequence[float]) -> bool:
    return all(abs(value - other) < _ALIKE for value, other in zip(values, others, strict=True))
