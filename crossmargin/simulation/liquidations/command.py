"""The command `liquidations`: replay, then leave table, picture and record in a folder."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from crossmargin.console import standard_output
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.deployment.config import NetworkConfig
from crossmargin.errors import CrossMarginError
from crossmargin.simulation.liquidations.moves import Move, built_in, from_files, from_folder
from crossmargin.simulation.liquidations.population import Counts, population
from crossmargin.simulation.liquidations.replay import Outcome, case_of, replay
from crossmargin.simulation.liquidations.results import Results, columns, rules, tried
from crossmargin.simulation.liquidations.rules import Rule
from crossmargin.simulation.liquidations.tables import LEGEND, markdown, rendered, sheets
from crossmargin.simulation.liquidations.venue import Venue, with_two_classes

__all__ = ["liquidations"]

_QUICK: Final = Counts(perpetuals=6, hedged=6, options=2)
_QUICK_MOVES: Final = 2
_PATIENCE: Final = 600
_FILE: Final = click.Path(dir_okay=False, exists=True, path_type=Path)
_FOLDER: Final = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.option("--data", type=click.Path(file_okay=False, exists=True, path_type=Path), help="Folder of market data.")
@click.option("--paths", "files", type=_FILE, multiple=True, help="CSV of one asset, ETH.csv; may be given again.")
@click.option("--config", type=_FILE, default=REPOSITORY / "config" / "local.toml", help="A network's parameters.")
@click.option("--out", type=_FOLDER, default=REPOSITORY / "build" / "liquidations", help="Folder for the results.")
@click.option("--accounts", type=click.IntRange(1, 10_000), default=60, show_default=True, help="Drawn an asset.")
@click.option("--patience", type=click.IntRange(60, 86_400), default=_PATIENCE, show_default=True, help="See docs [s].")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of paths and accounts.")
@click.option("--two-classes", is_flag=True, help="Margins of two classes, nine coins of --data; see docs.")
@click.option("--tried", "show_tried", is_flag=True, help="Other terms of the auction beside it, not rules of others.")
@click.option("--quick", is_flag=True, help="A few accounts on two moves, to see that it runs.")
def liquidations(
    *,
    data: Path | None,
    files: tuple[Path, ...],
    config: Path,
    out: Path,
    accounts: int,
    patience: int,
    seed: int,
    two_classes: bool,
    show_tried: bool,
    quick: bool,
) -> None:
    """Replay liquidations on price paths: the venue's auction beside other rules, by what bidders ask.

    Without --data and --paths it plays the moves that come with the code. docs/liquidations.md says what it does.
    """
    console = standard_output()
    counts = _QUICK if quick else _counts(accounts, perpetuals_alone=two_classes)
    try:
        moves = list(_moves(data, files, seed, many=two_classes))[: _QUICK_MOVES if quick else None]
        parameters = NetworkConfig.load(config)
        venue = Venue.of(
            with_two_classes(parameters) if two_classes else parameters,
            sorted({asset for move in moves for asset in move.paths}),
        )
        compared = (tried if show_tried else rules)(venue.terms)
        results = _replayed(console, venue, moves, counts, compared, patience=patience, seed=seed)
    except CrossMarginError as error:
        raise click.ClickException(str(error)) from error
    _leave(console, results, patience, out)


def _counts(accounts: int, *, perpetuals_alone: bool) -> Counts:
    if perpetuals_alone:
        return Counts(accounts, 0, 0)
    return Counts(accounts, max(1, accounts * 2 // 3), max(1, accounts // 3))


def _moves(data: Path | None, files: tuple[Path, ...], seed: int, *, many: bool) -> Iterator[Move]:
    chosen: list[Iterator[Move]] = []
    if data is not None:
        chosen.append(from_folder(data, seed, many=many))
    if files:
        chosen.append(from_files(files, seed))
    return chain(*chosen) if chosen else built_in(seed, REPOSITORY / "config" / "scenarios")


def _replayed(
    console: Console,
    venue: Venue,
    moves: list[Move],
    counts: Counts,
    compared: tuple[Rule, ...],
    *,
    patience: int,
    seed: int,
) -> Results:
    """Replay every account by every rule with every kind of keeper."""
    outcomes: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    runs = [((rule, head), keeper) for rule in compared for head, keeper in columns(patience).items()]
    bars = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*bars, console=console) as progress:
        for move in moves:
            books = list(population(venue, move, counts, seed))
            for book in progress.track(books, description=move.name):
                case = case_of(book, venue)
                if case is not None:
                    for (rule, head), keeper in runs:
                        outcomes[rule.name, head].append(replay(case, rule, keeper))
    if not outcomes:
        raise click.ClickException("no account fell below maintenance on these paths: nothing to liquidate")
    return Results(outcomes)


def _leave(console: Console, results: Results, patience: int, out: Path) -> None:
    """Show the tables; write them and the picture."""
    from crossmargin.simulation.liquidations.chart import draw_chart  # noqa: PLC0415

    tables = list(sheets(results, patience))
    console.print(rendered(tables, LEGEND))
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "liquidations.md").write_text(markdown("Liquidations", tables, LEGEND))
        draw_chart(results, patience, out / "liquidations.png")
    except OSError as error:
        raise click.ClickException(f"{out}: cannot be written: {error}") from error
    for name in ("liquidations.md", "liquidations.png"):
        console.print(out / name, soft_wrap=True)
