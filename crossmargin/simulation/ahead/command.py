"""The command `ahead`: replay years of books with margins that move ahead and without; leave tables and picture."""

from pathlib import Path
from typing import Final

import click
import numpy as np
from rich.console import Console
from rich.progress import track

from crossmargin.console import standard_output
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.deployment.config import NetworkConfig
from crossmargin.errors import CrossMarginError, PriceHistoryError
from crossmargin.simulation.ahead.books import Margins
from crossmargin.simulation.ahead.market import Market, Told, load, tell
from crossmargin.simulation.ahead.replay import Batch, Fate, Rule, batches, equal_constant, fates
from crossmargin.simulation.ahead.results import Results, hour_of, sheets
from crossmargin.simulation.liquidations.tables import markdown, rendered
from crossmargin.simulation.liquidations.venue import Venue
from crossmargin.volatility.card import read_forest

__all__ = ["ahead"]

STATIC, FLOOR, FOREST, EQUAL, ISOLATED = "static", "floor", "floor and forest", "static, as much", "isolated, static"
_ASSETS: Final = "BTC,ETH,LINK,LTC,XRP,ADA"
_LEGEND: Final = (
    "sound at 1: sold although the account as a whole met the margin without multipliers; unpaid: closing left a debt; "
    "bad debt: of notional held a year; margin asked: initial, of notional, at the opening"
)
_FILE: Final = click.Path(dir_okay=False, exists=True, path_type=Path)
_FOLDER: Final = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.option("--data", type=click.Path(file_okay=False, exists=True, path_type=Path), required=True,
              help="Folder of market data: its spot_1h is read.")  # fmt: skip
@click.option("--assets", default=_ASSETS, show_default=True, help="By comma; the first is in the picture.")
@click.option("--config", type=_FILE, default=REPOSITORY / "config" / "local.toml", help="A network's parameters.")
@click.option("--years", nargs=2, type=int, default=(2021, 2025), show_default=True, help="First and last.")
@click.option("--books", type=click.IntRange(1, 10_000), default=90, show_default=True, help="Opened every week.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the books.")
@click.option("--out", type=_FOLDER, default=REPOSITORY / "build" / "ahead", help="Folder for the results.")
def ahead(*, data: Path, assets: str, config: Path, years: tuple[int, int], books: int, seed: int, out: Path) -> None:
    """Replay years of books with margins that move ahead and without: who is sold, and what is left unpaid.

    docs/liquidations.md says what it does, and shows the figures.
    """
    console = standard_output()
    try:
        names = assets.split(",")
        network = NetworkConfig.load(config)
        venue, market = Venue.of(network, names), load(data / "spot_1h", names)
        margins, told = Margins.of(venue, names), _told(console, market, venue)
        first, last = (hour_of(f"{year}-01-01T00:00") for year in (years[0], years[1] + 1))
        found = list(batches(market, first, last, books, seed))
        if not found:
            raise PriceHistoryError(f"no two weeks of {years[0]} to {years[1]} are in the histories of every asset")
        results = _replayed(console, market, margins, told, found)
    except CrossMarginError as error:
        raise click.ClickException(str(error)) from error
    _leave(console, results, told, out)


def _told(console: Console, market: Market, venue: Venue) -> dict[str, Told]:
    """Give the multipliers by the floor alone, and by the higher of floor and forest where one is configured."""
    settings = venue.config.volatility
    majors = settings.majors if settings else ()
    if missing := [each for each in majors if each not in market.assets]:
        raise PriceHistoryError(f"--assets lacks {missing[0]}, whose variance forecasts ask for")
    with console.status("forecasting"):
        found = {FLOOR: tell(market, venue, None, majors)}
        if settings and settings.forest:
            found[FOREST] = tell(market, venue, read_forest(settings.forest)[0], majors)
    return found


def _replayed(console: Console, market: Market, margins: Margins, told: dict[str, Told], found: list[Batch]) -> Results:
    """Follow every book by every rule."""
    best = list(told)[-1]
    constant = equal_constant(found, margins, told[best])
    flat = Told.constant(market, 1.0)
    rules = [
        Rule(STATIC, flat),
        *(Rule(name, each) for name, each in told.items()),
        Rule(f"{EQUAL}: {constant:.3f}", Told.constant(market, constant)),
        Rule(ISOLATED, flat, cross=False),
        Rule(f"isolated, {best}", told[best], cross=False),
    ]
    parts = [fates(batch, margins, rules) for batch in track(found, "weeks", console=console)]
    followed = {rule.name: Fate.joined(list(each)) for rule, each in zip(rules, zip(*parts, strict=True), strict=True)}
    opened = np.repeat([batch.place for batch in found], [len(batch.room) for batch in found])
    return Results(market, followed, opened)


def _leave(console: Console, results: Results, told: dict[str, Told], out: Path) -> None:
    """Show the tables; write them and the picture."""
    from crossmargin.simulation.ahead.chart import draw_chart  # noqa: PLC0415

    tables = list(sheets(results, told))
    console.print(rendered(tables, _LEGEND))
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "ahead.md").write_text(markdown("Margins that move ahead", tables, _LEGEND))
        draw_chart(results, list(told.values())[-1], list(results.fates)[: len(told) + 2], out / "ahead.png")
    except OSError as error:
        raise click.ClickException(f"{out}: cannot be written: {error}") from error
    for name in ("ahead.md", "ahead.png"):
        console.print(out / name, soft_wrap=True)
