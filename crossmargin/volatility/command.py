"""The command: fetch, train, backtest, export, verify, watch. What training needs is imported only where it is used."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Final

import click
from eth_typing import ChecksumAddress
from eth_utils.address import is_address, to_checksum_address
from requests.exceptions import RequestException
from rich.console import Console
from web3 import HTTPProvider, Web3
from web3.exceptions import Web3Exception

from crossmargin.errors import CrossMarginError, ForestError
from crossmargin.model.units import Ppm
from crossmargin.volatility import card
from crossmargin.volatility.histories import OBSERVED, load
from crossmargin.volatility.observations import logged
from crossmargin.volatility.verify import compare, compare_code, random_vectors

__all__ = ["main"]

_ASSETS: Final = "BTC,ETH,LTC,XRP,ADA,LINK,DOGE,SOL,DOT"
_GROUP: Final = ("arch", "lightgbm", "matplotlib", "polars", "scipy")
_FOLDER: Final = click.Path(file_okay=False, exists=True, path_type=Path)
_OUT: Final = click.Path(dir_okay=False, path_type=Path)
_FILE: Final = click.Path(dir_okay=False, exists=True, path_type=Path)


@contextmanager
def _stated() -> Iterator[None]:
    """End what went wrong with one line, and say what is not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] not in _GROUP:
            raise
        raise click.ClickException(
            f"{error.name} is not installed: training has packages of its own, `make setup-volatility` installs them"
        ) from error
    except RequestException as error:
        raise click.ClickException(f"no node answers ({type(error).__name__}): is --rpc right?") from error
    except (CrossMarginError, Web3Exception) as error:
        raise click.ClickException(str(error)) from error


class _Address(click.ParamType):
    """An address, whose checksum is right where it has one."""

    name = "address"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> ChecksumAddress:
        """Read it."""
        text = str(value)
        if not is_address(text):
            self.fail(f"{text} is no address: 0x and 40 hexadecimal digits, with the right checksum", param, ctx)
        return to_checksum_address(text)


def _told(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command a console; end errors with one line."""

    @wraps(command)
    def run(**options: object) -> None:
        with _stated():
            command(Console(highlight=False, soft_wrap=True), **options)

    return run


def _reads(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of what reads histories."""
    for option in (
        click.option("--assets", default=_ASSETS, show_default=True, help="Whose histories are read, by comma."),
        click.option("--data", type=_FOLDER, required=True, help="Folder of ASSET.parquet or ASSET.csv."),
    ):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "CROSSMARGIN"})
def main() -> None:
    """Train, test, export, prove and watch the forest that a venue forecasts volatility with.

    docs/volatility.md says what is computed, and shows the figures.
    """


@main.command()
@click.option("--rpc", default="http://127.0.0.1:8545", show_default=True, help="A node.")
@click.option("--forecaster", type=_Address(), required=True, help="The venue's VolatilityForecaster.")
@click.option("--underlying", type=int, required=True, help="Its id.")
@click.option("--from-block", type=int, default=0, show_default=True, help="Where to begin to read.")
@click.option("--out", type=_OUT, required=True, help="CSV to write, ASSET.csv.")
@_told
def fetch(
    console: Console, *, rpc: str, forecaster: ChecksumAddress, underlying: int, from_block: int, out: Path
) -> None:
    """Fetch what a venue observed. Files of other vendors are read as they are: see `train`."""
    web3 = Web3(HTTPProvider(rpc))
    last = web3.eth.block_number
    with console.status("reading") as status:
        rows = list(
            logged(web3, forecaster, underlying, (from_block, last), lambda at: status.update(f"block {at} of {last}"))
        )
    if not rows:
        raise ForestError(f"{forecaster} observed nothing of underlying {underlying} since block {from_block}")
    out.write_text(",".join(OBSERVED) + "\n" + "".join(f"{step},{change}\n" for step, change in rows))
    console.print(f"{len(rows):,} observations in {out}")


@main.command()
@_reads
@click.option("--threads", default=1, show_default=True, help="Of the training.")
@click.option("--horizon", default=1, show_default=True, help="Of the forecast [h].")
@click.option("--quantile", default=990_000, show_default=True, help="Of the move [ppm].")
@click.option("--number", default=1, show_default=True, help="Which forest this is.")
@click.option("--figures", type=_FILE, help="JSON of a backtest, for the card.")
@click.option("--out", type=_OUT, required=True, help="Where the forest goes: OUT.bin, with its card OUT.json.")
@_told
def train(
    console: Console,
    *,
    data: Path,
    assets: str,
    threads: int,
    horizon: int,
    quantile: int,
    number: int,
    figures: Path | None,
    out: Path,
) -> None:
    """Train a forest on whole histories, and write its bytes and its card.

    A history is `ASSET.parquet` or `ASSET.csv` with a time, open, high, low and close, or what `fetch` writes.
    """
    from crossmargin.volatility.grow import Recipe, grow  # noqa: PLC0415 - needs the packages of training

    names = assets.split(",")
    recipe = Recipe(quantile=Ppm(quantile), horizon=horizon, threads=threads)
    with console.status("reading histories"):
        histories = load(data, names, horizon)
    with console.status("training"):
        forest = grow(histories.rows, recipe, number)
    known = json.loads(figures.read_text()) if figures else {}
    card.write(out, forest, card.of(forest, asdict(recipe), [card.history(data, name) for name in names], known))
    console.print(
        f"forest 0x{forest.hash.hex()}: {len(forest.trees)} trees, {len(forest.pack()):,} bytes, in {out}.bin"
    )


@main.command()
@_reads
@click.option("--threads", default=1, show_default=True, help="Of the training.")
@click.option("--horizon", default=1, show_default=True, help="Of the forecast [h].")
@click.option("--years", nargs=2, type=int, default=(2021, 2025), show_default=True, help="First and last year tested.")
@click.option("--garch/--no-garch", default=True, show_default=True, help="GARCH is the slowest of all.")
@click.option("--out", type=_OUT, required=True, help="Markdown for the tables; figures go beside it, as JSON.")
@click.option("--pictures", type=click.Path(file_okay=False, path_type=Path), help="Folder for the pictures.")
@_told
def backtest(
    console: Console,
    *,
    data: Path,
    assets: str,
    threads: int,
    horizon: int,
    years: tuple[int, int],
    garch: bool,
    out: Path,
    pictures: Path | None,
) -> None:
    """Walk forward: train on what was known, forecast the next year, compare every model on the same hours."""
    from crossmargin.volatility.backtest import run  # noqa: PLC0415 - needs the packages of training
    from crossmargin.volatility.grow import Recipe  # noqa: PLC0415
    from crossmargin.volatility.tables import figures, report  # noqa: PLC0415

    names = assets.split(",")
    with console.status("reading histories"):
        histories = load(data, names, horizon)
    results = run(histories, Recipe(horizon=horizon, threads=threads), *years, console.print, garch=garch)
    text = report(results, names)
    out.write_text(text)
    out.with_suffix(".json").write_text(json.dumps(figures(results, names), indent=2) + "\n")
    console.print(text)
    if pictures is not None:
        from crossmargin.volatility.pictures import draw  # noqa: PLC0415

        draw(results, names, pictures, console.print)


@main.command()
@click.argument("forest", type=click.Path(path_type=Path))
@click.option("--out", type=_OUT, help="File for the call's bytes, in hexadecimal.")
@_told
def export(console: Console, *, forest: Path, out: Path | None) -> None:
    """Show a forest's card, and write the bytes that governance installs."""
    grown, told = card.read_forest(forest)
    console.print_json(json.dumps(told))
    if out is not None:
        out.write_text("0x" + grown.pack().hex() + "\n")
        console.print(f"{len(grown.pack()):,} bytes in {out}")


@main.command()
@click.argument("forest", type=click.Path(path_type=Path))
@click.option("--vectors", default=100_000, show_default=True, help="How many are drawn.")
@click.option("--rpc", help="A node, to compare with what a contract holds.")
@click.option("--pointer", type=_Address(), help="The contract that holds the forest: `forest()` tells it.")
@_told
def verify(console: Console, *, forest: Path, vectors: int, rpc: str | None, pointer: ChecksumAddress | None) -> None:
    """Prove that a forest is its card's, that a contract holds it, and that every way to evaluate it agrees."""
    grown, _ = card.read_forest(forest)
    with console.status("comparing"):
        count = compare(grown, random_vectors(grown, vectors, seed=1))
    console.print(f"0x{grown.hash.hex()} is the card's; {count:,} vectors agree to the bit")
    if rpc and pointer:
        compare_code(grown, bytes(Web3(HTTPProvider(rpc)).eth.get_code(pointer)))
        console.print(f"{pointer} holds it")


@main.command()
@_reads
@click.argument("forest", type=click.Path(path_type=Path))
@click.option("--weeks", default=8, show_default=True, help="How far to look back.")
@click.option("--floor", default=3.1, show_default=True, help="The floor's multiple of its deviation.")
@_told
def watch(console: Console, *, data: Path, assets: str, forest: Path, weeks: int, floor: float) -> None:
    """Look for drift in the last weeks; the exit status is 1 where an asset alerts."""
    from crossmargin.volatility.drift import drift  # noqa: PLC0415 - needs scipy

    grown, _ = card.read_forest(forest)
    histories = load(data, assets.split(","), grown.horizon)
    found = drift(grown, histories.rows, histories.hourly, weeks, floor)
    for each in found:
        console.print(
            f"{each.asset:6} {each.hours:6,} h  beyond {each.beyond:6.2%}  loss {each.loss * 1e4:.3f}e-4, "
            f"floor {each.floor * 1e4:.3f}e-4  {'; '.join(each.alerts) or 'as it should be'}"
        )
    sys.exit(any(each.alerts for each in found))
