"""What both pictures show: series, colours and the time axis, taken from a run once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crossmargin.simulation.demo.outcome import WAD, AuctionOutcome, BidOutcome, DemoRun

__all__ = [
    "HEALTH_TOP",
    "Series",
    "auction_rows",
    "bid_weight",
    "fund_series",
    "health_series",
    "keeper_colours",
    "minutes",
    "price_series",
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
_KEEPER_COLOURS: Final = ("#1b9e77", "#d95f02", "#7570b3", "#e7298a", "#66a61e")
_ALIKE: Final = 0.05  # of the first price [%]
HEALTH_TOP: Final = 5.0
"""Health factors above are drawn here."""


@dataclass(frozen=True)
class Series:
    """One line: a value per block, None where there is none."""

    label: str
    colour: str
    values: tuple[float | None, ...]


def minutes(run: DemoRun, time: int) -> float:
    """Scenario time of a chain time [minutes since the first block]."""
    return (time - run.blocks[0].time) / 60


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
    """Take every account's health factor, cut at the top."""
    return [
        Series(account.name, _colour(index), tuple(_health(block.health.get(account.name)) for block in run.blocks))
        for index, account in enumerate(run.accounts)
    ]


def fund_series(run: DemoRun) -> list[Series]:
    """Follow the insurance fund and the deficit ledger [thousand USD]."""
    return [
        Series("insurance fund", "#2f6db3", tuple(block.fund / WAD / 1000 for block in run.blocks)),
        Series("deficit ledger", "#c04b4b", tuple(block.deficit / WAD / 1000 for block in run.blocks)),
    ]


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


def _health(value: int | None) -> float | None:
    return None if value is None else min(value / WAD, HEALTH_TOP)


def _colour(index: int) -> str:
    return _LINE_COLOURS[index % len(_LINE_COLOURS)]


def _alike(values: Sequence[float], others: Sequence[float]) -> bool:
    return all(abs(value - other) < _ALIKE for value, other in zip(values, others, strict=True))
