"""The command `ahead`: replay years of books with margins that move ahead and without; leave tables and picture."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import click
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from crossmargin.console import standard_output
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.deployment.config import NetworkConfig
from crossmargin.errors import CrossMarginError, PriceHistoryError
from crossmargin.simulation.ahead.books import Margins
from crossmargin.simulation.ahead.market import Market, Told, load, tell
from crossmargin.simulation.ahead.replay import HELD, Batch, Fate, Habits, Rule, batches, equal_constant, fates
from crossmargin.simulation.ahead.results import Results, hour_of, sheets
from crossmargin.simulation.ahead.sales import Terms
from crossmargin.simulation.liquidations.tables import markdown, rendered
from crossmargin.simulation.liquidations.venue import Venue
from crossmargin.volatility.card import read_forest

__all__ = ["ahead"]

STATIC, FLOOR, FOREST, EQUAL, ISOLATED = "static", "floor", "floor and forest", "static, as much", "isolated, static"
_ASSETS: Final = "BTC,ETH,LINK,LTC,XRP,ADA"
_LEGEND: Final = (
    "sound at 1: sold although the account as a whole met the margin without multipliers; bad debt: of notional held a "
    "year, where the whole is sold at the next look, by a discount on equity, by the venue's auction; margin asked: "
    "initial, of notional, at the opening"
)
_FILE: Final = click.Path(dir_okay=False, exists=True, path_type=Path)
_FOLDER: Final = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.option("--data", type=click.Path(file_okay=False, exists=True, path_type=Path), required=True,
              help="Folder of market data: its spot_1h is read.")  # fmt: skip
@click.option("--assets", default=_ASSETS, show_default=True, help="By comma; the first is in the picture.")
@click.option("--config", type=_FILE, default=REPOSITORY / "config" / "local.toml", help="A network's parameters.")
@click.option("--years", nargs=2, type=int, default=(2021, 2025), show_default=True, help="First and last.")
@click.option("--books", type=click.IntRange(1, 10_000), default=90, show_default=True, help="Opened at a time.")
@click.option("--every", type=click.IntRange(1), default=7 * 24, show_default=True, help="Hours between openings.")
@click.option("--held", type=click.IntRange(1), default=HELD, show_default=True, help="Hours that a book is held.")
@click.option(
    "--room", type=click.FloatRange(0), default=0.5, show_default=True, help="Mean equity beyond initial margin."
)
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="Cores.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the books.")
@click.option("--out", type=_FOLDER, default=REPOSITORY / "build" / "ahead", help="Folder for the results.")
def ahead(
    *,
    data: Path,
    assets: str,
    config: Path,
    years: tuple[int, int],
    books: int,
    every: int,
    held: int,
    room: float,
    workers: int,
    seed: int,
    out: Path,
) -> None:
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
        found = list(batches(market, first, last, Habits(books, every, held, room), seed))
        if not found:
            raise PriceHistoryError(f"no {held} hours of {years[0]} to {years[1]} are in the histories of every asset")
        rules = _rules(market, margins, told, found)
        terms = Terms(venue.terms)
        followed = _followed(console, lambda batch: fates(batch, margins, rules, terms), rules, found, workers)
        results = Results(market, followed, _opened(found), held)
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


def _rules(market: Market, margins: Margins, told: dict[str, Told], found: list[Batch]) -> list[Rule]:
    best = list(told)[-1]
    constant = equal_constant(found, margins, told[best])
    flat = Told.constant(market, 1.0)
    return [
        Rule(STATIC, flat),
        *(Rule(name, each) for name, each in told.items()),
        Rule(f"{EQUAL}: {constant:.3f}", Told.constant(market, constant)),
        Rule(ISOLATED, flat, cross=False),
        Rule(f"isolated, {best}", told[best], cross=False),
    ]


def _followed(
    console: Console, follow: Callable[[Batch], list[Fate]], rules: list[Rule], found: list[Batch], workers: int
) -> dict[str, Fate]:
    """Follow every book by every rule; arrays leave the interpreter's lock, so that threads use all cores."""
    begun = time.monotonic()
    with ThreadPoolExecutor(workers) as pool:
        run = pool.map(follow, found)
        parts = list(track(run, "openings", total=len(found), console=console))
    steps = sum(len(batch.prices) * len(batch.room) for batch in found) * len(rules)
    speed = steps / (time.monotonic() - begun) / 1e6
    console.print(f"{steps / 1e6:,.0f} million looks at accounts, {speed:,.0f} million a second")
    return {rule.name: Fate.joined(list(each)) for rule, each in zip(rules, zip(*parts, strict=True), strict=True)}


def _opened(found: list[Batch]) -> NDArray[np.int64]:
    return np.repeat([batch.place for batch in found], [len(batch.room) for batch in found])


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
